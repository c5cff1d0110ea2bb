#include "path/peer_name.hpp"

#include <doctest/doctest.h>

#include "base/address.hpp"
#include "tests/unit/path/forge.hpp"

using namespace meshcert;
using namespace meshcert::path;
using namespace std::string_view_literals;
using testing::make_leaf;

TEST_CASE("a DNS name as presented meets the name that is wanted") {
  const struct {
    std::string_view presented, reference;
    bool match;
  } rows[] = {
      {"a.example.com", "a.example.com", true},
      {"A.Example.COM", "a.eXample.com", true},
      {"a.example.com", "a.example.com.", true},
      {"a.example.com.", "a.example.com", false},
      {"*.example.com", "a.example.com", true},
      {"*.example.com", "A.EXAMPLE.com", true},
      {"*.example.com", "example.com", false},
      {"*.example.com", ".example.com", false},
      {"*.example.com", "a.b.example.com", false},
      {"*.example.com", "*.example.com", false},
      {"*.com", "example.com", false},
      {"*", "example", false},
      {"a*.example.com", "ab.example.com", false},
      {"*a.example.com", "ba.example.com", false},
      {"a.*.example.com", "a.b.example.com", false},
      {"**.example.com", "a.example.com", false},
      {"xn--*.example.com", "xn--a.example.com", false},
      {"127.0.0.1", "127.0.0.1", false},
      {"*.0.0.1", "127.0.0.1", false},
      {"a..example.com", "a..example.com", false},
      {"", "", false},
      {".", ".", false},
      {"a.example.com\0.evil.org"sv, "a.example.com", false},
      {"my_service.shop.svc", "my_service.shop.svc", true},
      {"istiod.istio-system.svc", "istiod.istio-system.svc", true},
      {"-a.example.com", "-a.example.com", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.presented);
    CAPTURE(row.reference);
    CHECK(matches_dns(row.presented, row.reference) == row.match);
  }
  const std::string label(63, 'a'), longer(64, 'a');
  CHECK(matches_dns(label + ".com", label + ".com"));
  CHECK_FALSE(matches_dns(longer + ".com", longer + ".com"));
  std::string most = label + "." + label + "." + label + "." + label.substr(2);
  REQUIRE(most.size() == 253);
  CHECK(matches_dns(most, most));
  most += "a";
  CHECK_FALSE(matches_dns(most, most));
}

TEST_CASE("addresses are read as people write them") {
  CHECK(base::parse_address("10.0.0.1") == std::vector<std::uint8_t>{10, 0, 0, 1});
  CHECK(base::parse_address("::1") ==
        std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  CHECK(base::parse_address("2001:db8::1").size() == 16);
  CHECK(base::parse_address("2001:DB8:0:0:0:0:0:1") == base::parse_address("2001:db8::1"));
  CHECK(base::parse_address("::ffff:1.2.3.4").size() == 16);
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "1.2.3.04",
                           "1.2.3.-1",
                           "1..2.3",
                           ":",
                           ":::",
                           "1::2::3",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "g::1",
                           "12345::",
                           "1:2:3:4:5:6:7:8::",
                           "::1.2.3",
                           "1.2.3.4::",
                           "1.2.3.4::1",
                           "1:1.2.3.4::",
                           "1.2.3.4 ",
                           "0x7f.0.0.1"}) {
    CAPTURE(text);
    CHECK(base::parse_address(text).empty());
  }
}

TEST_CASE("a certificate has the names of its subjectAltName and no other") {
  using enum PeerName::Kind;
  const auto leaf = make_leaf("cn.example.com", "Root",
                              {{"subjectAltName",
                                "DNS:a.example.com,IP:10.0.0.1,email:Who@Example.com,"
                                "URI:spiffe://td/ns/a/sa/b"}});
  const auto has = [&](PeerName::Kind kind, std::string value) {
    return has_name(leaf.certificate, {kind, std::move(value)});
  };
  CHECK(has(dns, "a.example.com"));
  CHECK_FALSE(has(dns, "cn.example.com"));
  CHECK_FALSE(has(dns, "10.0.0.1"));
  CHECK(has(ip, "10.0.0.1"));
  CHECK_FALSE(has(ip, "10.0.0.2"));
  CHECK_FALSE(has(ip, "a.example.com"));
  CHECK(has(email, "Who@example.COM"));
  CHECK_FALSE(has(email, "who@example.com"));
  CHECK(has(uri, "spiffe://td/ns/a/sa/b"));
  CHECK_FALSE(has(uri, "spiffe://TD/ns/a/sa/b"));
  CHECK_FALSE(has(uri, "spiffe://td/ns/a/sa/b/"));
  // The same octets as a name of another type are another name.
  CHECK_FALSE(has(uri, "a.example.com"));
  CHECK_FALSE(has(uri, "Who@Example.com"));
  CHECK_FALSE(has(dns, "spiffe://td/ns/a/sa/b"));
}
