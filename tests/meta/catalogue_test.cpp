// Table = documents = cases: a code leads to its source file, its paragraph and
// its test case by the same name, and nothing less is accepted.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>

#include "checks/check.hpp"
#include "meshcert/inspect.hpp"
#include "tests/support/case_file.hpp"
#include "tests/support/source_tree.hpp"

using meshcert::finding_specs;
using meshcert::FindingSpec;
using meshcert::Severity;
using namespace meshcert::testing;

namespace {

/// One "## `code`" section of docs/findings.md.
struct Section {
  std::string code;
  std::string text;
};

std::vector<Section> documented() {
  static const std::regex heading("^## `([^`]+)`$");
  std::vector<Section> sections;
  for (const auto& line : split_lines(read_source("docs/findings.md"))) {
    std::smatch match;
    if (std::regex_match(line, match, heading)) {
      sections.push_back({match[1], ""});
    } else if (!sections.empty()) {
      sections.back().text += line + "\n";
    }
  }
  return sections;
}

std::string severity_words(const FindingSpec& spec) {
  std::string words(to_string(spec.istio));
  if (spec.spiffe != spec.istio) words += " (spiffe: " + std::string(to_string(spec.spiffe)) + ")";
  return words;
}

std::string severity_line(const Section& section) {
  static const std::regex line(R"(\*Severity\*: *([^\n]*))");
  std::smatch match;
  return std::regex_search(section.text, match, line) ? trimmed(match[1].str()) : "";
}

std::string source_of_family(std::string_view family) {
  std::string file(family);
  std::ranges::replace(file, '-', '_');
  return "src/checks/" + file + ".cpp";
}

/// Whether braces come in pairs around plain names: "{found}", never "{" or "{a b}";
/// "{{" and "}}" stand for braces.
bool placeholders_are_well_formed(std::string_view text) {
  static const std::regex name(R"(\{_?[a-z][a-z0-9_]*\}|\{\{|\}\})");
  const auto rest = std::regex_replace(std::string(text), name, "");
  return rest.find_first_of("{}") == std::string::npos;
}

std::set<std::string> codes_in_cases() {
  std::set<std::string> codes;
  for (const auto& file : read_case_files()) {
    for (const auto& finding : file.expected) codes.insert(finding.code);
  }
  return codes;
}

}  // namespace

TEST_CASE("codes are unique and well-formed") {
  static const std::regex form("[a-z]+(-[a-z]+)*\\.[a-z0-9]+(-[a-z0-9]+)*");
  std::set<std::string_view> seen;
  for (const auto* spec : finding_specs()) {
    CAPTURE(spec->code);
    CHECK(std::regex_match(std::string(spec->code), form));
    CHECK(seen.insert(spec->code).second);
  }
  CHECK(seen.size() > 20);
}

TEST_CASE("every finding says both sides, a fix and where it is written") {
  for (const auto* spec : finding_specs()) {
    CAPTURE(spec->code);
    CHECK_FALSE(spec->message.empty());
    CHECK_FALSE(spec->fix.empty());
    CHECK(placeholders_are_well_formed(spec->message));
    CHECK(placeholders_are_well_formed(spec->fix));
    // An operator must be able to look it up.
    CHECK_FALSE(spec->reference.empty());
  }
  CHECK_FALSE(placeholders_are_well_formed("found {a b}"));
  CHECK_FALSE(placeholders_are_well_formed("found {"));
}

TEST_CASE("no message puts what must be before its verb: \"X is A, but must be B\"") {
  static const std::regex backwards("\\b(required|expected|wanted|allowed|accepted) (is|are)\\b");
  for (const auto* spec : finding_specs()) {
    CAPTURE(spec->code);
    CHECK_FALSE(std::regex_search(std::string(spec->message), backwards));
    CHECK_FALSE(std::regex_search(std::string(spec->fix), backwards));
  }
}

