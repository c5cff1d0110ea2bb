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
      {{"a.pem", 0, "", std::nullopt}, "a.pem"},
      {{"a.pem", 7, "", std::nullopt}, "a.pem:7"},
      {{"-", 0, "/data/tls.crt", std::nullopt}, "- /data/tls.crt"},
      {{"d.json", 3, "/a/0", 0}, "d.json:3 /a/0 [certificate 0]"},
      {{"a.pem", 0, "", 2}, "a.pem [certificate 2]"},
      {{"", 0, "/a", 1}, "/a [certificate 1]"},
      {{"", 0, "", 1}, "[certificate 1]"},
  };
  for (const auto& row : rows) CHECK(to_string(row.where) == row.expected);
}

TEST_CASE("places sort by file, line, pointer, certificate") {
  const std::vector<SourceRef> sorted = {{"a", 1, "", std::nullopt},
                                         {"a", 1, "", 0},
                                         {"a", 1, "/x", std::nullopt},
                                         {"a", 2, "", std::nullopt},
                                         {"b", 0, "", std::nullopt}};
  for (std::size_t i = 1; i < sorted.size(); ++i) CHECK(sorted[i - 1] < sorted[i]);
}
