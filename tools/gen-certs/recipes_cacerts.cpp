// A CA plugged into istiod: the Secret cacerts in both of its styles.
#include <fmt/format.h>

#include "der.hpp"
#include "kube.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

/// Parts is a plugged-in CA, healthy until a recipe changes one part.
struct Parts {
  Octets certificate;
  std::string key, chain, root;
  std::string file = {};  ///< ca-cert.pem, where it is not the certificate alone
};

Parts healthy_parts(Workshop& w) {
  return {the_intermediate(w), key_pem(w, "intermediate"), pem({the_intermediate(w), the_plugin_root(w)}),
          pem(the_plugin_root(w))};
}

Json secret_of(const Parts& parts) {
  return secret(kSystem, "cacerts", "Opaque",
                {{"ca-cert.pem", parts.file.empty() ? pem(parts.certificate) : parts.file},
                 {"ca-key.pem", parts.key},
                 {"cert-chain.pem", parts.chain},
                 {"root-cert.pem", parts.root}});
}

Sample cacerts(const Parts& parts) {
  return kube_list({secret_of(parts)}, {parts.certificate});
}

Sample healthy(Workshop& w) {
  return cacerts(healthy_parts(w));
}

/// root_alone signs with the root itself; there is no chain then.
Sample root_alone(Workshop& w) {
  return cacerts({the_root(w), key_pem(w, "root"), "", pem(the_root(w))});
}

Sample incomplete(Workshop& w) {
  return kube_list({secret(kSystem, "cacerts", "Opaque",
                           {{"ca-cert.pem", pem(the_intermediate(w))},
                            {"ca-key.pem", key_pem(w, "intermediate")},
                            {"cert-chain.pem", pem({the_intermediate(w), the_plugin_root(w)})}})},
                   {the_intermediate(w)});
}

Sample own_without_key(Workshop& w) {
  Json json = istio_ca_secret(w);
  json["data"].erase("ca-key.pem");
  return kube_list({std::move(json)}, {the_root(w)});
}

Sample not_a_ca(Workshop& w) {
  Parts parts = healthy_parts(w);
  parts.certificate =
      plugin_leaf(w).key("intermediate").signer("other-root").issuer(plugin_root_name()).build();
  parts.chain = pem({parts.certificate, the_plugin_root(w)});
  return cacerts(parts);
}

Sample key_mismatch(Workshop& w) {
  Parts parts = healthy_parts(w);
  parts.key = key_pem(w, "workload");
  return cacerts(parts);
}

/// wrong_labels is what openssl ecparam -genkey prints: the curve, then the key.
Sample wrong_labels(Workshop& w) {
  const Octets root = ec_root(w, "pki/root-ec").build();
  return cacerts({root, pem("EC PARAMETERS", oid("1.2.840.10045.3.1.7")) + key_pem(w, "p256-root"), pem(root),
                  pem(root)});
}

Sample key_above(Workshop& w) {
  Parts parts = healthy_parts(w);
  parts.file = parts.key + pem(parts.certificate);
  return cacerts(parts);
}

Sample older_label(Workshop& w) {
  Parts parts = healthy_parts(w);
  parts.file = pem("X509 CERTIFICATE", parts.certificate);
  return cacerts(parts);
}

/// key_below is no fault: istiod reads the first block.
Sample key_below(Workshop& w) {
  Parts parts = healthy_parts(w);
  parts.file = pem(parts.certificate) + parts.key;
  return cacerts(parts);
}

/// root_with holds another block behind the root.
Sample root_with(Workshop& w, const std::string& block) {
  Parts parts = healthy_parts(w);
  parts.root += block;
  return cacerts(parts);
}

Sample other_root(Workshop& w) {
  Parts parts = healthy_parts(w);
  parts.root = pem(the_new_root(w));
  return cacerts(parts);
}

/// root_in_other_octets is the root with its name as UTF8String.
Sample root_in_other_octets(Workshop& w) {
  const Octets utf8 = name({{"O", "Istio", tag::kUtf8String}, {"CN", "Root CA", tag::kUtf8String}});
  Parts parts = healthy_parts(w);
  parts.root = pem(plugin_root(w).subject(utf8).issuer(utf8).build());
  return cacerts(parts);
}

/// three_tiers: an upper CA, which allows `room` CAs below it, issued the one that signs.
Sample three_tiers(Workshop& w, int room) {
  const Octets upper_name = name({{"O", "Istio"}, {"CN", "Upper CA"}});
  const Octets upper = plugin_intermediate(w).subject(upper_name).key("root").ca_constraints(room).build();
  const Octets signing =
      plugin_intermediate(w, "cacerts/below-upper").issuer(upper_name).signer("root").build();
  return cacerts({signing, key_pem(w, "intermediate"), pem({signing, upper, the_plugin_root(w)}),
                  pem(the_plugin_root(w))});
}

