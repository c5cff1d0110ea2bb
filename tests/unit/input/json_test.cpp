#include <doctest/doctest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>

#include "input/depth.hpp"
#include "input/json_fault.hpp"
#include "input/json_reader.hpp"
#include "input/loss.hpp"
#include "input/node.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::input;
using namespace std::string_literals;

namespace {

// The value as the other parser would have made it; numbers as they are written.
nlohmann::json value_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return nullptr;
    case Node::Kind::boolean:
      return node.text == "true";
    case Node::Kind::number:
      return nlohmann::json::parse(node.text);
    case Node::Kind::text:
      return std::string(node.text);
    case Node::Kind::sequence:
    case Node::Kind::mapping:
      break;
  }
  nlohmann::json value = node.is(Node::Kind::sequence) ? nlohmann::json::array() : nlohmann::json::object();
  for (const Node& item : node.items) value.push_back(value_of(item));
  for (const auto& [key, member] : node.members) value[std::string(key)] = value_of(member);
  return value;
}

Result<Node> parse(std::string_view text, const Limits& limits = {}) {
  return read_json("f.json", as_bytes(text), limits);
}

}  // namespace

TEST_CASE("read_json keeps values, lines and spellings") {
  const auto root = parse(
      "{\n \"a\": [1, 2.50e+1,\n true, null],\n \"k\\u0065y\\n\": \"x\\u00e9\\ud83d\\ude00\",\n"
      " \"o\": {\n  \"n\": 123456789012345678901234567890 } }\n");
  REQUIRE(root);
  CHECK(root->is(Node::Kind::mapping));
  CHECK(root->line == 1);
  const Node* list = root->find("a");
  REQUIRE(list != nullptr);
  REQUIRE(list->items.size() == 4);
  CHECK(list->items[1].text == "2.50e+1");
  CHECK(list->items[1].is(Node::Kind::number));
  CHECK(list->items[2].text == "true");
  CHECK(list->items[2].line == 3);
  CHECK(list->items[3].is(Node::Kind::null));
  REQUIRE(root->find("key\n") != nullptr);
  CHECK(root->find("key\n")->text == "x\xC3\xA9\xF0\x9F\x98\x80");
  CHECK(root->find("key\n")->line == 4);
  CHECK(root->find("o")->find("n")->text == "123456789012345678901234567890");
  CHECK(root->find("o")->find("n")->line == 6);
  CHECK(root->find("absent") == nullptr);
}

TEST_CASE("read_json takes any root, white space around it and a byte order mark") {
  for (const char* text :
       {"{}", "[]", "\"x\"", "0", "-1.5E3", "true", "null", " \r\n\t[ ] \n", "\xEF\xBB\xBF{}"}) {
    CAPTURE(text);
    CHECK(parse(text));
  }
}

TEST_CASE("field finds both spellings of a protobuf name, and nothing else") {
  const auto root =
      parse(R"({"inlineBytes": 1, "trusted_ca": 2, "tlsCertificate_chain": 3, "name": 4, "Name": 5})");
  REQUIRE(root);
  CHECK(root->field("inline_bytes")->text == "1");
  CHECK(root->field("trusted_ca")->text == "2");
  CHECK(root->field("tls_certificate_chain") == nullptr);
  CHECK(root->field("name")->text == "4");
  CHECK(root->field("inlinebytes") == nullptr);
  CHECK(root->field_member("inline_bytes")->key == "inlineBytes");
  CHECK(root->field_count("name") == 1);
  CHECK(parse(R"({"a_b": 1, "aB": 2})")->field_count("a_b") == 2);
}

