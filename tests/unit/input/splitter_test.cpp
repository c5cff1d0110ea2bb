#include "input/json_splitter.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "input/json_fault.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"
#include "tests/unit/input/splitter_fixture.hpp"

using namespace meshcert;
using namespace meshcert::input;
using namespace meshcert::testing;

TEST_CASE("split_json hands out elements, then what remains") {
  const std::string text =
      "{\"x\": 1,\n\"list\": [ {\"a\": [1]},\n \"b\" , 3 ],\n"
      "\"configs\": [\n{\"@type\": \"t\", \"inner\": [{}, []], \"y\": {\"list\": [1]}}],\n \"z\": true\n}";
  const Split split(text);
  REQUIRE_FALSE(split.fault);
  CHECK(split.lists == std::vector<std::string>{"list", "configs", "inner"});
  const std::vector<Part> wanted = {
      {"list", "/list/0", "{\"a\": [1]}", 2},
      {"list", "/list/1", "\"b\"", 3},
      {"list", "/list/2", "3", 3},
      {"inner", "/configs/0/inner/0", "{}", 5},
      {"inner", "/configs/0/inner/1", "[]", 5},
      {"configs", "/configs/0", R"({"@type":"t","inner":[],"y":{"list": [1]}})", 5},
      {"", "", R"({"x":1,"list":[],"configs":[],"z":true})", 1},
  };
  REQUIRE(split.parts.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    CHECK(split.parts[i].list == wanted[i].list);
    CHECK(split.parts[i].pointer == wanted[i].pointer);
    CHECK(split.parts[i].text == wanted[i].text);
    CHECK(split.parts[i].line == wanted[i].line);
  }
  CHECK(split.nodes.back().find("z")->line == 6);
  CHECK(split.nodes[5].find("y")->line == 5);
}

TEST_CASE("split_json: a list as the document, and scalars") {
  const Split list("[{\"list\": [7]}, {\"configs\": [{\"in\": [{\"x\": [1]}]}]}]");
  REQUIRE_FALSE(list.fault);
  REQUIRE(list.parts.size() == 6);
  CHECK(list.parts[0] == Part{"list", "/0/list/0", "7", 1});
  CHECK(list.parts[2].pointer == "/1/configs/0/in/0");
  CHECK(list.parts[2].text == "{\"x\": [1]}");
  CHECK(list.parts[4] == Part{"[]", "/1", "{\"configs\":[]}", 1});
  CHECK(list.parts[5] == Part{"", "", "[]", 1});
  for (const char* text : {"1", "\"x\\\"y\"", "null", "{}", "[]", "\xEF\xBB\xBF {}"}) {
    CAPTURE(text);
    CHECK_FALSE(Split(text).fault);
  }
}

TEST_CASE("split_json does not depend on how the octets arrive") {
  const std::string inner = R"({"k": "v\\\"]}{[", "l": [[], {"m": "\\"}], "n": -1.5e3})";
  std::string text = "{\"list\": [" + inner;
  for (int i = 0; i < 20; ++i) text += ",\n" + std::string(static_cast<std::size_t>(i), ' ') + inner;
  text += "], \"configs\": [{\"rows\": [" + inner + "]}]}";
  const Split whole(text);
  REQUIRE_FALSE(whole.fault);
  REQUIRE(whole.parts.size() == 24);
  for (const std::size_t step : {1, 2, 3, 7, 63, 64, 65, 127, 128, 129}) {
    CAPTURE(step);
    const Split split(text, step);
    CHECK_FALSE(split.fault);
    CHECK(split.parts == whole.parts);
  }
}

// Faults between parts and in them, each with the words and the line that read_json has for the whole.
TEST_CASE("split_json and read_json name the same fault") {
  const char* texts[] = {
      "{\"list\": [\n1,\n",
      "{\"list\": [\n1,\n]}",
      "{\"list\": [\n1 2]}",
      "{\"list\": [,]}",
      "{\"list\": [1,\n,2]}",
      "{\"list\": [\n{\"a\": }]}",
      "{\"list\": [\n{\"a\": tru]}",
      "{\"list\": [1}",
      "{\"list\": [1]\n",
      "{\"list\": [1]\n\"a\": 2}",
      "{\"list\": [1],\n}",
      "{\"list\":\n [1] ]",
      "{\"list\"\n[1]}",
      "{list: [1]}",
      "{\"list\": [\n\"a\xFF\"]}",
      "{\"list\": [\n\"a\nb\"]}",
      "{\"list\": [{\"a\": 1,\n\"a\": 2}]}",
      "{\"list\": [1],\n\"list\": [2]}",
      "[\n{\"x\": [\n}]",
      "[1,\n2",
      "{} x",
      "{\"a\": 1,",
      "[{\"configs\": [\n{\"in\": [\n{\"q\" 1}]}]}]",
      "{\"configs\": [{\"a\": \"\\ud800\"\n}]}",
      "[1}",
      "{\"a\": [}",
      "{\"list\": [\"\\x\"]}",
      "[tru",
      "[-",
      "{\"list\": [01]}",
      "{\"\\u00",
      "",
      "  ",
      "{\"a\": \"x",
  };
  for (const char* text : texts) {
    CAPTURE(text);
    const auto whole = read_json("f.json", as_bytes(std::string_view(text)), Limits{});
    REQUIRE_FALSE(whole);
    const Split split(text);
    REQUIRE(split.fault);
    CHECK(split.fault->message == whole.error().message);
    CHECK(split.fault->where.line == whole.error().where.line);
    CHECK(Split(text, 1).fault->message == whole.error().message);
  }
}