/// constrained is a CA that may sign for some names alone, each with its tag, in a mesh of that trust domain.
Sample constrained(Workshop& w, std::initializer_list<std::pair<unsigned char, std::string_view>> permitted,
                   std::string_view trust_domain, bool critical = true) {
  Octets subtrees;
  for (const auto& [kind, base] : permitted) subtrees += sequence(tlv(kind, Octets(base)));
  Parts parts = healthy_parts(w);
  parts.certificate =
      plugin_intermediate(w).extension("2.5.29.30", critical, sequence(tlv(0xa0, subtrees))).build();
  parts.chain = pem({parts.certificate, the_plugin_root(w)});
  return kube_list({secret_of(parts),
                    config_map(kSystem, "istio", {{"mesh", fmt::format("trustDomain: {}\n", trust_domain)}})},
                   {parts.certificate});
}

/// cross_signed: of two certificates of the upper CA one allows a CA below it.
Sample cross_signed(Workshop& w) {
  const Octets upper_name = name({{"O", "Istio"}, {"CN", "Upper CA"}});
  const auto upper = [&](std::string_view serial, int room) {
    return plugin_intermediate(w, serial).subject(upper_name).key("root").ca_constraints(room).build();
  };
  const Octets signing =
      plugin_intermediate(w, "cacerts/below-upper").issuer(upper_name).signer("root").build();
  return cacerts({signing, key_pem(w, "intermediate"),
                  pem({signing, upper("", 0), upper("cacerts/roomy-upper", 1), the_plugin_root(w)}),
                  pem(the_plugin_root(w))});
}

Sample chain_of_root(Workshop& w) {
  Parts parts = healthy_parts(w);
  parts.chain = pem(the_plugin_root(w));
  return cacerts(parts);
}

Sample root_first(Workshop& w) {
  Parts parts = healthy_parts(w);
  parts.chain = pem({the_plugin_root(w), the_intermediate(w)});
  return cacerts(parts);
}

/// outliving ends a year after its root.
Sample outliving(Workshop& w) {
  Parts parts = healthy_parts(w);
  parts.certificate = plugin_intermediate(w)
                          .validity(kEpoch - std::chrono::days{90}, kEpoch + std::chrono::days{3650})
                          .build();
  const Octets root =
      plugin_root(w).validity(kEpoch - std::chrono::days{100}, kEpoch + std::chrono::days{3285}).build();
  parts.chain = pem({parts.certificate, root});
  parts.root = pem(root);
  return cacerts(parts);
}

