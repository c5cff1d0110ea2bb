#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/base64.hpp"
#include "base/secret.hpp"
#include "input/loose_keys.hpp"
#include "meshcert/input.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/sample.hpp"
#include "tests/support/source_tree.hpp"

// --password-file wherever a private key or a PKCS#12 stands: with the right password the key is
// held against its certificate; with another, its octets are lost; with none, it is told.

using namespace meshcert;
using namespace meshcert::testing;

namespace {

constexpr std::string_view kRight = "meshcert", kWrong = "other", kNone = "";

Collector read_under(const std::string& name, std::string_view octets, std::string_view password) {
  ReadOptions options;
  if (!password.empty())
    options.password = std::make_shared<const base::SecretOctets>(
        std::vector<std::uint8_t>(password.begin(), password.end()));
  return read(name, octets, options);
}

/// The blocks of a sample whose label has the word, or those that have it not.
std::string blocks(const std::string& path, std::string_view word, bool with) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  std::string out, text = pem_of(path);
  for (std::size_t at = text.find(kBegin), next = 0; at != std::string::npos; at = next) {
    next = text.find(kBegin, at + 1);
    const std::string block = text.substr(at, next == std::string::npos ? next : next - at);
    const bool has = block.substr(0, block.find('\n')).find(word) != std::string::npos;
    if (has == with) out += block;
  }
  return out;
}

std::string base64(std::string_view octets) {
  return base::encode_base64(as_bytes(octets));
}

std::string key() {
  return blocks("key/encrypted-key.pem", "ENCRYPTED", true);
}
std::string own_certificate() {
  return blocks("key/encrypted-key.pem", "CERTIFICATE", true);
}
std::string other_certificate() {
  return blocks("key/healthy-p256.pem", "CERTIFICATE", true);
}

std::string der_key() {
  const std::string text = key();
  const std::size_t begin = text.find('\n') + 1;
  std::string body = text.substr(begin, text.find("-----END") - begin);
  std::erase(body, '\n');
  const auto octets = base::decode_base64(body);
  REQUIRE(octets);
  return {octets->begin(), octets->end()};
}

std::string secret_of(const std::string& data) {
  return R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "n"}, "data": {)" +
         data + "}}";
}
std::string value(const std::string& key, const std::string& octets) {
  return '"' + key + R"(": ")" + base64(octets) + '"';
}

std::string envoy_pkcs12(const std::string& store) {
  return R"({"dynamicActiveSecrets": [{"name": "default", "secret": {"name": "default", "tlsCertificate": )"
         R"({"pkcs12": {"inlineBytes": ")" +
         base64(sample(store)) + R"("}}}}]})";
}

void check(const Collector& found, std::optional<bool> matches) {
  REQUIRE(found.artifacts.size() == 1);
  REQUIRE(found.artifacts[0].key);
  CHECK(found.artifacts[0].key->matches_leaf == matches);
  CHECK(found.artifacts[0].key->encrypted);
}

}  // namespace

TEST_CASE("password: the key of a Secret, under each of its names") {
  for (const auto& [certificate, private_key] :
       {std::pair{"tls.crt", "tls.key"}, {"cert", "key"}, {"ca-cert.pem", "ca-key.pem"}}) {
    CAPTURE(private_key);
    const std::string own =
        secret_of(value(certificate, own_certificate()) + ", " + value(private_key, key()));
    const std::string other =
        secret_of(value(certificate, other_certificate()) + ", " + value(private_key, key()));
    const Collector right = read_under("s.json", own, kRight);
    check(right, true);
    CHECK(right.defects().empty());
    check(read_under("s.json", other, kRight), false);
    const Collector wrong = read_under("s.json", own, kWrong);
    check(wrong, std::nullopt);
    CHECK(wrong.lost());
    const Collector none = read_under("s.json", own, kNone);
    check(none, std::nullopt);
    CHECK(none.has(DefectKind::key_encrypted));
    CHECK_FALSE(none.lost());
  }
}

TEST_CASE("password: the items of a list, which are read in batches") {
  const std::string item = secret_of(value("tls.crt", own_certificate()) + ", " + value("tls.key", key()));
  const Collector found = read_under(
      "l.json", R"({"apiVersion": "v1", "kind": "List", "items": [)" + item + ", " + item + "]}", kRight);
  REQUIRE(found.artifacts.size() == 2);
  CHECK(found.artifacts[1].key->matches_leaf == true);
}

