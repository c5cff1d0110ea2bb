// Kubernetes objects: layouts of Secrets, places, and bad input.
#include <doctest/doctest.h>

#include "base/base64.hpp"
#include "meshcert/kubernetes.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using enum ArtifactKind;

namespace {

Collector read(std::string_view text, const Limits& limits = {}) {
  Collector found;
  ReadOptions options;
  options.limits = limits;
  read_input("f.yaml", as_bytes(text), options, found);
  return found;
}

Collector read_file(const std::string& path) {
  return read(read_source("certs/kubernetes/" + path));
}

std::string indented(std::string_view text, std::size_t by) {
  std::string out;
  for (const auto& line : split_lines(std::string(text))) out += std::string(by, ' ') + line + "\n";
  return out;
}

std::string block(const std::string& path) {
  const std::string text = read_source("certs/" + path);
  return indented(text.substr(text.find("-----BEGIN")), 4);
}

/// A Secret with these lines below its head.
std::string secret(const std::string& lines) {
  return "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: n}\n" + lines;
}

const Artifact* find(const Collector& found, std::string_view resource, std::string_view name) {
  for (const Artifact& artifact : found.artifacts)
    if (artifact.resource == resource && artifact.name == name) return &artifact;
  return nullptr;
}

}  // namespace

TEST_CASE("kubernetes: every layout has its kind, its place and its key, in YAML as in JSON") {
  struct Expected {
    std::string_view resource, name;
    ArtifactKind kind;
    std::size_t certificates;
    std::string_view pointer;
    bool key;
  };
  const Expected all[] = {
      {"Secret istio-system/istio-ca-secret", "ca-cert.pem", ca_secret, 1, "/items/0/data/ca-cert.pem", true},
      {"Secret istio-system/istio-ca-secret", "root-cert.pem", trust_bundle, 1, "/items/0/data/root-cert.pem",
       false},
      {"Secret istio-system/shop-cert", "tls.crt", tls_secret, 2, "/items/1/data/tls.crt", true},
      {"Secret shop/shop-mutual", "cert", tls_secret, 2, "/items/2/data/cert", true},
      {"Secret shop/shop-mutual", "cacert", ca_bundle, 1, "/items/2/data/cacert", false},
      {"Secret my-ns/istio.my-sa", "cert-chain.pem", workload_chain, 1, "/items/3/data/cert-chain.pem", true},
      {"Secret istio-system/istio-remote-secret-cluster2", "cluster2, cluster cluster2", ca_bundle, 1,
       "/items/4/data/cluster2/clusters/0/cluster/certificate-authority-data", false},
      {"ConfigMap shop/istio-ca-root-cert", "root-cert.pem", trust_bundle, 1, "/items/6/data/root-cert.pem",
       false},
  };
  for (const char* file : {"healthy-list.yaml", "healthy-list.json"}) {
    CAPTURE(file);
    const Collector found = read_file(file);
    CHECK(found.defects().empty());
    CHECK(found.artifacts.size() == 10);
    CHECK(found.objects.size() == 9);
    for (const Expected& one : all) {
      CAPTURE(one.resource);
      const Artifact* artifact = find(found, one.resource, one.name);
      REQUIRE(artifact != nullptr);
      CHECK(artifact->kind == one.kind);
      CHECK(artifact->certificates.size() == one.certificates);
      CHECK(artifact->source.pointer == one.pointer);
      CHECK(artifact->source.line != 0);
      CHECK(artifact->key.has_value() == one.key);
      CHECK(artifact->object->title() == one.resource);
    }
  }
}

TEST_CASE("kubernetes: what is known of a Secret besides certificates") {
  const Collector found = read(secret("type: kubernetes.io/tls\ndata: {tls.key: '', tls.crt: ''}\n"));
  REQUIRE(found.objects.size() == 1);
  const KubernetesObject& object = *found.objects[0];
  CHECK(object.name == "s");
  CHECK(object.namespace_name == "n");
  CHECK_FALSE(object.live);
  const Credential* credential = object.as<Credential>();
  REQUIRE(credential != nullptr);
  CHECK(credential->type == "kubernetes.io/tls");
  REQUIRE(credential->find("tls.crt") != nullptr);
  CHECK(credential->find("tls.crt")->empty);
  CHECK(credential->find("ca.crt") == nullptr);
  CHECK(found.has(DefectKind::no_certificates));
}