constexpr Recipe kRecipes[] = {
    {"chain/circle.pem", "chain.untrusted-root",
     "A leaf, its intermediate, and a certificate of the root's name and key that the intermediate signed: no root.",
     [](Workshop& w) {
       return pem_file({plugin_leaf(w).build(), the_intermediate(w),
                        plugin_root(w).issuer(plugin_intermediate_name()).signer("intermediate").build()});
     }},
    {"cacerts/healthy.yaml", "",
     "A CA plugged into istiod: an intermediate, its key, its chain and its root.", healthy},
    {"cacerts/healthy-root.yaml", "",
     "A root plugged in as it is: between it and its leaves there is no chain.", root_alone},
    {"cacerts/incomplete.yaml", "cacerts.incomplete", "A plugged-in CA without root-cert.pem.", incomplete},
    {"cacerts/own-without-key.yaml", "cacerts.incomplete", "The CA that istiod made itself, without its key.",
     own_without_key},
    {"cacerts/unparsable-certificate.yaml", "cacerts.unparsable", "ca-cert.pem is no PEM.",
     [](Workshop& w) {
       Parts parts = healthy_parts(w);
       parts.file = "see the wiki";
       return cacerts(parts);
     }},
    {"cacerts/unparsable-key.yaml", "cacerts.unparsable", "ca-key.pem is no PEM.",
     [](Workshop& w) {
       Parts parts = healthy_parts(w);
       parts.key = "see the wiki";
       return cacerts(parts);
     }},
    {"cacerts/not-a-ca.yaml", "cacerts.not-a-ca", "ca-cert.pem is a workload's certificate.", not_a_ca},
    {"cacerts/key-mismatch.yaml", "cacerts.key-mismatch", "ca-key.pem is the key of another certificate.",
     key_mismatch},
    {"cacerts/wrong-labels.yaml", "cacerts.wrong-labels", "EC PARAMETERS stand before the key in ca-key.pem.",
     wrong_labels},
    {"cacerts/key-above-certificate.yaml", "cacerts.wrong-labels",
     "In ca-cert.pem the private key stands above the certificate.", key_above},
    {"cacerts/older-label.yaml", "cacerts.wrong-labels", "The label of ca-cert.pem is X509 CERTIFICATE.",
     older_label},
    {"cacerts/key-below-certificate.yaml", "", "In ca-cert.pem the private key stands below the certificate.",
     key_below},
    {"cacerts/stray-block.yaml", "cacerts.stray-block", "A public key behind the root in root-cert.pem.",
     [](Workshop& w) { return root_with(w, pem("PUBLIC KEY", "a public key")); }},
    {"cacerts/root-with-key.yaml", "cacerts.stray-block",
     "The root's private key behind it in root-cert.pem.",
     [](Workshop& w) { return root_with(w, key_pem(w, "root")); }},
    {"cacerts/root-label.yaml", "cacerts.root-does-not-anchor",
     "The only block of root-cert.pem has the label X509 CERTIFICATE.",
     [](Workshop& w) {
       Parts parts = healthy_parts(w);
       parts.root = pem("X509 CERTIFICATE", the_plugin_root(w));
       return cacerts(parts);
     }},
    {"cacerts/root-label-twice.yaml", "input.unsupported-block",
     "The root in root-cert.pem with the label X509 CERTIFICATE, and once more with the usual one.",
     [](Workshop& w) { return root_with(w, pem("X509 CERTIFICATE", the_plugin_root(w))); }},
    {"cacerts/root-twice.yaml", "", "Two roots in root-cert.pem, while one gives way to the other.",
     [](Workshop& w) { return root_with(w, pem(the_new_root(w))); }},
    {"cacerts/root-does-not-anchor.yaml", "cacerts.root-does-not-anchor",
     "root-cert.pem is the root of another CA.", other_root},
    {"cacerts/root-in-other-octets.yaml", "cacerts.root-does-not-anchor",
     "root-cert.pem has the root's name as UTF8String; what it signed, as PrintableString.",
     root_in_other_octets},
    {"cacerts/healthy-three-tiers.yaml", "",
     "The CA that signs was issued by an upper CA, which allows one CA below it.",
     [](Workshop& w) { return three_tiers(w, 1); }},
    {"cacerts/healthy-cross-signed.yaml", "",
     "Of two certificates of the upper CA one allows a CA below it, and the other none.", cross_signed},
    {"cacerts/path-length-exceeded.yaml", "cacerts.path-length-exceeded",
     "The CA that signs was issued by an upper CA, which allows none below it.",
     [](Workshop& w) { return three_tiers(w, 0); }},
    {"cacerts/istiod-not-permitted.yaml", "cacerts.name-not-permitted",
     "The CA that signs may do so for DNS names of a company alone, none of which is istiod's.",
     [](Workshop& w) {
       return constrained(w, {{0x82, "corp.example.com"}}, "cluster.local");
     }},
    {"cacerts/other-name-not-permitted.yaml", "cacerts.name-not-permitted",
     "The CA that signs may do so for one of the names of istiod alone.",
     [](Workshop& w) {
       return constrained(w, {{0x82, "istiod.istio-system.svc"}}, "cluster.local");
     }},
    {"cacerts/trust-domain-not-permitted.yaml", "cacerts.name-not-permitted",
     "The CA that signs may do so for a trust domain that is not the mesh's.",
     [](Workshop& w) {
       return constrained(w, {{0x86, "prod.example.com"}}, "cluster.local");
     }},
    {"cacerts/unknown-constraint.yaml", "cacerts.root-does-not-anchor",
     "A plugged-in CA whose critical name constraints permit directory names, of which Go knows none.",
     [](Workshop& w) {
       return constrained(w, {{0xa4, plugin_intermediate_name()}}, "cluster.local");
     }},
    {"cacerts/unknown-constraint-passed-over.yaml", "",
     "The same with name constraints that are not critical.",
     [](Workshop& w) {
       return constrained(w, {{0xa4, plugin_intermediate_name()}}, "cluster.local", false);
     }},
    {"cacerts/healthy-permitted.yaml", "",
     "The CA that signs may do so for services and the mesh's trust domain.",
     [](Workshop& w) {
       return constrained(w, {{0x82, "svc"}, {0x86, "prod.example.com"}}, "prod.example.com");
     }},
    {"cacerts/chain-lacks-signer.yaml", "cacerts.chain-lacks-signer",
     "cert-chain.pem holds the root alone, not the intermediate that signs.", chain_of_root},
    {"cacerts/chain-out-of-order.yaml", "cacerts.chain-out-of-order",
     "In cert-chain.pem the root stands before the intermediate that signs.", root_first},
    {"cacerts/outlives-root.yaml", "validity.outlives-issuer",
     "The intermediate that signs ends a year after its root, which is another value.", outliving},
};

}  // namespace

std::span<const Recipe> cacerts_recipes() {
  return kRecipes;
}

}  // namespace gencerts
