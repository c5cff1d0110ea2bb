#include "checks/chain_peers.hpp"

#include "checks/chain_judge.hpp"
#include "path/strength.hpp"
#include "path/validate.hpp"

namespace meshcert::checks {
namespace {

using path::Fault;
using path::FaultKind;

/// What a collision of the digest has to cost at least: more than SHA-1's, 63 bits.
constexpr unsigned kLeastDigestBits = 112;
/// MD5 and before; OpenSSL 3 counts 39 bits.
constexpr unsigned kBrokenDigestBits = 39;

class Peers {
 public:
  Peers(const Artifact& chain, const path::Path& path, std::size_t leaf, FindingSink& sink)
      : chain_(chain), path_(path), leaf_(leaf), sink_(sink) {}

  void report() const {
    for (const Fault& fault : path_.faults)
      if (fault.kind == FaultKind::key_id_mismatch) report_key_id(fault);
    for (std::size_t i = 0; i < path_.certificates.size(); ++i)
      if (is_signature_looked_at(i)) check_signature(i);
    check_self_issued();
  }

 private:
  [[nodiscard]] Subject subject(std::size_t on_path) const {
    const std::size_t index = place_of(chain_, path_, on_path, leaf_);
    return {chain_, chain_.certificates[index], index, role_of(chain_, index)};
  }
  static Fact number(std::string_view name, std::size_t value) {
    return {name, static_cast<std::int64_t>(value)};
  }

  void report_key_id(const Fault& fault) const {
    const Subject at = subject(fault.certificate);
    sink_.report(kKeyIdMismatch, at,
                 {number("certificate", at.index),
                  {"wanted", fault.found},
                  {"issuer", name_of(path_.certificates[fault.certificate + 1]->subject)},
                  {"found", fault.required}});
  }

  /// Nobody verifies the signature of an anchor, nor that of a root by itself.
  [[nodiscard]] bool is_signature_looked_at(std::size_t on_path) const {
    const bool last = on_path + 1 == path_.certificates.size();
    return !last || !(path_.anchored || path_.certificates[on_path]->is_self_issued());
  }

  void check_signature(std::size_t on_path) const {
    const Certificate& certificate = *path_.certificates[on_path];
    const unsigned bits = path::security_bits(certificate.signature_algorithm);
    if (bits >= kLeastDigestBits) return;
    const std::string who =
        bits <= kBrokenDigestBits
            ? "no peer takes a digest that can be forged in seconds"
            : "Go (istiod) and rustls (ztunnel) refuse SHA-1, BoringSSL (Envoy) takes it, "
              "OpenSSL at security level 0 alone";
    const Subject at = subject(on_path);
    sink_.report(kWeakSignature, at,
                 {number("certificate", at.index),
                  {"subject", name_of(certificate.subject)},
                  {"found", algorithm_name(certificate.signature_algorithm)},
                  {"required", std::string("SHA-256 or better")},
                  {"_who", who}});
  }

  // OpenSSL takes a certificate for self-signed by its names and key identifiers.
  void check_self_issued() const {
    const Certificate& leaf = *path_.certificates.front();
    if (path_.certificates.size() < 2 || leaf.subject.empty() || !leaf.is_self_issued()) return;
    if (leaf.is_ca() || !path::key_ids_agree(leaf, leaf)) return;
    const Subject at{chain_, chain_.certificates[leaf_], leaf_, role_of(chain_, leaf_)};
    sink_.report(kSelfIssuedLeaf, at, {{"issuer", name_of(leaf.issuer)}});
  }

  const Artifact& chain_;
  const path::Path& path_;
  std::size_t leaf_;
  FindingSink& sink_;
};

}  // namespace

void report_disagreements(const Artifact& chain, const ChainPath& path, std::size_t leaf, FindingSink& sink) {
  Peers(chain, path.best(), leaf, sink).report();
}

}  // namespace meshcert::checks