TEST_CASE("password: a key store in a Secret is opened, as that of cert-manager") {
  const auto secret = [](const std::string& store) {
    return secret_of(value("keystore.p12", sample(store)));
  };
  const Collector right = read_under("s.json", secret("key/key-store.p12"), kRight);
  check(right, true);
  CHECK(right.certificates() == 2);
  CHECK(right.artifacts[0].name == "keystore.p12");
  CHECK(right.defects().empty());
  check(read_under("s.json", secret("key/key-store-mismatch.p12"), kRight), false);
  const Collector wrong = read_under("s.json", secret("key/key-store.p12"), kWrong);
  CHECK(wrong.lost());
  CHECK(wrong.has(DefectKind::key_encrypted));
  const Collector none = read_under("s.json", secret("key/key-store.p12"), kNone);
  CHECK(none.artifacts.empty());
  CHECK(none.has(DefectKind::unsupported_block));
  CHECK_FALSE(none.has(DefectKind::key_encrypted));
}

TEST_CASE("password: the PKCS#12 of an Envoy secret") {
  const Collector right = read_under("d.json", envoy_pkcs12("key/key-store.p12"), kRight);
  check(right, true);
  CHECK(right.certificates() == 2);
  CHECK_FALSE(right.has(DefectKind::unsupported_block));
  CHECK_FALSE(right.lost());
  check(read_under("d.json", envoy_pkcs12("key/key-store-mismatch.p12"), kRight), false);
  CHECK(read_under("d.json", envoy_pkcs12("key/key-store.p12"), kWrong).lost());
  const Collector none = read_under("d.json", envoy_pkcs12("key/key-store.p12"), kNone);
  CHECK(none.has(DefectKind::unsupported_block));
  CHECK_FALSE(none.lost());
}

TEST_CASE("password: a key in DER that is alone in its file belongs to the certificate beside it") {
  const auto held_against = [](const std::string& certificate, std::string_view password) {
    Collector pair = read_under("web.pem", certificate, password);
    Collector lone = read_under("web.key", der_key(), password);
    REQUIRE(lone.artifacts.size() == 1);
    CHECK(input::is_loose_key(lone.artifacts[0]));
    const auto left = input::attach_keys(pair.artifacts, std::move(lone.artifacts));
    CHECK(left.empty());
    return pair;
  };
  check(held_against(own_certificate(), kRight), true);
  check(held_against(other_certificate(), kRight), false);
  const Collector wrong = held_against(own_certificate(), kWrong);
  check(wrong, std::nullopt);
  CHECK(wrong.lost());
  const Collector none = held_against(own_certificate(), kNone);
  check(none, std::nullopt);
  CHECK_FALSE(none.lost());
  CHECK(none.has(DefectKind::key_encrypted));
}

TEST_CASE(
    "password: what a wrong one costs is bounded for all keys of an input together, and the right one costs nothing") {
  constexpr std::size_t kMany = 250;  // of 2048 rounds each
  std::string stream;
  for (std::size_t i = 0; i < kMany; ++i)
    stream += "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: n}\ndata:\n  tls.crt: " +
              base64(own_certificate()) + "\n  tls.key: " + base64(key()) + "\n";
  const Collector right = read_under("s.yaml", stream, kRight);
  REQUIRE(right.artifacts.size() == kMany);
  CHECK(right.defects().empty());
  CHECK(right.artifacts.back().key->matches_leaf == true);
  const Collector wrong = read_under("s.yaml", stream, kWrong);
  REQUIRE(wrong.artifacts.size() == kMany);
  const auto detail = [&](const Artifact& artifact) { return artifact.defects.at(0).detail; };
  CHECK(detail(wrong.artifacts.front()).find("the password is another") != std::string::npos);
  CHECK(detail(wrong.artifacts.back()).find("would have to be hashed") != std::string::npos);
}