// Every single-octet change of a document is taken exactly if another parser takes it.
TEST_CASE("split_json, its parts composed, and nlohmann agree on which texts are JSON") {
  const std::string sample = R"({"list":[1,{"x":[2]},"s"],"configs":[{"a":[{}],"b":"\\"}],"c":null})";
  REQUIRE_FALSE(Split(sample).fault);
  for (std::size_t at = 0; at < sample.size(); ++at) {
    for (int octet = 0; octet < 256; ++octet) {
      std::string text = sample;
      text[at] = static_cast<char>(octet);
      const Split split(text);
      if (split.fault && split.fault->message.find("occurs twice") != std::string::npos) continue;
      CAPTURE(text);
      REQUIRE((!split.fault && split.ends.size() == 1) == nlohmann::json::accept(text));
    }
  }
}

TEST_CASE("split_json keeps the words of a source that fails") {
  struct Broken final : ByteSource {
    Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
      if (std::exchange(begun, true)) return fail(std::string("Input/output error"));
      into[0] = '{';
      return 1;
    }
    bool begun = false;
  } source;
  struct Nobody final : JsonPartSink {
    void list(std::string_view) override {}
    void lost(Error) override {}
    void part(const JsonPart&) override {}
    void end(std::optional<Error> fault) override { why = fault ? fault->message : ""; }
    std::string why;
  } nobody;
  split_json("f", source, kRules, Limits{}, nobody);
  CHECK(nobody.why == "Input/output error");
}

// What is complete before a cut is read, and nothing else.
TEST_CASE("documents: secrets before the place where a dump was cut are kept") {
  for (const char* path : {"certs/dumps/healthy-spire.json", "certs/dumps/healthy-snake-case.json"}) {
    CAPTURE(path);
    const std::string text = read_source(path);
    const std::size_t all = read("f", text).artifacts.size();
    std::size_t before = 0;
    for (std::size_t cut = 0; cut < text.find_last_of('}'); cut += 7) {
      const Collector found = read("f", text.substr(0, cut));
      REQUIRE(found.lost());
      REQUIRE(found.artifacts.size() >= before);
      before = found.artifacts.size();
    }
    CHECK(before == all);
  }
}

TEST_CASE("a part of a byte order mark is text that is no JSON") {
  for (const std::size_t step : {std::size_t{1}, std::size_t{64}}) {
    CHECK_FALSE(Split("\xEF\xBB\xBF{}", step).fault);
    for (const char* text : {"\xEF{}", "\xEF\xBB{}", "\xEF", "\xEF\xBB\n{}"}) {
      const Split split(text, step);
      REQUIRE(split.fault);
      CHECK(told(*split.fault) == "a value is expected (line 1)");
      CHECK(split.ends.size() == 1);
    }
  }
}

TEST_CASE("what is not composed is looked over where a string in it may be broken") {
  struct Row {
    std::string_view element;
    bool dubious;
  };
  const std::string filler(200, 'x');
  const Row rows[] = {{R"({"a": "x", "b": [1, 2]})", false}, {"{\"a\":\n\t\"x\\n\"}", false},
                      {"{\"a\": \"x\xC3\xA9\"}", true},      {"{\"a\": \"x\xFF\"}", true},
                      {"{\"a\": \"x\x01\"}", true},          {"{\"a\": \"\\\x01\"}", true}};
  struct Dubious final : JsonPartSink {
    void list(std::string_view) override {}
    void lost(Error) override {}
    void part(const JsonPart& part) override {
      if (part.list == "list") found.push_back(part.dubious);
    }
    void end(std::optional<Error>) override {}
    std::vector<bool> found;
  };
  for (const Row& row : rows) {
    for (std::size_t before = 0; before < 130; ++before) {
      const std::string text = "{\"list\": [{\"" + filler.substr(0, before) +
                               "\": " + std::string(row.element) + ", \"rest\": \"" + filler + "\"}]}";
      const std::string file = "f.json";
      Dubious sink;
      MemorySource source(as_bytes(text));
      split_json(file, source, kRules, Limits{}, sink);
      CAPTURE(text);
      REQUIRE(sink.found.size() == 1);
      CHECK(sink.found.front() == row.dubious);
    }
  }
}
