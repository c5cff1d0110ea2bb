#include "path/verify.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "path/purpose.hpp"
#include "path/revocation.hpp"
#include "path/validate.hpp"
#include "x509/name_match.hpp"
#include "x509/period.hpp"
#include "x509/signature_schemes.hpp"
#include "x509/titles.hpp"

namespace meshcert::path {
namespace {

using Entry = Store::Entry;

/// Faults of the leaf alone: every path has them, so no other need be tried.
bool is_hopeless(const std::vector<Fault>& faults) {
  return !is_sound(faults) && std::ranges::all_of(faults, [](const Fault& fault) {
    return is_note(fault.kind) || (fault.certificate == 0 && is_of_certificate_alone(fault.kind));
  });
}

std::size_t serious(const Path& path) {
  return static_cast<std::size_t>(
      std::ranges::count_if(path.faults, [](const Fault& fault) { return !is_note(fault.kind); }));
}

bool is_same_key(const Certificate& a, const Certificate& b) {
  return a.subject == b.subject && std::ranges::equal(a.key.spki, b.key.spki);
}

/// The certificate states the issuer's key id; not that one of them has none.
bool states_key_of(const Certificate& certificate, const Certificate& issuer) {
  const ByteView wanted = authority_key_id_of(certificate);
  return !wanted.empty() && std::ranges::equal(wanted, key_id_of(issuer));
}

/// It names itself as its issuer, and its key may have signed it. No signature decides that (OpenSSL
/// EXFLAG_SS): RFC 5280 6.1 verifies none of an anchor.
bool is_its_own_issuer(const Certificate& certificate) {
  const auto* scheme = x509::find_scheme(certificate.signature_algorithm.oid);
  const bool may_have_signed = scheme != nullptr && x509::fits(certificate.key.algorithm, *scheme);
  return x509::is_self_issued(certificate) && identifiers_agree(certificate, certificate) && may_have_signed;
}

/// Nearest first: that holds, that leads to an anchor, that has fewest faults.
bool is_nearer(const Path& a, const Path& b) {
  const auto rank = [](const Path& path) {
    return std::tuple(!path.holds(), !path.anchored, serious(path), path.faults.size());
  };
  return rank(a) < rank(b);
}

/// Search goes through the paths of one leaf, depth first. A first pass takes
/// only turns that may lead to a path that holds; a second, where somebody has to
/// be told why none does, takes every one.
class Search {
 public:
  Search(const Store& store, const Settings& settings, x509::SignatureVerifier& signatures,
         RevocationChecker* revocation)
      : store_(store),
        settings_(settings),
        signatures_(signatures),
        revocation_(revocation),
        wanted_(wanted_usages(settings)) {
    for (const Entry* entry : store.stated())
      if (trust_for(entry->settings, wanted_) == Trust::rejected) rejected_.push_back(entry);
  }

  Verdict run(const Certificate& leaf, Explain explain) {
    pass(leaf, false);
    if (!verdict_.valid || explain == Explain::every_path) {
      nodes_ = 0;
      pass(leaf, true);
    }
    std::ranges::stable_sort(verdict_.paths, is_nearer);
    return std::move(verdict_);
  }

 private:
  void pass(const Certificate& leaf, bool thorough) {
    thorough_ = thorough;
    path_ = {&leaf};
    const Entry* known = store_.find(leaf);
    if (known != nullptr && known->trusted && may_be_leaf(*known) && finish(*known)) return;
    extend();
  }

  [[nodiscard]] bool is_self_signed(const Certificate& certificate) {
    return x509::is_self_issued(certificate) && is_signed_by(certificate, certificate) == true;
  }

  /// An anchor ends a path in the strict reading too if nobody else issued it, or is stated to be trusted for
  /// the purpose.
  [[nodiscard]] bool ends_path(const Entry& entry) const {
    return settings_.partial_chain || trust_for(entry.settings, wanted_) == Trust::trusted ||
           is_its_own_issuer(*entry.certificate);
  }
  [[nodiscard]] bool may_be_leaf(const Entry& entry) {
    const bool enough = !settings_.anchor.leaf_is_self_signed || is_self_signed(*entry.certificate);
    return settings_.anchor.may_be_leaf && enough && ends_path(entry);
  }

