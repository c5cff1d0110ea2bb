// JSON documents one after the other, whole, cut and among other text.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"
#include "tests/support/trickle.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

constexpr const char* kFirst = "certs/dumps/healthy-spire.json";
constexpr const char* kSecond = "certs/dumps/healthy.json";

std::uint32_t lines_of(std::string_view text) {
  return static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
}

// Lines of the artifacts that begin behind `line`, counted from it.
std::vector<std::uint32_t> lines_behind(const Collector& found, std::uint32_t line) {
  std::vector<std::uint32_t> lines;
  for (const Artifact& artifact : found.artifacts) {
    if (artifact.source.line > line) lines.push_back(artifact.source.line - line);
  }
  return lines;
}

}  // namespace

TEST_CASE("JSON documents that follow one another are all read, where they stand") {
  const std::string first = read_source(kFirst), second = read_source(kSecond);
  const auto alone = lines_behind(read("f", second), 0);
  const std::size_t before = read("f", first).artifacts.size();
  for (const char* between : {"", "\n", "\r\n\n", " "}) {
    CAPTURE(between);
    const std::string front = first + between;
    const Collector found = read("f", front + second + second);
    CHECK_FALSE(found.lost());
    CHECK(found.artifacts.size() == before + 2 * alone.size());
    const auto behind = lines_behind(found, lines_of(front));
    CHECK(std::equal(alone.begin(), alone.end(), behind.begin()));
    CHECK(found.artifacts.front().document != found.artifacts.back().document);
  }
  CHECK(read("f", "{}{}").loose.size() == 2);
}

TEST_CASE("JSON documents: one that is cut, wherever, hides no other") {
  const std::string first = read_source(kFirst), second = read_source(kSecond);
  const auto alone = lines_behind(read("f", second), 0);
  const std::string behind = second + second;
  for (std::size_t cut = first.find('\n') + 6; cut < first.find_last_of('}'); ++cut) {
    const std::string front = first.substr(0, cut) + "\n";
    // A list may begin at the beginning of the next line: nothing tells that it is another document.
    if (front[front.find_last_not_of(" \n")] == '[') continue;
    CAPTURE(cut);
    const Collector found = read("f", front + behind);
    REQUIRE(found.lost());
    const auto lines = lines_behind(found, lines_of(front));
    REQUIRE(lines.size() == 2 * alone.size());
    REQUIRE(std::equal(alone.begin(), alone.end(), lines.begin()));
  }
}

TEST_CASE("JSON documents: what is no JSON between them is told") {
  const std::string second = read_source(kSecond);
  const std::size_t alone = read("f", second).artifacts.size();
  for (const char* junk : {"Error from server (NotFound): pods \"x\" not found\n", "]\n", "{\"a\": x}\n",
                           "{\n    \"a\": tru\n}\n", "[2024-01-01] log\n"}) {
    CAPTURE(junk);
    const Collector found = read("f", second + junk + second + junk + second);
    CHECK(found.lost());
    CHECK(found.artifacts.size() == 3 * alone);
    const auto told = std::ranges::count(found.loose, DefectKind::malformed, &Defect::kind);
    CHECK(told == 2);
    CHECK(found.loose.front().where.line >= lines_of(second));
  }
}

// What no document of the stream shows: brackets at the beginning of lines within one.
TEST_CASE("JSON documents: brackets at the beginning of lines are no documents where they belong to one") {
  const std::string second = read_source(kSecond);
  const std::size_t alone = read("f", second).artifacts.size();
  const std::string item = second.substr(0, second.find_last_of('}') + 1);
  for (const std::string& whole :
       {"{\n  \"x\": 1,\n  \"configs\": [\n" + item + ",\n" + item + "\n]}\n",
        "{\"configs\": [\n" + item + ",\n" + item + "]\n}\n", "[\n" + item + ",\n" + item + "\n]\n",
        "{\n \"x\": {\"configs\": [\n{\"a\": [1]\n},\n{\"b\": 2}\n]\n}\n}\n" + item + second}) {
    CAPTURE(whole);
    const Collector found = read("f", whole);
    CHECK(std::ranges::count(found.defects(), DefectKind::malformed, &Defect::kind) == 0);
    CHECK(found.artifacts.size() == 2 * alone);
  }
}

TEST_CASE("JSON documents do not depend on how the octets arrive") {
  const std::string first = read_source(kFirst), second = read_source(kSecond);
  const std::string text = first + second.substr(0, 700) + "\n" + second + "junk\n" + first;
  const Collector whole = read("f", text);
  REQUIRE(whole.artifacts.size() > 4);
  for (const std::size_t step : {1, 2, 63, 64, 65, 129}) {
    CAPTURE(step);
    Trickle source(text, step);
    Collector found;
    REQUIRE(read_input("f", source, {}, found));
    CHECK(found.artifacts.size() == whole.artifacts.size());
    CHECK(found.loose.size() == whole.loose.size());
  }
}
