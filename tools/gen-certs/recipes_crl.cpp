#include "crls.hpp"
#include "kube.hpp"
#include "mutate.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

using std::chrono::days;

Octets root(Workshop& w) {
  return signer_of_crls(istio_root(w, "chain/crl-root")).build();
}

/// Another CA of the same name, which signed itself.
Octets twin_root(Workshop& w) {
  return signer_of_crls(istio_root(w, "chain/crl-of-twin")).key("other-root").signer("other-root").build();
}
Octets self_issued_leaf(Workshop& w) {
  return istio_leaf(w, "root/healthy-self-issued-leaf").subject(istio_root_name()).build();
}

Crl as_delta(Crl crl, unsigned number, unsigned base) {
  crl.number = number;
  crl.base = base;
  return crl;
}

Crl that_is_critical(Crl crl) {
  crl.critical = true;
  return crl;
}

Crl for_reasons(Crl crl, Octets reasons) {
  crl.reasons = std::move(reasons);
  return crl;
}

/// A sidecar's two secrets, with a CRL in the validation context.
Sample dump_with_crl(Workshop& w, const Crl& crl) {
  Json roots = root_secret("ROOTCA", inline_bytes(pem(root(w))));
  roots["validationContext"]["crl"] = inline_bytes(crl_block(w, crl));
  Dump secrets;
  secrets.active = {dynamic(chain_secret("default", inline_bytes(pem(the_leaf(w))))),
                    dynamic(std::move(roots))};
  return dump(secrets.document(), {the_leaf(w), root(w)});
}

/// The same with a SPIFFE validator: the CRL is in the bundle of its trust domain, or beside it.
Sample validator_dump_with_crl(Workshop& w, const Crl& crl, bool in_bundle) {
  const std::string roots = pem(root(w)) + (in_bundle ? crl_block(w, crl) : "");
  Json secret = bare_secret("ROOTCA");
  Json& context = secret["validationContext"];
  context["customValidatorConfig"] = spiffe_validator({{"cluster.local", roots}});
  if (!in_bundle) context["crl"] = inline_bytes(crl_block(w, crl));
  Dump secrets;
  secrets.active = {dynamic(chain_secret("default", inline_bytes(pem(the_leaf(w))))),
                    dynamic(std::move(secret))};
  return dump(secrets.document(), {the_leaf(w), root(w)});
}

/// A sidecar under a plugged-in CA, with these CRLs in its validation context.
Sample plugin_dump_with_crls(Workshop& w, const Octets& blocks, bool leaf_only) {
  Json roots = root_secret("ROOTCA", inline_bytes(pem(plugin_root_ca(w))));
  roots["validationContext"]["crl"] = inline_bytes(blocks);
  if (leaf_only) roots["validationContext"]["onlyVerifyLeafCertCrl"] = true;
  const std::vector<Octets> chain{plugin_leaf(w, "workload/healthy-chain").build(), intermediate_ca(w)};
  Dump secrets;
  secrets.active = {dynamic(chain_secret("default", inline_bytes(pem(chain)))), dynamic(std::move(roots))};
  return dump(secrets.document(), {chain[0], chain[1], plugin_root_ca(w)});
}

/// client_cas is what a gateway verifies clients with: CAs, and a CRL of one of them.
Sample client_cas(Workshop& w, const std::string& crls) {
  return kube_list({secret("istio-system", "shop-cert-cacert", "Opaque",
                           {{"ca.crt", pem({plugin_root_ca(w), intermediate_ca(w)})}, {"ca.crl", crls}})},
                   {plugin_root_ca(w), intermediate_ca(w)});
}

/// Staple is an OCSP response before it is encoded; its signature is of zeros, since nobody
/// who reads it here has the responder's key.
struct Staple {
  Octets certificate;
  bool revoked = false;
  Instant this_update = kEpoch;
  Instant next_update = kEpoch + days{7};
};

