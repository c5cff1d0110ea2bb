#include "base/lines.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

using namespace meshcert;

TEST_CASE("octets are counted as one by one, whatever the length and where the text begins") {
  std::mt19937 random(3);
  std::string mixed(9000, 'x');
  for (char& c : mixed) c = "\n\n\x8a "[random() % 4];
  for (const std::string& text : {mixed, std::string(9000, '\n')}) {
    for (std::size_t begin = 0; begin < 40; ++begin) {
      for (const std::size_t size :
           {0U, 1U, 15U, 16U, 17U, 31U, 32U, 33U, 63U, 64U, 100U, 4080U, 8159U, 8160U, 8161U, 8900U}) {
        const std::string_view part = std::string_view(text).substr(begin, size);
        CHECK(base::count_lines(part) == static_cast<std::uint32_t>(std::ranges::count(part, '\n')));
      }
    }
  }
}

TEST_CASE("trimmed takes blanks off both ends, trimmed_front off the first") {
  CHECK(base::trimmed(" \t\r\n a b \n") == "a b");
  CHECK(base::trimmed_front(" \t\r\n a b \n") == "a b \n");
  CHECK(base::trimmed("\v a\f") == "\v a\f");
  CHECK(base::trimmed("\"' a ' ", " '\"") == "a");
  CHECK(base::trimmed(" a ", "") == " a ");
  CHECK(base::trimmed(" \t\r\n").empty());
  CHECK(base::trimmed("").empty());
  CHECK(base::is_blank(" \t\r\n"));
  CHECK(base::is_blank(""));
  CHECK_FALSE(base::is_blank(" \v"));
}
