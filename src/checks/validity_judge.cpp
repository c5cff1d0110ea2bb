// The rules of family validity.

#include "checks/validity_judge.hpp"

#include <algorithm>
#include <array>

#include "checks/validity.hpp"
#include "checks/validity_advice.hpp"
#include "checks/validity_lifetime.hpp"
#include "checks/validity_managed.hpp"
#include "checks/validity_path.hpp"
#include "checks/validity_signing_ca.hpp"
#include "meshcert/alone.hpp"
#include "meshcert/kubernetes.hpp"
#include "x509/period.hpp"

namespace meshcert::checks {
namespace {

// Istio's agents hold certificates of the 24 h class (SPIRE's live for 1 h); 55 % of a life
// leaves room for the jitter around one half.
constexpr Seconds kIstioLeast = std::chrono::hours(12), kIstioMost = std::chrono::hours(48);
constexpr double kOverdueShare = 0.55;

constexpr std::string_view kTwinUsed =
    "; a valid certificate of the same name and key is at hand, which Go (istiod) and OpenSSL use; Envoy may take the "
    "expired one and refuse (envoyproxy/envoy#38302)";

/// was_valid_when_dumped is nullopt where nothing tells when that was.
std::optional<bool> was_valid_when_dumped(const Subject& subject) {
  if (!subject.dump_taken || *subject.dump_taken < subject.certificate.not_before) return std::nullopt;
  return *subject.dump_taken <= subject.certificate.not_after;
}

// A dump answers a second question: was it already expired when it was taken?
std::string when_dumped(const Subject& subject) {
  const auto valid = was_valid_when_dumped(subject);
  if (!valid) return {};
  return std::string(*valid ? "; it was still valid" : "; it had already expired") +
         " at the newest update in the dump, " + to_rfc3339(*subject.dump_taken);
}

std::string how_to_renew_expired(const Subject& subject, const Policy& policy) {
  std::string renew = how_to_renew(subject, policy);
  if (!was_valid_when_dumped(subject).value_or(false)) return renew;
  return "judge an old dump as of its own time (--at " + to_rfc3339(*subject.dump_taken) +
         "); of a new one, " + renew;
}

bool issued_by_istio(const Subject& subject) {
  const Certificate& certificate = subject.certificate;
  return subject.in_workload_chain() && subject.role == Role::leaf && certificate.subject.empty() &&
         certificate.lifetime() >= kIstioLeast && certificate.lifetime() <= kIstioMost;
}

struct Age {
  Seconds lifetime, remaining;
  [[nodiscard]] double used() const {
    return 1.0 - static_cast<double>(remaining.count()) / static_cast<double>(lifetime.count());
  }
  [[nodiscard]] std::int64_t percent() const { return static_cast<std::int64_t>(used() * 100); }
};

// Within the allowed skew, the end may have passed.
std::string expires(Seconds remaining) {
  if (remaining >= Seconds(0)) return "expires in " + humanize(remaining);
  return "expired " + humanize(remaining) + " ago, within the allowed skew";
}

std::string clause(const std::string& rule) {
  return rule.empty() ? "" : "; " + rule;
}

void report_remaining(const FindingSpec& spec, const Subject& subject, const Age& age, Seconds limit,
                      const Policy& policy, FindingSink& sink) {
  sink.report(spec, subject,
              {{"not_after", subject.certificate.not_after},
               {"remaining_seconds", age.remaining},
               {"lifetime_seconds", age.lifetime},
               {"limit_seconds", limit},
               {"_what", role_words(subject)},
               {"_expires", expires(age.remaining)},
               {"_kept", clause(rule_of_keeper(subject, policy))},
               {"_renew", how_to_renew(subject, policy)}});
}

void report_overdue(const Subject& subject, const Age& age, std::string rule, const Policy& policy,
                    FindingSink& sink) {
  std::vector<Fact> facts{{"used_percent", age.percent()},      {"not_after", subject.certificate.not_after},
                          {"remaining_seconds", age.remaining}, {"lifetime_seconds", age.lifetime},
                          {"_what", role_words(subject)},       {"_rule", std::move(rule)}};
  if (subject.keeper != nullptr) facts.push_back({"_fix", how_to_renew(subject, policy)});
  sink.report(kRenewalOverdue, subject, std::move(facts));
}

// Of critical, expiring and overdue only the worst is said. The end of one root
// is nobody's outage where the bundle holds another that lives on, that of a CA in a chain
// where peers have a renewed certificate of it; of a root whose successor is in use, nothing.
void check_remaining(const Subject& subject, const Policy& policy, FindingSink& sink) {
  const Certificate& certificate = subject.certificate;
  const Age age{certificate.lifetime(), certificate.not_after - policy.at};
  const Ends ends = ends_of(certificate.is_ca(), age.lifetime, policy);
  if (subject.is_succeeded) return;
  if (age.remaining < ends.critical && !subject.bundle_lives_on && !subject.has_lasting_twin)
    return report_remaining(kCritical, subject, age, ends.critical, policy, sink);
  if (age.remaining < ends.warn) return report_remaining(kExpiring, subject, age, ends.warn, policy, sink);
  if (is_renewal_missed(subject, policy))
    return report_overdue(subject, age, rule_of_keeper(subject, policy), policy, sink);
  if (issued_by_istio(subject) && age.used() > kOverdueShare)
    report_overdue(subject, age, "Istio's agent renews at 50 %", policy, sink);
}

void report_expired(const Subject& subject, const Policy& policy, FindingSink& sink) {
  const bool replaced = subject.has_valid_twin;
  std::vector<Fact> facts{
      {"not_after", subject.certificate.not_after},
      {"at", policy.at},
      {"expired_seconds", policy.at - subject.certificate.not_after},
      {"_what", role_words(subject)},
      {"_when_dumped", when_dumped(subject)},
      {"_twin", replaced ? kTwinUsed : ""},
      {"_kept", clause(rule_of_keeper(subject, policy))},
      {"_renew", replaced ? std::string(how_to_replace_copy()) : how_to_renew_expired(subject, policy)}};
  if (subject.dump_taken) facts.push_back({"dump_taken", *subject.dump_taken});
  if (replaced) return sink.report_milder(kExpired, subject, std::move(facts));
  sink.report(kExpired, subject, std::move(facts));
}

// Dates that are stated without octets are judged as far as they go; of a lifetime nothing is known unless
// both are there.
class TermJudge {
 public:
  TermJudge(const StatedTerm& term, const Policy& policy, FindingSink& sink)
      : term_(term), policy_(policy), sink_(sink) {}