Octets staple_of(const Staple& staple) {
  const Octets sha1 = sequence(oid("1.3.14.3.2.26") + tlv(tag::kNull, ""));
  const Octets id = sequence(sha1 + octet_string(Octets(20, '\x11')) + octet_string(Octets(20, '\x22')) +
                             integer_of(serial_of(staple.certificate)));
  const Octets status =
      staple.revoked ? tlv(tag::constructed_context(1), generalized_time(kEpoch)) : tlv(0x80, "");
  const Octets single = sequence(id + status + generalized_time(staple.this_update) +
                                 tlv(tag::constructed_context(0), generalized_time(staple.next_update)));
  const Octets data = sequence(tlv(tag::constructed_context(2), octet_string(Octets(20, '\x22'))) +
                               generalized_time(staple.this_update) + sequence(single));
  const Octets algorithm = sequence(oid("1.2.840.113549.1.1.11") + tlv(tag::kNull, ""));
  const Octets basic = sequence(data + algorithm + bit_string(Octets(256, '\0')));
  const Octets bytes = sequence(oid("1.3.6.1.5.5.7.48.1.1") + octet_string(basic));
  return sequence(tlv(0x0a, octet(0)) + tlv(tag::constructed_context(0), bytes));
}

Octets shop_leaf(Workshop& w) {
  return serving_leaf(w, "gateway/healthy").build();
}

/// stapled_pair is a gateway's Secret with a staple.
Sample stapled_pair(Workshop& w, const Octets& leaf, const std::string& staple) {
  return kube_list({secret("istio-system", "shop-cert", "kubernetes.io/tls",
                           {{"tls.crt", pem({leaf, the_web_intermediate(w)})},
                            {"tls.key", key_pem(w, "workload")},
                            {"tls.ocsp-staple", staple}})},
                   {leaf});
}
Sample stapled(Workshop& w, const std::string& staple) {
  return stapled_pair(w, shop_leaf(w), staple);
}

/// stapled_dump is a gateway's proxy that holds its chain and a staple.
Sample stapled_dump(Workshop& w, const Octets& leaf, const Octets& staple) {
  const std::vector<Octets> chain{leaf, the_web_intermediate(w)};
  Json entry = chain_secret("kubernetes://shop-cert", inline_bytes(pem(chain)));
  entry["tlsCertificate"]["ocspStaple"] = inline_bytes(staple);
  Dump secrets;
  secrets.active = {dynamic(std::move(entry))};
  return dump(secrets.document(), chain);
}

constexpr std::string_view kTlsFeature = "1.3.6.1.5.5.7.1.24";

/// must_staple adds the TLS feature status_request (RFC 7633).
Octets must_staple(CertificateBuilder leaf) {
  return leaf.extension(kTlsFeature, false, sequence(integer(5))).build();
}

/// without_staple is a gateway's Secret that has none.
Sample without_staple(Workshop& w, const Octets& leaf) {
  return kube_list(
      {secret("istio-system", "shop-cert", "kubernetes.io/tls",
              {{"tls.crt", pem({leaf, the_web_intermediate(w)})}, {"tls.key", key_pem(w, "workload")}})},
      {leaf});
}