TEST_CASE("kubernetes: stringData is text, and wins over data") {
  const Collector found =
      read(secret("data:\n  tls.crt: eA==\nstringData:\n  tls.crt: |\n" + block("gateway/healthy.pem")));
  CHECK(found.defects().empty());
  REQUIRE(found.artifacts.size() == 1);
  CHECK(found.artifacts[0].source.pointer == "/stringData/tls.crt");
  CHECK(found.artifacts[0].source.line == 7);
}

TEST_CASE("kubernetes: values of nobody's keys count only with certificates in them") {
  const Collector other = read(secret("data: {password: bm90IGJhc2U2NA==, broken: '%%%', key.p12: MAAA}\n"));
  CHECK(other.artifacts.empty());
  CHECK(other.defects().size() == 1);  // that nothing is in it
  const Collector odd = read(secret("stringData:\n  my-bundle: |\n" + block("pki/root.pem")));
  REQUIRE(odd.artifacts.size() == 1);
  CHECK(odd.artifacts[0].kind == ca_bundle);
}

TEST_CASE("kubernetes: what holds nothing of ours is known to be so") {
  Collector found;
  const std::string_view text =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n---\n"
      "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n";
  CHECK_FALSE(read_input("f.yaml", as_bytes(text), {}, found));
  REQUIRE(found.loose.size() == 1);
  CHECK(found.loose[0].detail == "Kubernetes objects, none of which holds certificates: Deployment, Service");
  // Beside a Secret they are no fault.
  const Collector beside =
      read(std::string(text) + "---\n" + secret("stringData:\n  ca.crt: |\n" + block("pki/root.pem")));
  CHECK(beside.defects().empty());
  CHECK(beside.artifacts.size() == 1);
}

TEST_CASE("kubernetes: items without kind, as the API server lists them") {
  const std::string text =
      R"({"kind":"SecretList","apiVersion":"v1","items":[{"metadata":{"name":"a","namespace":"n"},)"
      R"("data":{"ca.crt":"LS0tLS1CRUdJTg=="},"type":"Opaque"}]})";
  const Collector found = read(text);
  REQUIRE(found.artifacts.size() == 1);
  CHECK(found.artifacts[0].resource == "Secret n/a");
}

TEST_CASE("kubernetes: what a Bundle of trust-manager holds itself") {
  const std::string text =
      "apiVersion: trust.cert-manager.io/v1alpha1\nkind: Bundle\nmetadata: {name: b}\nspec:\n  sources:\n"
      "  - useDefaultCAs: true\n  - inLine: |\n" +
      indented(block("pki/root.pem"), 2);
  const Collector found = read(text);
  CHECK(found.defects().empty());
  REQUIRE(found.artifacts.size() == 1);
  CHECK(found.artifacts[0].resource == "Bundle b");
  CHECK(found.artifacts[0].source.pointer == "/spec/sources/1/inLine");
}

TEST_CASE("kubernetes: CRLs, staples and key stores are read, or named as what they are") {
  const Collector crls = read(secret("stringData:\n  ca.crl: |\n" + block("chain/crl-expired.pem")));
  CHECK(crls.defects().empty());
  REQUIRE(crls.artifacts.size() == 1);
  CHECK(crls.artifacts[0].kind == ArtifactKind::crl);
  CHECK(crls.artifacts[0].crls.size() == 1);
  CHECK(read(secret("stringData:\n  ca.crl: |\n" + block("pki/root.pem"))).lost());
  CHECK(read(secret("data: {tls.ocsp-staple: MAA=}\n")).lost());
  // The magic number of JKS.
  const Collector store =
      read(secret("stringData:\n  ca.crt: |\n" + block("pki/root.pem") + "data: {store: '/u3+7QAAAAI='}\n"));
  REQUIRE(store.loose.size() == 1);
  CHECK(store.loose[0].kind == DefectKind::unsupported_block);
  CHECK(store.loose[0].where.pointer == "/data/store");
  CHECK_FALSE(store.lost());
}

