#include "meshcert/source_ref.hpp"

#include <doctest/doctest.h>

#include <vector>

using meshcert::SourceRef;

TEST_CASE("a place is rendered with the parts that are known") {
  struct Row {
    SourceRef where;
    std::string_view expected;
  };
  const std::vector<Row> rows = {
      {{}, ""},
      {{"a.pem"}, "a.pem"},
      {{"a.pem", 7}, "a.pem:7"},
      {{"-", 0, "/data/tls.crt"}, "- /data/tls.crt"},
      {{"d.json", 3, "/a/0", 0}, "d.json:3 /a/0 [certificate 0]"},
      {{"a.pem", 0, "", 2}, "a.pem [certificate 2]"},
      {{"", 0, "/a", 1}, "/a [certificate 1]"},
      {{"", 0, "", 1}, "[certificate 1]"},
  };
  for (const auto& row : rows) CHECK(to_string(row.where) == row.expected);
}

TEST_CASE("places sort by file, line, pointer, certificate") {
  const std::vector<SourceRef> sorted = {{"a", 1}, {"a", 1, "", 0}, {"a", 1, "/x"}, {"a", 2}, {"b"}};
  for (std::size_t i = 1; i < sorted.size(); ++i) CHECK(sorted[i - 1] < sorted[i]);
}
