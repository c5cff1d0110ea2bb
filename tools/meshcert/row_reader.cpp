#include "meshcert/row_reader.hpp"

#include <algorithm>
#include <array>

#include "meshcert/inspect.hpp"
#include "meshcert/json_members.hpp"
#include "meshcert/jwt.hpp"

namespace meshcert::cli {
namespace {

template <class Word>
std::optional<std::vector<Word>> words_or_none(const Json& object, const char* key) {
  const Json& list = member(object, key);
  if (!list.is_array()) return std::nullopt;
  std::vector<Word> words;
  for (const Json& word : list) words.emplace_back(view_of(word));
  return words;
}

bool is_made_of(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

/// keeps_to_form: what is written again as it is, because it needs no escape, is of the form that it has.
bool keeps_to_form(const CertificateRow& row) {
  constexpr std::string_view kHex = "0123456789abcdef";
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr std::size_t kDigits = 64;
  const std::string_view serial = row.serial;
  return row.sha256.size() == kDigits && is_made_of(row.sha256, kHex) &&
         is_made_of(serial.substr(serial.starts_with('-') ? 1 : 0), kHex) &&
         std::ranges::all_of(row.san, [&](const auto& name) { return is_made_of(name.type, kLetters); });
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

void read_place(const Json& object, Artifact& artifact) {
  artifact.kind = known_kind(view_of(member(object, "kind"))).value_or(ArtifactKind::certificate_chain);
  artifact.name = exact(object, "name");
  artifact.resource = exact(object, "resource");
  artifact.source = source_of(object);
}

}  // namespace

bool read_row(const Json& line, CertificateRow& row) {
  const auto not_before = parse_rfc3339(view_of(member(line, "not_before")));
  const auto not_after = parse_rfc3339(view_of(member(line, "not_after")));
  row.sha256 = exact(line, "sha256");
  if (!not_before || !not_after) return false;
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
  row.long_lived = truth(line, "long_lived");
  row.last_updated = time_of(line, "last_updated");
  row.role = word_of(view_of(member(line, "role")),
                     std::array{Role::leaf, Role::intermediate, Role::root, Role::ca}, Role::leaf);
  row.version = static_cast<int>(number(line, "version"));
  row.subject = exact(line, "subject");
  row.issuer = exact(line, "issuer");
  row.subject_form = number_or_none<std::uint32_t>(line, "subject_form").value_or(0);
  row.issuer_form = number_or_none<std::uint32_t>(line, "issuer_form").value_or(0);
  row.serial = exact(line, "serial");
  row.is_ca = truth(line, "is_ca");
  row.path_length = number_or_none<std::uint32_t>(line, "path_length");
  const Json& self_signed = member(line, "self_signed");
  row.self_signed = self_signed.is_boolean() ? std::optional(self_signed.get<bool>()) : std::nullopt;
  read_key(line, row);
  read_names(line, row);
  read_findings(line, row);
  return keeps_to_form(row);
}

bool read_artifact(const Json& line, Artifact& artifact) {
  const Json& one = member(line, "artifact");
  if (!one.is_object()) return false;
  read_place(one, artifact);
  artifact.first = number(one, "first");
  return true;
}

bool read_lost(const Json& line, LostPart& part) {
  const Json& lost = member(line, "lost");
  if (!lost.is_object()) return false;
  part = {source_of(lost), exact(lost, "message"), known_kind(view_of(member(lost, "kind"))),
          exact(lost, "name"), exact(lost, "resource")};
  return true;
}

bool read_term(const Json& line, Artifact& artifact) {
  const Json& term = member(line, "term");
  if (!term.is_object()) return false;
  read_place(term, artifact);
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
  for (const Severity severity : {Severity::info, Severity::warning, Severity::error})
    summary.findings[static_cast<std::size_t>(severity)] =
        number(member(all, "findings"), std::string(to_string(severity)).c_str());
  summary.lines = number_or_none<std::uint64_t>(all, "lines");
  const Json& part = member(all, "shard");
  if (part.is_object()) summary.shard = read_shard(part, summary);
  return true;
}

}  // namespace meshcert::cli