TEST_CASE("read_json says what is wrong, and in which line") {
  struct Row {
    std::string text;
    std::string_view what;
    std::uint32_t line;
  };
  const Row rows[] = {
      {"{\n\"a\": \"xyz", "the JSON ends in the middle of a string", 2},
      {"{\"a\": \"x\\", "the JSON ends in the middle of a string", 1},
      {"{\"a\": \"x\\u00", "the JSON ends in the middle of a string", 1},
      {"{\"a\": \"x\\ud83d", "the JSON ends in the middle of a string", 1},
      {"{\"a\": \"x\xC3", "the JSON ends in the middle of a string", 1},
      {"{\n\n", "the JSON ends inside an object", 3},
      {"{\"a\"", "the JSON ends inside an object", 1},
      {"{\"a\":", "the JSON ends inside an object", 1},
      {"{\"a\": 1,", "the JSON ends inside an object", 1},
      {"[1,\n2", "the JSON ends inside a list", 2},
      {"[tru", "the JSON ends in the middle of a word", 1},
      {"[-", "the JSON ends in the middle of a number", 1},
      {"[1.", "the JSON ends in the middle of a number", 1},
      {"[1e", "the JSON ends in the middle of a number", 1},
      {"[01]", "a number is malformed", 1},
      {"[1.]", "a number is malformed", 1},
      {"[+1]", "a value is expected", 1},
      {"[.5]", "a value is expected", 1},
      {"[truex]", "a value is expected", 1},
      {"[NaN]", "a value is expected", 1},
      {"[1 2]", "\",\" or \"]\" is expected after an item", 1},
      {"[1}", "\",\" or \"]\" is expected after an item", 1},
      {"{\"a\": 1 \"b\": 2}", "\",\" or \"}\" is expected after a member", 1},
      {"{\"a\" 1}", "a key is not followed by \":\"", 1},
      {"{a: 1}", "a key in double quotes is expected", 1},
      {"{\"a\": 1,}", "a key in double quotes is expected", 1},
      {"[1,]", "a value is expected", 1},
      {"[,]", "a value is expected", 1},
      {"[\"\\x\"]", "a string has an unknown escape", 1},
      {"[\"\\u12g4\"]", "a \\u escape needs four hexadecimal digits", 1},
      {"[\"\\ud800\"]", "a \\u escape is half of a surrogate pair", 1},
      {"[\"\\udc00\"]", "a \\u escape is half of a surrogate pair", 1},
      {"[\"a\nb\"]", "a control character in a string is not escaped", 1},
      {"[\n\"\xFF\"]", "a string is not valid UTF-8", 2},
      {"[\"\xED\xA0\x80\"]", "a string is not valid UTF-8", 1},
      {"{}\n{}", "a second JSON value follows the first", 2},
      {"{} x", "there is text after the JSON value", 1},
      {"{}}", "there is text after the JSON value", 1},
      {"null null", "there is text after the JSON value", 1},
      {"[1]\0"s, "there is text after the JSON value", 1},
      {"  ", "the JSON ends before its first value", 1},
      {"{\"a\": 1,\n \"b\": 2,\n \"a\": 3}", "the key \"a\" occurs twice in one object", 3},
      {"{\"a\": 1,\n \"\\u0061\": 3}", "the key \"a\" occurs twice in one object", 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto root = parse(row.text);
    REQUIRE_FALSE(root);
    CHECK(root.error().message == row.what);
    CHECK(root.error().where.line == row.line);
    CHECK(root.error().where.file == "f.json");
  }
}

TEST_CASE("what nests too deep is beyond a limit, be it one that an option raises or not") {
  const Defect raised = loss(SourceRef{}, too_deep("the JSON is", 200));
  CHECK(raised.kind == DefectKind::limit_reached);
  CHECK(raised.fix.find("raise the limit (--max-depth)") != std::string::npos);
  const Defect deepest = loss(SourceRef{}, too_deep("the JSON is", kDeepest));
  CHECK(deepest.kind == DefectKind::limit_reached);
  CHECK(deepest.fix.find("raise") == std::string::npos);
  CHECK(loss(SourceRef{}, "it ends in the middle").kind == DefectKind::malformed);
}

TEST_CASE("read_json holds its limits") {
  Limits limits;
  limits.depth = 3;
  CHECK(parse("[[[1]]]", limits));
  const auto deep = parse("[[\n[[1]]]]", limits);
  REQUIRE_FALSE(deep);
  CHECK(deep.error().message == "the JSON is nested more than 3 deep, the limit; raise it with --max-depth");
  CHECK(deep.error().where.line == 2);
  limits.values = 3;
  CHECK(parse("[1,2,3]", limits));
  CHECK_FALSE(parse("[1,2,3,4]", limits));
  limits = {};
  limits.depth = 5000;  // the reader recurses
  CHECK(parse(std::string(1000, '[') + std::string(1000, ']'), limits));
  CHECK(parse(std::string(1001, '[') + std::string(1001, ']'), limits).error().message ==
        "the JSON is nested more than 1000 deep, the limit; --max-depth goes no deeper");
  const std::string bomb = std::string(100'000, '[') + std::string(100'000, ']');
  CHECK_FALSE(parse(bomb));
  Limits boundless;
  boundless.depth = 1'000'000;
  CHECK_FALSE(parse(bomb, boundless));
}

// Every single-octet change of a dump: we accept what another parser accepts,
// but for duplicate keys, and the explainer agrees with the fast parser.
TEST_CASE("read_json and nlohmann agree on which texts are JSON") {
  const std::string sample = R"({"a":[1,-2.5e3,true,null,"x\n\u00e9"],"b":{"c":{}},"d":[],"e":")"
                             "\xC3\xA9\"}";
  for (std::size_t at = 0; at < sample.size(); ++at) {
    for (int octet = 0; octet < 256; ++octet) {
      std::string text = sample;
      text[at] = static_cast<char>(octet);
      const auto ours = parse(text);
      const bool theirs = nlohmann::json::accept(text);
      const bool twin = !ours && ours.error().message.find("occurs twice") != std::string::npos;
      CAPTURE(text);
      if (twin) continue;
      REQUIRE(ours.has_value() == theirs);
      REQUIRE(find_json_fault(text).has_value() == !theirs);
    }
  }
}

TEST_CASE("read_json refuses every proper prefix of a dump") {
  const std::string dump = testing::read_source("certs/dumps/healthy-snake-case.json");
  REQUIRE(parse(dump));
  const std::size_t end = dump.find_last_of('}');
  for (std::size_t cut = 0; cut <= end; ++cut) {
    CAPTURE(cut);
    const auto part = parse(dump.substr(0, cut));
    REQUIRE_FALSE(part);
    REQUIRE(part.error().message.starts_with("the JSON ends "));
  }
}

TEST_CASE("read_json and nlohmann agree on what a text stands for") {
  for (const char* path : {"certs/dumps/healthy.json", "certs/dumps/healthy-snake-case.json",
                           "certs/dumps/healthy-config-dump.json"}) {
    const std::string dump = testing::read_source(path);
    const auto root = parse(dump);
    REQUIRE(root);
    CHECK(value_of(*root) == nlohmann::json::parse(dump));
  }
  constexpr std::string_view kPieces[] = {"x",
                                          "\\n",
                                          "\\\"",
                                          "\\\\",
                                          "\\/",
                                          "\\u0041",
                                          "\\u00e9",
                                          "\\ud83d\\ude00",
                                          "\\u0000",
                                          "\xC3\xA9",
                                          "\xF0\x9F\x98\x80",
                                          "0123456789abcdef0123456789abcdef"};
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string text = "[\"";
    for (auto count = random() % 12; count != 0; --count) text += kPieces[random() % std::size(kPieces)];
    text += "\" , {\"k\" :-0.5e1}\t]";
    const auto root = parse(text);
    CAPTURE(text);
    REQUIRE(root);
    CHECK(value_of(*root) == nlohmann::json::parse(text));
  }
}

TEST_CASE("a node of read_json has its texts to itself, and so has a copy of any") {
  auto text = std::make_unique<std::string>(R"({"key": "a text that is longer than a short one"})");
  const auto root = parse(*text);
  constexpr LineMark kFirst{0, 1};
  const std::string file = "f.json";
  const JsonReader reader(file, Limits{});
  const auto view = reader.read(*text, {&kFirst, 1});
  REQUIRE(root);
  REQUIRE(view);
  CHECK(view->find("key")->text.data() == text->data() + text->find("a text"));
  const Node copy = *view;
  text.reset();
  CHECK(root->find("key")->text == "a text that is longer than a short one");
  CHECK(copy.find("key")->text == "a text that is longer than a short one");
  Node moved = copy;
  Node target;
  target = std::move(moved);
  CHECK(target.find("key")->text == copy.find("key")->text);
}
