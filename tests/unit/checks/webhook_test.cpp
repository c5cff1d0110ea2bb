// Webhooks that cert-manager writes, and such as are switched off: samples with one thing changed.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/base64.hpp"
#include "meshcert/input.hpp"
#include "meshcert/inspect.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

using Codes = std::vector<std::string>;

std::string sample(const std::string& name) {
  return read_source("certs/webhook/" + name + ".yaml");
}

/// replaced changes every `from`, of which there has to be one.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  for (; at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

/// emptied has no value under that key of its data, wherever it stands.
std::string emptied(std::string text, const std::string& key, const std::string& value = "''") {
  const std::string from = " " + key + ": ";
  std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  for (; at != std::string::npos; at = text.find(from, at + 1))
    text.replace(at + from.size(), text.find('\n', at) - at - from.size(), value);
  return text;
}

std::vector<Finding> judged(const std::string& text) {
  InventorySink sink;
  REQUIRE(read_input("f.yaml", as_bytes(text), {}, sink));
  Policy policy;
  policy.at = *parse_rfc3339("2024-01-01T06:00:00Z");
  policy.webhook_asked = true;
  return judge(sink.inventory, policy, Selection{{"webhook"}, {}});
}

Codes codes(const std::string& text) {
  Codes all;
  for (const Finding& finding : judged(text)) all.emplace_back(finding.spec->code.substr(8));
  return all;
}

/// validator is one more document, a manifest whose bundle is still to be written.
std::string validator(const std::string& space, const std::string& service) {
  return "---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\n"
         "metadata: {name: neighbour}\nwebhooks:\n- name: n.example.com\n  clientConfig: {service: {name: " +
         service + ", namespace: " + space + "}}\n";
}

}  // namespace

TEST_CASE("webhook: what cainjector writes is the ca.crt of the Secret that is named") {
  const std::string other = sample("injected-other");
  CHECK(codes(other) == Codes{"differs-from-root", "differs-from-root"});
  const std::string named = "inject-ca-from-secret: cert-manager/cert-manager-webhook-ca";
  // What is not among the inputs, or is no name, says nothing.
  for (const std::string source :
       {"cert-manager/gone", "cert-manager-webhook-ca", "/", "$(NAMESPACE)/$(NAME)"}) {
    CAPTURE(source);
    CHECK(codes(replaced(other, named, "inject-ca-from-secret: " + source)) == Codes{"objects-not-given"});
  }
  // A Secret is no Certificate.
  CHECK(codes(replaced(other, "inject-ca-from-secret:", "inject-ca-from:")) == Codes{"objects-not-given"});
}

TEST_CASE("webhook: cainjector takes no CA of a Secret that does not allow it") {
  const std::string other = sample("injected-other");
  const std::string allowed = "allow-direct-injection: \"true\"";
  CHECK(fix_of(judged(other).front()).find("kubectl logs -n cert-manager") != std::string::npos);
  const std::string refused = replaced(other, allowed, "allow-direct-injection: \"false\"");
  CHECK(fix_of(judged(refused).front()).find("kubectl annotate secret -n cert-manager") != std::string::npos);
}

TEST_CASE("webhook: the Secret that a bundle is written from is what the service presents") {
  const std::string text = sample("injected-for-other-name");
  CHECK(codes(text) == Codes{"serving-name-not-covered"});
  // Unless it is another webhook's, and the CA is all that the two share; its name is the other's alone.
  CHECK(codes(text + validator("other", "hook")) == Codes{"not-applied"});
  CHECK(codes(text + validator("other", "hooks")) == Codes{"serving-name-not-covered", "not-applied"});
  // Without the Certificate, its annotation says which Secret it keeps.
  const std::string uncertified = replaced(text, "kind: Certificate", "kind: CertificatePolicy");
  CHECK(codes(uncertified) == Codes{"serving-name-not-covered"});
  CHECK(codes(replaced(uncertified, "certificate-name: hook", "certificate-name: hooks")) ==
        Codes{"objects-not-given"});
  // A service of another namespace cannot present it.
  CHECK(codes(replaced(text, "        namespace: shop", "        namespace: bank")).empty());
}

