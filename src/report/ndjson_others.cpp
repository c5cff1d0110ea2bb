// Lines of NDJSON beside those of certificates: findings and errors where they occur, what could not be
// used, dates of what has no line, and the summary at the end (docs/sweep-line.schema.json).

#include "report/ndjson_others.hpp"

#include <algorithm>
#include <vector>

#include "meshcert/term.hpp"
#include "report/row_formats.hpp"

namespace meshcert::report {
namespace {

/// write_line writes {"<key>": {...}}.
template <class Put>
void write_line(std::string_view key, std::string& out, Put put) {
  JsonLine line(out);
  line.open('{');
  line.key(key).open('{');
  put(line);
  line.close('}');
  line.close('}');
  out += '\n';
}

void put_kind(JsonLine& line, std::optional<ArtifactKind> kind) {
  line.key("kind");
  kind ? line.plain(to_string(*kind)) : line.null();
}

void put_place(JsonLine& line, const std::string& resource, ArtifactKind kind, const std::string& name) {
  line.exact_or_null("resource", resource);
  put_kind(line, kind);
  line.exact("name", name);
}

void put_finding(JsonLine& line, const Finding& finding, std::optional<ArtifactKind> kind) {
  put_source(line, finding.where);
  put_words(line, finding);
  line.exact_or_null("resource", finding.resource);
  put_kind(line, kind);
}

void put_fact(JsonLine& line, const Fact& fact) {
  if (const auto* text = std::get_if<std::string>(&fact.value)) return line.exact(fact.name, *text);
  line.key(fact.name);
  if (const auto* number = std::get_if<std::int64_t>(&fact.value))
    line.number(*number);
  else if (const auto* flag = std::get_if<bool>(&fact.value))
    line.truth(*flag);
  else if (const auto* instant = std::get_if<Instant>(&fact.value))
    line.instant(*instant);
  else
    line.number(std::int64_t{std::get<Seconds>(fact.value).count()});
}

// By name, so that lines that were merged are as they were. Turns of phrase are not data.
void put_facts(JsonLine& line, const Finding& finding) {
  std::vector<const Fact*> facts;
  for (const Fact& fact : finding.facts)
    if (!fact.name.starts_with('_')) facts.push_back(&fact);
  std::ranges::sort(facts, {}, &Fact::name);
  line.key("facts").open('{');
  for (const Fact* fact : facts) put_fact(line, *fact);
  line.close('}');
}

void put_findings(JsonLine& line, const std::array<std::uint64_t, 3>& findings) {
  line.key("findings").open('{');
  for (const Severity severity : {Severity::error, Severity::warning, Severity::info})
    line.key(to_string(severity)).number(findings[static_cast<std::size_t>(severity)]);
  line.close('}');
}

void put_counts(JsonLine& line, const RowSummary& summary) {
  line.key("inputs").number(summary.inputs);
  line.key("skipped").number(summary.skipped);
  line.key("artifacts").number(summary.artifacts);
  line.key("certificates").number(summary.certificates);
  put_findings(line, summary.findings);
  line.key("unread").number(summary.unread);
}

void put_shard(JsonLine& line, const Shard& shard) {
  if (shard.of == 1) return;
  line.key("shard").open('{');
  line.key("index").number(std::uint64_t{shard.index});
  line.key("of").number(std::uint64_t{shard.of});
  put_findings(line, shard.findings);
  line.key("unread").number(shard.unread);
  line.close('}');
}

void put_summary(JsonLine& line, const RowSummary& summary) {
  put_counts(line, summary);
  line.key("status").open('{');
  for (std::size_t i = 0; i < summary.statuses.size(); ++i)
    line.key(to_string(static_cast<ValidityStatus>(i))).number(summary.statuses[i]);
  line.close('}');
  line.key("kinds").open('{');
  for (const auto& [kind, number] : summary.kinds) line.key(kind).number(number);
  line.close('}');
  if (summary.lines) line.key("lines").number(*summary.lines);
  line.key("verdict").plain(summary.verdict);
  put_shard(line, summary.shard);
}

void put_instant(JsonLine& line, std::string_view key, const std::optional<Instant>& time) {
  if (time) line.key(key).instant(*time);
}

void write_term(const Term& term, std::string& out) {
  write_line("term", out, [&](JsonLine& line) {
    put_source(line, term.where);
    put_place(line, term.artifact.resource, term.artifact.kind, term.artifact.name);
    put_instant(line, "not_before", term.not_before);
    put_instant(line, "not_after", term.not_after);
    put_instant(line, "issued_at", term.issued_at);
    if (term.listed == nullptr) return;
    line.key("is_ca").truth(term.listed->is_ca);
    line.exact("serial", term.listed->serial);
  });
}

}  // namespace

void put_source(JsonLine& line, const SourceRef& where) {
  line.key("source").open('{');
  line.exact("file", where.file);
  line.key("line").number(std::uint64_t{where.line});
  line.exact_or_null("pointer", where.pointer);
  line.key("certificate");
  where.certificate ? line.number(std::uint64_t{*where.certificate}) : line.null();
  line.close('}');
}

void put_words(JsonLine& line, const Finding& finding) {
  line.key("code").plain(finding.spec->code);
  line.key("severity").plain(to_string(finding.severity));
  line.exact("message", message_of(finding));
  line.exact("fix", fix_of(finding));
  put_facts(line, finding);
}

// What is of no certificate is lost if it is not said here.
void write_finding(const Finding& finding, std::optional<ArtifactKind> kind, std::string& out) {
  write_line(finding.severity == Severity::error ? "error" : "finding", out,
             [&](JsonLine& line) { put_finding(line, finding, kind); });
}

void write_artifact(const Artifact& artifact, std::string& out) {
  write_line("artifact", out, [&](JsonLine& line) {
    put_source(line, artifact.source);
    put_place(line, artifact.resource, artifact.kind, artifact.name);
    if (artifact.first != 0) line.key("first").number(std::uint64_t{artifact.first});
  });
}

void write_lost(const LostPart& part, std::string& out) {
  write_line("lost", out, [&](JsonLine& line) {
    put_source(line, part.where);
    line.exact("message", part.why);
    line.exact_or_null("resource", part.resource);
    put_kind(line, part.kind);
    if (part.kind) line.exact("name", part.name);
  });
}

void write_terms(const Artifact& artifact, std::string& out) {
  for (const Term& term : terms_of(artifact)) write_term(term, out);
}

void write_error(const Error& error, std::string& out) {
  write_line("error", out, [&](JsonLine& line) {
    put_source(line, error.where);
    line.exact("message", error.message);
  });
}

std::string summary_text(Instant at, const RowSummary& summary) {
  std::string out;
  JsonLine line(out);
  line.open('{');
  line.key("at").instant(at);
  put_summary(line, summary);
  line.close('}');
  return out;
}

}  // namespace meshcert::report
