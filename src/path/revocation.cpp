#include "path/revocation.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "path/crl_record.hpp"
#include "path/crl_scope.hpp"
#include "path/first_path_crls.hpp"
#include "path/verify.hpp"
#include "x509/name_match.hpp"
#include "x509/period.hpp"

namespace meshcert::path {
namespace {

using Chain = std::span<const Certificate* const>;

/// Certificates that are tried as the signer of one CRL for one certificate: real
/// sets have one or two, the issuer and another key of the same name.
constexpr std::size_t kSignersTried = 16;
/// How far a CRL's signer may need another CRL's signer that needs another.
constexpr std::size_t kSignerDepth = 8;
/// How often one signer is asked about anew because what was concluded of it fell: signers that answer for
/// each other in a circle would go on for ever.
constexpr std::size_t kTimesAsked = 8;

/// Question is one certificate of a path and how far its answer has come: the
/// state variables of RFC 5280 6.3.2.
struct Question {
  const Certificate& certificate;
  std::string issuer;               ///< canonical
  Chain above;                      ///< the rest of the path, anchor last
  ReasonFlags covered = 0;          ///< reasons_mask
  const CrlRecord* good = nullptr;  ///< the last that covers it and does not list it
  Revocation answer{};

  [[nodiscard]] bool is_revoked() const { return answer.status == RevocationStatus::revoked; }
  [[nodiscard]] bool is_answered() const { return covered == kAllReasons || is_revoked(); }
  /// miss keeps the fault of the CRL that came nearest.
  void miss(RevocationStatus status, const CrlRecord& record, std::string_view why = {}) {
    const bool says_more = status == answer.status && answer.why.empty() && !why.empty();
    if (status <= answer.status && !says_more) return;
    answer.status = status;
    answer.crl = record.crl;
    answer.why = why;
  }
  /// refuse is miss for a CRL that does not count. That it lists the certificate is told all the same.
  void refuse(CrlRecord& record) {
    miss(RevocationStatus::crl_unusable, record, *record.fault);
    if (answer.crl == record.crl) answer.listed = find_entry(record, certificate.serial, issuer).has_value();
  }
  void revoke(const CrlRecord& record, const CrlEntry& entry, bool early) {
    answer = {};
    answer.status = RevocationStatus::revoked;
    answer.crl = record.crl;
    answer.reason = entry.reason ? *entry.reason : RevocationReason::unspecified;
    answer.revoked_at = entry.revoked_at;
    answer.early = early;
  }
};

/// Proof is whether a signer counts; no answer where nobody asked, or the answer fell with another.
struct Proof {
  std::optional<bool> answer;
  std::size_t times_asked = 0;
};

/// The same trust, time and floors, without what is asked of the leaf.
Settings of_signers(Settings settings) {
  settings.purpose = Purpose::any;
  settings.extended_key_usages.clear();
  settings.key_usage = 0;
  settings.names.clear();
  settings.max_intermediates.reset();
  settings.policies = {};
  return settings;
}

}  // namespace

struct RevocationChecker::State {
  std::vector<CrlRecord> records;  ///< newest first
  RevocationScope scope;
  const Store& store;
  const Settings settings;  ///< of_signers
  x509::SignatureVerifier& signatures;
  std::map<std::pair<const Certificate*, const Certificate*>, Proof> proofs = {};  ///< of signer and anchor
  std::vector<Proof*> answered = {};                                               ///< in their order
  std::size_t depth = 0;