  void judge() const {
    const auto& begin = term_.not_before;
    const auto& end = term_.not_after;
    if (begin && end && *end < *begin) report(kInverted, {{"not_before", *begin}, {"not_after", *end}});
    if (end && x509::has_ended(*end, policy_.at, policy_.skew))
      return report(kExpired, {{"not_after", *end},
                               {"at", policy_.at},
                               {"expired_seconds", policy_.at - *end},
                               {"_when_dumped", std::string()},
                               {"_twin", std::string()}});
    if (begin && end && *end < *begin) return;
    if (begin && !x509::has_begun(*begin, policy_.at, policy_.skew))
      return report(kNotYetValid,
                    {{"not_before", *begin}, {"at", policy_.at}, {"wait_seconds", *begin - policy_.at}});
    if (begin && end) check_remaining(*end - policy_.at, *end - *begin);
  }

 private:
  void check_remaining(Seconds remaining, Seconds lifetime) const {
    const Ends ends = ends_of(term_.is_ca, lifetime, policy_);
    const bool critical = remaining < ends.critical;
    if (!critical && remaining >= ends.warn) return check_renewal(Age{lifetime, remaining});
    report(critical ? kCritical : kExpiring, {{"not_after", *term_.not_after},
                                              {"remaining_seconds", remaining},
                                              {"lifetime_seconds", lifetime},
                                              {"limit_seconds", critical ? ends.critical : ends.warn},
                                              {"_expires", expires(remaining)}});
  }

  void check_renewal(const Age& age) const {
    if (!term_.missed || age.lifetime <= Seconds(0)) return;
    report(kRenewalOverdue, {{"used_percent", age.percent()},
                             {"not_after", *term_.not_after},
                             {"remaining_seconds", age.remaining},
                             {"lifetime_seconds", age.lifetime},
                             {"_rule", term_.rule},
                             {"_fix", term_.renew}});
  }

  void report(const FindingSpec& spec, std::vector<Fact> facts) const {
    facts.insert(facts.end(),
                 {{"_what", term_.what}, {"_kept", clause(term_.rule)}, {"_renew", term_.renew}});
    sink_.report(spec, term_.where, term_.resource, std::move(facts));
  }

