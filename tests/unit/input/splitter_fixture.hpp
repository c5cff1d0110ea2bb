#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "input/json_reader.hpp"
#include "input/json_splitter.hpp"
#include "tests/support/trickle.hpp"

namespace meshcert::testing {

using namespace meshcert::input;

inline constexpr ListRule kRules[] = {{"configs", true}, {"list"}};

struct Part {
  std::string list, pointer, text;
  std::uint32_t line;
  bool operator==(const Part&) const = default;
};

inline std::string told(const Error& error) {
  return error.message + " (line " + std::to_string(error.where.line) + ")";
}

// Splits a document and composes every part of it.
struct Split final : JsonPartSink {
  explicit Split(std::string_view text, std::size_t step = 1 << 20, const Limits& limits = {})
      : reader(file, limits) {
    Trickle source(text, step);
    split_json(file, source, kRules, limits, *this);
  }
  void end(std::optional<Error> error) override {
    ends.push_back(error ? told(*error) : "");
    if (!fault) fault = std::move(error);
  }
  void list(std::string_view key) override { lists.emplace_back(key); }
  void lost(Error why) override {
    losses.push_back(why.where.pointer + ": " + told(why));
    if (!fault) fault = std::move(why);
  }
  void part(const JsonPart& part) override {
    parts.push_back(
        {std::string(part.list), std::string(part.pointer), std::string(part.text), part.lines.front().line});
    const auto node = reader.read(part.text, part.lines);
    if (!node && !fault) fault = node.error();
    if (node) nodes.push_back(*node);
  }

  std::string file = "f.json";
  JsonReader reader;
  std::vector<std::string> lists;
  std::vector<Part> parts;
  std::vector<Node> nodes;
  std::vector<std::string> losses;  ///< the parts that are not handed out, and why
  std::vector<std::string> ends;    ///< what is wrong with each document
  std::optional<Error> fault;
};

}  // namespace meshcert::testing
