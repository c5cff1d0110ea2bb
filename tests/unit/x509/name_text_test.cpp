#include "x509/name_text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace meshcert;
using x509::read_name_text;

namespace {

std::string flat(std::string_view text) {
  std::string out;
  for (const auto& [type, value] : read_name_text(text)) out += "[" + type + "|" + value + "]";
  return out;
}

}  // namespace

TEST_CASE("names in text, in the forms that programs write") {
  struct Row {
    const char *text, *attributes;
  };
  for (const Row& row : {
           Row{"", ""},
           Row{"CN=a,O=b", "[CN|a][O|b]"},
           Row{"/C=US/O=b c/CN=a", "[C|US][O|b c][CN|a]"},
           Row{"CN=a, O=b", "[CN|a][O|b]"},
           Row{"CN=a+OU=x,O=b", "[CN|a][OU|x][O|b]"},
           Row{"O=Lyft\\, Inc.,CN=a\\=b", "[O|Lyft, Inc.][CN|a=b]"},
           Row{"O=caf\\C3\\A9", "[O|caf\xC3\xA9]"},
           Row{"CN=a=b", "[CN|a=b]"},
           Row{"words", ""},
           Row{",,=,", "[|]"},
           Row{"CN=a\\", "[CN|a\\]"},
           Row{"CN=\\4", "[CN|4]"},
       }) {
    CAPTURE(row.text);
    CHECK(flat(row.text) == row.attributes);
  }
}
