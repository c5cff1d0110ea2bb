// Our own cases, and how the harness answers what it cannot read.
#include <doctest/doctest.h>

#include <sstream>

#include "tests/conformance/chain_settings.hpp"
#include "tests/conformance/compare.hpp"
#include "tests/support/program.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert::conformance;
using meshcert::testing::source_root;
using meshcert::testing::split_lines;

namespace {

Json answer(const char* suite, const std::string& line) {
  REQUIRE(find_suite(suite) != nullptr);
  return Json::parse(judge_line(*find_suite(suite), line));
}

}  // namespace

TEST_CASE("our own cases are answered as expected") {
  for (const Suite& suite : all_suites()) {
    const auto cases =
        read_expectations(source_root() + "/tests/conformance/" + std::string(suite.name) + ".jsonl");
    CHECK(cases.size() >= 8);
    CHECK_MESSAGE(std::ranges::any_of(cases, [](const Expectation& e) { return !e.expected.empty(); }),
                  suite.name);
    for (const auto& divergence : divergences(suite, cases))
      FAIL_CHECK(suite.name << ": " << to_string(divergence));
    MESSAGE(suite.name << ": " << cases.size() << " cases");
  }
}

TEST_CASE("an unlisted divergence, a core one and a stale exception are complained of") {
  const Divergence plain{"a", {{"valid", true}}, {{"valid", false}}, false};
  const Divergence core{"b", {{"valid", true}}, {{"valid", false}}, true};
  const auto exception_for = [](const Divergence& d) {
    return Exception{d.key, d.expected, d.actual, "because"};
  };
  CHECK(complaints({}, {}).empty());
  CHECK(complaints({plain}, {exception_for(plain)}).empty());
  CHECK(complaints({plain}, {}).size() == 1);
  CHECK(complaints({}, {exception_for(plain)}).size() == 1);
  CHECK(complaints({core}, {exception_for(core)}).size() == 2);
  auto changed = exception_for(plain);
  changed.actual = {{"valid", false}, {"reason", "another"}};
  CHECK(complaints({plain}, {changed}).size() == 2);
}

TEST_CASE("a divergence is any expected member that is missing or differs") {
  const Suite& suite = *find_suite("spiffe-id");
  const auto diverges = [&](const Json& row, const Json& expected) {
    return !divergences(suite, {{row, expected, false}}).empty();
  };
  const Json row{{"input", "spiffe://td/x"}};
  CHECK_FALSE(diverges(row, Json::object()));
  CHECK_FALSE(diverges(row, {{"valid", true}, {"path", "/x"}}));
  CHECK(diverges(row, {{"valid", false}}));
  CHECK(diverges(row, {{"reason", ""}}));
  CHECK(diverges({{"output", 1}}, Json::object()));
}

TEST_CASE("the id is echoed, whatever plain value it is") {
  for (const Json& id : {Json("x\xC3\xA9\n"), Json(""), Json(7), Json(1.5), Json(true)}) {
    CHECK(answer("spiffe-id", Json{{"id", id}, {"input", "spiffe://td"}}.dump())["id"] == id);
    CHECK(answer("spiffe-id", Json{{"id", id}}.dump())["id"] == id);
  }
  CHECK_FALSE(answer("spiffe-id", R"({"input": "spiffe://td"})").contains("id"));
  CHECK_FALSE(answer("spiffe-id", R"({"id": null, "input": "spiffe://td"})").contains("id"));
}

TEST_CASE("a case that cannot be read is an error line") {
  const std::string deep(100'000, '[');
  for (const std::string& line :
       {std::string(), std::string("{"), std::string("null"), std::string("[]"),
        std::string("\"spiffe://td\""), std::string("{}"), std::string(R"({"input": null})"),
        std::string(R"({"input": 1})"), std::string(R"({"input": ["spiffe://td"]})"),
        std::string(R"({"id": [], "input": "spiffe://td"})"), std::string(R"({"input": "spiffe://td"} x)"),
        std::string("{\"input\": \"spiffe://td\xFF\"}"), std::string(R"({"input": "\ud800"})"), deep,
        deep + std::string(100'000, ']')}) {
    CAPTURE(line.substr(0, 80));
    const Json said = answer("spiffe-id", line);
    CHECK(said.contains("error"));
    CHECK_FALSE(said.contains("valid"));
  }
  CHECK(answer("spiffe-id", "{\"id\": 3, \"input\": \"\xFF\"}") ==
        Json{{"id", 3}, {"error", "not a JSON value in UTF-8"}});
  CHECK(answer("certificate", R"({"der_hex": "3"})").contains("error"));
  CHECK(answer("certificate", R"({"der_hex": "zz"})").contains("error"));
  CHECK(answer("svid", R"({"pem": ""})").contains("error"));
  CHECK(answer("svid", R"({"pem": "", "kind": "Leaf"})").contains("error"));
  CHECK(answer("svid", R"({"kind": "leaf"})").contains("error"));
}

TEST_CASE("a stated level of 0 takes every key, and none stated does not") {
  const auto floor = [](const char* row) {
    const auto settings = read_settings(Json::parse(row));
    REQUIRE(settings);
    return settings->min_rsa_bits;
  };
  CHECK(floor(R"({"auth_level": 0})") == 0);
  CHECK(floor(R"({"auth_level": "0"})") == 0);
  CHECK(floor(R"({"auth_level": 1})") == 1024);
  CHECK(floor("{}") == 1024);
}

TEST_CASE("every line gets a line, in order, in ASCII") {
  std::istringstream in(
      "{\"id\":1,\"input\":\"spiffe://\xC3\xA9\"}\n\nx\n{\"id\":2,\"input\":\"spiffe://td\"}");
  std::ostringstream out;
  judge_lines(*find_suite("spiffe-id"), in, out);
  const auto lines = split_lines(out.str());
  REQUIRE(lines.size() == 4);
  CHECK(Json::parse(lines[0])["id"] == 1);
  CHECK(Json::parse(lines[1]).contains("error"));
  CHECK(Json::parse(lines[2]).contains("error"));
  CHECK(Json::parse(lines[3]) == Json{{"id", 2}, {"valid", true}, {"trust_domain", "td"}, {"path", ""}});
  for (const char c : out.str()) CHECK(static_cast<unsigned char>(c) < 0x80);
}

TEST_CASE("the table's rows are found by their names, and no other") {
  for (const Suite& suite : all_suites()) CHECK(find_suite(suite.name) == &suite);
  CHECK(find_suite("") == nullptr);
  CHECK(find_suite("spiffe") == nullptr);
}

TEST_CASE("the program answers on stdout and refuses what it does not know") {
  const auto run =
      meshcert::testing::run_shell("printf '{\"input\":\"td\"}\\n' | meshcert-conformance trust-domain");
  CHECK(run.status == 0);
  CHECK(Json::parse(run.out) == Json{{"valid", true}, {"trust_domain", "td"}});
  for (const auto* command :
       {"meshcert-conformance", "meshcert-conformance no-such", "meshcert-conformance svid svid"}) {
    CHECK(meshcert::testing::run_shell(command).status == 2);
    CHECK(meshcert::testing::run_shell(command).out.empty());
  }
}
