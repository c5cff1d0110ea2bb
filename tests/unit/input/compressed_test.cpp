// What was compressed is held against its checksum, and what came before a fault is read.
#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "tests/support/collector.hpp"

using namespace meshcert;
using meshcert::testing::Collector;
using meshcert::testing::read;

namespace {

std::string leaf() {
  std::ifstream file(MESHCERT_SOURCE_DIR "/certs/workload/healthy.pem", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  REQUIRE(file);
  return text.str();
}

std::string little_endian(std::size_t number, int octets) {
  std::string text;
  for (; octets > 0; --octets, number >>= 8) text += static_cast<char>(number & 0xFF);
  return text;
}

// RFC 1952 8, a bit at a time.
std::uint32_t crc32(std::string_view text) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

// One member (RFC 1952 2.3) of one stored block (RFC 1951 3.2.4).
std::string gzip(std::string_view text, std::uint32_t crc, std::size_t length) {
  return std::string("\x1F\x8B\x08\0\0\0\0\0\0\3", 10) + "\1" + little_endian(text.size(), 2) +
         little_endian(~text.size(), 2) + std::string(text) + little_endian(crc, 4) +
         little_endian(length, 4);
}

std::string gzip(std::string_view text) {
  return gzip(text, crc32(text), text.size());
}

}  // namespace

TEST_CASE("a gzip is held against its checksum, its length and its end") {
  const std::string pem = leaf();
  const std::string good = gzip(pem);
  struct Row {
    std::string what;
    std::string octets;
    std::size_t certificates;
    bool lost;
  };
  for (const Row& row : {
           Row{"as it was written", good, 1, false},
           Row{"nothing, as a log that was turned over", gzip(""), 0, false},
           Row{"two members", good + gzip(pem), 2, false},
           Row{"a padded block of a tape", good + std::string(512, '\0'), 1, false},
           Row{"another checksum", gzip(pem, crc32(pem) ^ 1, pem.size()), 1, true},
           Row{"another length", gzip(pem, crc32(pem), pem.size() + 1), 1, true},
           Row{"the checksum cut off", good.substr(0, good.size() - 8), 1, true},
           Row{"the length cut off", good.substr(0, good.size() - 1), 1, true},
           Row{"something else behind it", good + "hello", 1, true},
           Row{"a second member with another checksum", good + gzip(pem, 0, pem.size()), 2, true},
       }) {
    CAPTURE(row.what);
    const Collector found = read("f.gz", row.octets);
    CHECK(found.lost() == row.lost);
    CHECK(found.certificates() == row.certificates);
    for (const Defect& defect : found.defects()) CHECK(defect.where.file == "f.gz");
  }
}

// zstd --check and xz of "hello\n", as the programs of those names write it.
TEST_CASE("what zstd and xz compressed is held against its checksum") {
  std::string zstd("\x28\xB5\x2F\xFD\x04\x58\x31\0\0hello\n\x53\x88\xBD\x91", 19);
  std::string xz(
      "\xFD\x37\x7A\x58\x5A\0\0\x04\xE6\xD6\xB4\x46\x02\0\x21\x01\x16\0\0\0\x74\x2F\xE5\xA3\x01\0\x05hello\n\0"
      "\0\0\xA5\x60\x97\xF1\x94\xF6\xFD\xE0\0\x01\x1E\x06\xC1\x2F\xA4\x1D\x1F\xB6\xF3\x7D\x01\0\0\0\0\x04YZ",
      64);
  CHECK_FALSE(read("f.zst", zstd).lost());
  CHECK_FALSE(read("f.xz", xz).lost());
  zstd.back() ^= 1;
  xz[37] ^= 1;
  CHECK(read("f.zst", zstd).lost());
  CHECK(read("f.xz", xz).lost());
}