TEST_CASE("kubernetes: the mesh configuration is read with PEM in it") {
  const std::string text =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n"
      "  mesh: |\n    trustDomain: example.org\n    caCertificates:\n    - pem: |\n" +
      indented(block("pki/root.pem"), 4);
  const Collector found = read(text);
  CHECK(found.defects().empty());
  REQUIRE(found.objects.size() == 1);
  REQUIRE(found.objects[0]->mesh);
  CHECK(found.objects[0]->mesh->trust_domain == "example.org");
  REQUIRE(found.artifacts.size() == 1);
  CHECK(found.artifacts[0].name == "mesh, caCertificates 1");
}

TEST_CASE("kubernetes: a fault is located, and the rest still read") {
  const std::string good = secret("stringData:\n  ca.crt: |\n" + block("pki/root.pem"));
  struct Bad {
    const char* text;
    std::size_t line;  // within the bad document
  };
  const Bad bads[] = {
      {"apiVersion: v1\nkind: Secret\ndata: {a: *nowhere}\n", 3},
      {"apiVersion: v1\nkind: Secret\ndata:\n\ttls.crt: x\n", 4},
      {"apiVersion: v1\nkind: Secret\nkind: Secret\n", 3},
      {"a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c]\n"
       "e: &e [*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e]\n",
       6},
  };
  for (const Bad& bad : bads) {
    CAPTURE(bad.text);
    const Collector found = read(good + "---\n" + bad.text);
    CHECK(found.artifacts.size() == 1);
    REQUIRE(found.loose.size() == 1);
    CHECK(found.loose[0].lost);
    const auto before = static_cast<std::size_t>(std::ranges::count(good, '\n')) + 1;
    CHECK(found.loose[0].where.line >= before + 1);
    CHECK(found.loose[0].where.line <= before + bad.line);
  }
}

TEST_CASE("kubernetes: wrong types are told one by one") {
  const auto count = [](const std::string& text) { return read(text).loose.size(); };
  CHECK(count("apiVersion: v1\nkind: 7\nmetadata: {name: s}\n") == 1);
  CHECK(count("apiVersion: v1\nkind: Gateway\nspec: [1]\n") >= 1);
  const Collector webhook = read(
      "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\n"
      "metadata: {name: w}\nwebhooks:\n- name: 5\n- clientConfig: x\n- name: a\n");
  CHECK(webhook.loose.size() == 2);
  REQUIRE(webhook.objects.size() == 1);
  CHECK(webhook.objects[0]->as<CaBundleCarrier>()->entries.size() == 3);
}

TEST_CASE("kubernetes: a Secret of 5000 keys, and nesting, cost what their size does") {
  std::string many = secret("data:\n");
  for (int i = 0; i < 5000; ++i) many += "  k" + std::to_string(i) + ": eA==\n";
  CHECK(read(many).objects.at(0)->as<Credential>()->keys.size() == 5000);
  const std::string deep = secret("data: " + std::string(10'000, '[') + "\n");
  const Collector nested = read(deep);
  REQUIRE_FALSE(nested.loose.empty());
  CHECK(nested.loose.back().detail.find("nested") != std::string::npos);
}

TEST_CASE("kubernetes: memory is that of one item, be it YAML or JSON") {
  Limits small;
  small.values = 100;
  small.value_bytes = 40'000;
  std::string items = "apiVersion: v1\nitems:\n";
  const std::string item = indented(secret("stringData:\n  ca.crt: |\n" + block("pki/root.pem")), 2);
  for (int i = 0; i < 80; ++i) items += "- " + item.substr(2);
  CHECK(items.size() > 2 * small.value_bytes);
  const Collector found = read(items + "kind: List\n", small);
  CHECK(found.defects().empty());
  CHECK(found.artifacts.size() == 80);
  // One item above the limit is told, with its line; those before it are read.
  const std::string huge =
      "- apiVersion: v1\n  kind: Secret\n  stringData:\n    x: " + std::string(50'000, 'x') + "\n";
  const Collector cut = read(items + huge + "kind: List\n", small);
  CHECK(cut.artifacts.size() == 80);
  REQUIRE(cut.loose.size() == 1);
  CHECK(cut.loose[0].detail.find("--max-value") != std::string::npos);
}
