#include "tests/support/case_file.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "tests/support/source_tree.hpp"

namespace meshcert::testing {

namespace {

void read_expectation(const std::string& line, CaseFile& file) {
  std::istringstream words(line);
  ExpectedFinding finding;
  words >> finding.severity >> finding.code;
  std::getline(words >> std::ws, finding.place);
  if (finding.place.empty()) {
    file.faults.push_back("expected 'severity code place', found: " + line);
  } else {
    file.expected.push_back(finding);
  }
}

/// Reads a line of the head; returns whether it opens the expectations.
bool read_setting(const std::string& line, CaseFile& file) {
  if (line.empty() || line.starts_with('#')) return false;
  const auto colon = line.find(':');
  if (colon == std::string::npos) {
    file.faults.push_back("neither 'key: value' nor a comment: " + line);
    return false;
  }
  const auto key = trimmed(line.substr(0, colon));
  const auto value = trimmed(line.substr(colon + 1));
  if (key == "expect" && value.empty()) return true;
  file.settings.emplace_back(key, value);
  return false;
}

void require_what_every_case_has(CaseFile& file, bool has_expect) {
  if (!has_expect) file.faults.emplace_back("no 'expect:'");
  if (!file.head.starts_with('#')) file.faults.emplace_back("does not open with a comment that says why");
  for (const auto* key : {"input", "at", "status"}) {
    if (file.setting(key).empty()) file.faults.push_back("no '" + std::string(key) + ":'");
  }
}

}  // namespace

std::string to_string(const ExpectedFinding& finding) {
  return finding.severity + " " + finding.code + " " + finding.place;
}

std::string CaseFile::setting(const std::string& key, const std::string& fallback) const {
  const auto found =
      std::find_if(settings.rbegin(), settings.rend(), [&](const auto& s) { return s.first == key; });
  return found == settings.rend() ? fallback : found->second;
}

CaseFile parse_case(const std::string& path, const std::string& text) {
  CaseFile file;
  file.path = path;
  bool in_expect = false;
  for (const auto& raw : split_lines(text)) {
    const auto line = trimmed(raw);
    if (in_expect) {
      if (!line.empty()) read_expectation(line, file);
      continue;
    }
    in_expect = read_setting(line, file);
    if (!in_expect) file.head += raw + "\n";
  }
  std::ranges::sort(file.expected);
  require_what_every_case_has(file, in_expect);
  return file;
}

std::string render_case(const CaseFile& file, const std::vector<ExpectedFinding>& expected) {
  auto text = file.head + "expect:\n";
  for (const auto& finding : expected) text += to_string(finding) + "\n";
  return text;
}

std::vector<std::string> arguments_of(const CaseFile& file) {
  std::vector<std::string> arguments = {file.setting("verb", "inspect")};
  std::vector<std::string> inputs;
  for (const auto& [key, value] : file.settings) {
    if (key == "verb" || key == "status" || key == "says") continue;
    if (key == "input") {
      inputs.push_back(value);
      continue;
    }
    arguments.push_back("--" + key);
    if (!value.empty()) arguments.push_back(value);
  }
  arguments.insert(arguments.end(), inputs.begin(), inputs.end());
  return arguments;
}

std::vector<CaseFile> read_case_files() {
  std::vector<CaseFile> cases;
  for (const auto& file : read_tree({"tests/cases"}, {".case"}))
    cases.push_back(parse_case(file.path, file.text));
  return cases;
}

std::string difference(std::vector<ExpectedFinding> expected, std::vector<ExpectedFinding> actual) {
  std::ranges::sort(expected);
  std::ranges::sort(actual);
  std::vector<ExpectedFinding> missing;
  std::vector<ExpectedFinding> unexpected;
  std::ranges::set_difference(expected, actual, std::back_inserter(missing));
  std::ranges::set_difference(actual, expected, std::back_inserter(unexpected));
  std::string text;
  for (const auto& finding : missing) text += "\n  - " + to_string(finding);
  for (const auto& finding : unexpected) text += "\n  + " + to_string(finding);
  return text;
}

}  // namespace meshcert::testing
