// What servers send, taken apart: the messages of the handshake that are of interest.
#include "tls/messages.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace meshcert;
using namespace meshcert::tls;

namespace {

ByteView octets(const std::string& text) {
  return as_bytes(text);
}

std::string vector(std::size_t length_octets, const std::string& text) {
  std::string out;
  for (std::size_t i = length_octets; i > 0; --i)
    out += static_cast<char>(text.size() >> (8 * (i - 1)) & 0xffU);
  return out + text;
}

// SEQUENCE { SET { SEQUENCE { 2.5.4.10, UTF8String "A" } } }
const std::string kName("\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x0a\x0c\x01\x41", 14);

}  // namespace

TEST_CASE("certificates are taken as they stand, in both forms") {
  const std::string old = vector(3, vector(3, "one") + vector(3, "two"));
  const std::string now =
      vector(1, "") + vector(3, vector(3, "one") + vector(2, "ext") + vector(3, "two") + vector(2, ""));
  CHECK(certificate_list(octets(old), false).size() == 2);
  const auto list = certificate_list(octets(now), true);
  REQUIRE(list.size() == 2);
  CHECK(as_text(list[1]) == "two");
  CHECK(certificate_list(octets(vector(1, "") + vector(3, "")), true).empty());
}

TEST_CASE("a list that is cut off ends where it ends") {
  const std::string whole =
      vector(1, "") + vector(3, vector(3, "one") + vector(2, "") + vector(3, "two") + vector(2, ""));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    CHECK(certificate_list(octets(cut), true).size() <= 2);
    CHECK(certificate_list(octets(cut), false).size() <= 2);
    CHECK(authorities(octets(cut), true, true, 9).count <= 2);
    CHECK(authorities(octets(cut), false, true, 9).count <= 9);
  }
}

TEST_CASE("the CAs that a request names") {
  const std::string names = vector(2, vector(2, kName) + vector(2, "junk"));
  const auto old = authorities(octets(vector(1, "\x01") + vector(2, "\x04\x03") + names), false, true, 9);
  CHECK(old.names == std::vector<std::string>{"O=A", "(not decodable)"});
  CHECK(authorities(octets(vector(1, "\x01") + names), false, false, 9).count == 2);
  const std::string extensions =
      vector(2, std::string("\0\x0d", 2) + vector(2, "x") + std::string("\0\x2f", 2) + vector(2, names));
  const auto now = authorities(octets(vector(1, "") + extensions), true, true, 1);
  CHECK(now.count == 2);
  CHECK(now.names == std::vector<std::string>{"O=A"});
  CHECK(authorities(octets(vector(1, "") + vector(2, "")), true, true, 9).count == 0);
}

TEST_CASE("alerts have names, and records are told from other text") {
  CHECK(alert_name(48) == "unknown_ca");
  CHECK(alert_name(200) == "alert 200");
  CHECK(is_record(octets("\x16\x03\x01")));
  CHECK(is_record(octets("\x15")));
  CHECK_FALSE(is_record(octets("HTTP/1.1")));
  CHECK_FALSE(is_record(octets("\x16\x16")));
}
