// Plugged-in CAs with CRLs.

#include "crls.hpp"
#include "kube.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

/// cacerts_with is the Secret of a plugged-in CA with CRLs in it.
Json cacerts_with(Workshop& w, const std::string& space, const std::vector<Octets>& chain,
                  const std::vector<Octets>& roots, const std::string& crls) {
  return secret(space, "cacerts", "Opaque",
                {{"ca-cert.pem", pem(chain.front())},
                 {"ca-crl.pem", crls},
                 {"ca-key.pem", key_pem(w, "intermediate")},
                 {"cert-chain.pem", pem(chain)},
                 {"root-cert.pem", pem(roots)}});
}

/// plugged_in is a CA for istiod with CRLs in it.
Sample plugged_in(Workshop& w, const std::string& crls, bool with_root = true) {
  std::vector<Octets> chain{intermediate_ca(w)};
  if (with_root) chain.push_back(plugin_root_ca(w));
  return kube_list({cacerts_with(w, "istio-system", chain, {plugin_root_ca(w)}, crls)},
                   {intermediate_ca(w), plugin_root_ca(w)});
}

/// kept_for_a_cluster is the same under the name that it has until it is put into that cluster.
Sample kept_for_a_cluster(Workshop& w, const Crl& own) {
  Json json = cacerts_with(w, "istio-system", {intermediate_ca(w), plugin_root_ca(w)}, {plugin_root_ca(w)},
                           crl_block(w, own) + crl_block(w, of_plugin_root()));
  json["metadata"]["name"] = "cacerts-east";
  return kube_list({std::move(json)}, {intermediate_ca(w), plugin_root_ca(w)});
}

/// rolled_over is a plugged-in CA under its root's new key, which the former root signed (new with old), and
/// the former root as the only one that is trusted.
Sample rolled_over(Workshop& w, const Crl& of_former) {
  const Octets new_with_old =
      signer_of_crls(plugin_root(w, "cacerts/crl-new-with-old")).signer("root").build();
  return kube_list(
      {cacerts_with(
          w, "istio-system", {intermediate_ca(w), new_with_old}, {former_plugin_root(w)},
          crl_block(w, of_intermediate()) + crl_block(w, of_plugin_root()) + crl_block(w, of_former))},
      {intermediate_ca(w), new_with_old, former_plugin_root(w)});
}

/// crossed is a plugged-in CA whose root is trusted, and a certificate of that root by another that is
/// trusted too.
Sample crossed(Workshop& w) {
  const Octets other = signer_of_crls(istio_root(w, "cacerts/crl-other-root")).build();
  const Octets by_other = signer_of_crls(plugin_root(w, "cacerts/crl-root-by-other"))
                              .issuer(istio_root_name())
                              .signer("root")
                              .build();
  return kube_list(
      {cacerts_with(w, "istio-system", {intermediate_ca(w), by_other}, {plugin_root_ca(w), other},
                    crl_block(w, of_intermediate()) + crl_block(w, of_plugin_root()) +
                        crl_block(w, that_is_over(of_root())))},
      {intermediate_ca(w), by_other, plugin_root_ca(w), other});
}

/// two_planes are two control planes with one CA, each with CRLs of its own.
Sample two_planes(Workshop& w, const Crl& of_first) {
  const std::vector<Octets> chain{intermediate_ca(w), plugin_root_ca(w)};
  const std::string root_crl = crl_block(w, of_plugin_root());
  return kube_list(
      {cacerts_with(w, "istio-system", chain, {chain.back()}, crl_block(w, of_first) + root_crl),
       cacerts_with(w, "mesh-b", chain, {chain.back()}, crl_block(w, of_intermediate()) + root_crl)},
      {chain[0], chain[1], chain[0], chain[1]});
}

