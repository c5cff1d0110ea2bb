// How a stream of YAML is read window by window, and behind faults.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "input/yaml_reader.hpp"
#include "tests/support/trickle.hpp"

using namespace meshcert;
using namespace meshcert::input;
using meshcert::testing::Trickle;

namespace {

class NoSink final : public YamlSink {
 public:
  void list(std::string_view) override {}
  void part(std::string_view, const Place&) override {}
  void document(const Node&, bool) override {}
  void fault(const Error&, bool) override {}
  void lost(const Error&, bool) override {}
};

YamlEnd split(std::string_view text, std::size_t step) {
  Trickle source(text, step);
  NoSink sink;
  return split_yaml("f.yaml", source, {}, {}, sink);
}

}  // namespace

TEST_CASE("split_yaml sees directives and templates wherever a window ends") {
  std::string directives;
  for (int i = 0; i < 200; ++i) directives += "%TAG !a" + std::to_string(i) + "! tag:x\n";
  directives += "---\na: 1\n";
  std::string text = "a: |\n";
  for (int i = 0; i < 200; ++i) text += "  %TAG 50 %TA %%TAG { { }\n";
  for (std::size_t step = 1; step < 40; ++step) {
    CAPTURE(step);
    const YamlEnd many = split(directives, step);
    REQUIRE(many.fault);
    CHECK(many.fault->where.line == 101);
    const YamlEnd none = split(text, step);
    CHECK_FALSE(none.fault);
    CHECK_FALSE(none.is_template);
    CHECK(split("a: {{ .Values.x }}\n", step).is_template);
  }
}

namespace {

// The names of the documents that were read whole, and the lines of the faults.
class Told final : public YamlSink {
 public:
  void list(std::string_view) override {}
  void part(std::string_view, const Place& place) override {
    if (const Node* name = place.node->find("n")) parts.append(place.pointer + '=').append(name->text) += ' ';
  }
  void document(const Node& root, bool is_whole) override {
    if (const Node* name = root.find("n"); is_whole && name != nullptr) {
      names += name->text;
      lines.push_back(root.line);
    }
  }
  void fault(const Error& error, bool) override { faults.push_back(error.where.line); }
  void lost(const Error& error, bool) override { losses.push_back(error.where.line); }

  std::string names, parts;
  std::vector<std::uint32_t> lines, faults, losses;
};

}  // namespace

TEST_CASE("split_yaml goes on behind a document with a fault, at the right line, wherever a window ends") {
  struct Row {
    std::string_view bad;
    std::uint32_t line;  // from that of the mark before it
  };
  const Row rows[] = {
      {"a: [1, 2\n", 2},
      {"a: \"cut\n", 2},
      {"a:\n\tb: 1\n", 2},
      {"a: 1\n  b: 2\n", 2},
      {"a: 1\na: 2\n", 2},
      {"a: *x\nb: 1\n", 1},
      {"<<: 1\nb: [1\n", 1},
      {"a: \xff\nb: 1\n", 0},  // found as soon as the window is had {"a: {{
                               // .Values.x }}\nb: 1\n", 1},
      {"a: }\n---x\n --- y\n", 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.bad);
    const std::string bad(row.bad);
    const std::string text = "n: 1\n---\n" + bad + "---\nn: 2\n--- # next\r\n" + bad + "---\nn: 3\n";
    const auto marks = static_cast<std::uint32_t>(std::ranges::count(bad, '\n'));
    for (std::size_t step = 1; step < 30; ++step) {
      CAPTURE(step);
      Trickle source(text, step);
      Told told;
      CHECK(split_yaml("f.yaml", source, {}, {}, told).fault);
      CHECK(told.names == "123");
      CHECK(told.lines == std::vector<std::uint32_t>{1, 4 + marks, 7 + 2 * marks});
      REQUIRE(told.faults.size() == 2);
      for (std::size_t i = 0; i < 2; ++i) {
        const std::uint32_t mark = i == 0 ? 2 : 5 + marks;
        CHECK(told.faults[i] >= mark + row.line);
        CHECK(told.faults[i] <= mark + row.line + 1);
      }
    }
  }
}

