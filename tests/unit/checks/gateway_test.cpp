// How gateways find their Secrets, by manifests made of a few lines; and wildcards.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/base64.hpp"
#include "checks/host_names.hpp"
#include "meshcert/inspect.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/server_report.hpp"
#include "tests/support/gateways.hpp"

using namespace meshcert;
using namespace meshcert::testing;

TEST_CASE("gateway: a credentialName is looked for where the pods are") {
  const auto managed = [](const std::string& space) {
    return "---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: m, namespace: " + space +
           "}\nspec: {secretName: c, dnsNames: [shop.example.com]}\n";
  };
  const std::string kLeaving =
      "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: edge, labels: {istio: ingress}, "
      "deletionTimestamp: \"2024-01-01T05:59:00Z\"}\n";
  struct Row {
    std::string name, objects;
    Codes codes;
  };
  const Row rows[] = {
      {"c", pair("ingress", "c") + pod("ingress"), {}},
      {"c", pair("shop", "c") + pod("ingress"), {"secret-wrong-namespace"}},
      {"c", pair("ingress", "c") + pod("ingress") + pod("edge"), {"secret-wrong-namespace"}},
      {"c", pair("ingress", "c") + pair("edge", "c") + pod("ingress") + pod("edge"), {}},
      {"d", pair("ingress", "c") + pod("ingress"), {"secret-missing"}},
      // Without pods, wherever it is, or where a Service says that they are.
      {"c", pair("anywhere", "c"), {"pods-not-given"}},
      {"c", pair("anywhere", "c") + service("ingress", "{app: other}"), {"pods-not-given"}},
      {"c", pair("ingress", "c") + service("ingress"), {}},
      {"c", pair("shop", "c") + service("ingress"), {"secret-wrong-namespace"}},
      {"c", pair("ingress", "c") + service("ingress") + service("edge"), {"pods-not-given"}},
      {"c", pair("ingress", "c") + pod("ingress") + service("edge"), {}},
      {"d", pair("anywhere", "c"), {"secret-missing"}},
      {"c", pair("ingress", "c") + pod("ingress", "{istio: other}"), {"selects-no-pod"}},
      // Written as a resource, with and without its namespace.
      {"kubernetes://c", pair("ingress", "c") + pod("ingress"), {}},
      {"ingress/c", pair("ingress", "c") + pod("ingress"), {}},
      {"kubernetes://shop/c", pair("shop", "c") + pod("ingress"), {"secret-wrong-namespace"}},
      {"builtin://", pair("shop", "c") + pod("ingress"), {}},
      {"sds://c", pair("shop", "c") + pod("ingress"), {}},
      // Names by which istiod finds nothing, whatever there is.
      {"vault://c", pair("ingress", "c") + pod("ingress"), {"secret-missing"}},
      {"vault://c", pod("ingress"), {"secret-missing"}},
      {"Kubernetes://c", pair("ingress", "c") + pod("ingress"), {"secret-missing"}},
      {"kubernetes:/c", pair("ingress", "c") + pod("ingress"), {"secret-missing"}},
      {"/c", pair("ingress", "c") + pod("ingress"), {"secret-missing"}},
      {"file-cert:/etc/c.pem~/etc/k.pem", pair("ingress", "c"), {"secret-missing"}},
      {"invalid://c", pair("ingress", "c") + pod("ingress"), {"secret-missing"}},
      {"kubernetes-gateway://c", pair("ingress", "c") + pod("ingress"), {"secret-missing"}},
      {"kubernetes-gateway://ingress/c", pair("ingress", "c") + pod("ingress"), {}},
      {"configmap://ingress/c", ca("ConfigMap", "ingress", "c") + pod("ingress"), {"suffix-misleads"}},
      // What cert-manager is to write, where it will write it.
      {"c", managed("ingress") + pair("ingress", "d") + pod("ingress"), {}},
      {"c", managed("shop") + pair("ingress", "d") + pod("ingress"), {"secret-missing"}},
      // Pods that a Deployment is to make count as those that are there.
      {"c", pair("shop", "c") + deployment("ingress", 1), {"secret-wrong-namespace"}},
      {"c", pair("ingress", "c") + deployment("ingress", 1), {}},
      {"c", pair("ingress", "c") + pod("ingress") + deployment("edge", 0), {}},
      // A pod that is being deleted counts no more.
      {"c", pair("ingress", "c") + pod("ingress") + kLeaving, {}},
      {"c", pair("ingress", "c") + pod("ingress") + pod("edge"), {"secret-wrong-namespace"}},
      // Nothing at all was given.
      {"c", pod("ingress"), {"objects-not-given"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(Objects(row.objects + gateway(simple(row.name))).all_codes() == row.codes);
  }
  const Objects two(pair("edge", "c") + pair("istio-system", "c") + gateway(simple("c")));
  CHECK(two.message().starts_with(
      "Secret istio-system/c was taken for the one that this Gateway names, though edge "
      "has one of that name too; "));
}

TEST_CASE("gateway: a Gateway of one revision is for the pods of that") {
  const auto of = [](const std::string& revision) {
    std::string text = gateway(simple("c"));
    const std::string end = "namespace: shop}";
    return text.replace(text.find(end), end.size(),
                        "namespace: shop, labels: {istio.io/rev: " + revision + "}}");
  };
  const std::string objects = pair("ingress", "c") +
                              pod("ingress", "{istio: ingress, istio.io/rev: stable}") +
                              pod("edge", "{istio: ingress, istio.io/rev: canary}");
  CHECK(Objects(objects + of("stable")).codes().empty());
  CHECK(Objects(objects + of("canary")).codes() == Codes{"secret-wrong-namespace"});
  CHECK(Objects(objects + gateway(simple("c"))).codes() == Codes{"secret-wrong-namespace"});
  // A tag stands for a revision that pods name otherwise.
  CHECK(Objects(objects + of("prod")).codes() == Codes{"secret-wrong-namespace"});
}

TEST_CASE("gateway: the keys that istiod reads, and its words where it does not") {
  const auto with = [](const std::string& secret) { return Objects(secret + gateway(simple("c"))); };
  CHECK(with(pair("shop", "c")).codes().empty());
  CHECK(with(pair("shop", "c", "cert", "key")).codes().empty());
  CHECK(with(object("Secret", "shop", "c", "stringData: {tls.crt: '', tls.key: ''}\n")).codes() ==
        Codes{"empty-keys"});
  const std::string keys = "a, b, c, and 0 more...";
  const Objects missing = with(object("Secret", "shop", "c", "stringData: {c: x, b: x, a: x}\n"));
  CHECK(missing.codes() == Codes{"missing-keys"});
  CHECK(missing.message().find("(tls.crt and tls.key); found: " + keys) != std::string::npos);
  // One key of each style is none of both.
  CHECK(with(pair("shop", "c", "cert", "tls.key")).codes() == Codes{"missing-keys"});
}

TEST_CASE("gateway: the CA is the one of the suffix, else the one beside the pair") {
  const std::string secret = pair("shop", "c");
  const std::string own = secret + "  ca.crt: |\n" + pem("pki/root.pem");
  const auto with = [](const std::string& objects, const std::string& tls) {
    return Objects(objects + gateway(tls)).codes();
  };
  CHECK(with(secret, mutual("c")) == Codes{"ca-missing"});
  CHECK(with(secret, simple("c")).empty());
  CHECK(with(own, mutual("c")).empty());
  CHECK(with(secret + ca("Secret", "shop", "c-cacert"), mutual("c")).empty());
  CHECK(with(own + ca("Secret", "shop", "c-cacert"), mutual("c")).empty());
  CHECK(with(own + ca("Secret", "shop", "c-cacert", "cacert", "pki/plugin-root.pem"), mutual("c")) ==
        Codes{"cacert-secret-shadows"});
  // A Secret of the suffix that holds no CA hides the one beside the pair.
  CHECK(with(own + ca("Secret", "shop", "c-cacert", "other"), mutual("c")) == Codes{"ca-missing"});
  CHECK(with(own + ca("Secret", "elsewhere", "c-cacert"), mutual("c")).empty());
  const std::string separate = "{mode: MUTUAL, credentialName: c, caCertCredentialName: ";
  CHECK(with(secret + ca("ConfigMap", "shop", "m"), separate + "'configmap://shop/m'}").empty());
  CHECK(with(secret + ca("ConfigMap", "shop", "m"), separate + "'configmap://shop/n'}") ==
        Codes{"ca-missing"});
  // Of a ConfigMap, istiod reads `data` alone.
  const std::string binary = object(
      "ConfigMap", "shop", "m",
      "binaryData: {ca.crt: " + base::encode_base64(as_bytes(read_source("certs/pki/root.pem"))) + "}\n");
  const std::string map = separate + "'configmap://shop/m'}";
  CHECK(with(secret + binary, map) == Codes{"ca-missing"});
  // Of version 1 nothing says that it is a CA; of version 3 one that calls itself its issuer is still none.
  CHECK(with(secret + ca("Secret", "shop", "c-cacert", "cacert", "root/version-1.pem"), mutual("c")).empty());
  CHECK(with(secret + ca("Secret", "shop", "c-cacert", "cacert", "root/healthy-self-issued-leaf.pem"),
             mutual("c")) == Codes{"ca-missing"});
  // By the name alone istiod tells a CA from a pair.
  CHECK(with(secret + ca("Secret", "shop", "m"), separate + "m}") == Codes{"suffix-misleads"});
  CHECK(with(secret + ca("Secret", "shop", "m"), separate + "m-cacert}").empty());
  CHECK(with(secret + ca("Secret", "shop", "m-cacert"), separate + "m-cacert}").empty());
  CHECK(with(pair("shop", "c-cacert"), simple("c-cacert")) == Codes{"suffix-misleads"});
  CHECK(with(pair("shop", "c-cacerts"), simple("c-cacerts")).empty());
  CHECK(with(secret, separate + "m}") == Codes{"ca-missing"});
}

TEST_CASE("gateway: modes and what may stand beside them") {
  const std::string secret = pair("shop", "c");
  const auto with = [&](const std::string& tls) { return Objects(secret + gateway(tls)).codes(); };
  CHECK(with("{mode: PASSTHROUGH}").empty());
  CHECK(with("{}").empty());
  CHECK(with("{credentialName: c}") == Codes{"passthrough-ignores-credential"});
  CHECK(with("{mode: AUTO_PASSTHROUGH, credentialName: c}") == Codes{"passthrough-ignores-credential"});
  CHECK(with("{mode: ISTIO_MUTUAL}").empty());
  CHECK(with("{mode: ISTIO_MUTUAL, caCertificates: /x}") == Codes{"mode-forbids-credential"});
  CHECK(with("{mode: SIMPLE}") == Codes{"no-certificate"});
  CHECK(with("{mode: SIMPLE, serverCertificate: /c, privateKey: /k}").empty());
  CHECK(with("{mode: SIMPLE, serverCertificate: /c}") == Codes{"no-certificate"});
  const auto pairs = [&](const std::string& list) {
    return with("{mode: SIMPLE, tlsCertificates: [" + list + "]}");
  };
  CHECK(pairs("{serverCertificate: /c, privateKey: /k}, {serverCertificate: /d, privateKey: /l}").empty());
  CHECK(pairs("{serverCertificate: /c, privateKey: /k}, {serverCertificate: /d}") == Codes{"no-certificate"});
  CHECK(pairs("{privateKey: /k}") == Codes{"no-certificate"});
  CHECK(pairs("{}") == Codes{"no-certificate"});
  CHECK(with("{mode: MUTUAL, serverCertificate: /c, privateKey: /k}") == Codes{"ca-missing"});
  CHECK(with("{mode: MUTUAL, serverCertificate: /c, privateKey: /k, caCertCredentialName: c-cacert}") ==
        Codes{"ca-missing"});
  CHECK(
      with("{mode: MUTUAL, serverCertificate: /c, privateKey: /k, caCertificates: /a, caCrl: /crl}").empty());
  CHECK(with("{mode: SIMPLE, credentialName: c, serverCertificate: /c, privateKey: /k}") ==
        Codes{"mode-forbids-credential"});
  CHECK(with("{mode: SIMPLE, credentialName: c, caCrl: /crl}") == Codes{"value-not-read"});
  CHECK(with("{mode: SIMPLE, serverCertificate: /c, privateKey: /k, caCrl: /crl}") ==
        Codes{"mode-forbids-credential"});
  CHECK(with("{mode: SIMPLE, credentialNames: [c, c]}").empty());
  CHECK(with("{mode: simple, credentialName: c}") == Codes{"unknown-mode"});
}

TEST_CASE("gateway: hosts and the names of the certificate") {
  // shop.example.com and *.shop.example.com.
  const std::string secret = pair("shop", "c");
  const auto with = [&](const std::string& hosts) {
    return Objects(secret + gateway(simple("c"), hosts)).codes();
  };
  for (const char* right : {"['*']", "[SHOP.example.com]", "[a.shop.example.com]", "['*.shop.example.com']",
                            "['shop/shop.example.com', './a.shop.example.com', '*/shop.example.com']"})
    CHECK(with(right).empty());
  for (const char* wrong : {"[example.com]", "[a.b.shop.example.com]", "['*.example.com']",
                            "['*.example.org']", "['192.0.2.1']", "[shop.example.com, example.org]"})
    CHECK(with(wrong) == Codes{"host-not-covered"});
}

TEST_CASE("gateway: what servers do is listed, with the worst that is said of each") {
  Objects objects(pair("shop", "c") + gateway(simple("c")) + gateway(simple("d"), "[a]", "h") +
                  gateway("{mode: PASSTHROUGH}", "[a]", "i"));
  objects.policy.serving.asked = true;
  const auto findings = judge(objects.inventory, objects.policy, {});
  const auto servers = report_servers(objects.inventory, objects.policy, findings);
  REQUIRE(servers.size() == 3);
  CHECK(to_string(servers[0].status) == "works");
  CHECK(servers[0].credentials == std::vector<std::string>{"Secret shop/c"});
  CHECK(servers[0].not_after.has_value());
  CHECK(to_string(servers[1].status) == "fails");
  CHECK(servers[1].credentials == std::vector<std::string>{"Secret d"});
  CHECK(servers[2].mode == "PASSTHROUGH");
}

TEST_CASE("gateway: what is wrong with anything that a server uses makes it fail") {
  const auto with = [](const std::string& objects) {
    Objects all(objects + gateway(mutual("c")));
    all.policy.serving.asked = true;
    const auto servers = report_servers(all.inventory, all.policy, judge(all.inventory, all.policy, {}));
    return servers.empty() ? "none" : std::string(to_string(servers.front().status));
  };
  const auto secret_of = [](const std::string& certificate, const std::string& key, const std::string& rest) {
    return object("Secret", "shop", "c",
                  "stringData:\n  tls.crt: |\n" + certificate + "  tls.key: |\n" + key + rest);
  };
  const std::string good = pem("gateway/healthy.pem"), key = pem("keys/workload.pem");
  const auto ca_of = [](const std::string& text) { return "  ca.crt: |\n" + text; };
  const std::string root = ca_of(pem("pki/root.pem"));
  CHECK(with(secret_of(good, key, root)) == "works");
  // The OCSP response: read as DER, and refused else; beside cert and key it is not read at all.
  CHECK(with(secret_of(good, key, root + "  tls.ocsp-staple: junk\n")) == "fails");
  CHECK(with(object("Secret", "shop", "c",
                    "stringData:\n  cert: |\n" + good + "  key: |\n" + key + "  cacert: |\n" +
                        pem("pki/root.pem") + "  tls.ocsp-staple: junk\n")) == "warned");
  // The client CA: no PEM, a key, expired.
  CHECK(with(secret_of(good, key, ca_of("    to be filled in\n"))) == "fails");
  CHECK(with(secret_of(good, key, ca_of(key))) == "fails");
  CHECK(with(secret_of(good, key, ca_of(pem("validity/root-expired.pem")))) == "fails");
  // stringData wins over data: the certificate's key is not the one that is used.
  const std::string data =
      "data:\n  tls.key: " + base::encode_base64(as_bytes(read_source("certs/keys/workload.pem"))) + "\n";
  CHECK(with(secret_of(good, key, root) + data) == "works");
  CHECK(with(secret_of(good, pem("keys/other-root.pem"), root) + data) == "fails");
  // Base64 twice is read here, and by nobody else.
  const auto twice = [](const std::string& path, int times) {
    std::string text = read_source("certs/" + path);
    text = text.substr(text.find("-----BEGIN"));
    for (int i = 0; i < times; ++i) text = base::encode_base64(as_bytes(text));
    return text;
  };
  for (const int times : {1, 2})
    CHECK(with(object("Secret", "shop", "c",
                      "data:\n  tls.crt: " + twice("gateway/healthy.pem", times) + "\n  tls.key: " +
                          twice("keys/workload.pem", 1) + "\n  ca.crt: " + twice("pki/root.pem", 1) +
                          "\n")) == (times == 1 ? "works" : "fails"));
}

TEST_CASE("gateway: what istiod and Envoy say of a credential stands in the message") {
  const auto says_of = [](const std::string& objects, const std::string& code) {
    Objects all(objects);
    for (const Finding& finding : judge(all.inventory, all.policy, {}))
      if (finding.spec->code == code) return message_of(finding);
    return std::string("nothing");
  };
  const auto says = [&](const std::string& objects, const std::string& code) {
    return says_of(objects + gateway(mutual("c")), code);
  };
  const auto secret_of = [](const std::string& certificate, const std::string& key,
                            const std::string& authority) {
    return object(
        "Secret", "shop", "c",
        "stringData:\n  tls.crt: |\n" + certificate + "  tls.key: |\n" + key + "  ca.crt: |\n" + authority);
  };
  const std::string good = pem("gateway/healthy.pem"), key = pem("keys/workload.pem"),
                    root = pem("pki/root.pem");
  const std::string junk = "    to be filled in\n";
  const auto ends = [](const std::string& text, const std::string& end) {
    CAPTURE(text);
    CHECK(text.ends_with("; used by Gateway shop/g, server https (" + end + ")"));
  };
  const std::string invalid = "istiod: invalid certificates: shop/c \"kubernetes://c\": ";
  ends(says(secret_of(pem("validity/expired.pem"), key, root), "validity.expired"),
       invalid + "certificate is expired or not yet valid");
  ends(says(secret_of(pem("validity/not-yet-valid.pem"), key, root), "validity.not-yet-valid"),
       invalid + "certificate is expired or not yet valid");
  ends(says(secret_of(junk, key, root), "input.malformed"),
       invalid + "pem decode failed; Envoy: Failed to load certificate chain from <inline>");
  ends(says(secret_of("    -----BEGIN CERTIFICATE-----\n    MAMCAQU=\n    -----END CERTIFICATE-----\n", key,
                      root),
            "input.malformed"),
       invalid + "x509: malformed certificate; Envoy: Failed to load certificate chain from <inline>");
  ends(says(secret_of(good, pem("keys/other-root.pem"), root), "key.mismatch"),
       "Envoy: Failed to load private key from <inline>, Cause: ...KEY_VALUES_MISMATCH");
  ends(says(secret_of(good, junk, root), "key.unparsable"),
       "Envoy: Failed to load private key from <inline>");
  ends(
      says(secret_of(good, key, junk), "input.malformed"),
      "istiod: invalid certificates: shop/c \"kubernetes://c-cacert\": pem decode failed; Envoy: Failed to load trusted "
      "CA certificates from <inline>");
  // Of the second certificate, istiod looks at nothing.
  const std::string behind =
      says(secret_of(good + pem("validity/root-expired.pem"), key, root), "validity.expired");
  CHECK(behind.ends_with("; used by Gateway shop/g, server https"));
  // What a listener refers to, istiod loads, and looks at no date.
  const std::string listener =
      "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: shop}\n"
      "spec: {gatewayClassName: istio, listeners: [{name: l, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: c}]}}]}\n";
  const std::string user = "; used by Gateway shop/g, listener l";
  CHECK(
      says_of(secret_of(good, pem("keys/other-root.pem"), root) + listener, "key.mismatch").ends_with(user));
  CHECK(says_of(secret_of(junk, key, root) + listener, "input.malformed").ends_with(user));
  CHECK(
      says_of(secret_of(pem("validity/expired.pem"), key, root) + listener, "validity.expired")
          .ends_with(
              user +
              " (istiod: invalid certificates: shop/c \"kubernetes-gateway://shop/c\": certificate is expired "
              "or not yet valid)"));
}

TEST_CASE("gateway: who uses a Secret is said of that Secret, in a file of many documents") {
  Objects objects(pair("shop", "c") + pair("shop", "unused") + gateway(simple("c")));
  objects.policy.at = *parse_rfc3339("2030-01-01T00:00:00Z");
  std::size_t used = 0, expired = 0;
  for (const Finding& finding :
       judge(objects.inventory, objects.policy, Selection{{"validity.expired"}, {}})) {
    ++expired;
    if (finding.fact("used_by") == nullptr) continue;
    ++used;
    CHECK(finding.resource == "Secret shop/c");
    CHECK(message_of(finding).find("; used by Gateway shop/g, server https") != std::string::npos);
  }
  CHECK(used > 0);
  CHECK(expired == 2 * used);
}

TEST_CASE("gateway: whose a class is, its controller says") {
  const auto with = [](const std::string& name, const std::string& controller) {
    const std::string ref = "{name: c}";
    return Objects(
               pair("shop", "c") +
               "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: "
               "shop}\nspec:\n  gatewayClassName: " +
               name + "\n  listeners: [{name: l, protocol: HTTPS, tls: {certificateRefs: [" + ref + ", " +
               ref + ", " + ref + "]}}]\n" +
               "---\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: shared}\n"
               "spec: {controllerName: " +
               controller + "}\n")
        .codes();
  };
  CHECK(with("shared", "istio.io/gateway-controller") == Codes{"too-many-credentials"});
  CHECK(with("shared", "example.com/controller").empty());
  CHECK(with("istio", "example.com/controller") == Codes{"too-many-credentials"});
}

TEST_CASE("gateway: wrong types, circles and names of names are no crash") {
  const std::pair<const char*, Codes> rows[] = {
      {"7", {"no-certificate"}},
      {"[]", {"no-certificate"}},
      {"{mode: 3, credentialName: [c]}", {}},
      {"{credentialNames: {a: b}}", {}},
      {"{credentialNames: [1, null, []]}", {}},
      {"{tlsCertificates: x}", {}},
      {"{mode: SIMPLE, credentialName: ''}", {"no-certificate"}},
      {"{mode: SIMPLE, credentialName: '/'}", {"secret-missing"}},
      {"{mode: SIMPLE, credentialName: 'kubernetes://'}", {"secret-missing"}},
      {"{mode: MUTUAL, credentialName: '-cacert'}", {"secret-missing"}},
      {"{mode: MUTUAL, credentialName: 'c-cacert-cacert'}", {"secret-missing"}},
      {"{mode: SIMPLE, credentialName: c}", {}},
  };
  for (const auto& [tls, codes] : rows) {
    CAPTURE(std::string(tls));
    CHECK(Objects(pair("shop", "c") + gateway(tls)).codes() == codes);
  }
  // A Certificate that writes the Secret from which it is issued, and a Secret of itself.
  CHECK(Objects(pair("shop", "c-cacert") + gateway(mutual("c-cacert"))).codes() ==
        Codes{"ca-missing", "suffix-misleads"});
}

TEST_CASE("host names: nearly right wildcards are explained") {
  checks::HostNames names;
  CHECK(names.covers("a.example.com") == checks::HostNames::Cover::none);
  CHECK(names.covers("*.") == checks::HostNames::Cover::none);
  CHECK(names.covers(".") == checks::HostNames::Cover::none);
  CHECK(names.text().empty());
}

TEST_CASE("TLS settings of a plain port are refused, but for a redirect") {
  const auto codes = [](const std::string& protocol, const std::string& tls) {
    std::string text = gateway(tls);
    text.replace(text.find("HTTPS"), 5, protocol);
    return Objects(pair("shop", "shop-cert") + text).codes();
  };
  const std::string simple = "{mode: SIMPLE, credentialName: shop-cert}";
  CHECK(codes("HTTPS", simple) == Codes{});
  CHECK(codes("https", simple) == Codes{});
  CHECK(codes("HTTP", simple) == Codes{"mode-forbids-credential"});
  CHECK(codes("grpc", simple) == Codes{"mode-forbids-credential"});
  CHECK(codes("TCP", "{mode: PASSTHROUGH}") == Codes{"mode-forbids-credential"});
  CHECK(codes("HTTP", "{httpsRedirect: true}") == Codes{});
}

TEST_CASE("gateway: a listener of HTTPS or TLS without tls presents nothing") {
  const auto listener = [](const std::string& rest, const std::string& of = "istio") {
    return Objects(
               "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a, namespace: "
               "shop}\nspec:\n  gatewayClassName: " +
               of + "\n  listeners:\n  - {name: l, port: 443, " + rest + "}\n" + pair("shop", "c"))
        .codes();
  };
  // A ListenerSet is its Gateway's.
  const auto set_of = [](const std::string& more) {
    return Objects(
               "---\napiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\nmetadata: {name: s, namespace: "
               "shop}\nspec:\n  parentRef: {name: a}\n  listeners:\n  - {name: l, port: 443, protocol: HTTPS}\n" +
               more)
        .codes();
  };
  const auto of_class = [](const std::string& name) {
    return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a, namespace: "
           "shop}\nspec: {gatewayClassName: " +
           name + ", listeners: []}\n";
  };
  CHECK(set_of(of_class("istio")) == Codes{"no-certificate"});
  CHECK(set_of(of_class("gke")).empty());
  CHECK(set_of("").empty());
  // Others attach certificates in ways of their own: GKE's map, AWS's discovery, options.
  CHECK(listener("protocol: HTTPS", "gke-l7-global-external-managed").empty());
  CHECK(listener("protocol: HTTPS, tls: {mode: Terminate, options: {networking.gke.io/pre-shared-certs: c}}",
                 "gke-l7-global-external-managed")
            .empty());
  CHECK(listener("protocol: HTTPS") == Codes{"no-certificate"});
  CHECK(listener("protocol: TLS") == Codes{"no-certificate"});
  CHECK(listener("protocol: HTTP").empty());
  CHECK(listener("protocol: HBONE").empty());
  CHECK(listener("protocol: TLS, tls: {mode: Passthrough}").empty());
  CHECK(listener("protocol: HTTPS, tls: {certificateRefs: [{name: c}]}").empty());
}

TEST_CASE("gateway: the Secret of the mesh's CA is no server's, though no other was given") {
  const auto alone = [](const std::string& name, const std::string& values) {
    Objects objects(object("Secret", "istio-system", name, "stringData:\n" + values));
    objects.policy.serving.asked = true;
    return objects.codes();
  };
  const std::string authority =
      "  ca-cert.pem: |\n" + pem("pki/root.pem") + "  ca-key.pem: |\n" + pem("keys/root.pem");
  CHECK(alone("cacerts", authority) == Codes{"no-gateway"});
  CHECK(alone("istio-ca-secret", authority) == Codes{"no-gateway"});
  CHECK(alone("c", authority) == Codes{"missing-keys"});
}

TEST_CASE("for an address the certificate needs an IP address") {
  const Objects objects(pair("shop", "shop-cert") + service("shop") +
                        gateway("{mode: SIMPLE, credentialName: shop-cert}", "[10.0.0.1]"));
  const auto findings = judge(objects.inventory, objects.policy, Selection{{"gateway"}, {}});
  REQUIRE(findings.size() == 1);
  CHECK(fix_of(findings[0]).find("with the IP address 10.0.0.1") != std::string::npos);
  CHECK(fix_of(findings[0]).find("spec.ipAddresses") != std::string::npos);
}

TEST_CASE("clients are verified with what the Gateway of a listener says of its port") {
  const std::string listener =
      "{name: l, hostname: shop.example.com, port: 8443, protocol: HTTPS, tls: {certificateRefs: [{name: c}], "
      "options: {gateway.istio.io/tls-terminate-mode: MUTUAL}}}";
  const std::string validation = "{validation: {caCertificateRefs: [{kind: ConfigMap, name: cas}]}}";
  const auto gateway_with = [](const std::string& listeners, const std::string& frontend) {
    return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a, namespace: "
           "shop}\nspec:\n  gatewayClassName: istio\n  listeners: [" +
           listeners + "]\n  tls: {frontend: {" + frontend + "}}\n";
  };
  const std::string set =
      "---\napiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\nmetadata: {name: s, namespace: "
      "shop}\nspec:\n  parentRef: {name: a}\n  listeners:\n  - " +
      listener + "\n";
  const auto codes = [](const std::string& objects) {
    return Objects(pair("shop", "c") + ca("ConfigMap", "shop", "cas") + objects).codes();
  };
  const Codes missing{"ca-missing"};
  const struct {
    std::string frontend;
    bool verified;
  } rows[] = {{"default: " + validation, true},
              {"perPort: [{port: 8443, tls: " + validation + "}]", true},
              {"perPort: [{port: 443, tls: " + validation + "}]", false},
              {"default: " + validation + ", perPort: [{port: 443, tls: {}}]", true},
              {"default: " + validation + ", perPort: [{port: 8443, tls: {}}]", false},
              {"default: {validation: {caCertificateRefs: []}}", false},
              {"", false}};
  for (const auto& row : rows) {
    CAPTURE(row.frontend);
    CHECK(codes(gateway_with(listener, row.frontend)) == (row.verified ? Codes{} : missing));
    CHECK(codes(gateway_with("", row.frontend) + set) == (row.verified ? Codes{} : missing));
  }
  CHECK(codes(set).empty());
}
