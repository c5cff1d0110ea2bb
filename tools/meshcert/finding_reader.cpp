// Findings as another run told them, on lines of their own and on those of certificates.

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "meshcert/alone.hpp"
#include "meshcert/inspect.hpp"
#include "meshcert/json_members.hpp"
#include "meshcert/row_reader.hpp"

namespace meshcert::cli {
namespace {

/// known_name keeps a name of a fact, which findings look into, for as long as the program runs; "" for more
/// than the catalogue could have, and for what is no part of the facts.
std::string_view known_name(const std::string& name) {
  constexpr std::size_t kMost = 2000, kLongest = 64;
  static std::mutex mutex;
  static std::set<std::string, std::less<>> names;
  const std::lock_guard lock(mutex);
  const auto known = names.find(name);
  if (known != names.end()) return *known;
  if (names.size() >= kMost || name.size() > kLongest) return {};
  return *names.insert(name).first;
}

// Those of the hexadecimal sibling are of the text.
void read_facts(const Json& facts, std::vector<Fact>& into) {
  constexpr std::string_view kHex = "_hex";
  for (const auto& [key, value] : facts.items()) {
    if (key.ends_with(kHex) && facts.contains(key.substr(0, key.size() - kHex.size()))) continue;
    const std::string_view name = known_name(key);
    if (name.empty()) continue;
    if (value.is_string())
      into.push_back({name, exact(facts, key)});
    else if (value.is_boolean())
      into.push_back({name, value.get<bool>()});
    else if (value.is_number_integer())
      into.push_back({name, value.get<std::int64_t>()});
  }
}

bool is_name_of_fact(std::string_view name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz",
                             kAll = "abcdefghijklmnopqrstuvwxyz0123456789_";
  return !name.empty() && kLetters.find(name.front()) != std::string_view::npos &&
         name.find_first_not_of(kAll) == std::string_view::npos;
}

/// names_facts: names are written again as they are, because those of facts need no escape.
bool names_facts(const Json& told) {
  const Json& facts = member(told, "facts");
  if (facts.is_object())
    for (const auto& [name, value] : facts.items())
      if (!is_name_of_fact(name)) return false;
  return true;
}

/// finding_of is one as another run told it, in its words.
Finding finding_of(const FindingSpec& spec, const Json& told, SourceRef where, std::string resource) {
  Finding finding{&spec,
                  severity_of(told),
                  std::move(where),
                  std::move(resource),
                  {{"_message", exact(told, "message")}, {"_fix", exact(told, "fix")}}};
  if (const Json& facts = member(told, "facts"); facts.is_object()) read_facts(facts, finding.facts);
  return finding;
}

}  // namespace

bool has_known_form(const Json& line) {
  return names_facts(member(line, "error")) && names_facts(member(line, "finding")) &&
         std::ranges::all_of(member(line, "details"), names_facts);
}

bool read_finding(const Json& line, std::optional<Finding>& finding, std::optional<ArtifactKind>& kind) {
  const Json& error = member(line, "error");
  const Json& told = error.is_object() ? error : member(line, "finding");
  const FindingSpec* spec = find_spec(view_of(member(told, "code")));
  if (spec == nullptr) return false;
  finding = finding_of(*spec, told, source_of(told), exact(told, "resource"));
  kind = known_kind(view_of(member(told, "kind")));
  return true;
}

std::vector<Finding> read_details(const Json& line, const CertificateRow& row) {
  std::vector<Finding> findings;
  for (const Json& one : member(line, "details")) {
    const FindingSpec* spec = find_spec(view_of(member(one, "code")));
    if (spec == nullptr || is_dated(spec->code)) continue;
    const bool elsewhere = member(one, "source").is_object();
    findings.push_back(finding_of(*spec, one, elsewhere ? source_of(one) : row.source, row.place_name()));
  }
  return findings;
}

std::uint64_t count_findings(const Json& line, const CertificateRow& row) {
  std::uint64_t count = 0;
  for (const std::string_view code : row.findings) {
    std::uint64_t graded = 0;
    for (const Json& one : member(line, "graded"))
      if (view_of(member(one, "code")) == code) graded += number(one, "count");
    count += graded == 0 ? 1 : graded;
  }
  return count;
}

}  // namespace meshcert::cli
