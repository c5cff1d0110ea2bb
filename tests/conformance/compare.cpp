#include "tests/conformance/compare.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "tests/support/source_tree.hpp"

namespace meshcert::conformance {
namespace {

std::vector<Json> read_lines(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path);
  std::vector<Json> rows;
  for (std::string line; std::getline(file, line);) {
    rows.push_back(Json::parse(line, nullptr, false));
    REQUIRE_MESSAGE(rows.back().is_object(), path << ": no JSON object: " << line);
  }
  return rows;
}

Json key_of(const Json& row) {
  const auto id = row.find("id");
  if (id != row.end()) return *id;
  return row.contains("input") ? row["input"] : row.value("case", row);
}

bool agrees(const Json& answer, const Json& expected) {
  return !answer.contains("error") && std::ranges::all_of(expected.items(), [&](const auto& member) {
    return answer.contains(member.key()) && answer.at(member.key()) == member.value();
  });
}

bool bears_out(const Divergence& divergence, const Exception& exception) {
  return divergence.key == exception.key && divergence.expected == exception.expected &&
         divergence.actual == exception.actual && !divergence.core;
}

}  // namespace

std::vector<Expectation> read_expectations(const std::string& path) {
  std::vector<Expectation> cases;
  for (const Json& line : read_lines(path)) {
    REQUIRE_MESSAGE((line.contains("case") && line.contains("expected")), path << ": " << line.dump());
    cases.push_back({line["case"], line["expected"], line.value("core", false)});
  }
  return cases;
}

std::optional<std::filesystem::path> vectors_directory() {
  const char* shared = std::getenv("MESHCERT_SHARED");
  const std::filesystem::path directory =
      (shared != nullptr ? std::filesystem::path(shared)
                         : std::filesystem::path(testing::source_root()) / "../shared") /
      "vectors";
  if (!std::filesystem::is_directory(directory)) return std::nullopt;
  return directory;
}

std::string to_string(const Divergence& divergence) {
  return (divergence.core ? "core case " : "case ") + divergence.key.dump() + ": expected " +
         divergence.expected.dump() + ", answered " + divergence.actual.dump();
}

std::vector<Divergence> divergences(const Suite& suite, const std::vector<Expectation>& cases) {
  std::vector<Divergence> found;
  for (const Expectation& expectation : cases) {
    Json answer = Json::parse(judge_line(suite, expectation.row.dump()));
    if (agrees(answer, expectation.expected)) continue;
    answer.erase("id");
    found.push_back({key_of(expectation.row), expectation.expected, answer, expectation.core});
  }
  return found;
}

std::vector<Exception> read_exceptions(const std::string& path) {
  std::vector<Exception> exceptions;
  if (!std::ifstream(path).good()) return exceptions;
  for (const Json& line : read_lines(path)) {
    exceptions.push_back({key_of(line), line.value("expected", Json()), line.value("actual", Json()),
                          line.value("reason", "")});
    CHECK_MESSAGE(!exceptions.back().reason.empty(), path << ": no reason: " << line.dump());
  }
  return exceptions;
}

std::vector<std::string> complaints(const std::vector<Divergence>& found,
                                    const std::vector<Exception>& listed) {
  std::vector<std::string> said;
  for (const Divergence& divergence : found)
    if (std::ranges::none_of(listed, [&](const Exception& e) { return bears_out(divergence, e); }))
      said.push_back(to_string(divergence));
  for (const Exception& exception : listed)
    if (std::ranges::none_of(found, [&](const Divergence& d) { return bears_out(d, exception); }))
      said.push_back("stale exception: " + exception.key.dump());
  return said;
}

}  // namespace meshcert::conformance