TEST_CASE("webhook: a pair is found by its name, in its namespace") {
  const std::string text = sample("stale-wildcard");
  CHECK(codes(text) == Codes{"does-not-verify-serving"});
  CHECK(codes(replaced(text, "        name: hook", "        name: Hook")) ==
        Codes{"does-not-verify-serving"});
  CHECK(codes(replaced(text, "        name: hook", "        name: a.hook")) == Codes{"objects-not-given"});
  CHECK(codes(replaced(text, "        namespace: shop", "        namespace: bank")) ==
        Codes{"objects-not-given"});
}

TEST_CASE("webhook: one selector that matches nothing is enough, and no other label counts") {
  const std::string text = sample("deactivated");
  CHECK(codes(text).empty());
  CHECK(codes(replaced(text, "    objectSelector:", "    other:")).empty());
  CHECK(codes(replaced(text, "    namespaceSelector:", "    other:")).empty());
  const Codes called{"no-ca-bundle", "expired-ca-bundle", "differs-between-entries"};
  for (const std::string label : {"istio.io/deactivated: \"true\"", "istio.io/active: never-match"}) {
    CAPTURE(label);
    CHECK(codes(replaced(text, "istio.io/deactivated: never-match", label)) == called);
  }
  const auto expressed = [&text](const std::string& how) {
    return codes(replaced(text, "matchLabels:\n        istio.io/deactivated: never-match",
                          "matchExpressions:\n      - {key: istio.io/deactivated, " + how + "}"));
  };
  CHECK(expressed("operator: In, values: [never-match]").empty());
  for (const std::string how :
       {"operator: In, values: [never-match, \"true\"]", "operator: NotIn, values: [never-match]",
        "operator: DoesNotExist", "operator: In, values: []"}) {
    CAPTURE(how);
    CHECK(expressed(how) == called);
  }
}

TEST_CASE("webhook: of a Secret with an empty half no service presents anything") {
  const std::string text = sample("healthy-istiod-tls");
  CHECK(codes(text).empty());
  const Codes unusable{"serving-unusable", "serving-unusable"};
  for (const std::string key : {"tls.key", "tls.crt"}) {
    CAPTURE(key);
    CHECK(codes(emptied(text, key)) == unusable);
    CHECK(codes(emptied(text, key, "null")) == unusable);
    CHECK(message_of(judged(emptied(text, key)).front()).find("failed to find any PEM data") !=
          std::string::npos);
  }
  CHECK(codes(emptied(emptied(text, "tls.key"), "tls.crt")) == unusable);
  // What is not there was not given, or is not mounted; and of the CA beside them nobody serves anything.
  CHECK(codes(replaced(text, " tls.key:", " other:")).empty());
  CHECK(codes(replaced(text, " tls.crt:", " other:")) == Codes{"objects-not-given"});
}

TEST_CASE("webhook: the Secret that a Certificate keeps for the service is the one that it mounts") {
  const std::string text = sample("injected-for-other-name");
  const auto certificate = [](const std::string& name) {
    return "---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: c, namespace: shop}\nspec: {secretName: "
           "hook-tls, dnsNames: ['" +
           name + "'], issuerRef: {name: i}}\n";
  };
  for (const std::string name : {"hook.shop.svc", "*.shop.svc"})
    CHECK(codes(emptied(text, "tls.crt") + certificate(name)) == Codes{"serving-unusable"});
  CHECK(codes(emptied(text, "tls.crt") + certificate("other.shop.svc")).empty());
  const std::string named = text + certificate("hook.shop.svc");
  CHECK(codes(replaced(named, " tls.crt:", " other:")) == Codes{"serving-unusable"});
  // Without any value, it was given without them.
  CHECK(codes(replaced(named, "  data:", "  taken:")) == Codes{"objects-not-given"});
}