const Recipe kRecipes[] = {
    {"chain/healthy-staple.yaml", "", "A gateway's Secret with an OCSP response for its certificate.",
     [](Workshop& w) { return stapled(w, staple_of({shop_leaf(w)})); }},
    {"chain/staple-of-another.yaml", "chain.staple-of-another",
     "A gateway's Secret with an OCSP response for the certificate from before.",
     [](Workshop& w) { return stapled(w, staple_of({serving_leaf(w, "chain/before").build()})); }},
    {"chain/staple-revoked.yaml", "chain.staple-revoked",
     "A gateway's Secret with an OCSP response that says that its certificate is revoked.",
     [](Workshop& w) {
       return stapled(w, staple_of({shop_leaf(w), true}));
     }},
    {"chain/staple-expired.yaml", "chain.staple-expired",
     "A gateway's Secret with an OCSP response that ran out a day before.",
     [](Workshop& w) {
       return stapled(w, staple_of({shop_leaf(w), false, kEpoch - days{8}, kEpoch - days{1}}));
     }},
    {"chain/staple-missing.yaml", "chain.staple-missing",
     "A gateway's certificate demands a staple (must-staple), and its Secret has none.",
     [](Workshop& w) { return without_staple(w, must_staple(serving_leaf(w, "chain/must-staple"))); }},
    {"chain/other-features.yaml", "",
     "As staple-missing.yaml, with two TLS features (status_request and status_request_v2), which Envoy does not look for.",
     [](Workshop& w) {
       CertificateBuilder leaf = serving_leaf(w, "chain/other-features");
       return without_staple(w,
                             leaf.extension(kTlsFeature, false, sequence(integer(5) + integer(17))).build());
     }},
    {"chain/healthy-must-staple.yaml", "",
     "As staple-missing.yaml, with the response beside the certificate.",
     [](Workshop& w) {
       const Octets leaf = must_staple(serving_leaf(w, "chain/must-staple"));
       return stapled_pair(w, leaf, staple_of({leaf}));
     }},
    {"chain/staple-missing-workload.json", "chain.staple-missing",
     "A workload's certificate demands a staple, which no agent of Istio fetches.",
     [](Workshop& w) { return workload_dump({must_staple(istio_leaf(w))}, {the_root(w)}); }},
    {"chain/staple-expired-in-dump.json", "chain.staple-expired",
     "A proxy's dump with an OCSP response that ran out a day before.",
     [](Workshop& w) {
       return stapled_dump(w, shop_leaf(w),
                           staple_of({shop_leaf(w), false, kEpoch - days{8}, kEpoch - days{1}}));
     }},
    {"chain/healthy-staple-in-dump.json", "",
     "A proxy's dump with an OCSP response beside a certificate that demands one.",
     [](Workshop& w) {
       const Octets leaf = must_staple(serving_leaf(w, "chain/must-staple"));
       return stapled_dump(w, leaf, staple_of({leaf}));
     }},
    {"input/no-staple.yaml", "input.malformed",
     "A gateway's Secret with PEM where an OCSP response in DER belongs.",
     [](Workshop& w) { return stapled(w, pem("OCSP RESPONSE", staple_of({shop_leaf(w)}))); }},

    {"chain/revoked.json", "chain.revoked",
     "The CRL in the validation context lists the serial of the workload's own certificate.",
     [](Workshop& w) { return dump_with_crl(w, that_revokes(of_root(), the_leaf(w))); }},
    {"chain/healthy-crl.json", "", "The CRL in the validation context lists another certificate of that CA.",
     [](Workshop& w) { return dump_with_crl(w, that_revokes(of_root(), istio_leaf(w).build())); }},
    {"chain/no-crl.json", "input.malformed",
     "Where the CRL of the validation context belongs, a root stands.",
     [](Workshop& w) {
       Json roots = root_secret("ROOTCA", inline_bytes(pem(root(w))));
       roots["validationContext"]["crl"] = inline_bytes(pem(root(w)));
       Dump secrets;
       secrets.active = {dynamic(chain_secret("default", inline_bytes(pem(the_leaf(w))))),
                         dynamic(std::move(roots))};
       return dump(secrets.document(), {the_leaf(w), root(w)});
     }},
    {"chain/crl-beside-validator.json", "chain.crl-beside-validator",
     "The CRL in the validation context lists the workload's own certificate; a SPIFFE validator beside it looks at none.",
     [](Workshop& w) { return validator_dump_with_crl(w, that_revokes(of_root(), the_leaf(w)), false); }},
    {"chain/healthy-crl-of-validator.json", "",
     "The CRL, of another certificate, stands in the SPIFFE validator's bundle itself.",
     [](Workshop& w) {
       return validator_dump_with_crl(w, that_revokes(of_root(), istio_leaf(w).build()), true);
     }},
    {"chain/crl-missing.pem", "chain.crl-missing",
     "Both CAs of a plugged-in CA, and the CRL of the intermediate alone.",
     [](Workshop& w) {
       return text_file(pem({plugin_root_ca(w), intermediate_ca(w)}) + crl_block(w, of_intermediate()),
                        {plugin_root_ca(w), intermediate_ca(w)});
     }},
    {"chain/crl-of-one-twin.pem", "chain.crl-missing",
     "Two roots of one name, the former and the present, and the CRL of the present one.",
     [](Workshop& w) {
       return text_file(pem({root(w), twin_root(w)}) + crl_block(w, of_root()), {root(w), twin_root(w)});
     }},
    {"chain/healthy-crl-of-twins.pem", "", "The same with the CRLs of both.",
     [](Workshop& w) {
       return text_file(pem({root(w), twin_root(w)}) + crl_block(w, of_root()) +
                            crl_block(w, {istio_root_name(), "other-root"}),
                        {root(w), twin_root(w)});
     }},
    {"chain/crl-of-twins-expired.pem", "chain.crl-expired",
     "The same, and that of the former ran out a day before.",
     [](Workshop& w) {
       return text_file(pem({root(w), twin_root(w)}) + crl_block(w, of_root()) +
                            crl_block(w, that_is_over({istio_root_name(), "other-root"})),
                        {root(w), twin_root(w)});
     }},
    {"chain/crl-of-anchor-and-namesake.pem", "chain.crl-missing",
     "The intermediate of a plugged-in CA, a root of its issuer's name and another key, and the CRLs of both.",
     [](Workshop& w) {
       const Octets namesake = former_plugin_root(w);
       return text_file(pem({intermediate_ca(w), namesake}) + crl_block(w, of_intermediate()) +
                            crl_block(w, {plugin_root_name(), "root"}),
                        {intermediate_ca(w), namesake});
     }},
    {"chain/crl-of-lone-anchor.pem", "chain.crl-missing",
     "The intermediate of a plugged-in CA and its CRL, without the root.",
     [](Workshop& w) {
       return text_file(pem(intermediate_ca(w)) + crl_block(w, of_intermediate()), {intermediate_ca(w)});
     }},
    {"chain/healthy-crl-both.pem", "", "The same with the root and its CRL beside them.",
     [](Workshop& w) {
       return text_file(pem({intermediate_ca(w), plugin_root_ca(w)}) + crl_block(w, of_intermediate()) +
                            crl_block(w, of_plugin_root()),
                        {intermediate_ca(w), plugin_root_ca(w)});
     }},
    {"chain/crl-missing-between.json", "chain.crl-missing",
     "The validation context has the CRL of the root; the intermediate, which issued the leaf, has none.",
     [](Workshop& w) { return plugin_dump_with_crls(w, crl_block(w, of_plugin_root()), false); }},
    {"chain/healthy-crl-both.json", "", "The validation context has the CRLs of both CAs.",
     [](Workshop& w) {
       return plugin_dump_with_crls(w, crl_block(w, of_plugin_root()) + crl_block(w, of_intermediate()),
                                    false);
     }},
    {"chain/healthy-leaf-crl-only.json", "",
     "Envoy looks at leaves alone (only_verify_leaf_cert_crl): the CRL of the intermediate is enough.",
     [](Workshop& w) { return plugin_dump_with_crls(w, crl_block(w, of_intermediate()), true); }},
    {"chain/leaf-crl-only-former-root.json", "chain.crl-bad-signature",
     "The same, and a CRL of the root's name by another key, which Envoy does not look at.",
     [](Workshop& w) {
       return plugin_dump_with_crls(
           w, crl_block(w, of_intermediate()) + crl_block(w, {plugin_root_name(), "root"}), true);
     }},
    {"chain/revoked-ca-leaf-crl-only.json", "chain.revoked",
     "The same, and the root's CRL lists the intermediate: Envoy does not look it up.",
     [](Workshop& w) {
       return plugin_dump_with_crls(
           w,
           crl_block(w, that_revokes(of_plugin_root(), intermediate_ca(w))) + crl_block(w, of_intermediate()),
           true);
     }},
    {"chain/crl-expired.json", "chain.crl-expired",
     "The CRL in the validation context ran out a day before: Envoy refuses every chain with it.",
     [](Workshop& w) { return dump_with_crl(w, that_is_over(of_root())); }},
    {"chain/crl-root.pem", "", "Istio's root, if it may sign CRLs: for --trust.",
     [](Workshop& w) { return pem_file({root(w)}); }},
    {"chain/crl-not-read.pem", "chain.crl-not-read", "That root's CRL, of version 1: for --crl.",
     [](Workshop& w) { return text_file(crl_block(w, that_is_old(of_root())), {}); }},
    {"chain/crl-lists-leaf.pem", "", "That root's CRL, which lists the healthy workload: for --crl.",
     [](Workshop& w) { return text_file(crl_block(w, that_revokes(of_root(), the_leaf(w)))); }},
    {"chain/crl-lists-other.pem", "", "That root's CRL, which lists another workload.",
     [](Workshop& w) { return text_file(crl_block(w, that_revokes(of_root(), istio_leaf(w).build()))); }},
    {"chain/crl-lists-root.pem", "", "That root's CRL, which lists the root itself.",
     [](Workshop& w) { return text_file(crl_block(w, that_revokes(of_root(), root(w)))); }},
    {"chain/crl-plugin-root.pem", "", "The plugged-in root, if it may sign CRLs: for --trust.",
     [](Workshop& w) { return text_file(pem(plugin_root_ca(w)), {plugin_root_ca(w)}); }},
    {"chain/crl-plugin-intermediate.pem", "", "The intermediate below it, likewise: for --untrusted.",
     [](Workshop& w) { return text_file(pem(intermediate_ca(w)), {intermediate_ca(w)}); }},
    {"chain/crl-lists-intermediate.pem", "",
     "The CRL of the plugged-in root, which lists that intermediate, and the intermediate's own: for --crl.",
     [](Workshop& w) {
       return text_file(crl_block(w, that_revokes(of_plugin_root(), intermediate_ca(w))) +
                        crl_block(w, of_intermediate()));
     }},
    {"chain/crl-delta.pem", "", "That root's CRL, and a delta of it that lists the healthy workload.",
     [](Workshop& w) {
       return text_file(crl_block(w, of_root()) +
                        crl_block(w, as_delta(that_revokes(of_root(), the_leaf(w)), 2, 1)));
     }},
    {"chain/crl-delta-over.pem", "chain.crl-expired", "The same, and the delta ran out a day before.",
     [](Workshop& w) {
       return text_file(crl_block(w, of_root()) +
                        crl_block(w, as_delta(that_is_over(that_revokes(of_root(), the_leaf(w))), 2, 1)));
     }},
    {"chain/crl-delta-over-other.pem", "chain.crl-expired", "The same, and the delta lists another workload.",
     [](Workshop& w) {
       return text_file(
           crl_block(w, of_root()) +
           crl_block(w, as_delta(that_is_over(that_revokes(of_root(), istio_leaf(w).build())), 2, 1)));
     }},
    {"chain/crl-early.pem", "chain.crl-expired",
     "That root's CRL, which begins a day later and lists the healthy workload.",
     [](Workshop& w) {
       return text_file(crl_block(w, that_is_early(that_revokes(of_root(), the_leaf(w)))));
     }},
    {"chain/crl-early-other.pem", "chain.crl-expired", "The same, which lists another workload.",
     [](Workshop& w) {
       return text_file(crl_block(w, that_is_early(that_revokes(of_root(), istio_leaf(w).build()))));
     }},
    {"chain/crl-reason-7.pem", "chain.crl-not-read",
     "That root's CRL, which lists the healthy workload with a reason code that is not assigned.",
     [](Workshop& w) { return text_file(crl_block(w, that_revokes(of_root(), the_leaf(w), 7))); }},
    {"chain/crl-reason-11-other.pem", "chain.crl-not-read",
     "That root's CRL, which lists another workload with a reason code that is not assigned.",
     [](Workshop& w) { return text_file(crl_block(w, that_revokes(of_root(), istio_leaf(w).build(), 11))); }},
    {"chain/crl-reason-10-other.pem", "", "The same with the last that is.",
     [](Workshop& w) { return text_file(crl_block(w, that_revokes(of_root(), istio_leaf(w).build(), 10))); }},
    {"chain/crl-critical.pem", "",
     "That root's CRL, with a critical extension that nobody knows, which lists the healthy workload.",
     [](Workshop& w) {
       return text_file(crl_block(w, that_is_critical(that_revokes(of_root(), the_leaf(w)))));
     }},
    {"chain/crl-by-reasons.pem", "chain.crl-unused-by-peers",
     "Two CRLs of that root: one for the compromise of keys, one for all other reasons.",
     [](Workshop& w) {
       return text_file(crl_block(w, for_reasons(of_root(), {"\x05\x60", 2})) +
                        crl_block(w, for_reasons(of_root(), {"\x07\x1f\x80", 3})));
     }},
    {"chain/crl-delta-gap.pem", "chain.delta-crl-unused",
     "That root's CRL number 1, and a delta on number 5 that lists the healthy workload.",
     [](Workshop& w) {
       return text_file(crl_block(w, of_root()) +
                        crl_block(w, as_delta(that_revokes(of_root(), the_leaf(w)), 6, 5)));
     }},
    {"chain/crl-lists-self-issued.pem", "",
     "That root's CRL, which lists the self-issued leaf of chain/self-issued-leaf.pem.",
     [](Workshop& w) { return text_file(crl_block(w, that_revokes(of_root(), self_issued_leaf(w)))); }},
    {"chain/crl-of-twin.pem", "",
     "A self-signed CA with the name of that root and another key, and its CRL: for --untrusted.",
     [](Workshop& w) {
       return text_file(pem(twin_root(w)) + crl_block(w, {istio_root_name(), "other-root"}), {twin_root(w)});
     }},
    {"chain/crl-of-other-ca.pem", "", "A CRL of the plugged-in root.",
     [](Workshop& w) { return text_file(crl_block(w, of_plugin_root())); }},
    {"chain/healthy-crl-chain.pem", "", "Both CAs of a plugged-in CA, each with its CRL.",
     [](Workshop& w) {
       return text_file(pem({plugin_root_ca(w), intermediate_ca(w)}) + crl_block(w, of_intermediate()) +
                            crl_block(w, of_plugin_root()),
                        {plugin_root_ca(w), intermediate_ca(w)});
     }},
    {"chain/crl-bad-signature.pem", "chain.crl-bad-signature",
     "Istio's root, and a CRL in its name that the key of another root signed.",
     [](Workshop& w) {
       return text_file(pem(root(w)) + crl_block(w, {istio_root_name(), "other-root"}), {root(w)});
     }},
    {"chain/crl-of-former-key.pem", "chain.crl-bad-signature",
     "As crl-bad-signature.pem, and a later CRL of that name, which the root did sign.",
     [](Workshop& w) {
       const Crl former{.issuer = istio_root_name(), .signer = "other-root", .this_update = kEpoch - days{1}};
       return text_file(pem(root(w)) + crl_block(w, former) + crl_block(w, of_root()), {root(w)});
     }},
    {"chain/crl-of-former-key-later.pem", "chain.crl-bad-signature",
     "As crl-of-former-key.pem, and the one that the root did not sign is the later.",
     [](Workshop& w) {
       const Crl former{.issuer = istio_root_name(),
                        .signer = "other-root",
                        .this_update = kEpoch + std::chrono::hours{1}};
       return text_file(pem(root(w)) + crl_block(w, former) + crl_block(w, of_root()), {root(w)});
     }},
    {"chain/healthy-crl-root.pem", "",
     "Istio's root, if it may sign CRLs, and one that lists the healthy workload.",
     [](Workshop& w) {
       return text_file(pem(root(w)) + crl_block(w, that_revokes(of_root(), the_leaf(w))), {root(w)});
     }},
    {"chain/crl-expired.pem", "chain.crl-expired", "A CRL that ran out a day before.",
     [](Workshop& w) { return text_file(crl_block(w, that_is_over(of_root()))); }},
    {"chain/healthy-crl-renewed.pem", "", "As crl-expired.pem, and the CRL that came after it.",
     [](Workshop& w) { return text_file(crl_block(w, that_is_over(of_root())) + crl_block(w, of_root())); }},
    {"chain/crl-missing-secret.yaml", "chain.crl-missing",
     "A Secret for client certificates: two CAs under ca.crt, and under ca.crl the CRL of one of them.",
     [](Workshop& w) { return client_cas(w, crl_block(w, of_intermediate())); }},
    {"chain/crl-expired-configmap.yaml", "chain.crl-expired",
     "The ConfigMap istio-ca-crl holds a CRL that ran out a day before.",
     [](Workshop& w) {
       return kube_list(
           {config_map("shop", "istio-ca-crl", {{"ca-crl.pem", crl_block(w, that_is_over(of_root()))}})});
     }},
    {"chain/healthy-crl-secret.yaml", "", "The same Secret with the CRLs of both.",
     [](Workshop& w) {
       return client_cas(w, crl_block(w, of_intermediate()) + crl_block(w, of_plugin_root()));
     }},
    {"input/no-crl.yaml", "input.malformed",
     "A Secret with a CA certificate under ca.crl, where CRLs belong.",
     [](Workshop& w) { return client_cas(w, pem(plugin_root_ca(w))); }},
    {"input/healthy-crl.crl", "", "A CRL in DER.",
     [](Workshop& w) { return bare_file(crl_of(w, that_revokes(of_root(), the_leaf(w)))); }},
    {"input/malformed-crl.pem", "input.malformed", "A block X509 CRL that holds half of a CRL.",
     [](Workshop& w) {
       const Octets crl = crl_of(w, of_root());
       return text_file(pem("X509 CRL", crl.substr(0, crl.size() / 2)));
     }},
};

}  // namespace

std::span<const Recipe> crl_recipes() {
  return kRecipes;
}

}  // namespace gencerts
