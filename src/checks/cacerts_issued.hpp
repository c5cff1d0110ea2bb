#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checks/signing_ca.hpp"
#include "path/verify.hpp"

/// What the CAs above take from the certificates that istiod issues. istiod does not look: it verifies its
/// CA as if it were a leaf (istio security/pkg/pki/util/keycertbundle.go Verify), and peers refuse what it
/// signs.
namespace meshcert::checks {

/// IssuedName is one that istiod puts into the subjectAltName of what it issues.
struct IssuedName {
  GeneralName::Type type;
  std::string value;
};

/// issued_names: of istiod's own certificate, which proxies and the API server verify (istio
/// pilot/pkg/bootstrap/istio_ca.go), and of a workload in each trust domain that `--trust-domain` or the
/// mesh configurations beside the CA say; without them, of none.
[[nodiscard]] std::vector<IssuedName> issued_names(const SigningCa& ca, const Inventory& inventory,
                                                   const Policy& policy);

/// Narrow is a certificate with more CAs below it than it allows.
struct Narrow {
  const Certificate* certificate;
  std::uint32_t below, room;
};
/// find_narrow finds the lowest where the first certificate of the path is no leaf (RFC 5280 6.1.4 (l), (m)).
[[nodiscard]] std::optional<Narrow> find_narrow(const path::Path& way);

/// Barred is a name that a certificate on the way does not permit below it.
struct Barred {
  const Certificate* certificate;
  const IssuedName* name;
  std::string how;  ///< "DNS istiod.istio-system.svc is outside of the permitted example.com"
};
/// BarredNames finds them. Each certificate is looked at once, and all of them within one budget: what is
/// beyond it is not said. It borrows the names and the certificates.
class BarredNames {
 public:
  explicit BarredNames(const std::vector<IssuedName>& names) : names_(names) {}
  /// find finds the lowest (RFC 5280 6.1.4 (g)).
  [[nodiscard]] std::optional<Barred> find(const path::Path& way);

 private:
  [[nodiscard]] std::optional<Barred> look_at(const Certificate& certificate);

  const std::vector<IssuedName>& names_;
  std::map<const Certificate*, std::optional<Barred>> known_;
  std::size_t budget_ = std::size_t{1} << 20;  ///< names times constraints, as OpenSSL's
};

}  // namespace meshcert::checks