const Recipe kRecipes[] = {
    {"cacerts/healthy-crl.yaml", "", "A plugged-in CA with a CRL of each certificate of its chain.",
     [](Workshop& w) {
       return plugged_in(w, crl_block(w, of_intermediate()) + crl_block(w, of_plugin_root()));
     }},
    {"cacerts/crl-of-signer-alone.yaml", "chain.crl-missing",
     "A plugged-in CA whose cert-chain.pem and CRLs leave the root out, so that istiod asks for no more.",
     [](Workshop& w) { return plugged_in(w, crl_block(w, of_intermediate()), false); }},
    {"cacerts/crl-expired.yaml", "chain.crl-expired", "A plugged-in CA, whose own CRL ran out a day before.",
     [](Workshop& w) {
       return plugged_in(w, crl_block(w, that_is_over(of_intermediate())) + crl_block(w, of_plugin_root()));
     }},
    {"cacerts/crl-of-former-root-expired.yaml", "chain.crl-expired",
     "A plugged-in CA with current CRLs, beside its root the former one, whose CRL ran out a day before.",
     [](Workshop& w) {
       const Octets intermediate = intermediate_ca(w), root_ca = plugin_root_ca(w);
       const Octets former = former_plugin_root(w);
       const std::string crls = crl_block(w, of_intermediate()) + crl_block(w, of_plugin_root()) +
                                crl_block(w, that_is_over({plugin_root_name(), "root"}));
       return kube_list({cacerts_with(w, "istio-system", {intermediate}, {root_ca, former}, crls)},
                        {intermediate, root_ca, former});
     }},
    {"cacerts/crl-expired-beside-current.yaml", "chain.crl-expired",
     "Two control planes with one CA: the first one's CRL ran out a day before, the second has the next.",
     [](Workshop& w) { return two_planes(w, that_is_over(of_intermediate())); }},
    {"cacerts/healthy-crl-of-two.yaml", "", "Two control planes with one CA and its current CRLs.",
     [](Workshop& w) { return two_planes(w, of_intermediate()); }},
    {"cacerts/crl-of-rollover-expired.yaml", "chain.crl-expired",
     "A plugged-in CA whose root is renewed: the former root, which all trust, signed the new one, and its CRL ran out.",
     [](Workshop& w) {
       return rolled_over(w, that_is_over({plugin_root_name(), "root"}));
     }},
    {"cacerts/healthy-crl-of-rollover.yaml", "", "The same with a current CRL of the former root.",
     [](Workshop& w) {
       return rolled_over(w, {plugin_root_name(), "root"});
     }},
    {"cacerts/crl-of-cross-expired.yaml", "chain.crl-expired",
     "A plugged-in CA whose root is trusted, and is signed by another root, whose CRL ran out.", &crossed},
    {"cacerts/healthy-crl-without-root.yaml", "", "The same chain, with the CRL of the root too.",
     [](Workshop& w) {
       return plugged_in(w, crl_block(w, of_intermediate()) + crl_block(w, of_plugin_root()), false);
     }},
    {"cacerts/crl-missing-for.yaml", "cacerts.crl-missing-for",
     "A plugged-in CA with a CRL of its root alone.",
     [](Workshop& w) { return plugged_in(w, crl_block(w, of_plugin_root())); }},
    {"cacerts/crl-beside-certificate.yaml", "cacerts.stray-block",
     "A plugged-in CA with a CRL of each certificate of its chain, and a certificate among them.",
     [](Workshop& w) {
       return plugged_in(w,
                         crl_block(w, of_intermediate()) + crl_block(w, of_plugin_root()) + pem(the_root(w)));
     }},
    {"cacerts/crl-with-key.yaml", "cacerts.stray-block",
     "A plugged-in CA with a CRL of each certificate of its chain, and its key behind them.",
     [](Workshop& w) {
       return plugged_in(
           w, crl_block(w, of_intermediate()) + crl_block(w, of_plugin_root()) + key_pem(w, "intermediate"));
     }},
    {"cacerts/crl-refused.yaml", "cacerts.crl-refused",
     "A plugged-in CA with a CRL of each certificate of its chain, its own of version 1.",
     [](Workshop& w) {
       return plugged_in(w, crl_block(w, that_is_old(of_intermediate())) + crl_block(w, of_plugin_root()));
     }},
    {"cacerts/crl-refused-elsewhere.yaml", "chain.crl-not-read", "That CA under the name cacerts-east.",
     [](Workshop& w) { return kept_for_a_cluster(w, that_is_old(of_intermediate())); }},
    {"cacerts/healthy-crl-elsewhere.yaml", "", "The same with CRLs of version 2.",
     [](Workshop& w) { return kept_for_a_cluster(w, of_intermediate()); }},
    {"cacerts/crl-of-others.yaml", "", "A Secret of a database with a CRL of version 1 under the same key.",
     [](Workshop& w) {
       return kube_list({secret("shop", "db-tls", "Opaque",
                                {{"ca-crl.pem", crl_block(w, that_is_old(of_intermediate()))},
                                 {"ca.pem", pem(intermediate_ca(w))}})},
                        {intermediate_ca(w)});
     }},
    {"cacerts/crl-of-who-may-not.yaml", "cacerts.crl-missing-for",
     "A plugged-in CA without cRLSign, and a CRL of each certificate of its chain.",
     [](Workshop& w) {
       const std::vector<Octets> chain{the_intermediate(w), plugin_root_ca(w)};
       return kube_list({cacerts_with(w, "istio-system", chain, {chain.back()},
                                      crl_block(w, of_intermediate()) + crl_block(w, of_plugin_root()))},
                        chain);
     }},
};

}  // namespace

std::span<const Recipe> cacerts_crl_recipes() {
  return kRecipes;
}

}  // namespace gencerts
