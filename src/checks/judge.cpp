#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <unordered_map>

#include "checks/afterwards.hpp"
#include "checks/bundle_members.hpp"
#include "checks/check.hpp"
#include "checks/crl_forms.hpp"
#include "checks/crl_reports.hpp"
#include "checks/input_reading.hpp"
#include "checks/jwt_judge.hpp"
#include "checks/lineage.hpp"
#include "checks/managed.hpp"
#include "checks/validity.hpp"
#include "meshcert/alone.hpp"
#include "meshcert/kubernetes.hpp"
#include "x509/crypto.hpp"

namespace meshcert {

namespace {

bool is_named(std::string_view code, const std::vector<std::string>& words) {
  return std::ranges::any_of(words, [code](const std::string& word) {
    return code == word || (code.starts_with(word) && code.size() > word.size() && code[word.size()] == '.');
  });
}

}  // namespace

bool Selection::wants(std::string_view code) const {
  return !is_named(code, ignore) && (only.empty() || is_named(code, only));
}

bool Selection::wants_loss(std::string_view code) const {
  return wants(code) || (losses && !is_named(code, ignore));
}

namespace checks {

extern const Check k_input_check;
extern const Check k_chain_check;

namespace {

// How many certificates of an artifact name a subject as their issuer; one look
// at each, whatever their number.
using IssuerCounts = std::unordered_map<std::string_view, std::size_t>;

IssuerCounts count_issuers(const Artifact& artifact) {
  IssuerCounts counts;
  if (artifact.certificates.size() < 2) return counts;  // nobody else is there
  for (const Certificate& certificate : artifact.certificates) ++counts[as_text(certificate.issuer.rdns)];
  return counts;
}

bool is_named_as_issuer(const Certificate& certificate, const IssuerCounts& counts) {
  const auto named = counts.find(as_text(certificate.subject.rdns));
  return named != counts.end() && named->second > (certificate.is_self_issued() ? 1U : 0U);
}

// Alternatives counts, in a bundle, the certificates that could do another's work:
// for roots all roots, for a CA below one those of its own name.
class Alternatives {
 public:
  Alternatives(const Artifact& artifact, const Policy& policy) {
    if (!is_bundle(artifact.kind)) return;
    for (const Certificate& certificate : artifact.certificates) {
      if (!is_valid(certificate, policy)) continue;
      const bool lasting = !is_critical(certificate, policy);
      Counts& counts = certificate.is_self_issued() ? roots_ : by_subject_[as_text(certificate.subject.rdns)];
      ++counts.valid;
      counts.lasting += lasting ? 1 : 0;
    }
  }

  void note(Subject& subject) const {
    const Counts counts = of(subject.certificate);
    subject.bundle_has_valid = counts.valid != 0;
    subject.bundle_lives_on = counts.lasting != 0;
  }

 private:
  struct Counts {
    std::size_t valid = 0, lasting = 0;
  };

  [[nodiscard]] Counts of(const Certificate& certificate) const {
    if (certificate.is_self_issued()) return roots_;
    const auto found = by_subject_.find(as_text(certificate.subject.rdns));
    return found == by_subject_.end() ? Counts{} : found->second;
  }