TEST_CASE("webhook: of certificates in blocks of another type the API server reads none") {
  const auto bundle = [](const std::string& label) {
    std::string text = read_source("certs/pki/root.pem");
    text = replaced(text.substr(text.find("-----BEGIN")), "CERTIFICATE-----", label + "-----");
    return "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: m, uid: "
           "u}\nwebhooks:\n- name: n.example.com\n  clientConfig: {service: {name: istiod, namespace: istio-system}, "
           "caBundle: " +
           base::encode_base64(as_bytes(text)) + "}\n";
  };
  CHECK(codes(bundle("CERTIFICATE")) == Codes{"objects-not-given"});
  CHECK(codes(bundle("TRUSTED CERTIFICATE")) == Codes{"unparsable-ca-bundle"});
  CHECK(codes(bundle("X509 CERTIFICATE")) == Codes{"unparsable-ca-bundle"});
}

TEST_CASE("webhook: a private key in a caBundle is disclosed") {
  const auto told = [](const std::string& more) {
    std::string text = read_source("certs/pki/root.pem") + more;
    InventorySink sink;
    REQUIRE(read_input(
        "f.yaml",
        as_bytes("apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\n"
                 "metadata: {name: m}\nwebhooks:\n- name: n.example.com\n  clientConfig: {service: "
                 "{name: s, namespace: s}, caBundle: " +
                 base::encode_base64(as_bytes(text)) + "}\n"),
        {}, sink));
    return judge(sink.inventory, Policy{}, Selection{{"input.private-key-in-dump"}, {}}).size();
  };
  CHECK(told("") == 0);
  CHECK(told(read_source("certs/pki/intermediate.pem")) == 0);
  CHECK(told(read_source("certs/keys/root.pem")) == 1);
}

TEST_CASE("webhook: a name that a shell would read otherwise stays out of commands") {
  const auto fixes = [](const std::string& text) {
    std::string all;
    for (const Finding& finding : judged(text)) all += fix_of(finding) + '\n';
    return all;
  };
  const std::string right = sample("no-ca-bundle");
  CHECK(fixes(right).find("kubectl logs -n istio-system deploy/istiod") != std::string::npos);
  const std::string wrong = fixes(replaced(right, "namespace: istio-system", "namespace: 'x; touch y'"));
  CHECK(wrong.find("kubectl logs -n NAMESPACE deploy/istiod") != std::string::npos);
  CHECK(wrong.find("touch") == std::string::npos);
}

TEST_CASE("webhook: the fix is one that helps") {
  const auto fix = [](const std::string& kind, const std::string& metadata, const std::string& entry,
                      const std::string& service) {
    const auto findings = judged(
        "apiVersion: admissionregistration.k8s.io/v1\nkind: " + kind +
        "WebhookConfiguration\nmetadata: {name: w, " + "uid: u, creationTimestamp: \"2024-01-01T00:00:00Z\"" +
        metadata + "}\nwebhooks:\n- name: " + entry + "\n  clientConfig: {service: {name: " + service +
        ", namespace: istio-system}}\n");
    REQUIRE(!findings.empty());
    return fix_of(findings.front());
  };
  const std::string labelled = ", labels: {istio.io/rev: default}",
                    entry = "rev.namespace.sidecar-injector.istio.io";
  const struct {
    std::string fix, says;
  } rows[] = {
      {fix("Mutating", labelled, entry, "istiod"), "then restart it"},
      {fix("Mutating", "", entry, "istiod"), "kubectl label mutatingwebhookconfiguration w istio.io/rev="},
      {fix("Mutating", labelled, "a.example.com", "istiod"),
       "kubectl get cm istio-ca-root-cert -n istio-system"},
      {fix("Validating", labelled, "a.example.com", "istiod"), "then restart it"},
      {fix("Validating", "", "a.example.com", "istiod"), "kubectl label validatingwebhookconfiguration w"},
      {fix("Mutating", "", "a.example.com", "other"), "base64 of its PEM"},
      {fix("Mutating", ", annotations: {cert-manager.io/inject-apiserver-ca: \"true\"}", "a.example.com",
           "other"),
       "kubectl logs -n cert-manager deploy/cert-manager-cainjector"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.fix);
    CHECK(row.fix.find(row.says) != std::string::npos);
  }
}
