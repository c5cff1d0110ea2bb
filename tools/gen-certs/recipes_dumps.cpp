#include "dumps.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

/// healthy_json is the healthy dump as data, for recipes to change one thing in.
Json healthy_json(Workshop& w) {
  return Json::parse(workload_dump({the_leaf(w)}, {the_root(w)}).body);
}

/// changed applies one change to the healthy dump.
Sample changed(Workshop& w, void (*change)(Json& dump, Workshop& w)) {
  Json json = healthy_json(w);
  change(json, w);
  return dump(json, {the_leaf(w), the_root(w)});
}

Json& chain_source(Json& json) {
  return json["dynamicActiveSecrets"][0]["secret"]["tlsCertificate"]["certificateChain"];
}
Json& key_source(Json& json) {
  return json["dynamicActiveSecrets"][0]["secret"]["tlsCertificate"]["privateKey"];
}
Json& trusted_ca(Json& json) {
  return json["dynamicActiveSecrets"][1]["secret"]["validationContext"]["trustedCa"];
}

Sample healthy_snake_case(Workshop& w) {
  Json section{{"@type", "type.googleapis.com/envoy.admin.v3.SecretsConfigDump"}};
  section.update(snake_case(healthy_json(w)));
  const Json bootstrap{
      {"@type", "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump"},
      {"bootstrap", {{"node", {{"id", "sidecar~10.96.4.17~my-app-0.my-ns~my-ns.svc.cluster.local"}}}}},
      {"last_updated", "2024-01-01T00:00:02.100Z"}};
  return dump({{"configs", Json::array({bootstrap, section})}}, {the_leaf(w), the_root(w)});
}

Sample healthy_spire(Workshop& w) {
  return spire_dump(the_leaf(w), {{"cluster.local", the_root(w)}, {"east.local", the_plugin_root(w)}});
}

Sample healthy_static(Workshop& w) {
  const auto fixed = [](Json secret) { return Json{{"name", secret["name"]}, {"secret", secret}}; };
  Dump secrets;
  secrets.fixed = {fixed(chain_secret("default", inline_string(pem(the_leaf(w))))),
                   fixed(root_secret("ROOTCA", inline_string(pem(the_root(w)))))};
  return dump(secrets.document(), {the_leaf(w), the_root(w)});
}

/// mixed_spelling has snake_case below the camelCase lists.
Sample healthy_mixed_spelling(Workshop& w) {
  return changed(w, [](Json& json, Workshop&) {
    for (Json& entry : json["dynamicActiveSecrets"]) entry["secret"] = snake_case(entry["secret"]);
  });
}

Sample healthy_gateway(Workshop& w) {
  const Octets serving = serving_leaf(w, "gateway/healthy").build();
  Json json = healthy_json(w);
  json["dynamicActiveSecrets"].push_back(
      dynamic(chain_secret("kubernetes://shop-cert", inline_bytes(pem({serving, the_web_intermediate(w)})))));
  return dump(json, {the_leaf(w), the_root(w), serving, the_web_intermediate(w)});
}

/// expired_and_wrong_identity is a dump as it looks at three in the morning.
Sample expired_and_wrong_identity(Workshop& w) {
  constexpr std::string_view kVersion = "2024-01-01T00:02:03Z", kUpdated = "2024-01-01T00:02:03.482Z";
  const Octets leaf = istio_leaf(w)
                          .validity(kEpoch, kEpoch + hours{24} + minutes{2})
                          .san({uri("spiffe://cluster.local/ns/my-ns/sa/default")})
                          .build();
  Dump secrets;
  secrets.active = {dynamic(chain_secret("default", inline_bytes(pem(leaf))), kVersion, kUpdated),
                    dynamic(root_secret("ROOTCA", inline_bytes(pem(the_root(w)))), kVersion, kUpdated)};
  secrets.warming = {
      dynamic(bare_secret("kubernetes://shop-cert"), "uninitialized", "2024-01-01T00:02:01.007Z")};
  return dump(secrets.document(), {leaf, the_root(w)});
}

Sample duplicate_name(Workshop& w) {
  Sample sample = changed(w, [](Json& json, Workshop& shop) {
    Json& active = json["dynamicActiveSecrets"];
    active.push_back(dynamic(root_secret("ROOTCA", inline_bytes(pem(the_renewed_root(shop))))));
  });
  sample.certificates.push_back(the_renewed_root(w));
  return sample;
}

