#include "base/words.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace meshcert::base;

TEST_CASE("words are listed, all or some") {
  const std::vector<std::string> none, one{"a"}, four{"a", "b", "c", "d"};
  CHECK(join(none) == "");
  CHECK(join(none, "(none)") == "(none)");
  CHECK(join(one, "(none)") == "a");
  CHECK(join(std::vector<std::string>{"", ""}, "(none)") == ", ");
  CHECK(join(four) == "a, b, c, d");
  CHECK(join(four, "", [](const std::string& word) { return word + "!"; }) == "a!, b!, c!, d!");
  CHECK(join_with(none, "; ") == "");
  CHECK(join_with(four, "; ") == "a; b; c; d");
  CHECK(join_with(one, "; ", [](const std::string& word) { return word + "!"; }) == "a!");
  CHECK(some_of(none) == "");
  CHECK(some_of(none, "nobody") == "nobody");
  CHECK(some_of(four, "", 4) == "a, b, c, d");
  CHECK(some_of(four) == "a, b, c and 1 more");
  CHECK(some_of(four, "", 1, [](const std::string& word) { return word + "!"; }) == "a! and 3 more");
}

TEST_CASE("a number and what it counts") {
  CHECK(counted(0, "line") == "0 lines");
  CHECK(counted(1, "line") == "1 line");
  CHECK(counted(2, "line") == "2 lines");
}

TEST_CASE("edit_distance counts slips") {
  CHECK(edit_distance("Secret", "Secret") == 0);
  CHECK(edit_distance("Secret", "Secrets") == 1);
  CHECK(edit_distance("Secret", "Scret") == 1);
  CHECK(edit_distance("Secret", "Sebret") == 1);
  CHECK(edit_distance("Secret", "Secrte") == 1);
  CHECK(edit_distance("Secret", "eSrcet") == 2);
  CHECK(edit_distance("Pod", "Node") == 2);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("ca", "abc") == 3);
}
