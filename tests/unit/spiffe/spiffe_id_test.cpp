#include "meshcert/spiffe_id.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using meshcert::SpiffeId;
using meshcert::TrustDomain;

namespace {

std::string_view reason_of(std::string_view uri) {
  const auto id = SpiffeId::parse(uri);
  return id ? "" : id.error();
}

bool in(std::string_view characters, int octet) {
  return characters.find(static_cast<char>(octet)) != std::string_view::npos;
}

constexpr std::string_view kTrustDomainChars = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
constexpr std::string_view kPathChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

}  // namespace

TEST_CASE("an ID is taken apart") {
  struct Row {
    std::string_view uri, trust_domain, path;
  };
  const std::vector<Row> rows = {
      {"spiffe://example.org", "example.org", ""},
      {"spiffe://example.org/a", "example.org", "/a"},
      {"spiffe://cluster.local/ns/default/sa/sleep", "cluster.local", "/ns/default/sa/sleep"},
      {"spiffe://10.0.0.1/x", "10.0.0.1", "/x"},
      {"spiffe://under_score/x", "under_score", "/x"},
      {"spiffe://-.-/...", "-.-", "/..."},
      {"spiffe://./.a/b.", ".", "/.a/b."},
      {"spiffe://td/Path/With-Upper_Case.1", "td", "/Path/With-Upper_Case.1"},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.uri));
    const auto id = SpiffeId::parse(row.uri);
    REQUIRE(id.has_value());
    CHECK(id->uri() == row.uri);
    CHECK(id->trust_domain().name() == row.trust_domain);
    CHECK(id->path() == row.path);
  }
}

TEST_CASE("each rule refuses with its reason; without the defect the ID is right") {
  constexpr std::string_view kScheme = "scheme is missing or invalid";
  constexpr std::string_view kNoDomain = "trust domain is missing";
  constexpr std::string_view kDomainChars =
      "trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores";
  constexpr std::string_view kChars =
      "path segment characters are limited to letters, numbers, dots, dashes, and underscores";
  struct Row {
    std::string_view bad, reason, good;
  };
  const std::vector<Row> rows = {
      {"", "cannot be empty", "spiffe://td"},
      {"http://td/x", kScheme, "spiffe://td/x"},
      {"SPIFFE://td/x", kScheme, "spiffe://td/x"},
      {" spiffe://td/x", kScheme, "spiffe://td/x"},
      {"spiffe:/td/x", kScheme, "spiffe://td/x"},
      {"spiffe:td", kScheme, "spiffe://td"},
      {"//td/x", kScheme, "spiffe://td/x"},
      {"td/x", kScheme, "spiffe://td/x"},
      {"spiffe://", kNoDomain, "spiffe://td"},
      {"spiffe:///x", kNoDomain, "spiffe://td/x"},
      {"spiffe://td?q=1", kDomainChars, "spiffe://td"},
      {"spiffe://td/x?q=1", kChars, "spiffe://td/x"},
      {"spiffe://td/x?", kChars, "spiffe://td/x"},
      {"spiffe://td#f", kDomainChars, "spiffe://td"},
      {"spiffe://td/x#f", kChars, "spiffe://td/x"},
      {"spiffe://td:80/x", kDomainChars, "spiffe://td/x"},
      {"spiffe://td:/x", kDomainChars, "spiffe://td/x"},
      {"spiffe://u@td/x", kDomainChars, "spiffe://td/x"},
      {"spiffe://@td/x", kDomainChars, "spiffe://td/x"},
      {"spiffe://Td/x", kDomainChars, "spiffe://td/x"},
      {"spiffe://[::1]/x", kDomainChars, "spiffe://1/x"},
      {"spiffe://%74d/x", kDomainChars, "spiffe://td/x"},
      {"spiffe://td/%78", kChars, "spiffe://td/x"},
      {"spiffe://td/", "path cannot have a trailing slash", "spiffe://td"},
      {"spiffe://td/x/", "path cannot have a trailing slash", "spiffe://td/x"},
      {"spiffe://td//x", "path cannot contain empty segments", "spiffe://td/x"},
      {"spiffe://td/x//y", "path cannot contain empty segments", "spiffe://td/x/y"},
      {"spiffe://td//", "path cannot contain empty segments", "spiffe://td"},
      {"spiffe://td/.", "path cannot contain dot segments", "spiffe://td/.x"},
      {"spiffe://td/..", "path cannot contain dot segments", "spiffe://td/..."},
      {"spiffe://td/./x", "path cannot contain dot segments", "spiffe://td/x"},
      {"spiffe://td/x/../y", "path cannot contain dot segments", "spiffe://td/x/..y"},
      {"spiffe://td/x y", kChars, "spiffe://td/x-y"},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.bad));
    CHECK(reason_of(row.bad) == row.reason);
    CHECK(reason_of(row.good) == "");
  }
}

