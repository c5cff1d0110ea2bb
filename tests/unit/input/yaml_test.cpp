#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "input/yaml_reader.hpp"

using namespace meshcert;
using namespace meshcert::input;
using Kind = Node::Kind;

namespace {

struct Parsed {
  std::vector<Node> documents;
  std::vector<bool> whole;
  std::optional<Error> error;
};

Parsed parse(std::string_view text, const Limits& limits = {}) {
  Parsed parsed;
  const auto result = read_yaml("f.yaml", as_bytes(text), limits, [&](const Node& root, bool is_whole) {
    parsed.documents.push_back(root);
    parsed.whole.push_back(is_whole);
  });
  if (!result) parsed.error = result.error();
  return parsed;
}

}  // namespace

TEST_CASE("read_yaml keeps values, kinds and lines") {
  const Parsed parsed = parse(
      "a: [1, 2.50e+1,\n  true, ~]\nkey: \"x\\u00e9\\n\"\nblock: |\n  one\n  two\no:\n  n: "
      "123456789012345678901234567890\n  '@type': t\nlist:\n- x: 1\n- null\n");
  REQUIRE_FALSE(parsed.error);
  REQUIRE(parsed.documents.size() == 1);
  const Node& root = parsed.documents[0];
  CHECK(parsed.whole[0]);
  CHECK(root.is(Kind::mapping));
  REQUIRE(root.find("a")->items.size() == 4);
  CHECK(root.find("a")->items[1].text == "2.50e+1");
  CHECK(root.find("a")->items[2].line == 2);
  CHECK(root.find("key")->text == "x\xC3\xA9\n");
  CHECK(root.find("block")->text == "one\ntwo\n");
  CHECK(root.find("block")->line == 4);
  CHECK(root.find("o")->find("n")->text == "123456789012345678901234567890");
  CHECK(root.find("o")->find("n")->line == 8);
  CHECK(root.find("o")->find("@type")->text == "t");
  REQUIRE(root.find("list")->items.size() == 2);
  CHECK(root.find("list")->items[0].line == 11);
}

TEST_CASE("read_yaml tells kinds of scalars by the core schema, and tags and quotes make text") {
  struct Row {
    std::string_view scalar;
    Kind kind;
    std::string_view text;
  };
  const Row rows[] = {
      {"", Kind::null, ""},
      {"~", Kind::null, ""},
      {"null", Kind::null, ""},
      {"NULL", Kind::null, ""},
      {"nul", Kind::text, "nul"},
      {"\"null\"", Kind::text, "null"},
      {"''", Kind::text, ""},
      {"true", Kind::boolean, "true"},
      {"False", Kind::boolean, "False"},
      {"yes", Kind::text, "yes"},
      {"'true'", Kind::text, "true"},
      {"-12", Kind::number, "-12"},
      {"1e9", Kind::number, "1e9"},
      {"12", Kind::number, "12"},
      {"\"12\"", Kind::text, "12"},
      {"12a", Kind::text, "12a"},
      {"-", Kind::text, "-"},
      {"2024-01-01T00:00:00Z", Kind::text, "2024-01-01T00:00:00Z"},
      {"2024-01-01", Kind::text, "2024-01-01"},
      {"10.0.0.1", Kind::text, "10.0.0.1"},
      {"1.2.3", Kind::text, "1.2.3"},
      {"1-2", Kind::text, "1-2"},
      {"12-34", Kind::text, "12-34"},
      {"7e", Kind::text, "7e"},
      {"5e+", Kind::text, "5e+"},
      {"1e3.5", Kind::text, "1e3.5"},
      {"1+1", Kind::text, "1+1"},
      {"-1-", Kind::text, "-1-"},
      {"2024-1", Kind::text, "2024-1"},
      {"+", Kind::text, "+"},
      {".", Kind::text, "."},
      {"-.", Kind::text, "-."},
      {".e3", Kind::text, ".e3"},
      {"0x", Kind::text, "0x"},
      {"0xg", Kind::text, "0xg"},
      {"0o8", Kind::text, "0o8"},
      {"-0x1F", Kind::text, "-0x1F"},
      {"1_000", Kind::text, "1_000"},
      {"12e4567", Kind::text, "12e4567"},
      {".infinity", Kind::text, ".infinity"},
      {"1:20", Kind::text, "1:20"},
      {"+1", Kind::number, "+1"},
      {".5", Kind::number, ".5"},
      {"5.", Kind::number, "5."},
      {"-2.5E-3", Kind::number, "-2.5E-3"},
      {"0x1F", Kind::number, "0x1F"},
      {"0o17", Kind::number, "0o17"},
      {"007", Kind::number, "007"},
      {".inf", Kind::number, ".inf"},
      {"-.INF", Kind::number, "-.INF"},
      {".nan", Kind::number, ".nan"},
      {"1e-4567", Kind::number, "1e-4567"},
      {"!!binary LS0tLS0=", Kind::text, "LS0tLS0="},
      {"!!str 12", Kind::text, "12"},
      {"! \"12\"", Kind::text, "12"},
      {">-\n  folded\n  text", Kind::text, "folded text"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.scalar);
    // "-" alone would open a list.
    const std::string text = row.scalar == "-" ? "k: '-'\n" : "k: " + std::string(row.scalar) + "\n";
    const Parsed parsed = parse(text);
    REQUIRE_FALSE(parsed.error);
    const Node* value = parsed.documents.at(0).find("k");
    REQUIRE(value != nullptr);
    CHECK(value->kind == row.kind);
    CHECK(value->text == row.text);
  }
}

