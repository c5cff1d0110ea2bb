#include <doctest/doctest.h>

#include "base/percent.hpp"

using meshcert::base::percent_decode;

TEST_CASE("octets are decoded, everything else is left alone") {
  CHECK(percent_decode("") == "");
  CHECK(percent_decode("a+b %0A%2b%C3%a9") == std::string("a+b \n+\xC3\xA9"));
  CHECK(percent_decode("%00") == std::string(1, '\0'));
  CHECK(percent_decode("%2525") == "%25");
}

TEST_CASE("an escape that is none is told by its place") {
  for (const char* text : {"ab%", "ab%2", "ab%2g", "ab%g2", "ab%%41"}) {
    CAPTURE(text);
    REQUIRE_FALSE(percent_decode(text));
    CHECK(percent_decode(text).error() == 2);
  }
}
