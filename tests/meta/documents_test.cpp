// The examples of README.md and docs/ are run. In a ```console block each line
// "$ command" is a command, "  # status 1" behind it its exit status (else 0),
// and what follows is its stdout, where a line "..." stands for any lines.
#include <doctest/doctest.h>

#include <algorithm>
#include <regex>

#include "tests/support/program.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert::testing;

namespace {

struct Example {
  std::string file;
  std::string command;
  int status = 0;
  std::vector<std::string> lines;  ///< of the output; empty when the document shows none
};

Example example_of(const std::string& file, const std::string& line) {
  static const std::regex command(R"(^\$ (.*?)(?:\s+# status (\d+))?$)");
  std::smatch match;
  REQUIRE(std::regex_match(line, match, command));
  return {file, match[1], match[2].matched ? std::stoi(match[2]) : 0, {}};
}

std::vector<Example> examples_in(const std::string& file, const std::string& text) {
  std::vector<Example> examples;
  bool in_block = false;
  for (const auto& line : split_lines(text)) {
    if (line.starts_with("```")) {
      in_block = line == "```console";
    } else if (in_block && line.starts_with("$ ")) {
      examples.push_back(example_of(file, line));
    } else if (in_block && !examples.empty()) {
      examples.back().lines.push_back(line);
    }
  }
  return examples;
}

std::vector<Example> all_examples() {
  auto examples = examples_in("README.md", read_source("README.md"));
  for (const auto& document : read_tree({"docs"}, {".md"})) {
    const auto more = examples_in(document.path, document.text);
    examples.insert(examples.end(), more.begin(), more.end());
  }
  return examples;
}

using Lines = std::vector<std::string>;

/// The lines without blanks at their ends, which no document keeps.
Lines without_trailing_blanks(Lines lines) {
  for (auto& line : lines) line.resize(line.find_last_not_of(' ') + 1);
  return lines;
}

/// Whether the lines are the shown ones, with "..." standing for any number.
bool agrees(Lines::const_iterator shown, Lines::const_iterator shown_end, Lines::const_iterator line,
            Lines::const_iterator line_end) {
  const auto gap = std::find(shown, shown_end, "...");
  if (line_end - line < gap - shown || !std::equal(shown, gap, line)) return false;
  line += gap - shown;
  if (gap == shown_end) return line == line_end;
  for (;; ++line) {
    if (agrees(gap + 1, shown_end, line, line_end)) return true;
    if (line == line_end) return false;
  }
}

bool agrees(const Lines& shown, const Lines& lines) {
  return agrees(shown.begin(), shown.end(), lines.begin(), lines.end());
}

}  // namespace

TEST_CASE("examples in the documents print what the documents say") {
  const auto examples = all_examples();
  REQUIRE(examples.size() >= 5);
  for (const auto& example : examples) {
    CAPTURE(example.file);
    CAPTURE(example.command);
    const auto outcome = run_shell(example.command);
    CHECK(outcome.status == example.status);
    if (!example.lines.empty())
      CHECK_MESSAGE(agrees(example.lines, without_trailing_blanks(split_lines(outcome.out))), outcome.out);
  }
}

TEST_CASE("the README shows the library as the consumer test uses it") {
  CHECK(read_source("README.md").find("```cpp\n" + read_source("tests/consumer/consumer.cpp") + "```\n") !=
        std::string::npos);
}

TEST_CASE("an example that prints something else is noticed") {
  const auto examples =
      examples_in("x.md", "```console\n$ echo one  # status 3\none\n...\ntwo\n```\n$ not this\n");
  REQUIRE(examples.size() == 1);
  CHECK(examples[0].command == "echo one");
  CHECK(examples[0].status == 3);
  CHECK(agrees(examples[0].lines, {"one", "two"}));
  CHECK(agrees(examples[0].lines, {"one", "and", "two", "two"}));
  CHECK_FALSE(agrees(examples[0].lines, {"one", "two", "three"}));
  CHECK_FALSE(agrees(examples[0].lines, {"one"}));
  CHECK_FALSE(agrees({"one"}, {"one", "two"}));
}
