// No octet of an input reaches a terminal unescaped, and JSON
// carries it exactly.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/escape.hpp"
#include "base/hex.hpp"
#include "tests/support/printable.hpp"
#include "tests/unit/report/hand_made.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

struct Hostile {
  std::string octets;
  std::string shown;
};

const std::vector<Hostile>& hostile_texts() {
  static const std::vector<Hostile> table{{"\x1b[31m", "\\x1b[31m"},
                                          {"\x07", "\\x07"},
                                          {"a\rb", "a\\x0db"},
                                          {"a\nb", "a\\x0ab"},
                                          {"a\tb", "a\\x09b"},
                                          {"\x7f", "\\x7f"},
                                          {"\xc2\x9b", "\\u{9b}"},
                                          {"\xe2\x80\xae", "\\u{202e}"},
                                          {"\xe2\x81\xa6", "\\u{2066}"},
                                          {"\xe2\x80\x8e", "\\u{200e}"},
                                          {"\xd8\x9c", "\\u{61c}"},
                                          {"\xe2\x80\x8b", "\\u{200b}"},
                                          {"\xe2\x80\xa8", "\\u{2028}"},
                                          {"\xff\xfe", "\\xff\\xfe"},
                                          {std::string("a\0b", 3), "a\\x00b"}};
  return table;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("table and text escape every class of hostile character in every field") {
  for (const Hostile& hostile : hostile_texts()) {
    CAPTURE(hostile.shown);
    const Report report = hostile_report(hostile.octets);
    for (const std::size_t width : {0U, 80U, 200U}) {
      const std::string table = render_table(report, {width, false, true, false});
      const std::string text = render_text(report, {width, false, true, false});
      CHECK(all_printable(table, true));
      CHECK(all_printable(text, true));
      CHECK(occurrences(table, hostile.shown) >= 12);
      CHECK(occurrences(text, hostile.shown) >= 24);
    }
  }
}

TEST_CASE("with colour, the only control characters are ours") {
  const std::string table = render_table(hostile_report("\x1b[5m"), {80, true, false, false});
  CHECK(table.find("\x1b[5m") == std::string::npos);
  CHECK(table.find("\x1b[1;31m") != std::string::npos);
}

TEST_CASE("JSON is ASCII and carries the exact text") {
  for (const Hostile& hostile : hostile_texts()) {
    CAPTURE(hostile.shown);
    const std::string rendered = render_json(hostile_report(hostile.octets), {});
    CHECK(std::ranges::all_of(rendered, [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
    const auto document = nlohmann::json::parse(rendered);
    const auto& artifact = document["artifacts"][0];
    if (base::is_valid_utf8(hostile.octets)) {
      CHECK(artifact["name"] == hostile.octets);
      CHECK(artifact["certificates"][0]["san"][0]["value"] == hostile.octets);
      CHECK(document["findings"][0]["facts"]["who"] == hostile.octets);
      CHECK_FALSE(artifact.contains("name_hex"));
    } else {
      const std::string hex = base::to_hex(as_bytes(hostile.octets));
      CHECK(artifact["name_hex"] == hex);
      CHECK(artifact["certificates"][0]["san"][0]["value_hex"] == hex);
      CHECK(document["findings"][0]["facts"]["who_hex"] == hex);
      CHECK(artifact["name"] == "\xef\xbf\xbd\xef\xbf\xbd");
    }
  }
}

TEST_CASE("a single hostile name does not make every line as long as itself") {
  Report report = healthy_and_expired();
  report.inventory.artifacts[0].name = std::string(100000, 'x');
  CHECK(render_table(report, {}).size() < 20000);
  CHECK(render_table(report, {80, false, false, false}).size() < 10000);
}
