// Names of credentials, and what istiod makes of them.
#include <doctest/doctest.h>

#include "tests/support/gateways.hpp"

using namespace meshcert;
using namespace meshcert::testing;

TEST_CASE("gateway: a CA by the name of a ConfigMap has a namespace in it") {
  const std::string secret = pair("shop", "c"), map = ca("ConfigMap", "shop", "m");
  const auto with = [&](const std::string& name, const std::string& objects) {
    return Objects(objects +
                   gateway("{mode: MUTUAL, credentialName: c, caCertCredentialName: '" + name + "'}"));
  };
  struct Row {
    std::string name;
    Codes codes;
    std::string says;
  };
  const Row rows[] = {
      {"configmap://shop/m", {}, ""},
      {"configmap://apps/m", {}, ""},
      // istiod takes the suffix off before it looks.
      {"configmap://shop/m-cacert", {}, ""},
      {"builtin://-cacert", {}, ""},
      {"sds://m", {}, ""},
      {"configmap://m",
       {"ca-missing"},
       "invalid resource name \"configmap://m\". Expected namespace and name"},
      {"configmap://", {"ca-missing"}, "invalid resource name \"configmap://\". Expected namespace and name"},
      {"configmap:///m", {"ca-missing"}, "invalid resource name \"configmap:///m\". Expected namespace)"},
      {"configmap://shop/", {"ca-missing"}, "invalid resource name \"configmap://shop/\". Expected name)"},
      {"kubernetes-gateway://m-cacert", {"ca-missing"}, "Expected namespace and name"},
      {"ConfigMap://shop/m", {"ca-missing"}, "begins with no scheme of Istio's"},
      {"vault://m", {"ca-missing"}, "attempted to access unauthorized certificates : cross namespace"},
      {"invalid://", {"ca-missing"}, "served to nobody"},
      {"builtin://", {"ca-missing"}, "builtin://-cacert"},
      {"nope", {"ca-missing"}, "failed to fetch key and certificate for kubernetes://nope: secret "},
      {"nope-cacert", {"ca-missing"}, "failed to fetch ca certificate for kubernetes://nope-cacert: secret "},
      {"configmap://shop/nope", {"ca-missing"}, "for configmap://shop/nope: configmap shop/nope not found"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Objects objects = with(row.name, secret + map + ca("ConfigMap", "apps", "m"));
    CHECK(objects.codes() == row.codes);
    CAPTURE(objects.message());
    CHECK(objects.message().find(row.says) != std::string::npos);
  }
  CHECK(with("configmap://shop/m-cacert", secret + ca("ConfigMap", "shop", "m-cacert")).codes() ==
        Codes{"ca-missing"});
  // Nothing of the kind need be given to tell that the name is wrong.
  CHECK(with("configmap://m", secret).codes() == Codes{"ca-missing"});
  CHECK(with("configmap://shop/m", secret).codes() == Codes{"objects-not-given"});
  // A Secret of another namespace than the proxy's is sent to nobody.
  const std::string elsewhere = secret + pod("shop") + ca("Secret", "apps", "m-cacert");
  CHECK(with("apps/m-cacert", elsewhere).codes() == Codes{"secret-wrong-namespace"});
  CHECK(with("shop/m-cacert", elsewhere + ca("Secret", "shop", "m-cacert")).codes().empty());
}

TEST_CASE("gateway: a DestinationRule takes ConfigMaps of its own namespace alone") {
  const auto with = [](const std::string& tls, const std::string& objects) {
    return Objects(objects + object("DestinationRule", "shop", "d",
                                    "spec:\n  host: bank.shop.svc\n  trafficPolicy: {tls: " + tls + "}\n"));
  };
  const auto simple_of = [](const std::string& name) {
    return "{mode: SIMPLE, credentialName: '" + name + "'}";
  };
  const std::string map = ca("ConfigMap", "shop", "m"), other = ca("ConfigMap", "apps", "m");
  // It is sent to sidecars too, so that these verify with it.
  CHECK(with(simple_of("configmap://shop/m"), map).codes().empty());
  CHECK(with(simple_of("m"), ca("Secret", "shop", "m")).codes() == Codes{"server-not-verified"});
  const Objects bare = with(simple_of("configmap://m"), map);
  CHECK(bare.codes() == Codes{"ca-missing"});
  CHECK(bare.message().find(
            "invalid configmap:// credentialName: invalid resource name \"configmap://m\". Expected "
            "namespace and name") != std::string::npos);
  const Objects foreign = with(simple_of("configmap://apps/m"), other);
  CHECK(foreign.codes() == Codes{"ca-missing"});
  CHECK(foreign.message().find("invalid configmap:// credentialName: namespace must match the configuration "
                               "namespace \"shop\"") != std::string::npos);
  CHECK(with("{mode: MUTUAL, credentialName: 'configmap://shop/m'}", map).codes() ==
        Codes{"suffix-misleads"});
  CHECK(with(simple_of("vault://m"), map).codes() == Codes{"ca-missing", "server-not-verified"});
  // Where a manifest leaves its namespace out, it may be any.
  CHECK(Objects(other +
                "---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: d}\n"
                "spec:\n  host: bank.shop.svc\n  trafficPolicy: {tls: " +
                simple_of("configmap://apps/m") + "}\n")
            .codes()
            .empty());
}

TEST_CASE("gateway: values of the other style are told, where istiod would look for them") {
  const std::string pair_of_istio = pair("shop", "c", "cert", "key"), pair_of_kubernetes = pair("shop", "c");
  const auto value = [](const std::string& key, const std::string& file) {
    return "  " + key + ": |\n" + pem(file);
  };
  const auto with = [](const std::string& objects) {
    return Objects(objects + gateway(mutual("c"))).codes();
  };
  const std::string cacert = value("cacert", "pki/root.pem"), ca_crt = value("ca.crt", "pki/root.pem");
  const auto list = [&](const std::string& key) { return value(key, "chain/crl-expired.pem"); };
  const Codes told{"value-not-read"};
  CHECK(with(pair_of_istio + cacert).empty());
  CHECK(with(pair_of_istio + cacert + list("crl")).empty());
  CHECK(with(pair_of_istio + cacert + list("ca.crl")) == told);
  CHECK(with(pair_of_istio + cacert + list("ca.crl") + list("crl")).empty());
  CHECK(with(pair_of_kubernetes + ca_crt + list("ca.crl")).empty());
  CHECK(with(pair_of_kubernetes + ca_crt + list("crl")) == told);
  CHECK(with(pair_of_kubernetes + ca_crt + "  crl: ''\n").empty());
  CHECK(with(pair_of_istio + cacert + "  tls.ocsp-staple: junk\n") == told);
  CHECK(with(pair_of_kubernetes + ca_crt + "  tls.ocsp-staple: junk\n").empty());
  // The CA in a Secret or ConfigMap of its own.
  const std::string separate = ca("Secret", "shop", "c-cacert", "cacert");
  CHECK(with(pair_of_istio + separate + list("ca.crl")) == told);
  CHECK(with(pair_of_istio + separate + list("crl")).empty());
  // There, the one beside the pair is not looked at.
  CHECK(with(pair_of_kubernetes + list("ca.crl") + separate) == told);
  CHECK(with(pair_of_kubernetes + list("ca.crl") + separate + list("crl")).empty());
}

TEST_CASE("gateway: of Secrets without a gateway it is said that they are judged as a server's") {
  const auto message = [](std::string text, bool with_gateway) {
    const std::string kind = "kind: Gateway\n";
    REQUIRE(text.find(kind) != std::string::npos);
    if (!with_gateway) text.replace(text.find(kind), kind.size(), "kind: VirtualService\n");
    Objects objects(text);
    objects.policy.serving.asked = true;
    return objects.message();
  };
  const std::string words = "judged as a server's, as no gateway was given";
  for (const std::string name : {"self-signed-serving", "wrong-purpose-served"}) {
    CAPTURE(name);
    const std::string text = read_source("certs/gateway/" + name + ".yaml");
    CHECK(message(text, false).find(words) != std::string::npos);
    CHECK_FALSE(message(text, true).empty());
    CHECK(message(text, true).find(words) == std::string::npos);
  }
}

TEST_CASE("gateway: to istiod there are no Secrets of the types that it does not watch") {
  const std::string kHelms = "type: helm.sh/release.v1\n",
                    kTokens = "type: kubernetes.io/service-account-token\n";
  const auto text = [](const std::string& objects, const std::string& type) {
    return Objects(pair("shop", "c") + objects + type + pod("shop"));
  };
  const std::string listener =
      "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a, namespace: shop}\n"
      "spec: {gatewayClassName: istio, listeners: [{name: l, hostname: shop.example.com, port: 443, protocol: "
      "HTTPS, tls: {certificateRefs: [{name: d}]}}]}\n";
  const struct {
    std::string user, secret;
    Codes codes;
  } rows[] = {
      {gateway(simple("d")), pair("shop", "d"), {"secret-missing"}},
      {listener, pair("shop", "d"), {"secret-missing"}},
      {gateway(mutual("c")), ca("Secret", "shop", "c-cacert"), {"ca-missing"}},
      {gateway("{mode: MUTUAL, credentialName: c, caCertCredentialName: d-cacert}"),
       ca("Secret", "shop", "d"),
       {"ca-missing"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.user);
    CHECK(text(row.user + row.secret, "").codes().empty());
    CHECK(text(row.user + row.secret, kHelms).codes() == row.codes);
    CHECK(text(row.user + row.secret, kTokens).codes() == row.codes);
  }
  // One of that name elsewhere does not make it the wrong namespace.
  const Objects both =
      Objects(pair("edge", "d") + gateway(simple("d")) + pair("shop", "d") + kTokens + pod("shop"));
  CHECK(both.codes() == Codes{"secret-missing"});
  CHECK(both.message().find("which is of type kubernetes.io/service-account-token") != std::string::npos);
}

TEST_CASE("gateway: what istiod and the API server are said to print, they print") {
  const auto server = [](const std::string& tls) {
    return Objects(pair("shop", "c") + gateway(tls)).message();
  };
  const auto policy = [](const std::string& ref, const std::string& objects) {
    return Objects(
               ca("ConfigMap", "shop", "m") + objects +
               "---\napiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\nmetadata: {name: p, "
               "namespace: shop}\nspec: {validation: {hostname: h, caCertificateRefs: [" +
               ref + "]}}\n")
        .message();
  };
  const auto api = [](const std::string& tls, const std::string& objects) {
    return Objects(
               pair("shop", "c") + pair("edge", "d") + ca("ConfigMap", "edge", "m") + objects +
               "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: "
               "shop}\nspec: {gatewayClassName: istio, listeners: [], tls: " +
               tls + "}\n")
        .message();
  };
  const auto frontend = [&](const std::string& ref, const std::string& objects) {
    return api("{frontend: {default: {validation: {caCertificateRefs: [" + ref + "]}}}}", objects);
  };
  const std::string junk = object("ConfigMap", "shop", "junk", "data: {ca.crt: junk}\n");
  const std::string bare = object("ConfigMap", "shop", "bare", "data: {x: y}\n");
  const struct {
    std::string message, says;
  } rows[] = {
      {server("{mode: ISTIO_MUTUAL, serverCertificate: /c}"), "cannot have associated server certificate)"},
      {server("{mode: ISTIO_MUTUAL, privateKey: /c}"), "cannot have associated private key)"},
      {server("{mode: ISTIO_MUTUAL, caCertificates: /c}"), "cannot have associated CA bundle)"},
      {server("{mode: ISTIO_MUTUAL, credentialNames: [c]}"), "cannot have associated credentialNames)"},
      {server("{mode: OPTIONAL_MUTUAL, serverCertificate: /c, caCertificates: /a}"),
       "(istiod: MUTUAL TLS requires a private key)"},
      {server("{mode: MUTUAL, serverCertificate: /c, privateKey: /k}"),
       "istiod refuses the object (istiod: MUTUAL TLS requires a client CA bundle)"},
      {server("{mode: SIMPLE, credentialNames: [c, c, c]}"),
       "(the API server: Too many: 3: must have at most 2 items)"},
      {server("{mode: AUTO_PASSTHROUGH, credentialName: c}"), "(istiod: AUTO_PASSTHROUGH mode does not use"},
      {policy("{group: \"\", kind: ConfigMap, name: x}", ""),
       "(istiod: Certificate reference not found: reference shop/x (of kind ConfigMap) not found)"},
      {policy("{group: \"\", kind: ConfigMap, name: m, namespace: edge}", ""), ""},
      {policy("{group: \"\", kind: ConfigMap, name: bare}", bare),
       "(istiod: Certificate invalid: found secret, but"},
      {policy("{group: \"\", kind: ConfigMap, name: junk}", junk),
       "Envoy refuses it (Failed to load trusted CA"},
      {policy("", ""), "(must specify either CACertificateRefs or WellKnownCACertificates)"},
      {frontend("{group: \"\", kind: ConfigMap, name: x}", ""),
       "(istiod: invalid CA certificate reference /ConfigMap/x., configmap shop/x not found)"},
      {frontend("{group: \"\", kind: ConfigMap, name: junk}", junk),
       "(istiod: invalid CA certificate reference /ConfigMap/junk., the bundle is malformed)"},
      {frontend("{group: \"\", kind: ConfigMap, name: m, namespace: edge}", ""),
       "(istiod: caCertificateRef edge/m not accessible to a Gateway in namespace \"shop\""},
      {api("{backend: {clientCertificateRef: {name: d, namespace: edge}}}", ""),
       "(istiod: clientCertificateRef d/edge not accessible"},
      {api("{backend: {clientCertificateRef: {kind: ConfigMap, name: m}}}", ""),
       "(istiod: invalid clientCertificateRef /ConfigMap/m., only secret is allowed)"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.says);
    CAPTURE(row.message);
    CHECK(row.message.empty() == row.says.empty());
    CHECK(row.message.find(row.says) != std::string::npos);
  }
}

TEST_CASE("gateway: what is said of names is of the object that is meant") {
  const std::string both =
      pair("shop", "c") + object("Secret", "shop", "c-cacert", "stringData: {foo: bar}\n");
  const auto first = [](const std::string& objects) {
    const Objects read(objects + pod("shop"));
    const auto findings = judge(read.inventory, read.policy, Selection{{"gateway"}, {}});
    REQUIRE(!findings.empty());
    return message_of(findings.front()) + "\nfix: " + fix_of(findings.front());
  };
  const std::string bare = first(both + gateway(mutual("c")));
  CHECK(bare.find("namespace shop has Secret c-cacert") == std::string::npos);
  CHECK(bare.find("fix: put the CA's certificate under ca.crt") != std::string::npos);
  const std::string with_ca =
      object("Secret", "shop", "c",
             "stringData:\n  tls.crt: |\n" + pem("gateway/healthy.pem") + "  tls.key: |\n" +
                 pem("keys/workload.pem") + "  ca.crt: |\n" + pem("pki/root.pem"));
  const std::string hidden = first(
      with_ca + object("Secret", "shop", "c-cacert", "stringData: {foo: bar}\n") + gateway(mutual("c")));
  CHECK(hidden.find("into that Secret: kubectl patch secret c-cacert -n shop -p ") != std::string::npos);
  CHECK(hidden.find("so that the latter counts: kubectl delete secret c-cacert -n shop") !=
        std::string::npos);
  const std::string rule = object(
      "DestinationRule", "shop", "d",
      "spec: {host: h.example.com, workloadSelector: {matchLabels: {app: x}}, trafficPolicy: {tls: {mode: MUTUAL, "
      "credentialName: e}}}\n");
  CHECK(first(pair("edge", "e") + rule).find("in the namespace of the pods that connect, shop") !=
        std::string::npos);
  CHECK(
      first(pair("edge", "e") + gateway(simple("e"))).find("in the namespace of the gateway's pods, shop") !=
      std::string::npos);
  CHECK(
      first(
          "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: shop}\n"
          "spec: {gatewayClassName: istio, listeners: [], tls: {frontend: {default: {validation: "
          "{caCertificateRefs: [{group: \"\", name: m}]}}}}}\n")
          .find("refers to shop/m, which") != std::string::npos);
}

TEST_CASE("gateway: of two references of a listener one may do, and of plain HTTP none") {
  const auto listener = [](const std::string& protocol, const std::string& refs) {
    return Objects(
        pair("shop", "c") +
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: "
        "shop}\nspec: {gatewayClassName: istio, listeners: [{name: l, hostname: shop.example.com, port: 443, "
        "protocol: " +
        protocol + ", tls: {certificateRefs: [" + refs + "]}}]}\n");
  };
  CHECK(listener("HTTPS", "{name: c}, {name: c}").codes().empty());
  CHECK(listener("HTTPS", "{name: d}").message().find("the listener is not programmed") != std::string::npos);
  CHECK(listener("HTTPS", "{name: c}, {name: d}").message().find("presents the first certificate alone") !=
        std::string::npos);
  CHECK(listener("HTTPS", "{name: d}, {name: c}").message().find("presents neither of the two") !=
        std::string::npos);
  CHECK(listener("HTTPS", "{name: c}, {kind: ConfigMap, name: d}").message().find("presents the first") !=
        std::string::npos);
  CHECK(listener("HTTP", "{name: c}").codes() == Codes{"mode-forbids-credential"});
  CHECK(listener("HTTP", "{name: c}").message().find("(the API server: tls must not be specified") !=
        std::string::npos);
  CHECK(listener("TLS", "{name: c}").codes().empty());
}
