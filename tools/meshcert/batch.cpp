#include "meshcert/batch.hpp"

#include <algorithm>
#include <utility>

#include "input/loose_keys.hpp"
#include "meshcert/alone.hpp"
#include "report/finding_text.hpp"

namespace meshcert::cli {
namespace {

bool names(const std::vector<std::string>& words, std::string_view word) {
  return words.empty() || std::ranges::find(words, word) != words.end();
}

// "Secret istio-system/gw-cert": the part between.
std::string_view namespace_of(std::string_view resource) {
  const std::size_t space = resource.find(' ');
  const std::size_t slash = resource.find('/');
  if (space == std::string_view::npos || slash == std::string_view::npos || slash < space) return {};
  return resource.substr(space + 1, slash - space - 1);
}

// FNV-1a, 64 bits: the same on every machine, which std::hash is not.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  // Its low bits alone depend on the low bits of the text.
  hash = (hash ^ (hash >> 33U)) * 0xff51afd7ed558ccdU;
  return hash ^ (hash >> 33U);
}

// Not the pointer: what stands before in a list may come and go.
std::string place_of(const CertificateRow& row) {
  std::string place = row.resource.empty() ? row.source.file : row.resource;
  if (row.name != place && !row.name.empty()) place += " " + row.name;
  return place + " " + std::to_string(row.index);
}

bool is_due(const CertificateRow& row) {
  const bool overdue =
      std::ranges::find(row.findings, std::string_view("validity.renewal-overdue")) != row.findings.end();
  return overdue || (row.status != ValidityStatus::ok && row.status != ValidityStatus::not_yet_valid);
}

}  // namespace

bool Judging::wants(const Artifact& artifact) const {
  if (!names(options->kinds, to_string(artifact.kind))) return false;
  if (!options->namespaces.empty() && !names(options->namespaces, namespace_of(artifact.resource)))
    return false;
  if (options->shards == 1) return true;
  const std::string& key = artifact.resource.empty() ? artifact.source.file : artifact.resource;
  return hash_of(key) % options->shards == options->shard;
}

void Batch::error(const Judging& judging, const std::string& file, std::string message) {
  Error error{SourceRef{file, 0, "", std::nullopt}, std::move(message)};
  if (judging.writer != nullptr) judging.writer->error(error, text);
  ++summary.unread;
  errors.push_back(std::move(error));
}

void JudgeSink::artifact(Artifact&& artifact) {
  if (input::is_loose_key(artifact)) return passed_over(artifact.source.file, "a private key alone");
  if (!judging_.wants(artifact)) {
    ++batch_->filtered;
    return;
  }
  std::vector<Finding> findings = judge_alone(artifact, judging_.policy, judging_.selection);
  ++batch_->summary.artifacts;
  const std::string& called = artifact.resource.empty() ? artifact.name : artifact.resource;
  for (const Defect& defect : artifact.defects) lose(defect, called);
  name(artifact.source.file, called, findings);
  const FindingsByPlace by_place(findings);
  for (std::size_t index = 0; index < artifact.certificates.size(); ++index)
    certificate(artifact, index, by_place);
  write_unplaced(artifact, findings);
  take(std::move(findings));
}

void JudgeSink::lose(const Defect& defect, const std::string& resource) {
  if (!defect.lost) return;
  ++batch_->summary.unread;
  if (batch_->lost.size() < Batch::kKept)
    batch_->lost.push_back({defect.where, resource, report::lost_text(defect)});
  else
    ++batch_->lost_left_out;
}

void JudgeSink::name(std::string file, std::string name, const std::vector<Finding>& findings) {
  if (!judging_.names_resources) return;
  const Finding* worst = nullptr;
  for (const Finding& finding : findings)
    if (fails(finding, judging_.fail_on) && (worst == nullptr || worst->severity < finding.severity))
      worst = &finding;
  batch_->resources.push_back({std::move(file), std::move(name), worst == nullptr ? nullptr : worst->spec});
}

void JudgeSink::count(Seconds remaining) {
  batch_->summary.count(row_);
  batch_->histogram.count(remaining, row_.status);
}

void JudgeSink::certificate(const Artifact& artifact, std::size_t index, const FindingsByPlace& findings) {
  const Certificate& certificate = artifact.certificates[index];
  const std::int64_t end = certificate.not_after.time_since_epoch().count();
  const bool soon =
      end <= judging_.latest.load(std::memory_order_relaxed) && batch_->soonest.wants(certificate.not_after);
  const bool next = certificate.not_after >= judging_.policy.at &&
                    end <= judging_.next.load(std::memory_order_relaxed) &&
                    batch_->next.wants(certificate.not_after);
  if (judging_.writer == nullptr && !judging_.remembers && !soon && !next) {
    row_.kind = artifact.kind;
    row_.status = validity_status(certificate, judging_.policy);
    count(certificate.not_after - judging_.policy.at);
    batch_->prefixes.push_back(Distinct::prefix_of(sha256_fingerprint(certificate)));
    return;
  }
  fill_row(row_, artifact, index, findings, judging_.policy);
  count(row_.remaining);
  batch_->prefixes.push_back(Distinct::prefix_of(row_.sha256));
  if (soon) batch_->soonest.add(row_);
  if (next) batch_->next.add(row_);
  if (judging_.writer != nullptr) judging_.writer->row(row_, batch_->text);
  if (judging_.remembers)
    batch_->seen.push_back({place_of(row_), row_.sha256, std::string(row_.shown_name()), row_.not_before,
                            row_.not_after, is_due(row_)});
}

// What no row shows.
void JudgeSink::write_unplaced(const Artifact& artifact, const std::vector<Finding>& findings) {
  if (judging_.writer == nullptr) return;
  for (const Finding& finding : findings) {
    const bool placed =
        finding.where.certificate || (finding.where == artifact.source && !artifact.certificates.empty());
    if (!placed) judging_.writer->finding(finding, batch_->text);
  }
}

void JudgeSink::defect(Defect&& defect) {
  lose(defect, "");
  const std::string file = defect.where.file;
  std::vector<Defect> defects;
  defects.push_back(std::move(defect));
  std::vector<Finding> findings = judge_defects(std::move(defects), judging_.policy, judging_.selection);
  if (judging_.writer != nullptr)
    for (const Finding& finding : findings) judging_.writer->finding(finding, batch_->text);
  name(file, file, findings);
  take(std::move(findings));
}

void JudgeSink::passed_over(const std::string& name, const std::string& why) {
  ++batch_->summary.skipped;
  if (judging_.verbose) batch_->notes.push_back("skipped " + name + ": " + why);
}

void JudgeSink::take(std::vector<Finding>&& findings) {
  for (Finding& finding : findings) {
    ++batch_->summary.findings[static_cast<std::size_t>(finding.severity)];
    batch_->failed = batch_->failed || fails(finding, judging_.fail_on);
    CodeCount& code = batch_->codes[finding.spec->code];
    if (code.count++ == 0) code = {finding.spec, finding.severity, 1, finding.where, finding.resource};
    if (batch_->findings.size() < Batch::kKept)
      batch_->findings.push_back(std::move(finding));
    else
      ++batch_->findings_left_out;
  }
}

}  // namespace meshcert::cli
