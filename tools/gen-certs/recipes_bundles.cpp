// SPIFFE bundle documents and bundle maps: the healthy one, and one thing changed.
#include <openssl/core_names.h>

#include "dumps.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

std::string base64url(std::string_view octets) {
  std::string text = base64(octets);
  text.erase(std::min(text.find('='), text.size()));
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::string number(EVP_PKEY* key, const char* name) {
  BIGNUM* value = nullptr;
  require(EVP_PKEY_get_bn_param(key, name, &value) == 1, "no such number in the key");
  Octets octets(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
  BN_bn2bin(value, reinterpret_cast<unsigned char*>(octets.data()));
  BN_free(value);
  return base64url(octets);
}

Json rsa_jwk(EVP_PKEY* key) {
  return {
      {"kty", "RSA"}, {"n", number(key, OSSL_PKEY_PARAM_RSA_N)}, {"e", number(key, OSSL_PKEY_PARAM_RSA_E)}};
}

Json authority(Workshop& w, const Octets& certificate, std::string_view key) {
  Json entry = rsa_jwk(w.key(key));
  entry["use"] = "x509-svid";
  entry["x5c"] = Json::array({base64(certificate)});
  return entry;
}

Json jwt_authority(Workshop& w) {
  Json entry = rsa_jwk(w.key("other-root"));
  entry["use"] = "jwt-svid";
  entry["kid"] = "k1";
  return entry;
}

/// token_key is a key as an OpenID provider publishes it; "" leaves the kid out.
Json token_key(Workshop& w, std::string_view key, std::string_view kid) {
  Json entry = rsa_jwk(w.key(key));
  if (!kid.empty()) entry["kid"] = kid;
  entry["alg"] = "RS256";
  return entry;
}

/// healthy is a bundle of one X.509 and one JWT authority.
Json healthy(Workshop& w) {
  return {{"spiffe_sequence", 7},
          {"spiffe_refresh_hint", 300},
          {"keys", Json::array({authority(w, the_root(w), "root"), jwt_authority(w)})}};
}

Sample changed(Workshop& w, void (*change)(Json& bundle, Workshop& w)) {
  Json bundle = healthy(w);
  change(bundle, w);
  return dump(bundle, {the_root(w)});
}

Json& first(Json& bundle) {
  return bundle["keys"][0];
}

/// x509_only is the same for a bundle map: Envoy takes no other entries.
Json x509_only(Workshop& w, const Octets& root, std::string_view key) {
  return {{"spiffe_sequence", 7}, {"keys", Json::array({authority(w, root, key)})}};
}

Sample map_of(Json domains, std::vector<Octets> certificates) {
  return dump(Json{{"trust_domains", std::move(domains)}}, std::move(certificates));
}

/// validator_of is a proxy's dump whose SPIFFE validator was given a map (trust_bundles).
Sample validator_of(Workshop& w, const Json& domains) {
  Json secret = bare_secret("ROOTCA");
  secret["validationContext"]["customValidatorConfig"] = {
      {"name", "envoy.tls.cert_validator.spiffe"},
      {"typedConfig",
       {{"@type", "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig"},
        {"trustBundles", {{"inlineString", Json{{"trust_domains", domains}}.dump()}}}}}};
  Dump secrets;
  secrets.active = {dynamic(chain_secret("default", inline_bytes(pem(the_leaf(w))))), dynamic(secret)};
  return dump(secrets.document(), {the_leaf(w), the_root(w)});
}

Sample with_number(Workshop& w, const char* name, std::string_view key) {
  Json bundle = healthy(w);
  first(bundle)[name] = number(w.key(key), OSSL_PKEY_PARAM_RSA_N);
  return dump(bundle, {the_root(w)});
}

const Recipe kRecipes[] = {
    {"bundle/healthy-spiffe.json", "",
     "A SPIFFE bundle with an X.509 and a JWT authority, a sequence number and a refresh hint.",
     [](Workshop& w) { return dump(healthy(w), {the_root(w)}); }},
    {"bundle/healthy-map.json", "", "A map of two SPIFFE bundles.",
     [](Workshop& w) {
       return map_of({{"cluster.local", x509_only(w, the_root(w), "root")},
                      {"mesh.example", x509_only(w, the_new_root(w), "other-root")}},
                     {the_root(w)});
     }},
    {"bundle/exchanged-map.json", "", "The same map with the roots of its two trust domains exchanged.",
     [](Workshop& w) {
       return map_of({{"cluster.local", x509_only(w, the_new_root(w), "other-root")},
                      {"mesh.example", x509_only(w, the_root(w), "root")}},
                     {the_root(w)});
     }},
    {"bundle/map-with-repeat.json", "bundle.duplicate-trust-domain",
     "A map that names a trust domain twice, with different roots.",
     [](Workshop& w) {
       const std::string one = x509_only(w, the_root(w), "root").dump();
       const std::string other = x509_only(w, the_new_root(w), "other-root").dump();
       return bare_file("{\"trust_domains\": {\"cluster.local\": " + one +
                        ",\n  \"cluster.local\": " + other + "}}\n");
     }},
    {"bundle/map-with-equal-repeat.json", "bundle.duplicate-trust-domain",
     "A map that names a trust domain twice, with one root.",
     [](Workshop& w) {
       const std::string one = x509_only(w, the_root(w), "root").dump();
       return bare_file("{\"trust_domains\": {\"cluster.local\": " + one + ",\n  \"cluster.local\": " + one +
                        "}}\n");
     }},
    {"bundle/all-without-use.json", "bundle.empty",
     "A CA certificate with its key as a JWKS, without use: consumers of SPIFFE bundles ignore it.",
     [](Workshop& w) {
       Json entry = authority(w, the_root(w), "root");
       entry.erase("use");
       return dump(Json{{"keys", Json::array({entry})}}, {});
     }},
    {"bundle/healthy-jwks.json", "", "A JWKS as an OpenID provider publishes it: no use of SPIFFE's.",
     [](Workshop& w) {
       return dump(Json{{"keys", Json::array({token_key(w, "other-root", "k1")})}}, {});
     }},
    {"bundle/healthy-jwks-of-one.json", "", "A JWKS of one key, which needs no kid.",
     [](Workshop& w) {
       return dump(Json{{"keys", Json::array({token_key(w, "other-root", "")})}}, {});
     }},
    {"bundle/no-kid.json", "bundle.no-kid", "A JWKS of two keys, the second without a kid.",
     [](Workshop& w) {
       return dump(Json{{"keys", Json::array({token_key(w, "other-root", "k1"), token_key(w, "root", "")})}},
                   {});
     }},
    {"bundle/other-root.pem", "", "Another root, to compare bundles with.",
     [](Workshop& w) { return pem_file({istio_root(w).key("other-root").signer("other-root").build()}); }},
    {"bundle/both-roots.pem", "", "The roots of both trust domains of the map, as PEM.",
     [](Workshop& w) {
       return pem_file({the_root(w), the_new_root(w)});
     }},
    {"bundle/empty.json", "bundle.empty", "A SPIFFE bundle with no entry.",
     [](Workshop& w) { return changed(w, [](Json& b, Workshop&) { b["keys"] = Json::array(); }); }},
    {"bundle/no-x509-authority.json", "bundle.no-x509-authority",
     "A SPIFFE bundle with a JWT authority alone.",
     [](Workshop& w) { return changed(w, [](Json& b, Workshop&) { b["keys"].erase(0); }); }},
    {"bundle/not-a-ca.json", "bundle.not-a-ca", "A workload's certificate stands as X.509 authority.",
     [](Workshop& w) {
       return changed(
           w, [](Json& b, Workshop& shop) { first(b) = authority(shop, the_leaf(shop), "workload"); });
     }},
    {"bundle/duplicate.json", "bundle.duplicate", "The same X.509 authority twice.",
     [](Workshop& w) { return changed(w, [](Json& b, Workshop&) { b["keys"].push_back(Json(first(b))); }); }},
    {"bundle/no-keys.json", "bundle.no-keys", "A SPIFFE bundle without the member keys.",
     [](Workshop& w) { return changed(w, [](Json& b, Workshop&) { b.erase("keys"); }); }},
    {"bundle/bad-metadata.json", "bundle.bad-metadata", "The sequence number is text.",
     [](Workshop& w) { return changed(w, [](Json& b, Workshop&) { b["spiffe_sequence"] = "7"; }); }},
    {"bundle/metadata.json", "bundle.metadata", "The sequence number is called sequence_number.",
     [](Workshop& w) {
       return changed(w, [](Json& b, Workshop&) {
         b.erase("spiffe_sequence");
         b["sequence_number"] = 7;
       });
     }},
    {"bundle/bad-jwk.json", "bundle.bad-jwk", "A JWT authority without kid.",
     [](Workshop& w) { return changed(w, [](Json& b, Workshop&) { b["keys"][1].erase("kid"); }); }},
    {"bundle/no-use.json", "bundle.no-use", "A JWT authority without use.",
     [](Workshop& w) { return changed(w, [](Json& b, Workshop&) { b["keys"][1].erase("use"); }); }},
    {"bundle/wrong-use.json", "bundle.wrong-use", "A JWT authority of use JWT-SVID.",
     [](Workshop& w) { return changed(w, [](Json& b, Workshop&) { b["keys"][1]["use"] = "JWT-SVID"; }); }},
    {"bundle/unknown-key-type.json", "bundle.unknown-key-type", "A JWT authority of kty XYZ.",
     [](Workshop& w) { return changed(w, [](Json& b, Workshop&) { b["keys"][1]["kty"] = "XYZ"; }); }},
    {"bundle/unexpected-kid.json", "bundle.unexpected-kid", "An X.509 authority with a kid.",
     [](Workshop& w) { return changed(w, [](Json& b, Workshop&) { first(b)["kid"] = "k0"; }); }},
    {"bundle/extra-x5c.json", "bundle.extra-x5c", "An X.509 authority with two certificates in x5c.",
     [](Workshop& w) {
       return changed(
           w, [](Json& b, Workshop& shop) { first(b)["x5c"].push_back(base64(the_plugin_root(shop))); });
     }},
    {"bundle/key-disagrees.json", "bundle.key-disagrees",
     "The n of an X.509 authority is that of another key.",
     [](Workshop& w) { return with_number(w, "n", "other-root"); }},
    {"bundle/incomplete-jwk.json", "bundle.incomplete-jwk", "An X.509 authority without n and e.",
     [](Workshop& w) {
       return changed(w, [](Json& b, Workshop&) {
         first(b).erase("n");
         first(b).erase("e");
       });
     }},
    {"bundle/duplicate-kid.json", "bundle.duplicate-kid", "Two JWT authorities of one kid.",
     [](Workshop& w) {
       return changed(w, [](Json& b, Workshop&) { b["keys"].push_back(Json(b["keys"][1])); });
     }},
    {"bundle/refused-by-envoy.json", "bundle.refused-by-envoy", "A map of a bundle with a JWT authority.",
     [](Workshop& w) {
       Json bundle = healthy(w);
       bundle.erase("spiffe_refresh_hint");
       return map_of({{"cluster.local", bundle}}, {the_root(w)});
     }},
    {"bundle/validator-with-token-keys.json", "bundle.refused-by-envoy",
     "A proxy's SPIFFE validator was given a map of a bundle with a JWT authority.",
     [](Workshop& w) {
       Json bundle = healthy(w);
       bundle.erase("spiffe_refresh_hint");
       return validator_of(w, {{"cluster.local", bundle}});
     }},
    {"bundle/validator-with-empty-keys.json", "bundle.empty",
     "A proxy's SPIFFE validator was given a map in which the bundle of another trust domain is empty.",
     [](Workshop& w) {
       return validator_of(w, {{"cluster.local", x509_only(w, the_root(w), "root")},
                               {"mesh.example", {{"keys", Json::array()}, {"spiffe_sequence", 1}}}});
     }},
    {"bundle/healthy-validator-map.json", "",
     "A proxy's SPIFFE validator was given a map of a bundle with an X.509 authority alone.",
     [](Workshop& w) {
       return validator_of(w, {{"cluster.local", x509_only(w, the_root(w), "root")}});
     }},
    {"bundle/duplicate-trust-domain.json", "bundle.duplicate-trust-domain",
     "Envoy's SPIFFE validator is given two bundles for one trust domain.",
     [](Workshop& w) {
       return spire_dump(the_leaf(w),
                         {{"cluster.local", the_root(w)}, {"cluster.local", the_plugin_root(w)}});
     }},
};

}  // namespace

std::span<const Recipe> bundle_recipes() {
  return kRecipes;
}

}  // namespace gencerts
