#include "report/layout.hpp"

#include <doctest/doctest.h>

using namespace meshcert::report;

TEST_CASE("wrapped breaks at spaces, never in words or commands") {
  struct Row {
    std::string_view text;
    std::size_t width;
    std::vector<std::string_view> lines;
  };
  const std::vector<Row> rows{
      {"", 10, {}},
      {"   ", 10, {}},
      {"one", 10, {"one"}},
      {"one two", 0, {"one two"}},
      {"one two", 7, {"one two"}},
      {"one two", 6, {"one", "two"}},
      {"  one   two  ", 9, {"one   two"}},
      {"a-word-longer-than-the-line b", 5, {"a-word-longer-than-the-line", "b"}},
      {"run `kubectl get pods -A` now", 10, {"run", "`kubectl get pods -A`", "now"}},
      {"a ` b c", 3, {"a `", "b c"}},
      {"\xe6\xbc\xa2\xe5\xad\x97 \xe6\xbc\xa2", 4, {"\xe6\xbc\xa2\xe5\xad\x97", "\xe6\xbc\xa2"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(wrapped(row.text, row.width) == row.lines);
  }
}

TEST_CASE("hanging indents what follows the first line") {
  CHECK(hanging("fix: ", "reissue the certificate soon", 20) == "fix: reissue the\n     certificate soon\n");
  CHECK(hanging("fix: ", "", 20) == "fix: \n");
  CHECK(hanging("- ", "a b", 0) == "- a b\n");
}

TEST_CASE("padded counts columns, painted paints only when asked") {
  CHECK(padded("ab", 4) == "ab  ");
  CHECK(padded("\xe6\xbc\xa2", 4) == "\xe6\xbc\xa2  ");
  CHECK(padded("abcdef", 4) == "abcdef");
  CHECK(painted("a", Paint::red, true) == "\x1b[1;31ma\x1b[0m");
  CHECK(painted("a", Paint::red, false) == "a");
  CHECK(painted("a", Paint::plain, true) == "a");
  CHECK(painted("", Paint::red, true) == "");
}

TEST_CASE("counted knows one from many") {
  CHECK(counted(0, "error") == "0 errors");
  CHECK(counted(1, "error") == "1 error");
  CHECK(counted(2, "error") == "2 errors");
}
