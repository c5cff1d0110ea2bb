#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "checks/cluster.hpp"

namespace meshcert::checks {

/// CaLayout names the values that istiod reads its CA from; "" where a layout has none
/// of them (istio pilot/pkg/bootstrap/istio_ca.go, security/pkg/pki/ca/ca.go).
struct CaLayout {
  std::string_view certificate, key, root, chain, crl;
  [[nodiscard]] std::vector<std::string_view> required() const;
};

/// SigningCa is a CA with its key, as istiod is given one: the Secret `cacerts` or a
/// directory of files of its names; or the CA that istiod made itself. It borrows.
struct SigningCa {
  std::string title;  ///< "Secret istio-system/cacerts", or the directory
  std::string space;  ///< the namespace of the Secret; "" of files
  SourceRef where;
  const CaLayout* layout = nullptr;
  bool self_made = false;  ///< by istiod: read back without root and chain
  bool in_files = false;
  std::set<std::string, std::less<>> present, empty, withheld;
  const Artifact* certificate = nullptr;  ///< what has no certificate in it is null
  const Artifact* root = nullptr;
  const Artifact* chain = nullptr;
  const Artifact* crls = nullptr;
  const Artifact* unread = nullptr;       ///< ca-cert.pem, where tls.crt is read in its place
  std::string certificate_label;          ///< of the first PEM block of the certificate
  std::string key_label;                  ///< and of the key
  KeyForm key_form = KeyForm::unknown;    ///< of the first key under the name of the key
  const PublicHalf* stray_key = nullptr;  ///< of files: the key is that of another certificate there

  /// is_tls_style: istiod goes by tls.crt, and looks at no file of the other names.
  [[nodiscard]] bool is_tls_style() const;
  /// missing lists what must be there and is not.
  [[nodiscard]] std::vector<std::string_view> missing() const;
};

/// is_ca_secret: a Secret of a name or type that is the mesh's CA, which no server presents.
[[nodiscard]] bool is_ca_secret(const KubernetesObject& object);

/// is_signing_ca: the certificate, with its key, of a Secret or file that istiod reads
/// its CA from.
[[nodiscard]] bool is_signing_ca(const Artifact& artifact);

/// is_misnamed_ca: a Secret `cacerts` with certificates and a key, none under a name that istiod reads.
[[nodiscard]] bool is_misnamed_ca(const KubernetesObject& object, const Cluster& cluster);

/// find_signing_cas lists them. A Secret of the name without any of the keys is
/// somebody else's.
[[nodiscard]] std::vector<SigningCa> find_signing_cas(const Inventory& inventory, const Cluster& cluster);

}  // namespace meshcert::checks
