#include "base/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

using meshcert::base::cut;

TEST_CASE("a text is cut between characters of UTF-8") {
  const std::string euro = "\xE2\x82\xAC", clef = "\xF0\x9D\x84\x9E";
  CHECK(cut("abc", 3) == "abc");
  CHECK(cut("abcd", 3) == "abc");
  CHECK(cut("", 3) == "");
  CHECK(cut("abc", 0) == "");
  for (const std::size_t most : {1U, 2U, 3U}) CHECK(cut("a" + euro + "b", most) == "a");
  CHECK(cut("a" + euro + "b", 4) == "a" + euro);
  for (const std::size_t most : {1U, 2U, 3U, 4U}) CHECK(cut("a" + clef + "b", most) == "a");
  CHECK(cut("a" + clef + "b", 5) == "a" + clef);
  CHECK(cut(euro + euro, 2) == "");
  CHECK(cut(euro + euro, 5) == euro);
}

TEST_CASE("octets that are no UTF-8 are cut one by one") {
  const std::string high(6, '\x82');
  CHECK(cut(high, 4) == high.substr(0, 4));
  CHECK(cut("ab\x82\x82", 3) == "ab\x82");
  CHECK(cut("ab\xE2\x82", 3) == "ab\xE2");
}