TEST_CASE("read_yaml hands out every document of a stream") {
  const Parsed parsed = parse("%YAML 1.1\n---\na: 1\n...\n---\n- x\n---\n# nothing\n---\ntext\n");
  REQUIRE_FALSE(parsed.error);
  REQUIRE(parsed.documents.size() == 4);
  CHECK(parsed.documents[0].is(Kind::mapping));
  CHECK(parsed.documents[1].is(Kind::sequence));
  CHECK(parsed.documents[1].line == 6);
  CHECK(parsed.documents[2].is(Kind::null));
  CHECK(parsed.documents[3].text == "text");
  CHECK(parse("# nothing at all\n").documents.empty());
  CHECK(parse(std::string_view()).documents.empty());
  CHECK(parse("\xEF\xBB\xBF").documents.empty());
  CHECK_FALSE(parse("\xEF\xBB\xBF"
                    "a: 1\r\nb: 2\r\n")
                  .error);
}

TEST_CASE("read_yaml says what is wrong, and in which line") {
  struct Row {
    std::string_view text, what;
    std::uint32_t line;
  };
  const Row rows[] = {
      {"a: 1\nb: \"cut", "found unexpected end of stream", 2},
      {"a: [1, 2\n", "did not find expected ',' or ']'", 2},
      {"a: 1\nb\n", "could not find expected ':'", 3},
      {"a: 1\n\tb: 2\n", "found a tab character that violates indentation", 2},
      {"a: 1\n  b: 2\n", "mapping values are not allowed in this context", 2},
      {"a: 1\nb: 2\na: 3\n", "the key \"a\" occurs twice in one mapping", 3},
      {"l:\n- {x: 1, x: 2}\n", "the key \"x\" occurs twice in one mapping", 2},
      {"? [a]\n: 1\n", "a key is no plain name", 1},
      {"? {a: b}\n: 1\n", "a key is no plain name", 1},
      {"a: &x 1\n*x : 2\n", "a key is no plain name", 2},
      {"a: *nothing\n", "the alias *nothing stands for nothing before it", 1},
      {"a: &a [*a]\n", "the alias *a stands for nothing before it", 1},
      {"b: &b {x: 1}\nc:\n  <<: *b\n", "merge keys (<<) are not read", 3},
      {"a: 1\n--- !<tag:x> {\n", "did not find expected node content", 3},
      {"a: \xff\n", "invalid leading UTF-8 octet", 1},
      {"a: \x01\n", "control characters are not allowed", 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Parsed parsed = parse(row.text);
    REQUIRE(parsed.error);
    CHECK_MESSAGE(parsed.error->message.find(row.what) != std::string::npos, parsed.error->message);
    CHECK(parsed.error->where.line == row.line);
    CHECK(parsed.error->where.file == "f.yaml");
  }
  const Parsed secret = parse("-----BEGIN PRIVATE KEY----- x: 1\n-----BEGIN PRIVATE KEY----- x: 2\n");
  REQUIRE(secret.error);
  CHECK(secret.error->message.find("PRIVATE KEY") == std::string::npos);
}

TEST_CASE("read_yaml hands out what is whole before a fault") {
  const auto sizes = [](const Parsed& parsed) {
    REQUIRE(parsed.documents.size() == 1);
    const Node* list = parsed.documents[0].find("list");
    REQUIRE(list != nullptr);
    return list->items.size();
  };
  CHECK(sizes(parse("list:\n- a: 1\n- b: \"cut")) == 1);
  CHECK(sizes(parse("list:\n- a: 1\n- b:\n    c:\n    - \"cut")) == 1);
  CHECK(sizes(parse("list:\n- a: 1\n- x\nother: \"cut")) == 2);
  CHECK(sizes(parse("list: [{a: 1}, {b: 2}, {c")) == 2);
  CHECK_FALSE(parse("list: [1").whole.at(0));

  const Parsed second = parse("a: 1\n---\nb: 2\nc: \"cut");
  REQUIRE(second.documents.size() == 2);
  CHECK(second.whole == std::vector<bool>{true, false});
  CHECK(second.documents[1].find("b") != nullptr);
  CHECK(second.documents[1].find("c") == nullptr);
  CHECK(parse("a: \"cut").documents.empty());
  CHECK(parse("a: 1\na: 2\nb: \"cut").documents.empty());
}

TEST_CASE("read_yaml copies what aliases stand for, and no more than the limit") {
  const Parsed parsed = parse("a: &a {x: 1}\nb: *a\nc: [*a, *a]\nd: &a 2\ne: *a\n");
  REQUIRE_FALSE(parsed.error);
  const Node& root = parsed.documents[0];
  CHECK(root.find("b")->find("x")->text == "1");
  CHECK(root.find("c")->items[1].find("x")->text == "1");
  CHECK(root.find("e")->text == "2");
  CHECK(parse("a: &a 1\n---\nb: *a\n").error);  // an anchor ends with its document

  Limits limits;
  limits.alias_nodes = 8;
  CHECK_FALSE(parse("a: &a [1, 2]\nb: [*a]\n", limits).error);  // 3 kept, 3 for the alias
  const auto beyond = parse("a: &a [1, 2]\nb: [*a, *a]\n", limits).error;
  REQUIRE(beyond);
  CHECK(beyond->message ==
        "the YAML cannot be read: its aliases stand for more than 8 values, the limit; raise it with "
        "--max-aliases");
  CHECK(parse("a: &a [1, 2, 3, 4, 5, 6, 7, 8]\n", limits).error);
  // Long text counts by its length, in keys too.
  CHECK(parse("a: &a " + std::string(1000, 'x') + "\n", limits).error);
  CHECK(parse("a: &a {" + std::string(1000, 'x') + ": 1}\n", limits).error);
  CHECK_FALSE(parse("a: " + std::string(1000, 'x') + "\n", limits).error);

  // Depth adds up across aliases.
  limits.alias_nodes = 1000;
  limits.depth = 5;
  CHECK_FALSE(parse("a: &a [[[1]]]\nb: [*a]\n", limits).error);
  CHECK(parse("a: &a [[[1]]]\nb: [[*a]]\n", limits).error);
}

TEST_CASE("read_yaml bounds depth and values") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK_FALSE(parse(nested(200)).error);
  CHECK(parse(nested(201)).error->message.find("nested more than 200 deep") != std::string::npos);
  CHECK(parse(nested(100'000)).error);
  Limits limits;
  limits.depth = 5000;  // readers recurse
  CHECK_FALSE(parse(nested(1000), limits).error);
  CHECK(parse(nested(1001), limits).error->message ==
        "the YAML cannot be read: it is nested more than 1000 deep, the limit; --max-depth goes no deeper");
  std::string dashes;
  for (int i = 0; i < 100'000; ++i) dashes += "- ";
  CHECK(parse(dashes + "x\n").error->message.find("nested more than 200 deep") != std::string::npos);
  std::string steps;
  for (std::size_t i = 0; i < 1000; ++i) steps += std::string(i, ' ') + "k:\n";
  CHECK(parse(steps).error->message.find("nested more than 200 deep") != std::string::npos);
  Limits deep;
  deep.depth = 1'000'000;
  CHECK(parse(nested(1001), deep).error);

  Limits few;
  few.values = 4;
  CHECK_FALSE(parse("[1, 2, 3]\n---\n[1, 2, 3]\n", few).error);
  CHECK(parse("[1, 2, 3, 4]\n", few).error->message.find("more values than the limit") != std::string::npos);
}

TEST_CASE("read_yaml refuses directives that libyaml would compare with each other, and UTF-16") {
  const auto directives = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "%TAG !a" + std::to_string(i) + "! tag:x\n";
    return text + "---\na: 1\n";
  };
  CHECK_FALSE(parse(directives(100)).error);
  const Parsed many = parse(directives(50'000));
  REQUIRE(many.error);
  CHECK(many.error->where.line == 101);
  std::string text = "a: |\n";
  for (int i = 0; i < 1000; ++i) text += "  %TAG of a text\n";
  CHECK_FALSE(parse(text).error);
  CHECK(parse(std::string_view("\xFF\xFE"
                               "a\0:\0 \0"
                               "1\0",
                               10))
            .error);
}
