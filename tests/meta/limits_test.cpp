// A limit stands in three places: its default in limits.hpp, its row in docs/limits.md, and its option's
// help.
#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <regex>

#include "tests/support/source_tree.hpp"

using namespace meshcert::testing;

namespace {

using Numbers = std::map<std::string, std::uint64_t>;

std::uint64_t digits_of(const std::string& text) {
  return std::stoull(std::regex_replace(text, std::regex("[' ]"), ""));
}

/// number_of reads "200", "10'000", "10 000", "64ULL << 20", "1U << 20U", "64 MiB" and "64M".
std::uint64_t number_of(const std::string& text) {
  static const std::regex shifted(R"((\d+)U(?:LL)? << (\d+)U?)"), sized(R"((\d+) ?([KMGT])(iB)?)");
  std::smatch match;
  if (std::regex_match(text, match, shifted)) return std::stoull(match[1]) << std::stoi(match[2]);
  if (!std::regex_match(text, match, sized)) return digits_of(text);
  return std::stoull(match[1]) << 10 * (std::string("KMGT").find(match[2]) + 1);
}

Numbers members_in(const std::string& header) {
  static const std::regex member(R"(^  std::(?:size_t|uint64_t) (\w+) = ([\dUL< ']+);.*$)");
  Numbers found;
  for (const auto& line : split_lines(header))
    if (std::smatch match; std::regex_match(line, match, member)) found[match[1]] = number_of(match[2]);
  return found;
}

struct Row {
  std::string member, option;
  std::uint64_t value;
};

std::vector<Row> rows_in(const std::string& document) {
  static const std::regex row(R"(^\| `(\w+)` \| (?:`(--[\w-]+)`)? ?\| ([^|]+) \|.*$)");
  std::vector<Row> found;
  for (const auto& line : split_lines(document))
    if (std::smatch match; std::regex_match(line, match, row))
      found.push_back({match[1], match[2], number_of(match[3])});
  return found;
}

/// Every "(default N)" of an option's help.
Numbers helped_in(const std::string& code) {
  static const std::regex option(R"re(\{"(--max-[\w-]+)",[^{}]*?\(default (\w+)\))re");
  Numbers found;
  for (std::sregex_iterator match(code.begin(), code.end(), option), end; match != end; ++match)
    found[(*match)[1]] = number_of((*match)[2]);
  return found;
}

}  // namespace

TEST_CASE("numbers of limits are read as they are written") {
  CHECK(number_of("200") == 200);
  CHECK(number_of("10'000") == 10'000);
  CHECK(number_of("10 000 000") == 10'000'000);
  CHECK(number_of("64ULL << 20") == 64 * 1024 * 1024);
  CHECK(number_of("64 MiB") == 64 * 1024 * 1024);
  CHECK(number_of("1024G") == number_of("1 TiB"));
}

TEST_CASE("docs/limits.md has each member of Limits with its default, and so has the help of its option") {
  Numbers members = members_in(read_source("include/meshcert/limits.hpp"));
  REQUIRE(members.size() > 10);
  members["handshake_bytes"] = members_in(read_source("src/tls/client.hpp")).at("handshake_bytes");
  const Numbers helped =
      helped_in(read_source("tools/meshcert/common_options.cpp") + read_source("tools/meshcert/probe.cpp"));
  Numbers documented, options;
  for (const Row& row : rows_in(read_source("docs/limits.md"))) {
    documented[row.member] = row.value;
    if (!row.option.empty()) options[row.option] = row.value;
  }
  CHECK(documented == members);
  CHECK(options == helped);
}
