#include "input/withheld.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

#include "base/escape.hpp"
#include "input/pem_label.hpp"
#include "tests/support/collector.hpp"

using meshcert::input::holds_key;

// Every form in which a part of a key may end up where a name or a value is expected.
TEST_CASE("key material is known in all its forms") {
  for (const std::string text : {
           "-----BEGIN PRIVATE KEY-----",
           "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
           "'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj'",
           // Words, as a shell or a mailer cuts it.
           "MIIEvQIBADANBgkqhkiG9w0B AQEFAASCBKcwggSjAgEAAoIB AQC7VJTUt9Us8cKj",
           "7VJTUt9Us8cKjMzEfYyjiWA4R4",
           // openssl pkey -text
           "00:b3:5f:12:aa:01:77:9e:cd:20:31:42:53:64:75:",
           "    B3:5F:12:AA:01:77:9E:CD:20:31:42:53:64:75:86",
           "f6b4c0ffee0123456789abcdef0123456789abcdef0123456789abcdef01234567",
       }) {
    CAPTURE(text);
    CHECK(holds_key(text));
  }
}

TEST_CASE("names, paths, addresses and sentences are not taken for keys") {
  for (const std::string text : {
           "spiffe://cluster.local/ns/bookinfo/sa/bookinfo-reviews",
           "kubernetes://istio-ingressgateway-certs-production",
           "reviews-v1-7f9c8b6d5-x2x4z.default reviews-v2-5d7f8c9b4-k8l9m.default",
           "/var/run/secrets/workload-spiffe-credentials/certificates.pem",
           "outbound|9080||reviews.default.svc.cluster.local",
           "OutboundPassthroughFilterChainV2 IstioIngressGatewayV1Beta3",
           "52:54:00:12:34:56",
           "02:42:ac:ff:fe:11:00:02",
           "2001:db8:85a3:8d3:1319:8a2e:370:7348",
           "2024-01-01T06:00:00Z 2024-01-01T07:00:00Z",
           "3f72fc9ec375860800528a100957000b",
           "Secret istio-system/istio-ca-secret has no key ca-cert.pem",
       }) {
    CAPTURE(text);
    CHECK_FALSE(holds_key(text));
  }
}

// The look that most texts need no more than must not change what is found.
TEST_CASE("a text is too plain for key material only where nothing would be found") {
  const std::string alphabets[] = {"abcdefghij0123456789-./",
                                   "abcXYZ019+/=", "0123456789abcdefABCDEF:", "MIabz09 \n"};
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const std::string& alphabet = alphabets[random() % 4];
    std::string text(random() % 90, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    meshcert::input::KeyScan scan;
    const bool found = meshcert::input::begins_der(text) ||
                       std::ranges::any_of(text, [&scan](char c) { return scan.take(c); });
    CAPTURE(text);
    CHECK(holds_key(text) == found);
  }
}

TEST_CASE("what is shown of a text ends with a whole character") {
  using meshcert::input::shown;
  const std::string e = "\xC3\xA9";
  CHECK(shown("12345" + e, 7) == "12345" + e);
  CHECK(shown("12345" + e + "8", 7) == "1234...");
  CHECK(shown("123" + e + "6789", 8) == "123" + e + "...");
  CHECK(shown("1234" + e + "789", 8) == "1234...");
  meshcert::input::NameList names;
  names.add(std::string(39, '-') + e);
  CHECK(names.text() == std::string(37, '-') + "...");
  CHECK(meshcert::input::shown_label(std::string(38, '-') + e) == std::string(38, '-') + e);
  CHECK(meshcert::input::shown_label(std::string(39, '-') + e) == std::string(39, '-'));
}

TEST_CASE("the error of a command is cut between characters") {
  for (const std::size_t size : {106U, 107U, 108U}) {
    std::string text = "Error: " + std::string(size, '-') + "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9";
    const auto found = meshcert::testing::read("error.txt", text);
    REQUIRE(found.defects().size() == 1);
    CHECK(meshcert::base::is_valid_utf8(found.defects()[0].detail));
  }
}