TEST_CASE("of all octets the rules' own are taken, in each place") {
  for (int octet = 0; octet < 256; ++octet) {
    CAPTURE(octet);
    const std::string c(1, static_cast<char>(octet));
    const bool in_domain = in(kTrustDomainChars, octet);
    const bool in_path = in(kPathChars, octet);
    for (const auto& name : {c, c + "td", "t" + c + "d", "td" + c}) {
      CHECK(TrustDomain::parse(name).has_value() == in_domain);
      // A slash ends the trust domain: what follows is then judged as a path.
      if (octet == '/') continue;
      CHECK(SpiffeId::parse("spiffe://" + name).has_value() == in_domain);
      CHECK(SpiffeId::parse("spiffe://" + name + "/path").has_value() == in_domain);
    }
    for (const auto& segment : {c + "ab", "a" + c + "b", "ab" + c})
      for (const auto& path : {"/" + segment, "/x/" + segment, "/" + segment + "/x"})
        CHECK(SpiffeId::parse("spiffe://td" + path).has_value() ==
              (in_path || path == "/a/b" || path == "/x/a/b" || path == "/a/b/x"));
    CHECK(SpiffeId::parse("spiffe://td/" + c).has_value() == (in_path && octet != '.'));
  }
}

TEST_CASE("a trust domain has one to 255 octets, an ID any number") {
  const std::string longest(255, 'a');
  CHECK_FALSE(TrustDomain::parse("").has_value());
  CHECK(TrustDomain::parse(longest).has_value());
  CHECK_FALSE(TrustDomain::parse(longest + "a").has_value());
  CHECK(SpiffeId::parse("spiffe://" + longest + "/x").has_value());
  CHECK(reason_of("spiffe://" + longest + "a/x") == "trust domain is longer than 255 bytes");
  CHECK(SpiffeId::parse("spiffe://td/" + std::string(2048 - 12, 'a'))->uri().size() ==
        meshcert::kMaxSpiffeIdBytes);
  CHECK(SpiffeId::parse("spiffe://td/" + std::string(100'000, 'a')).has_value());
}

TEST_CASE("a trust domain is read from a name or an ID") {
  for (const auto* text : {"example.org", "spiffe://example.org", "spiffe://example.org/path"}) {
    CAPTURE(text);
    const auto domain = TrustDomain::parse_name_or_id(text);
    REQUIRE(domain.has_value());
    CHECK(domain->name() == "example.org");
  }
  for (const auto* text : {"", "example.org/", "example.org/path", "Example.org", "spiffe://",
                           "spiffe:///path", "http://example.org", "spiffe:/example.org", "://example.org",
                           "example.org:80", "spiffe://example.org/", "spiffe://example.org/a//b"}) {
    CAPTURE(text);
    CHECK_FALSE(TrustDomain::parse_name_or_id(text).has_value());
  }
}

TEST_CASE("IDs and trust domains compare by their octets") {
  CHECK(*SpiffeId::parse("spiffe://td/a") == *SpiffeId::parse(std::string("spiffe://td") + "/a"));
  CHECK(*SpiffeId::parse("spiffe://td/a") != *SpiffeId::parse("spiffe://td/A"));
  CHECK(SpiffeId::parse("spiffe://td/a")->trust_domain() == SpiffeId::parse("spiffe://td/b")->trust_domain());
  CHECK(*TrustDomain::parse("a") < *TrustDomain::parse("b"));
}
