#include <string>

#include "tests/support/source_tree.hpp"
#include "tests/support/truncate.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

// Text without blocks is no input at all, so before the first block everything
// is lost; later what counts is whether a block is open.
bool inside_pem(const std::string& text, std::size_t cut) {
  const std::size_t first = text.find("-----BEGIN");
  if (cut <= first) return true;
  const std::size_t begin = text.rfind("-----BEGIN", cut - 1);
  const std::size_t end = text.find("-----END", begin);
  return cut < text.find("-----", end + 8) + 5;
}

}  // namespace

TEST_CASE("truncation: PEM files, at every octet") {
  for (const char* path : {"certs/workload/healthy-chain.pem", "certs/input/healthy-crlf.pem"}) {
    const std::string text = read_source(path);
    check_truncations(path, text, [&](std::size_t cut) { return inside_pem(text, cut); });
  }
}

TEST_CASE("truncation: concatenated DER, at every octet") {
  const std::string octets = read_source("certs/input/healthy-concatenated.der");
  const Collector whole = read("f", octets);
  REQUIRE(whole.certificates() == 2);
  const std::size_t first = whole.artifacts[0].certificates[0].der.size();
  check_truncations("f", octets, [&](std::size_t cut) { return cut != first; });
}

TEST_CASE("truncation: dumps, at every octet") {
  for (const char* path : {"certs/dumps/healthy-spire.json", "certs/dumps/healthy-mixed-spelling.json",
                           "certs/dumps/healthy-ztunnel.json", "certs/dumps/envoy-certs.json"}) {
    const std::string text = read_source(path);
    const std::size_t end = text.find_last_of('}');
    check_truncations(path, text, [end](std::size_t cut) { return cut <= end; });
  }
  for (const char* path :
       {"certs/dumps/healthy-ztunnel-list.json", "certs/dumps/healthy-istioctl-list.json"}) {
    const std::string text = read_source(path);
    const std::size_t end = text.find_last_of(']');
    check_truncations(path, text, [end](std::size_t cut) { return cut <= end; });
  }
}

// YAML that ends with a line is whole, so a cut shows only where something is
// missing that must be there: in a key, in a certificate, before any list.
TEST_CASE("truncation: YAML, at every octet") {
  const std::string text = read_source("certs/dumps/healthy-yaml.yaml");
  const Collector whole = read("f", text);
  REQUIRE_FALSE(whole.lost());
  const auto certificates = fingerprints(whole);
  std::size_t lost = 0;
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    CAPTURE(cut);
    const Collector part = read("f", text.substr(0, cut));
    REQUIRE(std::ranges::includes(certificates, fingerprints(part)));
    if (cut <= text.find("- ")) REQUIRE(part.lost());
    // Nothing is active and without a certificate in silence.
    for (const Artifact& artifact : part.artifacts) {
      if (artifact.certificates.empty() && artifact.state == SecretState::active) REQUIRE(part.lost());
    }
    lost += part.lost() ? 1 : 0;
  }
  CHECK(lost > text.size() / 2);
}

TEST_CASE("truncation: a PKCS#7 block, at every octet") {
  const std::string text = read_source("certs/input/healthy-pkcs7.pem");
  check_truncations("f", text, [&](std::size_t cut) { return inside_pem(text, cut); });
}

// One dash or two at the end may be the beginning of a block; three are a line that
// openssl draws.
TEST_CASE("truncation: a transcript, at every octet") {
  const std::string text = read_source("certs/input/healthy-transcript-again.txt");
  check_truncations("t", text, [&](std::size_t cut) {
    const std::string part = text.substr(0, cut);
    const std::size_t first = text.find("-----BEGIN");
    const bool drawn = part.ends_with("\n---") && text.substr(cut - 3).starts_with("-----BEGIN");
    if (drawn && cut > first + 10) return false;
    return part.ends_with("\n-") || part.ends_with("\n--") || inside_pem(text, cut);
  });
}

