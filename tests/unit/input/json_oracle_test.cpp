// Our reader of JSON against simdjson's.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>

#include "tests/support/json_oracle.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;

TEST_CASE("json: our reader and simdjson take, refuse and understand the same") {
  for (const char* text : {"",
                           " ",
                           "null",
                           "nul",
                           "true ",
                           "[]",
                           "[1,]",
                           "[,1]",
                           "{}",
                           R"({"a":1,})",
                           R"({"a" 1})",
                           R"({"a":1 "b":2})",
                           R"("\ud83d\ude00")",
                           R"("\ud83d")",
                           R"("\u00")",
                           R"("\x")",
                           "\"\t\"",
                           "\"\x7f\"",
                           "\"\xc3\x28\"",
                           "\"\xf4\x90\x80\x80\"",
                           "01",
                           "-",
                           "-0",
                           "1.",
                           "1.e1",
                           "1e",
                           "1E+2",
                           "[1] 2",
                           "[1]]",
                           "\"a",
                           "{\"a",
                           "[[]",
                           "\xc2\xa0[]",
                           "[1\x0b]",
                           "{\"\":{\"\":[]}}",
                           "\"\\u0000\"",
                           "tru\x65",
                           "[true,false,null,\"\"]"}) {
    CAPTURE(text);
    CHECK(testing::disagreement(text) == "");
  }
}

TEST_CASE("json: and of documents with an octet changed, too") {
  constexpr std::string_view kOctets = "\"\\{}[],:ue0-. \n\x01\x7f\xc3\xff";
  std::minstd_rand random(1);  // NOLINT: the same documents in every run
  const std::string texts[] = {testing::read_source("certs/bundle/duplicate-kid.json"),
                               testing::read_source("certs/dumps/healthy.json"),
                               R"({"a\u00e9\n":["\ud83d\ude00\"\\",1e5,-0.5,true,null,{}], "b":")"
                               "\xc3\xa9\"}"};
  for (const std::string& text : texts) {
    for (int i = 0; i < 3000; ++i) {
      std::string changed = text;
      const std::size_t at = random() % changed.size();
      changed[at] = kOctets[random() % kOctets.size()];
      CAPTURE(at);
      REQUIRE(testing::disagreement(changed) == "");
    }
  }
}