  const StatedTerm& term_;
  const Policy& policy_;
  FindingSink& sink_;
};

StatedTerm term_of(const Listed& listed, const Artifact& artifact) {
  const std::string serial = listed.serial.empty() ? "" : " with serial " + listed.serial;
  return {listed.where,
          artifact.name,
          listed.not_before,
          listed.not_after,
          listed.is_ca,
          std::string(listed.is_ca ? "CA" : "leaf") + " certificate listed" + serial,
          std::string(how_to_renew(listed.is_ca, artifact))};
}

}  // namespace

void check_validity(const Subject& subject, const Policy& policy, FindingSink& sink) {
  const Certificate& certificate = subject.certificate;
  if (is_unused(subject.artifact)) return;
  const bool inverted = certificate.not_after < certificate.not_before;
  if (inverted)
    sink.report(kInverted, subject,
                {{"not_before", certificate.not_before},
                 {"not_after", certificate.not_after},
                 {"_what", role_words(subject)}});
  if (is_expired(certificate, policy)) {
    if (!subject.bundle_has_valid) report_expired(subject, policy, sink);
  } else if (is_not_yet_valid(certificate, policy)) {
    if (!inverted && !subject.bundle_has_valid)
      sink.report(kNotYetValid, subject,
                  {{"not_before", certificate.not_before},
                   {"at", policy.at},
                   {"wait_seconds", certificate.not_before - policy.at},
                   {"_what", role_words(subject)}});
  } else if (!inverted) {
    check_remaining(subject, policy, sink);
    check_path_end(subject, policy, sink);
    check_lifetime(subject, sink);
  }
}

void check_stated(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  for (const Listed& listed : artifact.listed)
    if (!listed.certificate) {
      const StatedTerm term = term_of(listed, artifact);
      TermJudge(term, policy, sink).judge();
    }
}

void check_kept(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  for (const StatedTerm& term : terms_of_keepers(inventory, policy)) TermJudge(term, policy, sink).judge();
  check_issuance(inventory, policy, sink);
  check_rivals(inventory, sink);
  check_signing_cas(inventory, policy, sink);
}

bool is_expired(const Certificate& certificate, const Policy& policy) {
  return x509::has_ended(certificate.not_after, policy.at, policy.skew);
}

bool is_not_yet_valid(const Certificate& certificate, const Policy& policy) {
  return !x509::has_begun(certificate.not_before, policy.at, policy.skew);
}

Ends ends_of(bool is_ca, Seconds lifetime, const Policy& policy) {
  const Thresholds& thresholds = policy.thresholds;
  const Seconds critical = (is_ca ? thresholds.critical_ca : thresholds.critical).of(lifetime);
  return {critical, std::max(critical, (is_ca ? thresholds.warn_ca : thresholds.warn).of(lifetime))};
}

bool is_unused(const Artifact& artifact) {
  if (artifact.object == nullptr) return false;
  const std::string& kind = artifact.object->kind;
  if (kind == "CertificateRequest" || kind == "CertificateSigningRequest") return true;
  const auto* carrier = artifact.object->as<CaBundleCarrier>();
  return carrier != nullptr && std::ranges::all_of(carrier->entries, &WebhookEntry::deactivated);
}

bool is_critical(const Certificate& certificate, const Policy& policy) {
  return certificate.not_after - policy.at <
         ends_of(certificate.is_ca(), certificate.lifetime(), policy).critical;
}

static ValidityStatus status_of(const Certificate& certificate, const Policy& policy) {
  if (is_expired(certificate, policy)) return ValidityStatus::expired;
  if (is_not_yet_valid(certificate, policy)) return ValidityStatus::not_yet_valid;
  if (is_critical(certificate, policy)) return ValidityStatus::critical;
  const Ends ends = ends_of(certificate.is_ca(), certificate.lifetime(), policy);
  return certificate.not_after - policy.at < ends.warn ? ValidityStatus::warning : ValidityStatus::ok;
}

}  // namespace meshcert::checks

namespace meshcert {

std::string_view to_string(ValidityStatus status) {
  constexpr std::array<std::string_view, kValidityStatuses> kWords{"ok", "warning", "critical", "expired",
                                                                   "not-yet-valid"};
  return kWords[static_cast<std::size_t>(status)];
}

bool goes_by_dates(const Artifact& artifact) {
  return !checks::is_unused(artifact);
}

ValidityStatus validity_status(const Certificate& certificate, const Policy& policy) {
  return checks::status_of(certificate, policy);
}

}  // namespace meshcert
