#include <doctest/doctest.h>
#include <openssl/pkcs12.h>

#include <algorithm>

#include "base/secret.hpp"
#include "meshcert/input.hpp"
#include "tests/support/sample.hpp"
#include "tests/unit/x509/openssl_certificate.hpp"

using namespace meshcert;
using meshcert::testing::sample;

namespace {

struct Collector final : ArtifactSink {
  void artifact(Artifact&& artifact) override { artifacts.push_back(std::move(artifact)); }
  void defect(Defect&& defect) override { defects.push_back(std::move(defect)); }
  std::vector<Artifact> artifacts;
  std::vector<Defect> defects;

  [[nodiscard]] bool lost() const {
    const auto any = [](const std::vector<Defect>& list) { return std::ranges::any_of(list, &Defect::lost); };
    return any(defects) || std::ranges::any_of(artifacts, [&](const Artifact& a) { return any(a.defects); });
  }
  [[nodiscard]] std::size_t certificates() const {
    std::size_t count = 0;
    for (const Artifact& artifact : artifacts) count += artifact.certificates.size();
    return count;
  }
};

Collector read(std::string_view octets, std::string_view password = {}) {
  Collector collector;
  ReadOptions options;
  options.as = Format::pkcs12;
  if (!password.empty())
    options.password = std::make_shared<const base::SecretOctets>(
        std::vector<std::uint8_t>(password.begin(), password.end()));
  read_input("k.p12", as_bytes(octets), options, collector);
  return collector;
}

// A store that OpenSSL writes under this password; null is none, which is not the empty one.
std::string store_under(const char* password) {
  const auto key = testing::make_ec_key();
  const auto octets = testing::make_certificate(key.get(), key.get());
  const std::uint8_t* at = octets.data();
  const std::unique_ptr<X509, testing::Free> certificate(
      d2i_X509(nullptr, &at, static_cast<long>(octets.size())));
  constexpr int kTripleDes = NID_pbe_WithSHA1And3_Key_TripleDES_CBC;
  PKCS12* store = PKCS12_create(password, nullptr, key.get(), certificate.get(), nullptr, kTripleDes,
                                kTripleDes, 2048, 2048, 0);
  REQUIRE(store != nullptr);
  std::uint8_t* made = nullptr;
  const int size = i2d_PKCS12(store, &made);
  std::string text(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
  OPENSSL_free(made);
  PKCS12_free(store);
  return text;
}

}  // namespace

TEST_CASE("a PKCS#12 without a password opens in both ways of writing that (RFC 7292 B.1)") {
  for (const char* password : {static_cast<const char*>(nullptr), ""}) {
    const Collector found = read(store_under(password));
    CHECK_FALSE(found.lost());
    CHECK(found.certificates() == 1);
  }
  const Collector shut = read(store_under("secret"));
  CHECK(shut.certificates() == 0);
}

TEST_CASE("a PKCS#12 gives its certificates in the order of a chain, and the facts of its key") {
  const Collector found = read(sample("key/key-store.p12"), "meshcert");
  REQUIRE(found.artifacts.size() == 1);
  const Artifact& store = found.artifacts.front();
  CHECK_FALSE(found.lost());
  REQUIRE(store.certificates.size() == 2);
  CHECK_FALSE(store.certificates[0].is_ca());
  CHECK(store.certificates[1].is_ca());
  REQUIRE(store.key);
  CHECK(store.key->matches_leaf == true);
}

TEST_CASE("a PKCS#12 cut off anywhere, or altered, loses octets and says so") {
  const std::string whole = sample("key/key-store-open.p12");
  REQUIRE(read(whole).certificates() == 1);
  CHECK_FALSE(read(whole).lost());
  for (std::size_t size = 1; size < whole.size(); size += 7) {
    CAPTURE(size);
    CHECK(read(whole.substr(0, size)).lost());
  }
  // The MAC covers all but itself and the frame.
  for (std::size_t at = 60; at + 120 < whole.size(); at += 29) {
    CAPTURE(at);
    std::string altered = whole;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    CHECK(read(altered).lost());
  }
}

TEST_CASE("a PKCS#12 without a password is opened although one is given for others") {
  const Collector found = read(sample("key/key-store-open.p12"), "meshcert");
  CHECK(found.certificates() == 1);
  CHECK_FALSE(found.lost());
  CHECK(read(sample("key/key-store.p12"), "another").lost());
}

TEST_CASE("a PKCS#12 is not hashed for longer than is allowed") {
  const Collector found = read(sample("key/key-store-endless.p12"), "meshcert");
  REQUIRE(found.artifacts.size() == 1);
  const auto& defects = found.artifacts.front().defects;
  REQUIRE(defects.size() == 1);
  CHECK(defects.front().kind == DefectKind::key_encrypted);
  CHECK(defects.front().detail.find("2147483648 times") != std::string::npos);
}
