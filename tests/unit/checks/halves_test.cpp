// Secrets of which one half is empty, whoever uses them.
#include <doctest/doctest.h>

#include "base/base64.hpp"
#include "tests/support/gateways.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

Codes codes(const std::string& text, std::vector<std::string> only) {
  const Objects objects(text + ca("Secret", "shop", "other"));
  Codes all;
  for (const Finding& finding : judge(objects.inventory, objects.policy, Selection{std::move(only), {}}))
    all.emplace_back(finding.spec->code);
  return all;
}

Codes halves(const std::string& text) {
  return codes(text, {"key.missing", "gateway.empty-keys"});
}

std::string block(const std::string& key, const std::string& file) {
  return "  " + key + ": |\n" + pem(file);
}

std::string secret(const std::string& values, const std::string& type = "kubernetes.io/tls",
                   const std::string& name = "c") {
  return object("Secret", "shop", name, "type: " + type + "\nstringData:\n" + values);
}

}  // namespace

TEST_CASE("halves: a certificate without its key, and a key without its certificate") {
  for (const auto& [certificate, key] : {std::pair<std::string, std::string>{"tls.crt", "tls.key"},
                                         {"cert", "key"},
                                         {"cert-chain.pem", "key.pem"}}) {
    CAPTURE(certificate);
    const std::string cert_half = block(certificate, "gateway/healthy.pem");
    const std::string key_half = block(key, "keys/workload.pem");
    CHECK(halves(secret(cert_half + key_half)).empty());
    for (const std::string nothing : {": ''\n", ": null\n", ":\n"}) {
      CAPTURE(nothing);
      CHECK(halves(secret(cert_half + "  " + key + nothing)) == Codes{"key.missing"});
      CHECK(halves(secret(key_half + "  " + certificate + nothing)) == Codes{"key.missing"});
      // A placeholder, which waits to be filled.
      CHECK(halves(secret("  " + key + nothing + "  " + certificate + nothing)).empty());
    }
    // What was taken out says nothing, and what is withheld is there.
    CHECK(halves(secret(cert_half)).empty());
    CHECK(halves(secret(key_half)).empty());
    CHECK(halves(secret(cert_half + "  " + key + ": '[redacted]'\n")).empty());
    // stringData fills what data leaves empty.
    CHECK(halves(secret(cert_half + key_half) + "data: {" + key + ": ''}\n").empty());
  }
}

TEST_CASE("halves: what was taken out by hand or by must-gather is an absence, and no fault") {
  const auto encoded = [](const std::string& text) { return base::encode_base64(as_bytes(text)); };
  const auto read = [&](const std::string& file) {
    const std::string text = read_source("certs/" + file);
    return encoded(text.substr(text.find("-----BEGIN")));
  };
  const auto secret_of = [](const std::string& name, const std::string& data) {
    return object("Secret", "shop", name, "type: kubernetes.io/tls\ndata:\n" + data);
  };
  const std::string listener =
      "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a, namespace: shop}\n"
      "spec:\n  gatewayClassName: istio\n  listeners:\n  - {name: https, port: 443, protocol: HTTPS, tls: "
      "{certificateRefs: [{name: c}]}}\n";
  const std::vector<std::string> all = {"input", "key", "cacerts", "gateway"};
  const std::string chain = "  tls.crt: " + read("gateway/healthy.pem") + "\n";
  const auto codes_of = [&](const std::string& text) {
    Codes found = codes(text, all);
    std::erase(found, "gateway.pods-not-given");
    return found;
  };
  for (const std::string& value :
       {std::string("'[redacted]'"), std::string("[redacted]"), std::string("[ REDACTED ]"),
        encoded("[redacted]"), encoded("1704 bytes long")}) {
    CAPTURE(value);
    const std::string with = secret_of("c", chain + "  tls.key: " + value + "\n");
    CHECK(codes_of(with + gateway(simple("c"))) == Codes{"input.redacted-key"});
    CHECK(codes_of(with + listener) == Codes{"input.redacted-key"});
    const std::string roots = "  root-cert.pem: " + read("pki/root.pem") + "\n  cert-chain.pem: ''\n";
    CHECK(codes_of(secret_of("cacerts", "  ca-cert.pem: " + read("pki/root.pem") + "\n  ca-key.pem: " +
                                            value + "\n" + roots)) == Codes{"input.redacted-key"});
    // A CA under such a key is not judged, which is said.
    CHECK(codes_of(with + object("Secret", "shop", "c-cacert", "data:\n  cacert: " + value + "\n") +
                   gateway(mutual("c"))) == Codes{"input.redacted-key", "input.external-file"});
  }
  std::string live = secret_of("c", chain);
  live.insert(live.find("name: "), "uid: u, ");
  CHECK(codes_of(live + gateway(simple("c"))).empty());
  CHECK(codes_of(live + listener).empty());
  // Of a manifest it is missing: the API server takes none like it.
  CHECK(codes_of(secret_of("c", chain) + gateway(simple("c"))) == Codes{"gateway.missing-keys"});
  // What only resembles it is no placeholder.
  for (const char* value : {"[other]", "[redacted, redacted]"})
    CHECK(codes_of(secret_of("c", chain + "  tls.key: " + value + "\n"))[0] == "input.malformed");
  CHECK(codes_of(secret_of("c", chain + "  tls.key: " + encoded("bytes long") + "\n")) ==
        Codes{"key.unparsable"});
  CHECK(codes_of(secret_of("c", chain + "  tls.key.pem: eA==\n") + gateway(simple("c"))) ==
        Codes{"gateway.missing-keys"});
}

TEST_CASE("halves: other Secrets have keys of these names too") {
  const std::string certificate = block("cert", "gateway/healthy.pem");
  CHECK(halves(secret("  cert: ''\n  key: token\n", "Opaque")).empty());
  CHECK(halves(object("ConfigMap", "shop", "c", "data:\n" + certificate + "  key: ''\n")).empty());
  // Of the mesh's own CA, family cacerts says it; and in one that istiod made, these are empty.
  const std::string pair = block("ca-cert.pem", "pki/root.pem") + block("ca-key.pem", "keys/root.pem");
  CHECK(halves(secret(pair + "  cert-chain.pem: ''\n  key.pem: ''\n", "istio.io/ca-root", "istio-ca-secret"))
            .empty());
}

TEST_CASE("halves: it is said once, with those who present it") {
  const std::string half = secret(block("tls.crt", "gateway/healthy.pem") + "  tls.key: ''\n");
  CHECK(halves(half + gateway(simple("c"))) == Codes{"gateway.empty-keys"});
  CHECK(halves(half + pair("shop", "d") + gateway(simple("d"))) == Codes{"key.missing"});
}

TEST_CASE("halves: the roots of a Secret of Citadel's are no less a part of it") {
  const std::string pair =
      block("cert-chain.pem", "gateway/healthy.pem") + block("key.pem", "keys/workload.pem");
  const auto empty = [](const std::string& values, const std::string& type = "istio.io/key-and-cert") {
    return codes(secret(values, type, "istio.default"), {"bundle.empty"});
  };
  CHECK(empty(pair + block("root-cert.pem", "pki/root.pem")).empty());
  CHECK(empty(pair + "  root-cert.pem: ''\n") == Codes{"bundle.empty"});
  CHECK(empty("  cert-chain.pem: ''\n  key.pem: ''\n  root-cert.pem: ''\n").empty());
  CHECK(empty(pair + "  root-cert.pem: ''\n", "Opaque").empty());
}
