// What one check reports, and how it is kept.

#include <algorithm>
#include <cassert>
#include <utility>

#include "checks/check.hpp"

namespace meshcert::checks {

bool FindingSink::is_left_out(std::string_view code) const {
  return !selection_.wants(code) && Selection{.only = {}, .ignore = selection_.ignore}.wants(code);
}

bool FindingSink::wants_any() const {
  return std::ranges::any_of(may_report_,
                             [this](const FindingSpec* spec) { return selection_.wants(spec->code); });
}

void FindingSink::report(const FindingSpec& spec, const Subject& subject, std::vector<Fact> facts) {
  if (!selection_.wants(spec.code)) return;
  report(spec, source_of(subject.artifact, subject.index), subject.artifact, std::move(facts));
}

void FindingSink::report(const FindingSpec& spec, const Artifact& artifact, std::vector<Fact> facts) {
  report(spec, artifact.source, artifact, std::move(facts));
}

void FindingSink::report(const FindingSpec& spec, SourceRef where, const Artifact& artifact,
                         std::vector<Fact> facts) {
  if (!selection_.wants(spec.code)) return;
  report(spec, std::move(where), artifact.shown_name(), std::move(facts));
}

void FindingSink::report(const FindingSpec& spec, SourceRef where, std::string resource,
                         std::vector<Fact> facts) {
  if (selection_.wants(spec.code)) add(spec, std::move(where), std::move(resource), std::move(facts));
}

void FindingSink::report_loss(const FindingSpec& spec, SourceRef where, const Artifact& artifact,
                              std::vector<Fact> facts) {
  if (selection_.wants_loss(spec.code)) add(spec, std::move(where), artifact.shown_name(), std::move(facts));
}

void FindingSink::add(const FindingSpec& spec, SourceRef where, std::string resource,
                      std::vector<Fact> facts) {
  assert(std::ranges::find(may_report_, &spec) != may_report_.end());
  if (out_.size() > selection_.most) return;
  out_.push_back(
      {&spec, spec.severity(policy_.profile), std::move(where), std::move(resource), std::move(facts)});
}

void FindingSink::report_milder(const FindingSpec& spec, SourceRef where, std::string resource,
                                std::vector<Fact> facts) {
  const std::size_t before = out_.size();
  report(spec, std::move(where), std::move(resource), std::move(facts));
  if (out_.size() == before || out_.back().severity == Severity::info) return;
  out_.back().severity = out_.back().severity == Severity::error ? Severity::warning : Severity::info;
}

void FindingSink::report_at(Severity severity, const FindingSpec& spec, const Subject& subject,
                            std::vector<Fact> facts) {
  const std::size_t before = out_.size();
  report(spec, subject, std::move(facts));
  if (out_.size() != before) out_.back().severity = severity;
}

void FindingSink::report_at(Severity severity, const FindingSpec& spec, const Artifact& artifact,
                            std::vector<Fact> facts) {
  const std::size_t before = out_.size();
  report(spec, artifact, std::move(facts));
  if (out_.size() != before) out_.back().severity = severity;
}

void FindingSink::report_milder(const FindingSpec& spec, const Subject& subject, std::vector<Fact> facts) {
  if (!selection_.wants(spec.code)) return;
  report_milder(spec, source_of(subject.artifact, subject.index), subject.artifact.shown_name(),
                std::move(facts));
}

void FindingSink::report_milder(const FindingSpec& spec, const Artifact& artifact, std::vector<Fact> facts) {
  report_milder(spec, artifact.source, artifact.shown_name(), std::move(facts));
}

}  // namespace meshcert::checks