TEST_CASE("password: that which an Envoy secret states beside its key") {
  const auto secret = [](const std::string& material, const std::string& password) {
    return R"({"dynamicActiveSecrets": [{"name": "gw", "secret": {"name": "gw", "tlsCertificate": {)" +
           material + R"(, "password": )" + password + "}}}]}";
  };
  const auto pair = [](const std::string& certificate) {
    return R"("certificateChain": {"inlineBytes": ")" + base64(certificate) +
           R"("}, "privateKey": {"inlineBytes": ")" + base64(key()) + R"("})";
  };
  const std::string store = R"("pkcs12": {"inlineBytes": ")" + base64(sample("key/key-store.p12")) + R"("})";
  const std::string as_text = R"({"inlineString": "meshcert"})";
  const std::string as_octets = R"({"inlineBytes": ")" + base64(kRight) + R"("})";
  for (const std::string& password : {as_text, as_octets}) {
    check(read("d.json", secret(pair(own_certificate()), password)), true);
    check(read("d.json", secret(pair(other_certificate()), password)), false);
    const Collector opened = read("d.json", secret(store, password));
    check(opened, true);
    CHECK(opened.certificates() == 2);
  }
  const Collector wrong = read("d.json", secret(pair(own_certificate()), R"({"inlineString": "other"})"));
  check(wrong, std::nullopt);
  CHECK(wrong.lost());
  // Redacted, as in every dump of Envoy's: what --password-file says is tried.
  const std::string redacted = secret(pair(own_certificate()), R"({"inlineString": "[redacted]"})");
  check(read_under("d.json", redacted, kRight), true);
  CHECK(read("d.json", redacted).has(DefectKind::key_encrypted));
  CHECK_FALSE(read("d.json", redacted).lost());
}

TEST_CASE("password: one that the input states costs of the budget although it opens") {
  std::string entries;
  for (std::size_t i = 0; i < 250; ++i)  // of 2048 rounds each
    entries += (i == 0 ? "" : ", ") +
               std::string(R"({"name": "gw", "secret": {"name": "gw", "tlsCertificate": {)") +
               R"("certificateChain": {"inlineBytes": ")" + base64(own_certificate()) +
               R"("}, "privateKey": {"inlineBytes": ")" + base64(key()) +
               R"("}, "password": {"inlineString": "meshcert"}}}})";
  const Collector found = read("d.json", R"({"dynamicActiveSecrets": [)" + entries + "]}");
  REQUIRE(!found.artifacts.empty());
  CHECK(found.artifacts.front().key->matches_leaf == true);
  CHECK_FALSE(found.artifacts.back().key->matches_leaf);
  CHECK(found.lost());
}

TEST_CASE("password: all batches of a list share one budget") {
  const std::string item = secret_of(value("tls.crt", own_certificate()) + ", " + value("tls.key", key()) +
                                     R"(, "pad": ")" + std::string(std::size_t{20} << 10, 'A') + '"');
  std::string list = R"({"apiVersion": "v1", "kind": "List", "items": [)" + item;
  for (std::size_t i = 1; i < 250; ++i) list += ", " + item;
  const Collector found = read_under("l.json", list + "]}", kWrong);
  REQUIRE(found.artifacts.size() == 250);
  const auto refused = [](const Artifact& artifact) {
    return artifact.defects.at(0).detail.find("would have to be hashed") != std::string::npos;
  };
  CHECK_FALSE(refused(found.artifacts.front()));
  CHECK(refused(found.artifacts.back()));
}

TEST_CASE("password: base64 of a lone key, and of a PKCS#12, as kubectl prints a value of a Secret") {
  const auto held_against = [](const std::string& key_text, std::string_view password) {
    Collector pair = read_under("web.pem", own_certificate(), password);
    Collector lone = read_under("-", base64(key_text) + "\n", password);
    REQUIRE(lone.artifacts.size() == 1);
    CHECK(input::is_loose_key(lone.artifacts[0]));
    CHECK(input::attach_keys(pair.artifacts, std::move(lone.artifacts)).empty());
    return pair;
  };
  for (const std::string& text : {der_key(), key()}) {
    check(held_against(text, kRight), true);
    CHECK(held_against(text, kWrong).lost());
    const Collector none = held_against(text, kNone);
    check(none, std::nullopt);
    CHECK(none.has(DefectKind::key_encrypted));
  }
  const std::string store = base64(sample("key/key-store.p12"));
  const Collector right = read_under("-", store, kRight);
  check(right, true);
  CHECK(right.certificates() == 2);
  CHECK(right.defects().empty());
  const Collector none = read_under("-", store, kNone);
  CHECK(none.has(DefectKind::key_encrypted));
  CHECK_FALSE(none.has(DefectKind::no_certificates));
  CHECK(none.lost());
}
