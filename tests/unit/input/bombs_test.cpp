// Inputs that are cheap to write and have cost other readers minutes: the work must
// grow with the octets and no faster. Measured by the ratio of two sizes, because
// a test knows no fair limit in seconds.
#include <doctest/doctest.h>

#include <string>

#include "base/base64.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/processor_time.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using meshcert::testing::read;

namespace {

std::string repeat(const std::string& text, std::size_t octets) {
  std::string out;
  while (out.size() < octets) out += text;
  return out;
}

double seconds_to_read(const std::string& text) {
  const double start = testing::processor_seconds();
  const auto found = read("bomb", text);
  CHECK((found.lost() || found.certificates() != 0));
  return testing::processor_seconds() - start;
}

std::string deep_pkcs7(std::size_t octets) {
  return "\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02" + repeat("\xA0\x80", octets);
}

}  // namespace

TEST_CASE("bombs: eight times the octets cost no more than about eight times the time") {
  struct Row {
    std::string_view name;
    std::string (*make)(std::size_t octets);
  };
  const Row rows[] = {
      {"BEGIN lines", [](std::size_t n) { return repeat("-----BEGIN CERTIFICATE-----\n", n); }},
      {"BEGIN without end", [](std::size_t n) { return repeat("-----BEGIN ", n); }},
      {"one line", [](std::size_t n) { return std::string(n, 'A'); }},
      {"one line in a block",
       [](std::size_t n) {
         return "-----BEGIN CERTIFICATE-----\n" + std::string(n, 'A') + "\n-----END CERTIFICATE-----\n";
       }},
      {"dashes", [](std::size_t n) { return "-----BEGIN A-----\n" + std::string(n, '-'); }},
      {"END lines", [](std::size_t n) { return repeat("-----END A-----\n", n); }},
      {"quotations", [](std::size_t n) { return repeat("> ", n) + "-----BEGIN A-----"; }},
      {"carriage returns", [](std::size_t n) { return repeat("-----BEGIN A-----\r", n); }},
      {"transcripts", [](std::size_t n) { return repeat("CONNECTED(\n-----BEGIN A\n", n); }},
      {"nearly transcripts", [](std::size_t n) { return repeat("CONNECTED(", n) + "-----BEGIN A"; }},
      {"chain entries",
       [](std::size_t n) {
         return "CONNECTED(\nCertificate chain\n" + repeat(" 0 s:\n", n) +
                testing::read_source("certs/pki/root.pem");
       }},
      {"base64 values", [](std::size_t n) { return repeat("MIIBADCC" + std::string(90, 'A') + " ", n); }},
      {"base64 of A", [](std::size_t n) { return "LS0tLS1CRUdJTiBB" + std::string(n, 'A'); }},
      {"table rows",
       [](std::size_t n) {
         return "RESOURCE NAME     STATUS     VALID CERT\n" +
                repeat("a                 ACTIVE     false\n", n);
       }},
      {"tables", [](std::size_t n) { return repeat("RESOURCE NAME  STATUS  VALID CERT\n", n); }},
      {"columns", [](std::size_t n) { return "RESOURCE NAME  VALID CERT" + repeat("  a", n) + "\nx\n"; }},
      {"PKCS#7 in itself", deep_pkcs7},
      {"PKCS#7 of nothing",
       [](std::size_t n) {
         return "-----BEGIN PKCS7-----\n" + base::encode_base64(as_bytes(deep_pkcs7(n))) +
                "\n-----END PKCS7-----\n";
       }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const std::string small = row.make(60'000), large = row.make(480'000);
    seconds_to_read(small);  // the first time pays for memory
    const double one = seconds_to_read(small), eight = seconds_to_read(large);
    // Quadratic would be 64 times; noise of a loaded machine is allowed for.
    CHECK(eight < 32 * one + 0.2);
  }
}
