#include "meshcert/batch.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "input/loose_keys.hpp"
#include "meshcert/alone.hpp"
#include "report/finding_text.hpp"
#include "report/name_forms.hpp"

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
  return place;
}

bool is_due(const CertificateRow& row) {
  const bool overdue =
      std::ranges::find(row.findings, std::string_view("validity.renewal-overdue")) != row.findings.end();
  return overdue || (row.status != ValidityStatus::ok && row.status != ValidityStatus::not_yet_valid);
}

/// has_row: a row of the artifact shows what was found there.
bool has_row(const SourceRef& where, const Artifact& artifact) {
  const std::size_t count = artifact.certificates.size();
  if (!where.certificate) return count != 0 && where == artifact.source;
  const std::size_t index = *where.certificate - artifact.first;  // of what stands before, beyond all
  return index < count && where == source_of(artifact, index);
}

}  // namespace

bool Judging::wants(ArtifactKind kind, const std::string& resource, const std::string& file) const {
  if (!names(options->kinds, to_string(kind))) return false;
  if (!options->namespaces.empty() && !names(options->namespaces, namespace_of(resource))) return false;
  if (options->shards == 1) return true;
  return hash_of(resource.empty() ? file : resource) % options->shards == options->shard;
}

void Batch::error(const Judging& judging, const std::string& file, std::string message) {
  ++summary.unread;
  ++summary.shard.unread;
  keep(judging, Error{SourceRef{file}, std::move(message)});
}

void Batch::keep(const Judging& judging, Error&& error) {
  if (judging.writer != nullptr) judging.writer->error(error, text);
  errors.push_back(std::move(error));
}

void Batch::keep(const Judging& judging, const CertificateRow& row) {
  summary.count(row.kind, row.status);
  histogram.count(row.remaining, row.status);
  prefixes.push_back(Distinct::prefix_of(row.sha256));
  if (soonest.wants(row.not_after)) soonest.add(row);
  if (row.remaining.count() >= 0 && next.wants(row.not_after)) next.add(row);
  if (judging.writer != nullptr) judging.writer->row(row, text);
  if (judging.remembers)
    seen.push_back({place_of(row), row.index, row.sha256, std::string(row.shown_name()), row.not_before,
                    row.not_after, is_due(row)});
}

void Batch::keep_terms(const Judging& judging, const Artifact& artifact, const FindingsByPlace& found) {
  for (const Term& term : terms_of(artifact)) {
    if (validity_status(term, judging.policy) == ValidityStatus::expired) ++expired_terms;
    soonest.add(term, found, judging.policy);
    if (term.not_after && *term.not_after >= judging.policy.at) next.add(term, found, judging.policy);
  }
}

void Batch::make_room(std::size_t rows, std::size_t octets) {
  constexpr std::size_t kMost = std::size_t{512} * 1024;  // one row can be as long as it likes
  if (written() != 0) text.front().reserve(written() + std::min(rows * octets, kMost));
}

void Batch::write_finding(const Judging& judging, const Finding& finding, std::optional<ArtifactKind> kind) {
  if (judging.writer != nullptr) judging.writer->finding(finding, kind, text);
  if (judging.tells_unplaced)
    notes.push_back(to_string(finding.where) + ": " + std::string(to_string(finding.severity)) + ' ' +
                    std::string(finding.spec->code) + ": " + message_of(finding));
}

void Batch::keep(Finding&& finding) {
  CodeCount& code = codes[finding.spec->code];
  if (code.count++ == 0) code = {finding.spec, finding.severity, 1, finding.where, finding.resource};
  keep_finding(std::move(finding), findings, findings_left_out);
  of_last = std::min(of_last, findings.size());
}

void Batch::take(const Judging& judging, std::vector<Finding>&& found) {
  for (Finding& finding : found) {
    ++summary.findings[static_cast<std::size_t>(finding.severity)];
    failed = failed || fails(finding, judging.fail_on);
    keep(std::move(finding));
  }
}

void Batch::lose(const Judging& judging, LostPart&& part) {
  if (judging.writer != nullptr) judging.writer->lost(part, text);
  if (lost.size() < kKept)
    lost.push_back(std::move(part));
  else
    ++lost_left_out;
}