// Cut between two characters that fill an octet, base64 is base64 without its
// padding, which is taken: what it holds is cut then, unless that is a line break.
TEST_CASE("truncation: values of base64, at every octet") {
  struct Row {
    std::string path;
    std::size_t spare;  // octets at the end that nobody misses
  };
  for (const Row& row :
       {Row{"certs/input/healthy-base64-of-pem.txt", 1}, Row{"certs/input/healthy-base64-of-der.txt", 0},
        Row{"certs/input/healthy-base64-wrapped.txt", 1}}) {
    const std::string text = read_source(row.path);
    const auto characters = [&text](std::size_t cut) {
      return static_cast<std::size_t>(
          std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(cut),
                        [](char c) { return c != '\n' && c != '"' && c != '='; }));
    };
    const std::size_t needed = characters(text.size()) * 6 / 8 - row.spare;
    check_truncations(row.path, text, [&](std::size_t cut) {
      const std::size_t count = characters(cut);
      return count % 4 == 1 || count * 6 / 8 < needed;
    });
  }
}

// A table without its last rows is a table.
TEST_CASE("truncation: istioctl's table is lost at every octet but the ends of rows with dates") {
  const std::string text = read_source("certs/input/istioctl-table.txt");
  const std::size_t second = text.find('\n', text.find("default"));
  const std::size_t third = text.size() - 1;
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const Collector part = read("t", text.substr(0, cut));
    CAPTURE(cut);
    const bool at_end = cut == second || cut == second + 1 || cut >= third;
    REQUIRE(part.lost() == !at_end);
    REQUIRE(part.certificates() == 0);
    REQUIRE(part.artifacts.size() <= 3);
  }
}

TEST_CASE("truncation: PEM in quotation and PEM with CR alone, at every octet") {
  for (const char* path : {"certs/input/quoted.pem", "certs/input/carriage-returns.pem"}) {
    const std::string text = read_source(path);
    check_truncations(path, text, [&](std::size_t cut) { return inside_pem(text, cut); });
  }
}

// A header cut short is a header, a log a log: they are never more than they were.
TEST_CASE("truncation: headers, tokens, logs and streams of YAML invent nothing") {
  struct Row {
    const char* path;
    std::size_t step;
  };
  for (const Row& row :
       {Row{"certs/xfcc/healthy.txt", 7}, Row{"certs/jwt/healthy-svid.txt", 1},
        Row{"certs/jwt/healthy-token-request.json", 3}, Row{"tests/cases/log/envoy.log", 101},
        Row{"tests/cases/log/envoy-json.log", 1}, Row{"certs/dumps/healthy-yaml-stream.yaml", 37},
        Row{"certs/kubernetes/healthy-list.yaml", 211}}) {
    const std::string text = read_source(row.path);
    const Collector whole = read(row.path, text);
    REQUIRE_FALSE(whole.lost());
    const auto certificates = fingerprints(whole);
    for (std::size_t cut = 0; cut < text.size(); cut += row.step) {
      CAPTURE(std::string(row.path));
      CAPTURE(cut);
      const Collector part = read(row.path, text.substr(0, cut));
      REQUIRE(std::ranges::includes(certificates, fingerprints(part)));
    }
  }
}

TEST_CASE("truncation: lists of Kubernetes objects, SPIFFE bundles and whole config dumps") {
  struct Row {
    const char* path;
    std::size_t step;
  };
  for (const Row& row :
       {Row{"certs/kubernetes/healthy-list.json", 211}, Row{"certs/bundle/healthy-spiffe.json", 1},
        Row{"certs/bundle/healthy-map.json", 3}, Row{"certs/dumps/healthy-config-dump.json", 101}}) {
    const std::string text = read_source(row.path);
    const std::size_t end = text.find_last_of('}');
    check_truncations(
        row.path, text, [end](std::size_t cut) { return cut <= end; }, row.step);
  }
}

TEST_CASE("truncation: PKCS#7 in DER, at every octet") {
  check_truncations("f", read_source("certs/input/healthy-pkcs7.p7b"), [](std::size_t) { return true; });
}
