#include "input/json_nesting.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "input/json_splitter.hpp"
#include "tests/support/trickle.hpp"

using namespace meshcert;
using namespace meshcert::input;
using namespace meshcert::testing;

namespace {

// What take_inner says it does, bracket by bracket.
std::uint64_t take_plainly(JsonNesting& nesting, const std::string& text, std::uint64_t brackets) {
  for (; brackets != 0; brackets &= brackets - 1) {
    const auto at = static_cast<std::size_t>(std::countr_zero(brackets));
    const auto octet = static_cast<std::uint8_t>(text[at]);
    if (text[at - 1] == '\n') break;
    JsonNesting next = nesting;
    const bool taken = octet == '{' || octet == '[' ? next.open(octet) : next.close(octet);
    if (!taken || next.empty()) break;
    nesting = next;
  }
  return brackets;
}

// Everything that a splitter says, in order.
struct Told final : JsonPartSink {
  Told(std::string_view text, std::size_t step, const Limits& limits) {
    Trickle source(text, step);
    constexpr ListRule kRules[] = {{"configs", true}, {"l"}};
    split_json("f.json", source, kRules, limits, *this);
  }
  void list(std::string_view key) override { all += "list " + std::string(key) + "\n"; }
  void part(const JsonPart& part) override {
    all += std::string(part.pointer) + " " + std::string(part.text);
    for (const LineMark& mark : part.lines) all += " " + std::to_string(mark.line);
    all += "\n";
  }
  void lost(Error why) override { all += "lost " + why.message + "\n"; }
  void end(std::optional<Error> fault) override { all += "end " + (fault ? fault->message : "") + "\n"; }
  std::string all;
};

// A value that is mostly right, so that walks get far.
std::string random_value(std::mt19937& random, int depth) {
  const std::string line = random() % 3 == 0 ? "\n" : "\n" + std::string(random() % 9, ' ');
  const std::string_view plain[] = {"1",         "\"a\"",         "\"}{\"", "\"\\\\\"",
                                    "\"\\\"]\"", "\"\xc3\xa4[\"", "[]",     "{}"};
  if (depth == 0) return std::string(plain[random() % std::size(plain)]);
  std::string text(1, random() % 2 == 0 ? '[' : '{');
  const bool object = text[0] == '{';
  for (std::size_t i = 0, most = random() % 5; i < most; ++i)
    text += (i == 0 ? "" : ",") + (random() % 2 == 0 ? line : " ") + (object ? "\"k\":" : "") +
            random_value(random, depth - 1);
  return text + (random() % 2 == 0 ? line : "") + (object ? "}" : "]");
}

}  // namespace

TEST_CASE("take_inner takes what open and close take, up to what asks for more") {
  std::mt19937 random(7);
  constexpr std::string_view kOctets = "{{[[}}]] \n";
  std::uint64_t taken = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text(64, ' ');
    std::uint64_t brackets = 0;
    std::string open;  // often closed as it should be
    for (std::size_t i = 1; i < text.size(); ++i) {
      char c = kOctets[random() % kOctets.size()];
      if ((c == '}' || c == ']') && !open.empty() && random() % 50 != 0) c = open.back();
      if (c == '{' || c == '[') open += static_cast<char>(c + 2);
      if ((c == '}' || c == ']') && !open.empty()) open.pop_back();
      if (c != ' ' && c != '\n') brackets |= std::uint64_t{1} << i;
      text[i] = c;
    }
    const std::size_t limit = random() % 90;
    JsonNesting fast(limit);
    while (fast.open('{')) continue;  // makes room
    fast.clear();
    for (std::size_t i = std::min<std::size_t>(random() % 70, limit); i-- > 0;)
      static_cast<void>(fast.open(random() % 2 == 0 ? '{' : '['));
    JsonNesting plain = fast;
    const std::uint64_t left = fast.take_inner(reinterpret_cast<const std::uint8_t*>(text.data()), brackets);
    CHECK(left == (plain.empty() ? brackets : take_plainly(plain, text, brackets)));
    taken += static_cast<std::uint64_t>(std::popcount(brackets & ~left));
    for (const char c : {'}', ']'}) {
      JsonNesting a = fast, b = plain;
      CHECK(a.close(static_cast<std::uint8_t>(c)) == b.close(static_cast<std::uint8_t>(c)));
      CHECK(a.empty() == b.empty());
    }
  }
  CHECK(taken > 20'000);
}

TEST_CASE("a document is cut by blocks as it is octet by octet") {
  std::mt19937 random(11);
  constexpr std::string_view kNoise = "{}[]\"\\\n ,:\x80";
  for (int round = 0; round < 4000; ++round) {
    std::string text = "{\n \"l\": [";
    for (int i = 0; i < 4; ++i) text += (i == 0 ? "" : ",\n ") + random_value(random, 5);
    text += "],\n \"configs\": [{\"x\": [" + random_value(random, 6) + "]}]\n}\n";
    for (std::size_t i = random() % 3; i > 0; --i)
      text[random() % text.size()] = kNoise[random() % kNoise.size()];
    Limits limits;
    if (random() % 4 == 0) limits.depth = random() % 8;
    CAPTURE(text);
    // Pieces of less than a block are never looked at by masks.
    CHECK(Told(text, std::size_t{1} << 20, limits).all == Told(text, 63, limits).all);
  }
}