void Batch::name(const Judging& judging, const std::string& file, const std::string& called,
                 const std::vector<Finding>& findings_of_it) {
  if (!judging.names_resources) return;
  const Finding* worst = nullptr;
  for (const Finding& finding : findings_of_it)
    if (fails(finding, judging.fail_on) && (worst == nullptr || worst->severity < finding.severity))
      worst = &finding;
  resources.push_back({file, called, worst == nullptr ? nullptr : worst->spec});
}

void keep_worst(std::vector<Finding>& findings, std::uint64_t& left_out) {
  if (findings.size() <= Batch::kKept) return;
  std::array<std::size_t, 3> room{};  // by severity
  for (const Finding& finding : findings) ++room[static_cast<std::size_t>(finding.severity)];
  std::size_t left = Batch::kKept;
  for (auto count = room.rbegin(); count != room.rend(); ++count) {
    *count = std::min(*count, left);
    left -= *count;
  }
  left_out += std::erase_if(findings, [&room](const Finding& finding) {
    std::size_t& of_its_kind = room[static_cast<std::size_t>(finding.severity)];
    return of_its_kind == 0 || of_its_kind-- == 0;
  });
}

void keep_finding(Finding&& finding, std::vector<Finding>& findings, std::uint64_t& left_out) {
  findings.push_back(std::move(finding));
  if (findings.size() == 2 * Batch::kKept) keep_worst(findings, left_out);
}

std::uint64_t KnownCertificates::prefix_of(const Certificate& certificate) {
  const auto known = std::ranges::find(last_, as_text(certificate.der), &Known::der);
  if (known != last_.end()) return known->prefix;
  const std::uint64_t prefix = Distinct::prefix_of(certificate);
  if (certificate.is_ca()) note(certificate, prefix, "");
  return prefix;
}

const std::string* KnownCertificates::fingerprint_of(const Certificate& certificate) const {
  const auto known = std::ranges::find(last_, as_text(certificate.der), &Known::der);
  return known == last_.end() || known->sha256.empty() ? nullptr : &known->sha256;
}

void KnownCertificates::note(const Certificate& certificate, std::uint64_t prefix,
                             const std::string& sha256) {
  constexpr std::size_t kMost = 4;
  const auto known = std::ranges::find(last_, as_text(certificate.der), &Known::der);
  Known one{std::string(as_text(certificate.der)), prefix, sha256};
  if (known != last_.end())
    *known = std::move(one);
  else if (last_.size() < kMost)
    last_.push_back(std::move(one));
  else
    last_[std::exchange(next_, (next_ + 1) % kMost)] = std::move(one);
}

void JudgeSink::artifact(Artifact&& artifact) {
  if (input::is_loose_key(artifact)) {
    if (!batch_->lone_key && !artifact.defects.empty()) batch_->lone_key = artifact.defects.back();
    return passed_over(artifact.source.file, "a private key alone");
  }
  if (!judging_.wants(artifact.kind, artifact.resource, artifact.source.file)) {
    ++batch_->filtered;
    return;
  }
  std::vector<Finding> findings = judge_alone(artifact, judging_.policy, judging_.selection);
  if (artifact.first == 0) ++batch_->summary.artifacts;  // further windows of one text are no more of it
  const std::string& called = artifact.shown_name();
  batch_->name(judging_, artifact.source.file, called, findings);
  const FindingsByPlace by_place(findings);
  report::NameForms forms(artifact);
  const std::size_t written = batch_->written();
  for (std::size_t index = 0; index < artifact.certificates.size(); ++index) {
    certificate(artifact, index, by_place, forms);
    if (index == 0) batch_->make_room(artifact.certificates.size() - 1, batch_->written() - written);
  }
  if (judging_.writer != nullptr && artifact.certificates.empty())
    judging_.writer->artifact(artifact, batch_->text);
  batch_->keep_terms(judging_, artifact, by_place);
  for (const Defect& defect : artifact.defects) lose(defect, &artifact);
  write_unplaced(artifact, findings);
  batch_->take(judging_, std::move(findings));
}

