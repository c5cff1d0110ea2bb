#include "meshcert/row_reader.hpp"

#include <algorithm>
#include <array>

#include "base/hex.hpp"
#include "meshcert/inspect.hpp"
#include "meshcert/jwt.hpp"

namespace meshcert::cli {
namespace {

using Json = nlohmann::json;

const Json& member(const Json& object, const char* key) {
  static const Json none;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? none : *found;
}

/// view_of looks into the document; "" for what is no text.
std::string_view view_of(const Json& value) {
  const auto* text = value.get_ptr<const Json::string_t*>();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

/// exact is the text, or the octets of the sibling that carries them.
std::string exact(const Json& object, const std::string& key) {
  if (const auto octets = base::parse_hex(view_of(member(object, (key + "_hex").c_str())));
      octets && !octets->empty())
    return {octets->begin(), octets->end()};
  return std::string(view_of(member(object, key.c_str())));
}

std::uint64_t number(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

template <class T>
std::optional<T> number_or_none(const Json& object, const char* key) {
  if (!member(object, key).is_number_unsigned()) return std::nullopt;
  return static_cast<T>(number(object, key));
}

bool truth(const Json& object, const char* key) {
  return member(object, key) == Json(true);
}

std::optional<std::string> text_or_none(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
}

std::optional<Instant> time_of(const Json& object, const char* key) {
  const auto time = parse_rfc3339(view_of(member(object, key)));
  return time ? std::optional(*time) : std::nullopt;
}

template <class Word>
std::optional<std::vector<Word>> words_or_none(const Json& object, const char* key) {
  const Json& list = member(object, key);
  if (!list.is_array()) return std::nullopt;
  std::vector<Word> words;
  for (const Json& word : list) words.emplace_back(view_of(word));
  return words;
}

SourceRef source_of(const Json& line) {
  const Json& source = member(line, "source");
  return {exact(source, "file"), static_cast<std::uint32_t>(number(source, "line")), exact(source, "pointer"),
          number_or_none<std::uint32_t>(source, "certificate")};
}

template <class T, std::size_t count>
T word_of(std::string_view text, const std::array<T, count>& all, T otherwise) {
  const auto found = std::ranges::find(all, text, [](T value) { return to_string(value); });
  return found == all.end() ? otherwise : *found;
}

Severity severity_of(const Json& object) {
  return word_of(view_of(member(object, "severity")),
                 std::array{Severity::info, Severity::warning, Severity::error}, Severity::error);
}

std::optional<ArtifactKind> known_kind(std::string_view word) {
  for (std::uint8_t value = 0; value < 64; ++value) {
    const auto kind = static_cast<ArtifactKind>(value);
    const std::string_view text = to_string(kind);
    if (text.empty()) break;
    if (text == word) return kind;
  }
  return std::nullopt;
}

void read_names(const Json& line, CertificateRow& row) {
  row.san.clear();
  for (const Json& name : member(line, "san"))
    row.san.push_back({view_of(member(name, "type")), exact(name, "value")});
  row.san_critical = truth(line, "san_critical");
  const Json& id = member(line, "spiffe_id");
  row.spiffe_id.reset();
  if (!id.is_object()) return;
  row.spiffe_id = {exact(id, "id"), exact(id, "trust_domain"), exact(id, "path"),
                   text_or_none(id, "namespace"), text_or_none(id, "service_account")};
}

void read_key(const Json& line, CertificateRow& row) {
  const Json& key = member(line, "key");
  row.key_algorithm = exact(key, "algorithm");
  row.key_bits = static_cast<std::uint32_t>(number(key, "bits"));
  row.key_curve = text_or_none(key, "curve");
  row.signature_algorithm = exact(line, "signature_algorithm");
  row.key_usage = words_or_none<std::string_view>(line, "key_usage");
  row.key_usage_critical = truth(line, "key_usage_critical");
  row.extended_key_usage = words_or_none<std::string>(line, "extended_key_usage");
  row.malformed =
      words_or_none<std::string_view>(line, "malformed").value_or(std::vector<std::string_view>{});
  row.subject_key_id = text_or_none(line, "subject_key_id");
  row.authority_key_id = text_or_none(line, "authority_key_id");
}

void read_findings(const Json& line, CertificateRow& row) {
  row.findings.clear();
  for (const Json& code : member(line, "findings"))
    if (const FindingSpec* spec = find_spec(view_of(code)); spec != nullptr)
      row.findings.push_back(spec->code);
  row.graded.clear();
  constexpr std::uint64_t kMost = 1000;  // of a line that claims more, so that no line costs more
  for (const Json& one : member(line, "graded"))
    if (const FindingSpec* spec = find_spec(view_of(member(one, "code"))); spec != nullptr)
      row.graded.push_back({spec->code, severity_of(one), std::min(number(one, "count"), kMost)});
}

// Its part of the count is no more than all of it, whatever the line says.
Shard read_shard(const Json& part, const RowSummary& summary) {
  constexpr std::uint64_t kMost = 100'000;
  Shard shard;
  shard.index = static_cast<std::size_t>(number(part, "index"));
  shard.of = static_cast<std::size_t>(number(part, "of"));
  shard.unread = std::min(number(part, "unread"), summary.unread);
  return shard.of < 2 || shard.of > kMost || shard.index >= shard.of ? Shard{} : shard;
}

}  // namespace

bool read_row(const Json& line, CertificateRow& row) {
  const auto not_before = parse_rfc3339(view_of(member(line, "not_before")));
  const auto not_after = parse_rfc3339(view_of(member(line, "not_after")));
  row.sha256 = exact(line, "sha256");
  if (!not_before || !not_after || row.sha256.empty()) return false;
  row.not_before = *not_before;
  row.not_after = *not_after;
  row.lifetime = Seconds(member(line, "lifetime_seconds").is_number_integer()
                             ? member(line, "lifetime_seconds").get<std::int64_t>()
                             : 0);
  row.kind = known_kind(view_of(member(line, "kind"))).value_or(ArtifactKind::certificate_chain);
  row.name = exact(line, "name");
  row.resource = exact(line, "resource");
  row.source = source_of(line);
  row.index = number(line, "index");
  row.first = number(line, "first");
  row.goes_by_dates = member(line, "goes_by_dates") != Json(false);
  row.role = word_of(view_of(member(line, "role")),
                     std::array{Role::leaf, Role::intermediate, Role::root, Role::ca}, Role::leaf);
  row.version = static_cast<int>(number(line, "version"));
  row.subject = exact(line, "subject");
  row.issuer = exact(line, "issuer");
  row.serial = exact(line, "serial");
  row.is_ca = truth(line, "is_ca");
  row.path_length = number_or_none<std::uint32_t>(line, "path_length");
  const Json& self_signed = member(line, "self_signed");
  row.self_signed = self_signed.is_boolean() ? std::optional(self_signed.get<bool>()) : std::nullopt;
  read_key(line, row);
  read_names(line, row);
  read_findings(line, row);
  return true;
}

bool read_term(const Json& line, Artifact& artifact) {
  const Json& term = member(line, "term");
  if (!term.is_object()) return false;
  artifact.kind = known_kind(view_of(member(term, "kind"))).value_or(ArtifactKind::certificate_chain);
  artifact.name = exact(term, "name");
  artifact.resource = exact(term, "resource");
  artifact.source = source_of(term);
  const auto begin = time_of(term, "not_before"), end = time_of(term, "not_after");
  if (artifact.kind == ArtifactKind::jwt) {
    Jwt token;
    token.not_before = begin;
    token.expires = end;
    token.issued_at = time_of(term, "issued_at");
    artifact.jwt = std::make_shared<const Jwt>(std::move(token));
    return true;
  }
  const std::string serial = exact(term, "serial");
  artifact.listed.push_back(
      {artifact.source, std::nullopt, truth(term, "is_ca"), serial, serial, begin, end, {}});
  return true;
}

bool read_finding(const Json& line, std::optional<Finding>& finding, std::optional<ArtifactKind>& kind) {
  const Json& error = member(line, "error");
  const Json& told = error.is_object() ? error : member(line, "finding");
  const FindingSpec* spec = find_spec(view_of(member(told, "code")));
  if (spec == nullptr) return false;
  finding = Finding{spec,
                    severity_of(told),
                    source_of(told),
                    exact(told, "resource"),
                    {{"_message", exact(told, "message")}, {"_fix", exact(told, "fix")}}};
  kind = known_kind(view_of(member(told, "kind")));
  return true;
}

Error read_error(const Json& line) {
  const Json& error = member(line, "error");
  return {source_of(error), exact(error, "message")};
}

bool read_summary(const Json& line, RowSummary& summary, std::optional<Instant>& at) {
  const Json& all = member(line, "summary");
  if (!all.is_object()) return false;
  at = time_of(all, "at");
  summary.inputs = number(all, "inputs");
  summary.skipped = number(all, "skipped");
  summary.artifacts = number(all, "artifacts");
  summary.certificates = number(all, "certificates");
  summary.unread = number(all, "unread");
  const Json& part = member(all, "shard");
  if (part.is_object()) summary.shard = read_shard(part, summary);
  return true;
}

}  // namespace meshcert::cli
