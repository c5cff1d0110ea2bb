#include "dumps.hpp"
#include "mutate.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

using std::chrono::days;

/// The same authorities, allowed to sign CRLs: what istiod makes for itself is not.
CertificateBuilder signer_of_crls(CertificateBuilder builder) {
  return builder.key_usage({ku::kKeyCertSign, ku::kCrlSign});
}
Octets root(Workshop& w) {
  return signer_of_crls(istio_root(w, "chain/crl-root")).build();
}
Octets plugin_root_ca(Workshop& w) {
  return signer_of_crls(plugin_root(w, "chain/crl-plugin-root")).build();
}
Octets intermediate_ca(Workshop& w) {
  return signer_of_crls(plugin_intermediate(w, "chain/crl-intermediate")).build();
}

/// Crl is a revocation list before it is signed: empty, number 1, for thirty days.
struct Crl {
  Octets issuer;
  std::string_view signer;
  Octets revoked_serial = {};  ///< contents octets; empty: nothing is listed
  Instant this_update = kEpoch;
  Instant next_update = kEpoch + days{30};
};

/// The serial's contents octets, of a certificate.
Octets serial_of(const Octets& certificate) {
  return decode(certificate).children.at(0).children.at(kSerial).contents;
}

Octets revoked_entries(const Crl& crl) {
  if (crl.revoked_serial.empty()) return "";
  const Octets key_compromise = sequence(oid("2.5.29.21") + octet_string(tlv(0x0a, octet(1))));
  return sequence(sequence(integer_of(crl.revoked_serial) + time(kEpoch + std::chrono::hours{3}) +
                           sequence(key_compromise)));
}

Octets crl_of(Workshop& w, const Crl& crl) {
  const Octets number = sequence(oid("2.5.29.20") + octet_string(integer(1)));
  return w.certify(sequence(integer(1) + w.signature_algorithm(crl.signer, SignatureScheme::usual) +
                            crl.issuer + time(crl.this_update) + time(crl.next_update) +
                            revoked_entries(crl) + tlv(tag::constructed_context(0), sequence(number))),
                   crl.signer);
}

Octets crl_block(Workshop& w, const Crl& crl) {
  return pem("X509 CRL", crl_of(w, crl));
}

Crl of_root() {
  return {istio_root_name(), "root"};
}
Crl of_plugin_root() {
  return {plugin_root_name(), "other-root"};
}
Crl of_intermediate() {
  return {plugin_intermediate_name(), "intermediate"};
}

Crl that_revokes(Crl crl, const Octets& certificate) {
  crl.revoked_serial = serial_of(certificate);
  return crl;
}

Crl that_is_over(Crl crl) {
  crl.this_update = kEpoch - days{31};
  crl.next_update = kEpoch - days{1};
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

const Recipe kRecipes[] = {
    {"chain/revoked.json", "chain.revoked",
     "The CRL in the validation context lists the serial of the workload's own certificate.",
     [](Workshop& w) { return dump_with_crl(w, that_revokes(of_root(), the_leaf(w))); }},
    {"chain/healthy-crl.json", "", "The CRL in the validation context lists another certificate of that CA.",
     [](Workshop& w) { return dump_with_crl(w, that_revokes(of_root(), istio_leaf(w).build())); }},
    {"chain/crl-missing.pem", "chain.crl-missing",
     "Both CAs of a plugged-in CA, and the CRL of the intermediate alone.",
     [](Workshop& w) {
       return text_file(pem({plugin_root_ca(w), intermediate_ca(w)}) + crl_block(w, of_intermediate()),
                        {plugin_root_ca(w), intermediate_ca(w)});
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
    {"chain/crl-expired.json", "chain.crl-expired",
     "The CRL in the validation context ran out a day before: Envoy refuses every chain with it.",
     [](Workshop& w) { return dump_with_crl(w, that_is_over(of_root())); }},
    {"chain/crl-root.pem", "", "Istio's root, if it may sign CRLs: for --trust.",
     [](Workshop& w) { return pem_file({root(w)}); }},
    {"chain/crl-lists-leaf.pem", "", "That root's CRL, which lists the healthy workload: for --crl.",
     [](Workshop& w) { return text_file(crl_block(w, that_revokes(of_root(), the_leaf(w)))); }},
    {"chain/crl-lists-other.pem", "", "That root's CRL, which lists another workload.",
     [](Workshop& w) { return text_file(crl_block(w, that_revokes(of_root(), istio_leaf(w).build()))); }},
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
    {"chain/healthy-crl-root.pem", "",
     "Istio's root, if it may sign CRLs, and one that lists the healthy workload.",
     [](Workshop& w) {
       return text_file(pem(root(w)) + crl_block(w, that_revokes(of_root(), the_leaf(w))), {root(w)});
     }},
    {"chain/crl-expired.pem", "chain.crl-expired", "A CRL that ran out a day before.",
     [](Workshop& w) { return text_file(crl_block(w, that_is_over(of_root()))); }},
    {"chain/healthy-crl-renewed.pem", "", "As crl-expired.pem, and the CRL that came after it.",
     [](Workshop& w) { return text_file(crl_block(w, that_is_over(of_root())) + crl_block(w, of_root())); }},
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
