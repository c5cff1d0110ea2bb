// One JSON object on each line: a certificate, whose members are those of the JSON report
// (docs/sweep-line.schema.json), in its order.

#include <type_traits>

#include "report/json_line.hpp"
#include "report/ndjson_others.hpp"
#include "report/row_formats.hpp"

namespace meshcert::report {
namespace {

/// Name of a member, known here.
template <std::size_t N>
using Name = const char (&)[N];

template <std::size_t N, class List, class Put>
void put_list(JsonLine& line, Name<N> key, const List& list, Put put) {
  line.key(key).open('[');
  for (const auto& entry : list) put(entry);
  line.close(']');
}

template <std::size_t N, class List>
void put_words(JsonLine& line, Name<N> key, const List& words) {
  put_list(line, key, words, [&](std::string_view word) { line.text(word); });
}

template <std::size_t N, class List>
void put_words_or_null(JsonLine& line, Name<N> key, const std::optional<List>& words) {
  if (words)
    put_words(line, key, *words);
  else
    line.key(key).null();
}

template <std::size_t N, class T>
void put_or_null(JsonLine& line, Name<N> key, const std::optional<T>& value) {
  if (!value)
    line.key(key).null();
  else if constexpr (std::is_same_v<T, std::string>)
    line.key(key).text(*value);
  else
    line.key(key).number(static_cast<std::uint64_t>(*value));
}

void put_key(JsonLine& line, const CertificateRow& row) {
  line.key("key").open('{');
  line.key("algorithm").text(row.key_algorithm);
  line.key("bits").number(std::uint64_t{row.key_bits});
  put_or_null(line, "curve", row.key_curve);
  line.close('}');
}

void put_identity(JsonLine& line, const std::optional<CertificateRow::Identity>& identity) {
  line.key("spiffe_id");
  if (!identity) return line.null();
  line.open('{');
  line.key("id").text(identity->id);
  line.key("trust_domain").text(identity->trust_domain);
  line.key("path").text(identity->path);
  put_or_null(line, "namespace", identity->namespace_name);
  put_or_null(line, "service_account", identity->service_account);
  line.close('}');
}

void put_names(JsonLine& line, const CertificateRow& row) {
  put_list(line, "san", row.san, [&](const CertificateRow::Name& name) {
    line.open('{');
    line.key("type").plain(name.type);
    line.exact("value", name.value);
    line.close('}');
  });
  line.key("san_critical").truth(row.san_critical);
  put_words(line, "malformed", row.malformed);
  put_identity(line, row.spiffe_id);
}

void put_fields(JsonLine& line, const CertificateRow& row) {
  line.key("index").number(std::uint64_t{row.index});
  line.key("role").plain(to_string(row.role));
  line.key("version").number(std::int64_t{row.version});
  line.exact("subject", row.subject);
  line.exact("issuer", row.issuer);
  line.key("serial").plain(row.serial);
  line.key("not_before").instant(row.not_before);
  line.key("not_after").instant(row.not_after);
  line.key("remaining_seconds").number(std::int64_t{row.remaining.count()});
  line.key("lifetime_seconds").number(std::int64_t{row.lifetime.count()});
  line.key("is_ca").truth(row.is_ca);
  put_or_null(line, "path_length", row.path_length);
  if (row.self_signed)
    line.key("self_signed").truth(*row.self_signed);
  else
    line.key("self_signed").null();
  put_key(line, row);
  line.key("signature_algorithm").text(row.signature_algorithm);
}

void put_certificate(JsonLine& line, const CertificateRow& row) {
  put_fields(line, row);
  put_words_or_null(line, "key_usage", row.key_usage);
  line.key("key_usage_critical").truth(row.key_usage_critical);
  put_words_or_null(line, "extended_key_usage", row.extended_key_usage);
  put_names(line, row);
  put_or_null(line, "subject_key_id", row.subject_key_id);
  put_or_null(line, "authority_key_id", row.authority_key_id);
  line.key("sha256").plain(row.sha256);
}

void put_graded(JsonLine& line, const std::vector<CertificateRow::Graded>& graded) {
  put_list(line, "graded", graded, [&](const CertificateRow::Graded& one) {
    line.open('{');
    line.key("code").plain(one.code);
    line.key("severity").plain(to_string(one.severity));
    line.key("count").number(one.count);
    line.close('}');
  });
}

// Of what is of the artifact as a whole, where that is.
void put_details(JsonLine& line, const CertificateRow& row) {
  put_list(line, "details", row.lasting, [&](const Finding* finding) {
    line.open('{');
    put_words(line, *finding);
    if (finding->where != row.source) put_source(line, finding->where);
    line.close('}');
  });
}

void put_place(JsonLine& line, const CertificateRow& row) {
  put_source(line, row.source);
  line.exact_or_null("resource", row.resource);
  line.key("kind").plain(to_string(row.kind));
  line.exact("name", row.name);
  line.key("status").plain(to_string(row.status));
  put_words(line, "findings", row.findings);
  if (row.first != 0) line.key("first").number(std::uint64_t{row.first});
  if (!row.goes_by_dates) line.key("goes_by_dates").truth(false);
  if (row.long_lived) line.key("long_lived").truth(true);
  if (row.subject_form != 0) line.key("subject_form").number(std::uint64_t{row.subject_form});
  if (row.issuer_form != 0) line.key("issuer_form").number(std::uint64_t{row.issuer_form});
  if (row.last_updated) line.key("last_updated").instant(*row.last_updated);
  if (!row.graded.empty()) put_graded(line, row.graded);
  if (!row.lasting.empty()) put_details(line, row);
}

class NdjsonWriter final : public RowWriter {
 public:
  [[nodiscard]] bool may_be_merged() const override { return true; }
  void row(const CertificateRow& row, std::span<std::string> parts) const override {
    JsonLine line(parts.front());
    line.open('{');
    put_certificate(line, row);
    put_place(line, row);
    line.close('}');
    parts.front() += '\n';
  }

  void finding(const Finding& finding, std::optional<ArtifactKind> kind,
               std::span<std::string> parts) const override {
    write_finding(finding, kind, parts.front());
  }
  void artifact(const Artifact& artifact, std::span<std::string> parts) const override {
    write_artifact(artifact, parts.front());
  }
  void lost(const LostPart& part, std::span<std::string> parts) const override {
    write_lost(part, parts.front());
  }
  void terms(const Artifact& artifact, std::span<std::string> parts) const override {
    write_terms(artifact, parts.front());
  }
  void error(const Error& error, std::span<std::string> parts) const override {
    write_error(error, parts.front());
  }
  void end(const RowContext& context, const RowSummary& summary, std::string& out) const override {
    ((out += "{\"summary\":") += summary_text(context.policy.at, summary)) += "}\n";
  }
};

}  // namespace

const RowWriter& ndjson_writer() {
  static const NdjsonWriter writer;
  return writer;
}

}  // namespace meshcert::report