const Recipe kRecipes[] = {
    {"dumps/healthy.json", "",
     "A sidecar of Istio with its self-signed CA: the workload certificate and the root.",
     [](Workshop& w) { return workload_dump({the_leaf(w)}, {the_root(w)}); }},
    {"dumps/healthy-plugin-ca.json", "",
     "A sidecar under a plugged-in CA: leaf and intermediate, and the root.",
     [](Workshop& w) {
       return workload_dump({plugin_leaf(w, "workload/healthy-chain").build(), the_intermediate(w)},
                            {the_plugin_root(w)});
     }},
    {"dumps/healthy-ec.json", "", "A sidecar whose keys are P-256 throughout.",
     [](Workshop& w) {
       return workload_dump({ec_leaf(w, "workload/healthy-ec").build()}, {ec_root(w, "pki/root-ec").build()});
     }},
    {"dumps/healthy-citadel.json", "",
     "A sidecar of Citadel, Istio's CA up to 1.5; see citadel/leaf.pem for what is odd and lawful.",
     [](Workshop& w) {
       return workload_dump({citadel_leaf(w, "citadel/leaf").build()},
                            {citadel_root(w, "citadel/root").build()});
     }},
    {"dumps/healthy-gateway.json", "",
     "A gateway: the workload certificate, the root, and the serving chain of a credentialName.",
     healthy_gateway},
    {"dumps/healthy-snake-case.json", "",
     "The healthy dump as Envoy's /config_dump prints it: snake_case, in a list of configs.",
     healthy_snake_case},
    {"dumps/healthy-mixed-spelling.json", "",
     "The healthy dump, camelCase outside, snake_case inside each secret.", healthy_mixed_spelling},
    {"dumps/healthy-spire.json", "",
     "A sidecar that gets its identity from SPIRE: Envoy's SPIFFE validator with the bundles of two trust domains.",
     healthy_spire},
    {"dumps/healthy-static.json", "", "Static secrets with PEM text in inlineString, and no lastUpdated.",
     healthy_static},
    {"dumps/renewed-root.json", "",
     "A sidecar in the middle of a change of roots: ROOTCA holds the old and the renewed root, which share their key.",
     [](Workshop& w) {
       return workload_dump({the_leaf(w)}, {the_root(w), the_renewed_root(w)});
     }},

    {"chain/spiffe-validator-other-ca.json", "chain.untrusted-root",
     "Envoy's SPIFFE validator has another root for the leaf's trust domain; the leaf's own root stands in trusted_ca, which "
     "the validator does not use.",
     [](Workshop& w) {
       return spire_dump(the_leaf(w), {{"cluster.local", the_plugin_root(w)}}, the_root(w));
     }},
    {"chain/healthy-spiffe-validator.json", "",
     "Envoy's SPIFFE validator has the root of the leaf's trust domain; another one stands in trusted_ca.",
     [](Workshop& w) {
       return spire_dump(the_leaf(w), {{"cluster.local", the_root(w)}}, the_plugin_root(w));
     }},
    {"dumps/expired-and-wrong-identity.json", "validity.expired",
     "A sidecar at three in the morning: the leaf expired three hours ago, it belongs to service account default instead of "
     "my-sa, and a gateway credential never arrived.",
     expired_and_wrong_identity, kEpoch + hours{27} + minutes{12},
     "--namespace my-ns --service-account my-sa"},
    {"dumps/expired-second-root.json", "bundle.expired-member",
     "ROOTCA holds a good root and, after it, an expired one: readers of the first PEM block alone see nothing.",
     [](Workshop& w) {
       const Octets expired = plugin_root(w).validity(kEpoch - days{3651}, kEpoch - days{1}).build();
       return workload_dump({the_leaf(w)}, {the_root(w), expired});
     }},
    {"dumps/no-uri.json", "svid.no-uri", "The secret default holds a leaf without any URI in its SAN.",
     [](Workshop& w) {
       return workload_dump({istio_leaf(w, "svid/no-uri").san({dns("my-svc.my-ns.svc")}).build()},
                            {the_root(w)});
     }},
    {"dumps/not-spiffe.json", "svid.not-spiffe",
     "The secret default holds a leaf whose one URI is an https URL.",
     [](Workshop& w) {
       const Octets leaf =
           istio_leaf(w, "svid/not-spiffe").san({uri("https://cluster.local/ns/my-ns/sa/my-sa")}).build();
       return workload_dump({leaf}, {the_root(w)});
     }},

    {"dumps/warming.json", "secret-state.warming",
     "The workload certificate is in the warming list, with data: Envoy does not use it yet.",
     [](Workshop& w) {
       return changed(w, [](Json& json, Workshop&) {
         json["dynamicWarmingSecrets"] = Json::array({json["dynamicActiveSecrets"][0]});
         json["dynamicActiveSecrets"].erase(0);
       });
     }},
    {"dumps/uninitialized.json", "secret-state.uninitialized",
     "A gateway credential was asked for and never arrived: a name without data in the warming list.",
     [](Workshop& w) {
       return changed(w, [](Json& json, Workshop&) {
         json["dynamicWarmingSecrets"] = Json::array(
             {dynamic(bare_secret("kubernetes://shop-cert"), "uninitialized", "2024-01-01T00:00:01.007Z")});
       });
     }},
    {"dumps/error-state.json", "secret-state.error-state",
     "The last update of ROOTCA failed: Envoy keeps the old one and says why.",
     [](Workshop& w) {
       return changed(w, [](Json& json, Workshop&) {
         json["dynamicActiveSecrets"][1]["errorState"] = {
             {"lastUpdateAttempt", "2024-01-01T05:12:40.003Z"},
             {"details", "Failed to load trusted CA certificates from <inline>"}};
       });
     }},

    {"dumps/no-secrets.json", "input.no-certificates", "A proxy without secrets: an empty object.",
     [](Workshop&) { return bare_file("{}\n"); }},
    {"dumps/truncated.json", "input.malformed", "The healthy dump, cut off in the middle.",
     [](Workshop& w) {
       const std::string whole = print(healthy_json(w));
       return bare_file(whole.substr(0, whole.size() / 2));
     }},
    {"dumps/not-base64.json", "input.not-base64",
     "The inlineBytes of the certificate chain hold a character that is not base64.",
     [](Workshop& w) {
       return changed(w, [](Json& json, Workshop&) {
         auto& text = chain_source(json)["inlineBytes"].get_ref<std::string&>();
         text[100] = '!';
       });
     }},
    {"dumps/double-base64.json", "input.double-base64", "The certificate chain went through base64 twice.",
     [](Workshop& w) {
       return changed(w, [](Json& json, Workshop& shop) {
         chain_source(json) = inline_bytes(base64(pem(the_leaf(shop))));
       });
     }},
    {"dumps/private-key.json", "input.private-key-in-dump",
     "A private key stands where Envoy's admin endpoint prints [redacted].",
     [](Workshop& w) {
       return changed(w, [](Json& json, Workshop& shop) {
         key_source(json) = inline_bytes(pem("PRIVATE KEY", pkcs8_of(shop.key("workload"))));
       });
     }},
    {"dumps/other-private-key.json", "key.mismatch",
     "A private key of another certificate stands where Envoy's admin endpoint prints [redacted].",
     [](Workshop& w) {
       return changed(w, [](Json& json, Workshop& shop) {
         key_source(json) = inline_bytes(pem("PRIVATE KEY", pkcs8_of(shop.key("root"))));
       });
     }},
    {"dumps/missing-key.json", "key.missing", "The workload's certificate stands without a private key.",
     [](Workshop& w) {
       return changed(w, [](Json& json, Workshop&) { key_source(json) = Json::object(); });
     }},
    {"dumps/key-in-trusted-ca.json", "input.private-key-in-dump",
     "A private key stands beside the root in the trust bundle.",
     [](Workshop& w) {
       return changed(w, [](Json& json, Workshop& shop) {
         trusted_ca(json) =
             inline_bytes(pem(the_root(shop)) + pem("PRIVATE KEY", pkcs8_of(shop.key("root"))));
       });
     }},
    {"dumps/external-file.json", "input.external-file",
     "The certificate chain is a file of the proxy's own file system, not in the dump.",
     [](Workshop& w) {
       return changed(w, [](Json& json, Workshop&) {
         chain_source(json) = {{"filename", "/etc/certs/cert-chain.pem"}};
       });
     }},
    {"dumps/duplicate-name.json", "input.duplicate-name",
     "ROOTCA is listed twice, with another root each: Envoy keys secrets by configuration and name.",
     duplicate_name},
    {"dumps/healthy-hostile-name.json", "",
     "A secret's name carries terminal escapes, bidi overrides and markup: to be shown escaped, no fault of a certificate.",
     [](Workshop& w) {
       return changed(w, [](Json& json, Workshop&) {
         Json extra = json["dynamicActiveSecrets"][1];
         extra["name"] = extra["secret"]["name"] =
             "file-root:\x1b[31m/etc/\xe2\x80\xae"
             "drac<script>|=1+1\xc2\x9b"
             "0m";
         json["dynamicActiveSecrets"].push_back(extra);
       });
     }},
};

}  // namespace

std::span<const Recipe> dump_recipes() {
  return kRecipes;
}

}  // namespace gencerts
