// Runs every .case file below this directory. MESHCERT_UPDATE=1 rewrites what
// they expect and prints the difference: it is the difference that is reviewed.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "tests/support/case_file.hpp"
#include "tests/support/program.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert::testing;

namespace {

bool is_updating() {
  const char* wish = std::getenv("MESHCERT_UPDATE");
  return wish != nullptr && std::string(wish) == "1";
}

Outcome run_case(const CaseFile& file) {
  auto arguments = arguments_of(file);
  arguments.insert(arguments.begin() + 1, {"-o", "json"});
  return run_shell(command_line(arguments));
}

void rewrite(const CaseFile& file, const std::vector<ExpectedFinding>& actual) {
  std::ofstream(source_root() + "/" + file.path, std::ios::binary) << render_case(file, actual);
}

void check_case(const CaseFile& file) {
  CAPTURE(file.path);
  for (const auto& fault : file.faults) FAIL_CHECK(fault);
  if (!file.faults.empty()) return;
  INFO(command_line(arguments_of(file)));
  const auto outcome = run_case(file);
  CHECK(std::to_string(outcome.status) == file.setting("status"));
  const std::string sentences = sentences_in(outcome.out);
  for (const auto& [key, phrase] : file.settings) {
    if (key != "says") continue;
    CAPTURE(phrase);
    CHECK(sentences.find(phrase) != std::string::npos);
  }
  const auto actual = findings_in(outcome.out);
  const auto change = difference(file.expected, actual);
  if (change.empty()) return;
  if (is_updating()) {
    MESSAGE(file.path << change);
    rewrite(file, actual);
  } else {
    FAIL_CHECK("- missing, + unexpected:" << change);
  }
}

}  // namespace

TEST_CASE("every case gets exactly the findings it expects") {
  const auto cases = read_case_files();
  REQUIRE(cases.size() > 20);
  for (const auto& file : cases) check_case(file);
}

TEST_CASE("a case file is read as it is meant") {
  const auto* text =
      "# Why it is here.\ninput: certs/a.pem\nat: 2024-02-01T00:00:00Z\nstatus: 1\nnamespace: shop\n"
      "verb: identity\ninput: certs/b.pem\nsays: b\nexpect:\nwarning b.two certs/b.pem\nerror a.one certs/a.pem[0]\n";
  const auto file = parse_case("x.case", text);
  CHECK(file.faults.empty());
  CHECK(arguments_of(file) == std::vector<std::string>{"identity", "--at", "2024-02-01T00:00:00Z",
                                                       "--namespace", "shop", "certs/a.pem", "certs/b.pem"});
  REQUIRE(file.expected.size() == 2);
  CHECK(to_string(file.expected[0]) == "error a.one certs/a.pem[0]");
  CHECK(parse_case("x.case", render_case(file, file.expected)).expected == file.expected);
  CHECK(difference(file.expected, file.expected).empty());
  CHECK(difference({{"error", "a.one", "x"}, {"error", "a.one", "x"}}, {{"error", "a.one", "x"}}) ==
        "\n  - error a.one x");
  CHECK(difference({}, {{"info", "b.two", "y"}}) == "\n  + info b.two y");
}

TEST_CASE("a file that is no proper case is refused") {
  for (const auto* text :
       {"input: a\nat: b\nstatus: 0\nexpect:\n", "# why\nat: b\nstatus: 0\nexpect:\n",
        "# why\ninput: a\nstatus: 0\nexpect:\n", "# why\ninput: a\nat: b\nexpect:\n",
        "# why\ninput: a\nat: b\nstatus: 0\n", "# why\ninput: a\nat: b\nstatus: 0\nnonsense\nexpect:\n",
        "# why\ninput: a\nat: b\nstatus: 0\nexpect:\nerror only.two\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_case("x.case", text).faults.empty());
  }
}