TEST_CASE("the family of a code is its source file, which spells the code once") {
  for (const auto* check : meshcert::checks::all_checks()) {
    CAPTURE(check->family);
    const auto source = read_source(source_of_family(check->family));
    for (const auto* spec : check->may_report) {
      CAPTURE(spec->code);
      CHECK(spec->family() == check->family);
      CHECK(source.find("\"" + std::string(spec->code) + "\"") != std::string::npos);
    }
  }
}

TEST_CASE("the catalogue is what the table's rows declare, in its order") {
  std::vector<const FindingSpec*> declared;
  for (const auto* check : meshcert::checks::all_checks()) {
    declared.insert(declared.end(), check->may_report.begin(), check->may_report.end());
  }
  const auto catalogue = finding_specs();
  CHECK(declared == std::vector<const FindingSpec*>(catalogue.begin(), catalogue.end()));
}

TEST_CASE("docs/findings.md has one section per code, in the table's order, with its severity") {
  const auto sections = documented();
  std::vector<std::string> documented_codes;
  std::vector<std::string> codes;
  for (const auto& section : sections) documented_codes.push_back(section.code);
  for (const auto* spec : finding_specs()) codes.emplace_back(spec->code);
  CHECK(documented_codes == codes);
  for (const auto& section : sections) {
    const auto* spec = meshcert::find_spec(section.code);
    CAPTURE(section.code);
    REQUIRE(spec != nullptr);
    CHECK(severity_line(section) == severity_words(*spec));
    CHECK(section.text.find("\n**Reference.** ") != std::string::npos);
  }
}

TEST_CASE("docs/inputs.md has one row for each kind of artifact") {
  static const std::regex row("^\\| `([a-z-]+)` \\| [^|]+ \\|$");
  const std::string text = read_source("docs/inputs.md");
  const auto begin = text.find("\n## One artifact, one role");
  std::set<std::string> documented_kinds, kinds;
  for (const auto& line : split_lines(text.substr(begin, text.find("\n## ", begin + 1) - begin))) {
    std::smatch match;
    if (std::regex_match(line, match, row)) CHECK(documented_kinds.insert(match[1]).second);
  }
  for (int kind = 0; !to_string(static_cast<meshcert::ArtifactKind>(kind)).empty(); ++kind)
    kinds.emplace(to_string(static_cast<meshcert::ArtifactKind>(kind)));
  CHECK(documented_kinds == kinds);
}

// A case is a command on files; what takes a server is fired, and nearly fired, by a
// test of its own.
const std::string kServers = "tests/cli/probe_test.cpp";

TEST_CASE("every code is fired by a case") {
  auto fired = codes_in_cases();
  const std::string servers = read_source(kServers);
  for (const auto* spec : finding_specs())
    if (spec->family() == "probe" && servers.find("\"" + std::string(spec->code) + "\"") != std::string::npos)
      fired.insert(std::string(spec->code));
  for (const auto* spec : finding_specs()) CHECK_MESSAGE(fired.contains(std::string(spec->code)), spec->code);
  for (const auto& code : fired) CHECK_MESSAGE(meshcert::find_spec(code) != nullptr, code);
}

TEST_CASE("every family has a near miss: a case in its directory that expects nothing of the family") {
  std::map<std::string, bool> has_clean_case;
  for (const auto* spec : finding_specs()) has_clean_case[std::string(spec->family())];
  for (const auto& file : read_case_files()) {
    const auto family = std::filesystem::path(file.path).parent_path().filename().string();
    const bool silent = std::ranges::none_of(file.expected, [&](const ExpectedFinding& finding) {
      return finding.code.starts_with(family + ".");
    });
    if (silent && has_clean_case.contains(family)) has_clean_case[family] = true;
  }
  has_clean_case["probe"] = read_source(kServers).find(": the near miss\"") != std::string::npos;
  for (const auto& [family, clean] : has_clean_case) CHECK_MESSAGE(clean, family);
}
