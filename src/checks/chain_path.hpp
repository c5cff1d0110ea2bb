#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/chain_trust.hpp"
#include "checks/check.hpp"
#include "checks/openssl_opinions.hpp"
#include "meshcert/policy.hpp"
#include "path/first_path.hpp"
#include "path/verify.hpp"
#include "x509/second_opinion.hpp"

namespace meshcert::checks {

/// ChainPath is a chain verified from its leaf against what it is held against.
struct ChainPath {
  Scope scope;
  bool held = false;                   ///< something is trusted here, so that its end could be judged
  const Trust* trust = nullptr;        ///< what it was held against
  const Verification* told = nullptr;  ///< what was given beside the inputs; or null
  path::Verdict verdict;

  [[nodiscard]] const path::Path& best() const { return verdict.paths.front(); }
  /// describe says what is trusted for the chain, for a message.
  [[nodiscard]] std::string describe(const Artifact& chain) const;
};

/// ChainVerifier verifies the chains of one run. It borrows the inventory.
class ChainVerifier {
 public:
  ChainVerifier(const Inventory& inventory, const Policy& policy);
  /// verify takes a chain and the index of its leaf.
  [[nodiscard]] ChainPath verify(const Artifact& chain, std::size_t leaf,
                                 path::Explain explain = path::Explain::best);
  /// first_path is what BoringSSL makes of the same chain, which does not go back.
  [[nodiscard]] path::Path first_path(const Artifact& chain, std::size_t leaf, const ChainPath& found,
                                      path::Namesake namesake);
  /// holding_paths are all that hold: who goes back may take any of them.
  [[nodiscard]] std::vector<path::Path> holding_paths(const Artifact& chain, std::size_t leaf);
  /// ask_openssl asks OpenSSL the same, once of the same octets; nullopt where it cannot be asked, where the
  /// question is none of its own, or where it was asked enough (docs/limits.md).
  [[nodiscard]] std::optional<x509::Opinion> ask_openssl(const Artifact& chain, std::size_t leaf,
                                                         const ChainPath& path);
  /// scope_of says which bundles beside it a chain is held against; none where --trust
  /// is given.
  [[nodiscard]] Scope scope_of(const Artifact& chain) const;
  /// is_for_others: verification was asked for, and of this chain of a dump its clients could say
  /// more: what the workload trusts is no matter to it, and the workload's own chain is verified.
  [[nodiscard]] bool is_for_others(const Artifact& chain) const;
  /// other_holder names the trust domain, another than the chain's own, whose bundle beside the chain or in
  /// --trust holds the CA that signed a certificate of it, or that certificate itself; "" without.
  [[nodiscard]] std::string other_holder(const Artifact& chain, const Certificate& certificate);
  [[nodiscard]] x509::SignatureVerifier& signatures() { return signatures_; }
  [[nodiscard]] const path::Settings& settings() const { return settings_; }

 private:
  [[nodiscard]] path::Settings settings_for(const Artifact& chain, const Trust& trust) const;
  /// sent_with are the certificates of a chain, and what is sent behind it.
  [[nodiscard]] std::vector<const Certificate*> sent_with(const Artifact& chain) const;
  [[nodiscard]] bool is_held_against_own_ca(const Artifact& chain) const;

  const Policy& policy_;
  bool must_hold_;      ///< verification was asked for: held against nothing, a chain fails
  bool any_is_held_{};  ///< some chain of the run stands beside its roots
  TrustedRoots roots_;
  x509::SignatureVerifier signatures_;
  path::Settings settings_, workload_settings_;
  std::map<const KubernetesObject*, const Artifact*> chains_of_cas_;  ///< where a path is asked for
  Trusts trusts_;
  OpensslOpinions opinions_;
};

/// is_whole: nothing of the chain was lost, so what is missed is not there.
[[nodiscard]] bool is_whole(const Artifact& chain);
/// is_held: and it is held against anchors of which none was lost.
[[nodiscard]] bool is_held(const Artifact& chain, const ChainPath& path);

/// place_in says where in the chain a certificate of a path stands; nullopt where it
/// is none of the chain's: an anchor, or one of --untrusted.
[[nodiscard]] std::optional<std::size_t> place_in(const Artifact& chain, const Certificate& certificate);

/// subject_at is the certificate at a place of the best path, where it stands: in the chain,
/// in a file of --untrusted or --trust; of a bundle beside the chain, the nearest below it
/// that the chain has, else the leaf.
[[nodiscard]] Subject subject_at(const Artifact& chain, const ChainPath& path, std::size_t on_path,
                                 std::size_t leaf);

/// is_given: the certificate stands in a file of --untrusted.
[[nodiscard]] bool is_given(const ChainPath& path, const Certificate& certificate);

}  // namespace meshcert::checks
