#include "tests/support/program.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "tests/support/source_tree.hpp"

namespace meshcert::testing {

namespace {

std::string quoted(const std::string& word) {
  const bool is_plain = !word.empty() && std::ranges::all_of(word, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("-_./:,=%@+").find(c) != std::string_view::npos;
  });
  if (is_plain) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string place_of(const nlohmann::json& finding) {
  const auto& source = finding.at("source");
  const auto& resource = finding.at("resource");
  const bool in_document =
      source.at("pointer").is_string() && source.at("pointer") != "" && resource.is_string();
  auto place = in_document ? resource.get<std::string>() : source.at("file").get<std::string>();
  if (source.at("certificate").is_number()) place += "[" + source.at("certificate").dump() + "]";
  return place;
}

}  // namespace

std::string command_line(const std::vector<std::string>& arguments) {
  std::string line = "meshcert";
  for (const auto& argument : arguments) line += " " + quoted(argument);
  return line;
}

Outcome run_shell(const std::string& command) {
  const auto prepared = "cd " + quoted(source_root()) + " && PATH=" + quoted(MESHCERT_BINARY_DIR "/bin") +
                        ":$PATH && { " + command + "\n} </dev/null 2>/dev/null";
  std::FILE* const pipe = ::popen(prepared.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Outcome outcome;
  std::array<char, 65536> buffer{};
  while (const auto n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    outcome.out.append(buffer.data(), n);
  const int ended = ::pclose(pipe);
  outcome.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
  return outcome;
}

std::vector<ExpectedFinding> findings_in(const std::string& json) {
  const auto report = nlohmann::json::parse(json, nullptr, false);
  std::vector<ExpectedFinding> findings;
  CHECK_MESSAGE(report.is_object(), "not a JSON report: " << json.substr(0, 400));
  if (!report.is_object()) return findings;
  for (const auto& finding : report.at("findings")) {
    findings.push_back({finding.at("severity"), finding.at("code"), place_of(finding)});
  }
  std::ranges::sort(findings);
  return findings;
}

std::string sentences_in(const std::string& json) {
  std::string sentences;
  const auto report = nlohmann::json::parse(json, nullptr, false);
  if (!report.is_object()) return sentences;
  for (const auto& finding : report.at("findings"))
    sentences +=
        finding.at("message").get<std::string>() + "\n" + finding.at("fix").get<std::string>() + "\n";
  return sentences;
}

}  // namespace meshcert::testing