  /// The answers for a pair are remembered; only those that are new are counted.
  std::optional<bool> is_signed_by(const Certificate& certificate, const Certificate& issuer) {
    const auto [entry, added] = answers_.try_emplace({&certificate, &issuer});
    if (!added) return entry->second;
    if (answers_.size() > settings_.budget.signatures) {
      verdict_.gave_up = out_of_signatures_ = true;
      answers_.erase(entry);
      return std::nullopt;
    }
    entry->second = signatures_.verify(certificate, issuer.key);
    return entry->second;
  }

  [[nodiscard]] bool is_on_path(const Certificate& certificate) const {
    // A leaf with the name and key of a CA is not yet a loop (Go: TestPathBuilding).
    return path_.front()->der.data() == certificate.der.data() ||
           std::any_of(path_.begin() + 1, path_.end(),
                       [&](const Certificate* other) { return is_same_key(*other, certificate); });
  }

  [[nodiscard]] auto preference(const Certificate& certificate, const Entry& entry) const {
    const Certificate& issuer = *entry.certificate;
    const bool valid = x509::is_valid_at(issuer, settings_.at, settings_.skew);
    const int other_key =
        identifiers_agree(certificate, issuer) ? (states_key_of(certificate, issuer) ? 0 : 1) : 2;
    const bool other_octets = !(certificate.issuer == issuer.subject);  // which Go and webpki skip
    return std::tuple(!entry.trusted, other_key, other_octets, !valid, !issuer.is_ca(),
                      -issuer.not_before.time_since_epoch().count());
  }

  [[nodiscard]] std::vector<const Entry*> candidates(const Certificate& certificate) const {
    // Of thousands of namesakes, no more are ever tried than this.
    const std::size_t tried = settings_.budget.signatures + 1;
    std::vector<const Entry*> found = store_.issuers_of(certificate, tried);
    if (found.size() < 2) return found;
    std::vector<std::pair<decltype(preference(certificate, *found[0])), std::size_t>> ranks;
    for (std::size_t i = 0; i < found.size(); ++i) ranks.emplace_back(preference(certificate, *found[i]), i);
    const std::size_t most = std::min(ranks.size(), tried);
    std::ranges::partial_sort(ranks, ranks.begin() + static_cast<std::ptrdiff_t>(most));
    std::vector<const Entry*> best;
    for (std::size_t i = 0; i < most; ++i) best.push_back(found[ranks[i].second]);
    return best;
  }

  /// Returns whether the search is over.
  bool extend() {
    const Certificate& top = *path_.back();
    if (++nodes_ > settings_.budget.nodes || path_.size() >= settings_.budget.length) {
      verdict_.gave_up = true;
      const bool over = nodes_ > settings_.budget.nodes;
      if (thorough_)
        dead_end(top, nullptr, false,
                 over ? std::to_string(settings_.budget.nodes) + " certificates put on paths"
                      : std::to_string(settings_.budget.length) + " certificates on one path");
      return over;
    }
    const Certificate* namesake = nullptr;
    bool undecided = false, extended = false, exhausted = false, twin = false;
    std::size_t failed = 0;
    for (const Entry* entry : candidates(top)) {
      const Certificate& issuer = *entry->certificate;
      if (is_on_path(issuer)) continue;
      const auto answer = is_signed_by(top, issuer);
      if (answer == true) {
        extended = true;
        if (take(*entry)) return true;
      } else if (namesake == nullptr) {
        namesake = &issuer;
        undecided = !answer;
        twin = entry->trusted;  // a root that was made anew, beside the one that signed
      }
      exhausted = answer != true && (out_of_signatures_ || ++failed > settings_.budget.namesakes);
      if (exhausted) break;
    }
    verdict_.gave_up = verdict_.gave_up || exhausted;
    if (thorough_ && (!extended || twin))
      dead_end(top, namesake, undecided, exhausted ? limit_reached() : std::string());
    return false;
  }

