// Parts of a JSON document that are beyond a limit.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/input/splitter_fixture.hpp"

using namespace meshcert;
using namespace meshcert::input;
using namespace meshcert::testing;

TEST_CASE("split_json holds its limits") {
  Limits limits;
  limits.depth = 3;
  CHECK_FALSE(Split("{\"list\": [[[[1]]]]}", 64, limits).fault);
  const Split deep("{\"list\": [\n[[[[1]]]]]}", 64, limits);
  REQUIRE(deep.fault);
  CHECK(told(*deep.fault) ==
        "the JSON is nested more than 3 deep, the limit; raise it with --max-depth (line 2)");
  limits = {};
  limits.value_bytes = 100;
  const std::string many = "{\"list\": [" + std::string(1000, ' ') + std::string(80, '1');
  CHECK_FALSE(Split(many + "," + std::string(80, '1') + "]}", 64, limits).fault);
  const Split large("{\"list\": [\"" + std::string(101, 'x') + "\"]}", 64, limits);
  REQUIRE(large.fault);
  CHECK(large.fault->message.find("larger than 100 octets") != std::string::npos);
  CHECK(Split(std::string(100'000, '[')).fault);
  CHECK(Split("{\"list\": " + std::string(100'000, '[')).fault);
}

TEST_CASE("split_json passes over a part beyond a limit, and goes on behind it") {
  constexpr std::string_view kDeep =
      "the JSON is nested more than 5 deep, the limit; raise it with --max-depth (line 3)";
  constexpr std::string_view kLarge =
      "a value of the JSON is larger than 300 octets, the limit; raise it with --max-value (line 3)";
  const std::string large(3000, 'x'), deep = std::string(500, '[') + "\"]}\\\"\"" + std::string(500, ']');
  struct Row {
    std::string element;
    std::string_view why;
  };
  const Row rows[] = {
      {R"({"a": )" + deep + R"(, "b": {"c": "]"}})", kDeep},
      {std::string(500, '[') + std::string(495, '}') + "]]]]]",
       kDeep},  // beyond the limit no bracket is compared
      {"\"" + large + "\\\"]\"", kLarge},
      {R"({"a": ")" + large + R"(\"}]", "b": 1})", kLarge},
      {R"({")" + large + R"(": [], "b": 1})", kLarge},
      {"{\"a\": " + std::string(3000, '1') + "}", kLarge},
      {std::string(3000, '1'), kLarge},
      {"{" + std::string(3000, ' ') + "}", kLarge},
  };
  Limits limits;
  limits.depth = 5;
  limits.value_bytes = 300;
  for (const Row& row : rows) {
    const std::string text = "{\"list\": [\n{\"x\": [[[[1]]]]},\n" + row.element + ",\n2], \"z\": 3}";
    for (const std::size_t step : {std::size_t{1}, std::size_t{63}, std::size_t{1} << 20}) {
      CAPTURE(row.element.substr(0, 20));
      const Split split(text, step, limits);
      CHECK(split.losses == std::vector<std::string>{"/list/1: " + std::string(row.why)});
      CHECK(split.ends == std::vector<std::string>{""});
      REQUIRE(split.parts.size() == 3);
      CHECK(split.parts[0].text == "{\"x\": [[[[1]]]]}");
      CHECK(split.parts[1].text == "2");
      CHECK(split.parts[1].line == 4);
      CHECK(split.parts[2].text == R"({"list":[],"z":3})");
    }
  }
  // So with documents that follow one another.
  for (const Row& row : {rows[0], rows[3]}) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{63}, std::size_t{1} << 20}) {
      const Split stream("{}\n\n" + row.element + "\n{}\n", step, limits);
      CHECK(stream.losses == std::vector<std::string>{": " + std::string(row.why)});
      CHECK(stream.ends == std::vector<std::string>{"", "", ""});
      CHECK(stream.parts.size() == 2);
    }
  }
}

TEST_CASE("split_json hands out the lists of a part that it gives up, and says where that ends early") {
  Limits limits;
  limits.depth = 5;
  limits.value_bytes = 300;
  const std::string large(3000, 'x');
  for (const std::size_t step : {std::size_t{1}, std::size_t{1} << 20}) {
    const Split late("{\"a\": \"" + large + "\", \"list\": [1, 2]}", step, limits);
    CHECK(late.losses.size() == 1);
    CHECK(late.lists == std::vector<std::string>{"list"});
    CHECK(late.parts.size() == 2);
    CHECK(late.ends == std::vector<std::string>{""});
    for (const std::string cut : {"[[[[[[[", "[[[[[[[\"]", "{\"a\": [[[[[[[", "{\"a\": [[[[[[[]]]]]]]"}) {
      const Split early("{\"list\": [1, " + cut, step, limits);
      CHECK(early.losses.size() == 1);
      CHECK(early.parts.size() == 1);
      REQUIRE(early.ends.size() == 1);
      CHECK(early.ends[0] == "the JSON ends early (line 1)");
    }
    const Split wrong("{\"list\": [{\"a\": [[[[[[]]]]]]], 2]}", step, limits);
    CHECK(wrong.losses.size() == 1);
    REQUIRE(wrong.ends.size() == 1);
    CHECK(wrong.ends[0] == "the JSON could not be parsed (line 1)");
  }
}
