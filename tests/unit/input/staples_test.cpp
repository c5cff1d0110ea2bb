// OCSP staples in Secrets: what Envoy takes for one.
#include <doctest/doctest.h>

#include "base/base64.hpp"
#include "meshcert/kubernetes.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

Collector read(const std::string& values) {
  const std::string text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: n}\n" + values;
  Collector found;
  read_input("f.yaml", as_bytes(text), {}, found);
  return found;
}

std::string value(const std::string& key, const std::string& path) {
  const std::string text = read_source("certs/" + path);
  std::string out = "  " + key + ": |\n";
  for (const auto& line : split_lines(text.substr(text.find("-----BEGIN"))))
    out += "    " + std::string(line) + "\n";
  return out;
}

}  // namespace

TEST_CASE("staples: one cut anywhere is told, never half believed") {
  const std::string sample = read_source("certs/chain/healthy-staple.yaml");
  const std::string key = "tls.ocsp-staple: ";
  const std::size_t begin = sample.find(key) + key.size();
  const auto whole = base::decode_base64(sample.substr(begin, sample.find('\n', begin) - begin));
  REQUIRE(whole);
  const auto staple_of = [](const std::vector<std::uint8_t>& octets) {
    return read("data: {tls.ocsp-staple: '" + base::encode_base64(octets) + "'}\n");
  };
  const Collector found = staple_of(*whole);
  REQUIRE(found.objects.at(0)->as<Credential>()->staple);
  CHECK(found.objects[0]->as<Credential>()->staple->answer.status == OcspAnswer::Status::good);
  CHECK(found.objects[0]->as<Credential>()->staple->answer.next_update);
  for (std::size_t size = 1; size < whole->size(); ++size) {
    const Collector cut = staple_of({whole->begin(), whole->begin() + static_cast<std::ptrdiff_t>(size)});
    CHECK_FALSE(cut.objects.at(0)->as<Credential>()->staple);
    CHECK(cut.lost());
  }
  // With anything behind it, be it a newline, Envoy refuses it.
  std::vector<std::uint8_t> more = *whole;
  more.push_back('\n');
  const Collector longer = staple_of(more);
  CHECK_FALSE(longer.objects.at(0)->as<Credential>()->staple);
  REQUIRE(longer.lost());
  CHECK(longer.defects().front().detail.find("(Data contained more than a single OCSP response)") !=
        std::string::npos);
}

TEST_CASE("staples: one that Envoy takes for none is told in its words") {
  struct Row {
    std::vector<std::uint8_t> octets;
    std::string says;
  };
  const Row rows[] = {{{0x30, 3, 0x0a, 1, 3}, "(OCSP response was unsuccessful)"},  // tryLater
                      {{0x30, 3, 0x0a, 1, 0}, "(OCSP response has no body)"},
                      {{'j', 'u', 'n', 'k'}, "(OCSP Response is not a well-formed ASN.1 SEQUENCE)"},
                      {{0x30, 0}, "no OCSP response in DER"}};
  for (const Row& row : rows) {
    const Collector found = read("data: {tls.ocsp-staple: '" + base::encode_base64(row.octets) + "'}\n");
    REQUIRE_FALSE(found.defects().empty());
    CHECK(found.defects().front().detail.find(row.says) != std::string::npos);
  }
  // Of a pair under its own keys, istiod looks for none.
  const std::string pair = value("cert", "gateway/healthy.pem") + value("key", "keys/workload.pem");
  const std::string junk = "  tls.ocsp-staple: junk\n";
  CHECK_FALSE(read("stringData:\n" + pair + junk).lost());
  CHECK(read("stringData:\n" + junk).lost());
}