  std::vector<Revocation> check(Chain path);
  Revocation answer(const Certificate& certificate, Chain above);
  void visit(Question& question, const Point& point, bool begun);
  void judge(Question& question, CrlRecord& record, ReasonFlags reasons);
  CrlRecord* find_delta(const CrlRecord& complete, const Certificate& signer, bool in_time);
  [[nodiscard]] bool has_begun(const CrlRecord& record) const {
    return x509::has_begun(record.crl->this_update, settings.at, settings.skew);
  }
  std::vector<const Certificate*> possible_signers(const Question& question, const CrlRecord& record) const;
  std::optional<bool> is_signed_by(CrlRecord& record, const Certificate& signer);
  const Certificate* find_signer(Question& question, CrlRecord& record);
  bool is_proved(const Question& question, const Certificate& signer);
  bool holds(const Certificate& signer, const Certificate& anchor);
};

std::vector<Revocation> RevocationChecker::State::check(Chain path) {
  std::vector<Revocation> answers(path.size());
  const std::size_t asked = scope == RevocationScope::leaf ? 1 : path.size();
  for (std::size_t i = 0; i < asked && i + 1 < path.size(); ++i)
    answers[i] = answer(*path[i], path.subspan(i + 1));
  return answers;
}

/// RFC 5280 6.3.3: the distribution points, then the one that is implied.
Revocation RevocationChecker::State::answer(const Certificate& certificate, Chain above) {
  Question question{certificate, x509::canonical_name(certificate.issuer), above};
  question.answer.status = RevocationStatus::crl_missing;
  // What begins later counts where nothing else answers.
  for (const bool begun : {true, false})
    for (const Point& point : points_of(certificate))
      if (!question.is_answered()) visit(question, point, begun);
  if (question.answer.status != RevocationStatus::revoked && question.covered == kAllReasons)
    question.answer.status = RevocationStatus::good;
  return question.answer;
}

void RevocationChecker::State::visit(Question& question, const Point& point, bool begun) {
  for (CrlRecord& record : records) {
    if (has_begun(record) != begun) continue;
    const bool twin = question.good != nullptr && question.good->has_twin && record.has_twin;
    if (question.is_revoked() || (question.is_answered() && !question.good->has_twin)) return;
    if (record.crl->is_delta() || (question.is_answered() && !twin)) continue;
    if (!covers(*record.crl, record.scope, point, question.certificate, question.issuer)) continue;
    const ReasonFlags reasons = reasons_of(*record.crl, point);
    // Of two that neither takes the place of the other, the one that lists it counts.
    if ((reasons & ~question.covered) != 0 || (twin && are_twins(*question.good, record)))
      judge(question, record, reasons);
  }
}

/// Steps (f) to (l) of RFC 5280 6.3.3 for one complete CRL that is in scope.
void RevocationChecker::State::judge(Question& question, CrlRecord& record, ReasonFlags reasons) {
  look_at(record);
  if (!record.fault->empty()) return question.refuse(record);
  const auto* signer = find_signer(question, record);
  if (signer == nullptr) return;
  CrlRecord* delta = find_delta(record, *signer, true);
  const bool in_time =
      has_begun(record) && (delta != nullptr || !has_ended(*record.crl, settings.at, settings.skew));
  // A delta that is not of now takes nothing back.
  const std::pair<CrlRecord*, bool> lists[] = {
      {delta, true},
      {&record, in_time},
      {delta == nullptr ? find_delta(record, *signer, false) : nullptr, false}};
  for (const auto& [list, is_of_now] : lists) {
    const auto entry =
        list != nullptr ? find_entry(*list, question.certificate.serial, question.issuer) : std::nullopt;
    // What is of another time still tells who is revoked for good.
    if (!entry || (!is_of_now && (is_removed(*entry) || is_on_hold(*entry)))) continue;
    if (is_removed(*entry)) break;
    return question.revoke(*list, *entry, !has_begun(*list));
  }
  if (!in_time) return question.miss(RevocationStatus::crl_expired, record);
  question.covered |= reasons;
  question.good = &record;
  question.answer.crl = record.crl;
}

/// The delta CRL with the greatest number that brings this one up to date and is signed with
/// the same key (RFC 5280 5.2.4), of those that are current or of those that are not.
CrlRecord* RevocationChecker::State::find_delta(const CrlRecord& complete, const Certificate& signer,
                                                bool in_time) {
  CrlRecord* best = nullptr;
  for (CrlRecord& record : records) {
    const Crl& crl = *record.crl;
    if (!crl.is_delta() || !can_update(crl, *complete.crl)) continue;
    if (is_current(crl, settings.at, settings.skew) != in_time) continue;
    if (best != nullptr && !is_less(*best->crl->extensions.crl_number, *crl.extensions.crl_number)) continue;
    look_at(record);
    if (record.fault->empty() && is_signed_by(record, signer).value_or(false)) best = &record;
  }
  return best;
}

std::vector<const Certificate*> RevocationChecker::State::possible_signers(const Question& question,
                                                                           const CrlRecord& record) const {
  std::vector<const Certificate*> signers;
  const auto add = [&](const Certificate* certificate) {
    if (std::ranges::find(signers, certificate) == signers.end()) signers.push_back(certificate);
  };
  for (const auto* certificate : question.above) {
    if (x509::canonical_name(certificate->subject) == record.scope.issuer) add(certificate);
  }
  for (const auto* entry : store.issuers(record.crl->issuer)) {
    if (has_key_of(*entry->certificate, *record.crl)) add(entry->certificate);
    if (signers.size() >= kSignersTried) return signers;
  }
  return signers;
}

std::optional<bool> RevocationChecker::State::is_signed_by(CrlRecord& record, const Certificate& signer) {
  const auto [known, is_new] = record.signers.try_emplace(&signer);
  if (is_new) known->second = signatures.verify(*record.crl, signer.key);
  return known->second;
}

/// Step (f) and (g): who signed the CRL, may sign CRLs and holds under the same
/// anchor. null where nobody does, which is noted.
const Certificate* RevocationChecker::State::find_signer(Question& question, CrlRecord& record) {
  const auto signers = possible_signers(question, record);
  if (signers.empty())
    question.miss(RevocationStatus::crl_unusable, record,
                  "no certificate at hand has the name of its issuer");
  for (const auto* signer : signers) {
    const auto signed_by = is_signed_by(record, *signer);
    if (!signed_by.has_value()) {
      question.miss(RevocationStatus::crl_unusable, record, "its signature algorithm is not known");
    } else if (!*signed_by) {
      question.miss(RevocationStatus::crl_bad_signature, record);
    } else if (!may_sign_crls(*signer)) {
      question.miss(RevocationStatus::crl_bad_signature, record, "the keyUsage of its signer lacks cRLSign");
    } else if (!is_proved(question, *signer)) {
      question.miss(RevocationStatus::crl_bad_signature, record,
                    "who signed it has no path of its own to the same anchor");
    } else {
      return signer;
    }
  }
  return nullptr;
}

/// A signer on the path is proved by it. Another needs a path of its own to the
/// same anchor, and may not be revoked either. While that is being found out it
/// counts as proved: a CRL may answer for the certificate that signs it. If it turns
/// out not to be, what was concluded of others meanwhile falls.
bool RevocationChecker::State::is_proved(const Question& question, const Certificate& signer) {
  if (std::ranges::find(question.above, &signer) != question.above.end()) return true;
  Proof& proof = proofs[std::pair(&signer, question.above.back())];
  if (proof.answer) return *proof.answer;
  if (depth == kSignerDepth || proof.times_asked == kTimesAsked) return false;
  ++proof.times_asked;
  proof.answer = true;
  const std::size_t before = answered.size();
  ++depth;
  const bool answer = holds(signer, *question.above.back());
  --depth;
  if (!answer) {
    for (std::size_t i = before; i < answered.size(); ++i) answered[i]->answer.reset();
    answered.resize(before);
  }
  answered.push_back(&proof);
  proof.answer = answer;
  return answer;
}

bool RevocationChecker::State::holds(const Certificate& signer, const Certificate& anchor) {
  const Verdict verdict = verify(signer, store, settings, signatures, Explain::every_path);
  const auto leads_there = [&](const Path& path) {
    return path.holds() && path.certificates.back() == &anchor;
  };
  const auto path = std::ranges::find_if(verdict.paths, leads_there);
  if (path == verdict.paths.end()) return false;
  if (scope == RevocationScope::leaf) return true;
  return std::ranges::all_of(check(path->certificates), [](const Revocation& revocation) {
    return revocation.status <= RevocationStatus::good;
  });
}

RevocationChecker::RevocationChecker(std::span<const Crl> crls, RevocationScope scope, const Store& store,
                                     const Settings& settings, x509::SignatureVerifier& signatures)
    : state_(new State{{}, scope, store, of_signers(settings), signatures}) {
  for (const Crl& crl : crls) state_->records.push_back({&crl, scope_of(crl)});
  std::ranges::stable_sort(state_->records, std::ranges::greater{},
                           [](const CrlRecord& record) { return record.crl->this_update; });
  note_twins(state_->records);
}

RevocationChecker::~RevocationChecker() = default;

std::vector<Revocation> RevocationChecker::check(Chain path) {
  return state_->check(path);
}

Revocation RevocationChecker::check_anchor(Chain path) {
  if (state_->scope == RevocationScope::leaf || !x509::is_self_issued(*path.back())) return {};
  return state_->answer(*path.back(), path.last(1));
}

bool RevocationChecker::has_twins(const Certificate& certificate) const {
  const std::string issuer = x509::canonical_name(certificate.issuer);
  return std::ranges::any_of(state_->records, [&](const CrlRecord& record) {
    return record.has_twin && record.scope.issuer == issuer;
  });
}

void RevocationChecker::append_first_path_faults(Chain path, std::vector<Fault>& faults) {
  const auto found =
      first_path_crl_faults(path, state_->records, state_->scope, state_->settings, state_->signatures);
  faults.insert(faults.end(), found.begin(), found.end());
}

void RevocationChecker::append_faults(Chain path, std::vector<Fault>& faults) {
  const auto answers = check(path);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (auto fault = fault_of(answers[i], *path[i], i, state_->settings.at))
      faults.push_back(*std::move(fault));
  }
}

}  // namespace meshcert::path