TEST_CASE("split_yaml reads a stream of broken documents in linear time, and good ones without a fault") {
  std::string broken, good;
  for (int i = 0; i < 10'000; ++i) {
    broken += "---\na: [1\n";
    good += "---\nn: 1\n";
  }
  Told told, whole;
  MemorySource first{as_bytes(broken)}, second{as_bytes(good)};
  CHECK(split_yaml("f.yaml", first, {}, {}, told).fault);
  CHECK(told.faults.size() == 10'000);
  CHECK_FALSE(split_yaml("f.yaml", second, {}, {}, whole).fault);
  CHECK(whole.names.size() == 10'000);
  CHECK(whole.lines.back() == 20'000);
}

TEST_CASE("split_yaml gives up an element of a streamed list, and goes on behind it") {
  struct Row {
    std::string_view bad;
    std::uint32_t line;      // from its first
    bool is_syntax = false;  // the parser begins anew, and what follows the list is not read
  };
  std::string deep(300, '[');
  deep = "- a: " + deep + std::string(300, ']') + "\n";
  const Row rows[] = {
      {"- a: *x\n  b: {c: [1, 2]}\n", 0},
      {"- *x\n", 0},
      {"- a: 1\n  b: 2\n  a: 3\n", 2},
      {"- a: {b: [{c: 1, c: 2}, 3]}\n  d: [e]\n", 0},
      {"- <<: {a: 1}\n  b: 1\n", 0},
      {"- ? {a: 1}\n  : 1\n", 0},
      {"- &x\n  a: *x\n", 1},
      {deep, 0},
      {"- a: [1\n", 0, true},
      {"- a:\n\tb: 1\n", 1, true},
      {"- a: 1\n  b: }\n# x\n\n", 1, true},
      {"- a: |\n    - n: 7\n  b: %\n", 2, true},
  };
  const ListRule rules[] = {{"items"}};
  for (const Row& row : rows) {
    CAPTURE(row.bad);
    const std::string text =
        "items:\n- n: 1\n" + std::string(row.bad) + "- n: 3\n  e: 1\nn: 4\n---\nitems:\n- n: 5\nn: 6\n";
    for (std::size_t step = 1; step < 30; ++step) {
      Trickle source(text, step);
      Told told;
      const YamlEnd end = split_yaml("f.yaml", source, rules, {}, told);
      REQUIRE(end.fault);
      CHECK(end.fault->where.line >= 3 + row.line);
      CHECK(told.faults.empty());
      REQUIRE(told.losses.size() == 1);
      CHECK(told.losses[0] >= 3 + row.line);
      CHECK(told.losses[0] <= 4 + row.line);
      CHECK(told.parts == "/items/0=1 /items/2=3 /items/0=5 ");
      CHECK(told.names == (row.is_syntax ? "6" : "46"));
    }
  }
}

TEST_CASE("split_yaml passes over no bottomless nesting") {
  const ListRule rules[] = {{"items"}};
  const std::string text = "items:\n- " + std::string(200'000, '[') + "\n";
  Trickle source(text, 4096);
  Told told;
  CHECK(split_yaml("f.yaml", source, rules, {}, told).fault);
  CHECK(told.losses.size() == 1);
  CHECK(told.faults.size() == 1);
}

TEST_CASE("split_yaml finds the next element of a list by its indentation, whatever the windows") {
  const ListRule rules[] = {{"items"}};
  std::string text = "kind: List\nitems:\n";
  std::string expected;
  for (int i = 0; i < 40; ++i) {
    const bool bad = i % 4 == 1;
    text += "  - n: " + std::to_string(i) + (bad ? "\n\tx: 1\n" : "\n    t: " + std::string(700, 'a') + "\n");
    if (!bad) expected += "/items/" + std::to_string(i) + "=" + std::to_string(i) + " ";
  }
  text += "n: 1\n---\nn: 2\n";
  for (const std::size_t step : {1, 3, 100, 1000, 100'000}) {
    CAPTURE(step);
    Trickle source(text, step);
    Told told;
    CHECK(split_yaml("f.yaml", source, rules, {}, told).fault);
    CHECK(told.parts == expected);
    CHECK(told.losses.size() == 10);
    CHECK(told.faults.empty());
    CHECK(told.names == "2");
  }
}

TEST_CASE("split_yaml passes over an element with a value that is too large") {
  const ListRule rules[] = {{"items"}};
  Limits limits;
  limits.value_bytes = 100'000;
  const std::string large(400'000, 'x');
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "    " + std::string(40, 'y') + "\n";
  for (const std::string& value :
       {large + "\n", "\"" + large + "\"\n", "|\n" + lines, "\"\n" + lines + "    \"\n"}) {
    const std::string text = "items:\n- n: 1\n- a: " + value + "  b: 1\n- n: 3\n---\nn: 2\n";
    for (const std::size_t step : {1000, 1'000'000}) {
      Trickle source(text, step);
      Told told;
      CHECK(split_yaml("f.yaml", source, rules, limits, told).fault);
      CHECK(told.parts == "/items/0=1 /items/2=3 ");
      CHECK(told.losses.size() == 1);
      CHECK(told.faults.empty());
      CHECK(told.names == "2");
    }
  }
}

TEST_CASE("split_yaml begins anew in a list a hundred times, and then gives it up") {
  const ListRule rules[] = {{"items"}};
  std::string text = "items:\n- n: 1\n";
  for (int i = 0; i < 200; ++i) text += "- }\n";
  text += "---\nn: 2\n";
  Trickle source(text, 4096);
  Told told;
  CHECK(split_yaml("f.yaml", source, rules, {}, told).fault);
  CHECK(told.losses.size() == 100);
  CHECK(told.faults.size() == 1);
  CHECK(told.names == "2");
}

TEST_CASE("a quote that is never closed takes the rest of its document with it") {
  const ListRule rules[] = {{"items"}};
  Trickle source("items:\n- n: 1\n- a: \"x\n- n: 3\n---\nn: 2\n", 7);
  Told told;
  CHECK(split_yaml("f.yaml", source, rules, {}, told).fault);
  CHECK(told.parts == "/items/0=1 ");
  CHECK(told.faults.size() == 1);
  CHECK(told.names == "2");
}