void JudgeSink::lose(const Defect& defect, const Artifact* artifact) {
  if (!defect.lost) return;
  ++batch_->summary.unread;
  batch_->lose(judging_, report::lost_part(defect, artifact));
}

JudgeSink::Lists JudgeSink::lists_of(const Certificate& certificate) const {
  const std::int64_t end = certificate.not_after.time_since_epoch().count();
  return {
      end <= judging_.latest.load(std::memory_order_relaxed) && batch_->soonest.wants(certificate.not_after),
      certificate.not_after >= judging_.policy.at && end <= judging_.next.load(std::memory_order_relaxed) &&
          batch_->next.wants(certificate.not_after)};
}

// One more copy of a certificate whose places are listed already adds to its count alone.
bool JudgeSink::add_again(const Artifact& artifact, std::size_t index, const FindingsByPlace& findings,
                          Lists lists) {
  const Certificate& certificate = artifact.certificates[index];
  const Instant end = certificate.not_after;
  const std::string* sha256 = known_.fingerprint_of(certificate);
  if (sha256 == nullptr) return false;
  Expiry* const soon = lists.soon ? batch_->soonest.listed(end, *sha256) : nullptr;
  Expiry* const next = lists.next ? batch_->next.listed(end, *sha256) : nullptr;
  if ((lists.soon && soon == nullptr) || (lists.next && next == nullptr)) return false;
  const auto codes = codes_of(artifact, index, findings);
  if (soon != nullptr) Soonest::add_again(*soon, codes);
  if (next != nullptr) Soonest::add_again(*next, codes);
  return true;
}

void JudgeSink::certificate(const Artifact& artifact, std::size_t index, const FindingsByPlace& findings,
                            report::NameForms& forms) {
  const Certificate& certificate = artifact.certificates[index];
  const Lists lists = lists_of(certificate);
  const bool has_row = judging_.writer != nullptr || judging_.remembers;
  const bool listed = lists.soon || lists.next;
  if (!has_row && (!listed || add_again(artifact, index, findings, lists))) {
    const ValidityStatus status = validity_status(certificate, judging_.policy);
    batch_->summary.count(artifact.kind, status);
    batch_->histogram.count(certificate.not_after - judging_.policy.at, status);
    batch_->prefixes.push_back(known_.prefix_of(certificate));
    return;
  }
  CertificateRow& row = rows_.fill(artifact, index, findings, judging_.policy);
  if (judging_.writer != nullptr) forms.fill(row, index);
  if (!has_row) known_.note(certificate, Distinct::prefix_of(row.sha256), row.sha256);
  batch_->keep(judging_, row);
}

// What no row shows.
void JudgeSink::write_unplaced(const Artifact& artifact, const std::vector<Finding>& findings) {
  if (judging_.writer == nullptr) return;
  judging_.writer->terms(artifact, batch_->text);
  for (const Finding& finding : findings)
    if (!has_row(finding.where, artifact)) batch_->write_finding(judging_, finding, artifact.kind);
}

void JudgeSink::defect(Defect&& defect) {
  lose(defect, nullptr);
  if (defect.lost) ++batch_->summary.shard.unread;
  const std::string file = defect.where.file;
  std::vector<Defect> defects;
  defects.push_back(std::move(defect));
  std::vector<Finding> findings = judge_defects(std::move(defects), judging_.policy, judging_.selection);
  for (const Finding& finding : findings) batch_->write_finding(judging_, finding, std::nullopt);
  for (const Finding& finding : findings)
    ++batch_->summary.shard.findings[static_cast<std::size_t>(finding.severity)];
  batch_->name(judging_, file, file, findings);
  batch_->take(judging_, std::move(findings));
}

void JudgeSink::object(std::shared_ptr<const KubernetesObject> object) {
  if (batch_->object == nullptr) batch_->object = std::move(object);
}

void JudgeSink::passed_over(const std::string& name, const std::string& why) {
  ++batch_->summary.skipped;
  if (judging_.verbose) batch_->notes.push_back("skipped " + name + ": " + why);
}

}  // namespace meshcert::cli
