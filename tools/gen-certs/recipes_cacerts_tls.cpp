// A CA plugged into istiod as kubernetes.io/tls, and what stands beside tls.crt.
#include "crls.hpp"
#include "kube.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

/// tls_style is what cert-manager writes, and istiod reads where tls.crt is there.
Json tls_style(Workshop& w) {
  return secret(kSystem, "cacerts", "kubernetes.io/tls",
                {{"ca.crt", pem(plugin_root_ca(w))},
                 {"tls.crt", pem(intermediate_ca(w))},
                 {"tls.key", key_pem(w, "intermediate")}});
}

Sample beside_tls(Workshop& w, std::string_view key, const std::string& value) {
  Json json = tls_style(w);
  json["data"][std::string(key)] = base64(value);
  return kube_list({std::move(json)}, {intermediate_ca(w)});
}

/// masked is in order under the names of files, and has an empty tls.crt.
Sample masked(Workshop& w) {
  return kube_list({secret(kSystem, "cacerts", kOpaque,
                           {{"ca-cert.pem", pem(intermediate_ca(w))},
                            {"ca-key.pem", key_pem(w, "intermediate")},
                            {"cert-chain.pem", pem({intermediate_ca(w), plugin_root_ca(w)})},
                            {"root-cert.pem", pem(plugin_root_ca(w))},
                            {"tls.crt", ""}})},
                   {intermediate_ca(w)});
}

constexpr Recipe kRecipes[] = {
    {"cacerts/healthy-tls.yaml", "",
     "A CA plugged into istiod as kubernetes.io/tls: tls.crt, tls.key and ca.crt.",
     [](Workshop& w) { return kube_list({tls_style(w)}, {intermediate_ca(w)}); }},
    {"cacerts/healthy-tls-beside.yaml", "", "The same with that certificate in ca-cert.pem too.",
     [](Workshop& w) { return beside_tls(w, "ca-cert.pem", pem(intermediate_ca(w))); }},
    {"cacerts/value-not-read.yaml", "cacerts.value-not-read",
     "The same with a CRL in ca-crl.pem, which istiod does not read there.",
     [](Workshop& w) { return beside_tls(w, "ca-crl.pem", crl_block(w, of_plugin_root())); }},
    {"cacerts/certificate-not-read.yaml", "cacerts.value-not-read",
     "The same with the certificate of another CA in ca-cert.pem.",
     [](Workshop& w) { return beside_tls(w, "ca-cert.pem", pem(the_root(w))); }},
    {"cacerts/masked.yaml", "cacerts.incomplete",
     "A CA plugged into istiod under the names of files, beside which an empty tls.crt stands.", masked},
};

}  // namespace

std::span<const Recipe> cacerts_tls_recipes() {
  return kRecipes;
}

}  // namespace gencerts