  Counts roots_;
  std::unordered_map<std::string_view, Counts> by_subject_;
};

/// Surroundings is what the rest of a run says of one certificate.
struct Surroundings {
  Surroundings(const Inventory& inventory, const Policy& policy)
      : lineage(inventory, policy), keepers(inventory) {}
  Lineage lineage;
  Keepers keepers;
};

using JudgeOne = void (*)(const Subject&, const Policy&, const Selection&, std::vector<Finding>&);

void judge_certificates(const Artifact& artifact, std::optional<Instant> taken, Surroundings* around,
                        const Policy& policy, const Selection& selection, JudgeOne judge_one,
                        std::vector<Finding>& out) {
  const IssuerCounts issuers = count_issuers(artifact);
  const Alternatives alternatives(artifact, policy);
  if (around != nullptr) around->lineage.enter(artifact);
  for (std::size_t i = 0; i < artifact.certificates.size(); ++i) {
    Subject subject = Subject::of(artifact, i);
    subject.dump_taken = taken;
    subject.is_named_as_issuer = is_named_as_issuer(subject.certificate, issuers);
    alternatives.note(subject);
    if (around != nullptr) {
      around->lineage.note(subject);
      around->keepers.note(subject);
    }
    judge_one(subject, policy, selection, out);
  }
}

constexpr std::string_view kValidity = "validity";
// Whose rules about single certificates go by dates alone, and who has such rules about artifacts.
constexpr std::array<std::string_view, 2> kOfCertificates{kValidity, "bundle"};
constexpr std::array<std::string_view, 3> kOfArtifacts{"input", kValidity, "jwt"};

bool is_among(std::span<const std::string_view> families, const Check& check) {
  return std::ranges::find(families, check.family) != families.end();
}

void judge_dates_of(const Subject& subject, const Policy& policy, const Selection& selection,
                    std::vector<Finding>& out) {
  for (const Check* check : all_checks()) {
    if (!is_among(kOfCertificates, *check)) continue;
    FindingSink sink(check->may_report, policy, selection, out);
    check->on_certificate(subject, policy, sink);
  }
}

// Without surroundings, nothing but the artifact is looked at.
void judge_artifact(const Artifact& artifact, std::optional<Instant> taken, Surroundings* around,
                    const Policy& policy, const Selection& selection, std::vector<Finding>& out) {
  judge_certificates(artifact, taken, around, policy, selection, &judge_certificate, out);
  for (const Check* check : all_checks()) {
    FindingSink sink(check->may_report, policy, selection, out);
    if (check->on_artifact != nullptr) check->on_artifact(artifact, policy, sink);
  }
}

// What --untrusted holds on the way of a chain: its dates count as if it were sent.
void judge_given(const Lineage& lineage, const Policy& policy, const Selection& selection,
                 std::vector<Finding>& out) {
  const auto checks = all_checks();
  const auto* validity = *std::ranges::find(checks, kValidity, &Check::family);
  FindingSink sink(validity->may_report, policy, selection, out);
  for (const Subject& subject : lineage.given_in_use()) validity->on_certificate(subject, policy, sink);
}

bool says_the_same(const Finding& a, const Finding& b) {
  return a.spec == b.spec && a.where == b.where && a.resource == b.resource && message_of(a) == message_of(b);
}

void put_in_order(std::vector<Finding>& findings) {
  if (findings.size() < 2) return;
  if (!std::ranges::is_sorted(findings, reads_before)) std::ranges::stable_sort(findings, reads_before);
  const auto repeats = std::ranges::unique(findings, says_the_same);
  findings.erase(repeats.begin(), repeats.end());
}

}  // namespace

SourceRef first_input(const Inventory& inventory) {
  SourceRef where;
  if (!inventory.artifacts.empty())
    where.file = inventory.artifacts.front().source.file;
  else if (!inventory.defects.empty())
    where.file = inventory.defects.front().where.file;
  else if (!inventory.given.empty())
    where.file = inventory.given.front().name;
  return where;
}

void judge_certificate(const Subject& subject, const Policy& policy, const Selection& selection,
                       std::vector<Finding>& out) {
  for (const Check* check : all_checks()) {
    if (check->on_certificate == nullptr) continue;
    FindingSink sink(check->may_report, policy, selection, out);
    check->on_certificate(subject, policy, sink);
  }
}

}  // namespace checks

std::vector<Finding> judge(const Inventory& inventory, const Policy& policy, const Selection& selection) {
  std::vector<Finding> findings;
  const std::map<std::string_view, Instant> times = newest_updates(inventory);
  checks::Surroundings around(inventory, policy);
  for (const Artifact& artifact : inventory.artifacts) {
    const auto taken = times.find(artifact.source.file);
    checks::judge_artifact(artifact, taken == times.end() ? std::nullopt : std::optional(taken->second),
                           &around, policy, selection, findings);
  }
  checks::judge_given(around.lineage, policy, selection, findings);
  for (const checks::Check* check : checks::all_checks()) {
    checks::FindingSink sink(check->may_report, policy, selection, findings);
    if (check->on_inventory != nullptr && (sink.wants_any() || check->adds_facts))
      check->on_inventory(inventory, policy, sink);
  }
  checks::keep_of_gateways(inventory, policy, findings);
  checks::say_once(findings);
  checks::put_in_order(findings);
  return findings;
}

// The first line read is the one to act on.
bool reads_before(const Finding& a, const Finding& b) {
  return std::tie(a.where, b.severity, a.spec->code) < std::tie(b.where, a.severity, b.spec->code);
}

std::vector<Finding> judge_alone(const Artifact& artifact, const Policy& policy, const Selection& selection) {
  std::vector<Finding> findings;
  checks::judge_artifact(artifact, artifact.last_updated, nullptr, policy, selection, findings);
  if (!artifact.crls.empty()) {
    checks::FindingSink sink(checks::k_chain_check.may_report, policy, selection, findings);
    checks::check_crl_dates(artifact, policy, sink);
    checks::check_crl_forms(artifact, sink);
  }
  checks::put_in_order(findings);
  return findings;
}

bool is_dated(std::string_view code) {
  const std::array kOthers{checks::kExpiredMember.code,          checks::kFutureMember.code,
                           checks::kFirstBlockHidesProblem.code, checks::kJwtExpired.code,
                           checks::kJwtNotYetValid.code,         checks::kJwtIssuedInFuture.code};
  return code.starts_with("validity.") || std::ranges::find(kOthers, code) != kOthers.end();
}

std::vector<Finding> judge_dates(const Artifact& artifact, const Policy& policy, const Selection& selection) {
  std::vector<Finding> findings;
  checks::judge_certificates(artifact, artifact.last_updated, nullptr, policy, selection,
                             &checks::judge_dates_of, findings);
  for (const checks::Check* check : checks::all_checks()) {
    checks::FindingSink sink(check->may_report, policy, selection, findings);
    if (checks::is_among(checks::kOfArtifacts, *check)) check->on_artifact(artifact, policy, sink);
  }
  std::erase_if(findings, [](const Finding& finding) { return !is_dated(finding.spec->code); });
  checks::put_in_order(findings);
  return findings;
}

std::vector<Finding> judge_defects(std::vector<Defect>&& defects, const Policy& policy,
                                   const Selection& selection) {
  std::vector<Finding> findings;
  Inventory inventory;
  inventory.defects = std::move(defects);
  checks::FindingSink sink(checks::k_input_check.may_report, policy, selection, findings);
  checks::k_input_check.on_inventory(inventory, policy, sink);
  checks::put_in_order(findings);
  return findings;
}

// A mesh has one root, which every dump of a proxy holds: its signature is verified once.
void decide_self_signed(Inventory& inventory) {
  std::unordered_map<std::string_view, std::optional<bool>> known;  // by the whole of the octets
  for (Artifact& artifact : inventory.artifacts) {
    for (Certificate& certificate : artifact.certificates) {
      if (!certificate.is_self_issued()) continue;
      const auto [answer, added] = known.try_emplace(as_text(certificate.der));
      if (added) {
        x509::decide_self_signed(certificate);
        answer->second = certificate.self_signed;
      }
      certificate.self_signed = answer->second;
    }
  }
}

}  // namespace meshcert