  bool take(const Entry& entry) {
    const Certificate& issuer = *entry.certificate;
    const bool ends = entry.trusted && settings_.anchor.may_issue && ends_path(entry);
    if (!ends && !thorough_ && !may_sign(issuer, settings_)) return false;
    path_.push_back(&issuer);
    const bool over = ends ? finish(entry) : extend();
    path_.pop_back();
    return over;
  }

  /// Judges a path that has reached an anchor. Returns whether the search is over.
  bool finish(const Entry& anchor) {
    const bool stated = trust_for(anchor.settings, wanted_) == Trust::trusted;
    Path path{path_, true,
              validate(path_, stated ? PathEnd::stated_anchor : PathEnd::anchor, settings_, signatures_)};
    note_rejected(path);
    if (revocation_ != nullptr && (thorough_ || path.holds())) revocation_->append_faults(path_, path.faults);
    const bool over = !thorough_ && path.holds();
    const bool hopeless = !thorough_ && is_hopeless(path.faults);
    verdict_.valid = verdict_.valid || path.holds();
    if (path.holds() || thorough_) keep(std::move(path));
    return over || hopeless;
  }

  /// What trust settings reject is rejected on every path, whichever certificate
  /// carries the name and key.
  void note_rejected(Path& path) const {
    for (const Entry* rejected : rejected_)
      for (std::size_t i = 0; i < path.certificates.size(); ++i)
        if (is_same_key(*path.certificates[i], *rejected->certificate))
          path.faults.push_back({FaultKind::rejected, i, to_rfc4514(rejected->certificate->subject), ""});
  }

  [[nodiscard]] std::string limit_reached() const {
    return out_of_signatures_
               ? std::to_string(settings_.budget.signatures) + " pairs of a certificate and a possible issuer"
               : std::to_string(settings_.budget.namesakes) +
                     " certificates of that name that did not sign it";
  }

  /// `limit`: of the budget, that was reached; "" where the end is one.
  void dead_end(const Certificate& top, const Certificate* namesake, bool undecided, std::string limit) {
    Path path{path_, false, validate(path_, PathEnd::nothing, settings_, signatures_)};
    const std::size_t index = path_.size() - 1;
    if (!limit.empty())
      path.faults.push_back(
          {FaultKind::budget_exhausted, index, "issuers named " + to_rfc4514(top.issuer), std::move(limit)});
    else if (is_self_signed(top))
      path.faults.push_back({FaultKind::untrusted_root, index, to_rfc4514(top.subject), ""});
    else if (namesake != nullptr)
      path.faults.push_back({undecided ? FaultKind::undecided_signature : FaultKind::bad_signature, index,
                             undecided ? algorithm_name(top.signature_algorithm) : "",
                             undecided ? to_string(namesake->key) : to_rfc4514(namesake->subject)});
    else
      path.faults.push_back({FaultKind::no_issuer, index, to_rfc4514(top.issuer), ""});
    keep(std::move(path));
  }

  void keep(Path&& path) {
    auto& paths = verdict_.paths;
    const bool known = std::ranges::any_of(
        paths, [&](const Path& other) { return other.certificates == path.certificates; });
    if (known) return;
    paths.push_back(std::move(path));
    if (paths.size() <= std::max<std::size_t>(settings_.budget.failed_paths, 1)) return;
    std::ranges::stable_sort(paths, is_nearer);
    paths.pop_back();
  }

  const Store& store_;
  const Settings& settings_;
  x509::SignatureVerifier& signatures_;
  RevocationChecker* revocation_;
  const std::vector<std::string> wanted_;
  std::map<std::pair<const Certificate*, const Certificate*>, std::optional<bool>> answers_;
  std::vector<const Entry*> rejected_;
  std::vector<const Certificate*> path_;
  std::size_t nodes_ = 0;
  bool thorough_ = false;
  bool out_of_signatures_ = false;
  Verdict verdict_;
};

}  // namespace

bool Path::holds_for_go() const {
  return holds() && std::ranges::find(faults, FaultKind::name_encoding, &Fault::kind) == faults.end();
}

Verdict verify(const Certificate& leaf, const Store& store, const Settings& settings,
               x509::SignatureVerifier& signatures, Explain explain, RevocationChecker* revocation) {
  return Search(store, settings, signatures, revocation).run(leaf, explain);
}

}  // namespace meshcert::path
