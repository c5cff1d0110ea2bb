#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "meshcert/artifact.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {

/// is_of_the_mesh: the bundle that a workload trusts for its mesh, or the chain that
/// it has there. A dump also holds those of gateways, of files and of foreign servers.
[[nodiscard]] bool is_of_the_mesh(const Artifact& artifact);

/// spiffe_trust_domain is the text between "spiffe://" and the next slash, as
/// Envoy reads it (spiffe_validator.cc); "" where there is none.
[[nodiscard]] std::string_view spiffe_trust_domain(std::string_view uri);

/// trust_domain_of a chain: that of its leaf's one URI SAN; "" otherwise.
[[nodiscard]] std::string_view trust_domain_of(const Artifact& chain);

/// is_istiod_root_name: O=<trust domain> and nothing else, as istiod names its own
/// CA, which has no intermediates (istio security/pkg/pki/ca/ca.go).
[[nodiscard]] bool is_istiod_root_name(const DistinguishedName& name);

/// Bundle is what is trusted for one trust domain, or for any, in one place.
struct Bundle {
  const Artifact* first = nullptr;  ///< of the artifacts that it is made of
  std::string name;                 ///< of that
  std::vector<const Certificate*> certificates;
  std::vector<ByteView> settings;  ///< of each: OpenSSL's trust settings; often empty
  std::vector<Crl> crls;
  bool leaf_crl_only = false;  ///< Envoy is told to look for leaves alone in them
  bool lossy = false;          ///< parts of it could not be read: what it lacks is unknown
};

/// trust_octets_of returns OpenSSL's trust settings of a certificate of an artifact, of a
/// block TRUSTED CERTIFICATE: readers keep them behind the certificate (Artifact::storage).
/// Empty where there are none.
[[nodiscard]] ByteView trust_octets_of(const Artifact& artifact, const Certificate& certificate);

/// is_of_spiffe_validator: the bundle is one of an Envoy's SPIFFE validator, whose stores have no
/// PARTIAL_CHAIN: a path ends at a self-signed certificate (spiffe_validator.cc). A bundle map in a file of
/// its own is nobody's yet.
[[nodiscard]] bool is_of_spiffe_validator(const Artifact& bundle);

/// validation_context_of names, for comparison, the validation context of a dump that something stands in.
[[nodiscard]] std::string validation_context_of(const Artifact& artifact);

/// Scope is what one chain is to be verified against.
struct Scope {
  std::vector<const Bundle*> bundles;  ///< at most two
  /// Envoy's SPIFFE validator has bundles of these trust domains alone; "" otherwise.
  std::string_view foreign_trust_domains;

  [[nodiscard]] bool known() const { return !bundles.empty() || !foreign_trust_domains.empty(); }
};

/// directory_of an input file ends in a slash; "" where it has none.
[[nodiscard]] std::string directory_of(const Artifact& artifact);
/// is_file: the artifact is a file of that name, in any directory.
[[nodiscard]] bool is_file(const Artifact& artifact, std::string_view name);

/// has_sibling_roots: cert-chain.pem, which stands beside root-cert.pem wherever
/// Istio keeps certificates in files (/etc/certs, the Secret cacerts).
[[nodiscard]] bool has_sibling_roots(const Artifact& chain);

/// describe says what is trusted for a chain, for a message.
[[nodiscard]] std::string describe(const Scope& scope, const Artifact& chain);

/// describe_bundle: "ROOTCA holds O=a (key id 01), O=b and 3 more".
[[nodiscard]] std::string describe_bundle(const std::string& name,
                                          std::span<const Certificate* const> certificates);

/// key_words is a key identifier as messages say it behind a name (name_of); it begins
/// with a space, and is "" where there is none.
[[nodiscard]] std::string key_words(ByteView key_id);

/// TrustedRoots finds, for a workload's chain, the bundles that stand beside it in
/// the same input file, or root-cert.pem (with ca-crl.pem) beside it: those of the same entry of a list
/// (ztunnel), else the mesh's own by name (ROOTCA, ALL, spiffe://TRUST-DOMAIN), or by trust domain where
/// Envoy's SPIFFE validator is configured. It borrows the artifacts.
class TrustedRoots {
 public:
  explicit TrustedRoots(const std::vector<Artifact>& artifacts);
  [[nodiscard]] Scope of(const Artifact& chain) const;
  /// of_others lists the bundles beside a chain that are for another trust domain than its own.
  [[nodiscard]] std::vector<const Bundle*> of_others(const Artifact& chain) const;
  /// of_secret finds what stands in the same Secret as a chain: root-cert.pem, else ca.crt,
  /// with its CRLs. `cacert` is not looked at: istiod verifies clients with it.
  [[nodiscard]] Scope of_secret(const Artifact& chain) const;

 private:
  /// Place is a file, or an entry of a list in it.
  struct Place {
    bool has_current = false;
    std::map<std::string, Bundle, std::less<>> by_domain;  ///< "" is any
    std::string validator_domains;
  };
  using Places = std::unordered_map<std::string, Place>;

  void add(Place& place, const Artifact& artifact);
  void add_crls_of_directories(const std::vector<Artifact>& artifacts);
  void add_of_secrets(const std::vector<Artifact>& artifacts);
  [[nodiscard]] const Place* place_of(const Artifact& chain) const;

  Places by_entry_, by_file_, by_directory_;
  std::unordered_map<const KubernetesObject*, Bundle> by_secret_;
};

}  // namespace meshcert::checks
