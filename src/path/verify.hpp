#pragma once

#include <vector>

#include "path/fault.hpp"
#include "path/settings.hpp"
#include "path/store.hpp"
#include "x509/crypto.hpp"

/// "Does this certificate verify to one of these anchors, for this purpose and
/// name, at this time, and if not, why not?"
///
///     path::Store store;
///     for (const Certificate& root : bundle.certificates) store.trust(root);
///     for (const Certificate& sent : chain.certificates) store.offer(sent);
///     path::Settings settings;
///     settings.at = policy.at;
///     settings.purpose = path::Purpose::server;
///     settings.names = {{{path::PeerName::Kind::dns, "istiod.istio-system.svc"}}};
///     const path::Verdict verdict = path::verify(leaf, store, settings, signatures);
///     if (!verdict.valid)
///       for (const path::Fault& fault : verdict.best().faults) say(path::describe(fault));
namespace meshcert::path {

class RevocationChecker;

/// Path is one way from the leaf upwards, and all that is wrong with it.
struct Path {
  std::vector<const Certificate*> certificates;  ///< leaf first; never empty
  bool anchored = false;                         ///< the last one is trusted
  std::vector<Fault> faults;                     ///< none, or notes alone, where it holds
  [[nodiscard]] bool holds() const { return anchored && is_sound(faults); }
  /// holds_for_go: and every name is its issuer's octet for octet, as Go and webpki compare.
  [[nodiscard]] bool holds_for_go() const;
};

/// Verdict is the answer for one leaf.
struct Verdict {
  bool valid = false;
  bool gave_up = false;     ///< the budget ended before every path was tried
  std::vector<Path> paths;  ///< never empty: the one that holds, then those that do not, nearest first
  /// best may be asked of a verdict that has a name only: what it returns dies with it.
  [[nodiscard]] const Path& best() const& { return paths.front(); }
  const Path& best() const&& = delete;
};

/// How much verify has to say.
enum class Explain : std::uint8_t {
  best,        ///< the path that holds; where none does, why
  every_path,  ///< also the other paths, and why they fail
};

/// verify searches the store for a path from the leaf to an anchor on which
/// everything is right, going back where it meets a wrong turn, within the budget
/// of the settings. Issuers are tried trusted first, then by key identifier,
/// dates and age. Everything is borrowed for the call; `signatures` remembers keys
/// and answers, so use one for all leaves of a run.
/// A path has to pass `revocation` too, where that is given.
[[nodiscard]] Verdict verify(const Certificate& leaf, const Store& store, const Settings& settings,
                             x509::SignatureVerifier& signatures, Explain explain = Explain::best,
                             RevocationChecker* revocation = nullptr);

}  // namespace meshcert::path
