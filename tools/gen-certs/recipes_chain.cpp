#include "dumps.hpp"
#include "mutate.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

using std::chrono::days;

Octets chain_leaf(Workshop& w) {
  return plugin_leaf(w, "workload/healthy-chain").build();
}

std::vector<Octets> plugin_chain(Workshop& w) {
  return {chain_leaf(w), the_intermediate(w)};
}

/// A CA of three tiers: the root, an upper and a lower intermediate.
Octets upper_intermediate(Workshop& w) {
  return plugin_intermediate(w, "chain/upper").ca_constraints(1).build();
}
Octets lower_name() {
  return name({{"O", "Istio"}, {"CN", "Issuing CA"}});
}
Octets lower_intermediate(Workshop& w) {
  return plugin_intermediate(w, "chain/lower")
      .subject(lower_name())
      .issuer(plugin_intermediate_name())
      .key("root")
      .signer("intermediate")
      .build();
}
Octets lower_leaf(Workshop& w) {
  return istio_leaf(w, "chain/lower-leaf").issuer(lower_name()).signer("root").build();
}

/// constrained_intermediate may sign for one name of a kind alone: by default, for SPIFFE IDs of
/// one trust domain.
Octets constrained_intermediate(Workshop& w, std::string_view base, unsigned char kind = 0x86) {
  const Octets permitted = tlv(0xa0, sequence(tlv(kind, Octets(base))));
  return plugin_intermediate(w).extension("2.5.29.30", true, sequence(permitted)).build();
}

/// other_authority is the key identifier of no key that is there.
Octets other_authority() {
  return sequence(tlv(0x80, Octets(20, '\x5a')));
}

/// leaf_by_serial names its issuer, the root, by name and serial number, as openssl.cnf's
/// `authorityKeyIdentifier = issuer:always` has it.
Octets leaf_by_serial(Workshop& w) {
  const Octets serial = decode(the_root(w)).children.at(0).children.at(kSerial).contents;
  const Octets issuer = tlv(0xa1, tlv(0xa4, istio_root_name()));
  return istio_leaf(w, "chain/former-serial-named")
      .key_ids(false, false)
      .extension(ext::kAuthorityKeyId, false, sequence(issuer + tlv(0x82, serial)))
      .build();
}

/// rolled_over is a chain by the successor of the intermediate, which that signed itself.
std::vector<Octets> rolled_over(Workshop& w, int path_length) {
  const Octets next = plugin_intermediate(w, "chain/rolled-over")
                          .issuer(plugin_intermediate_name())
                          .key("root")
                          .signer("intermediate")
                          .build();
  return {istio_leaf(w, "chain/rolled-over-leaf").issuer(plugin_intermediate_name()).build(), next,
          plugin_intermediate(w, "chain/before-roll-over").ca_constraints(path_length).build()};
}

/// cross_signed is the intermediate as another root signed it.
Octets cross_signed(Workshop& w) {
  return plugin_intermediate(w, "chain/cross-signed-ca").issuer(istio_root_name()).signer("root").build();
}

/// utf8_root_name is istio_root_name in another string type.
Octets utf8_root_name() {
  return name({{"O", "cluster.local", tag::kUtf8String}});
}

/// altered has one octet of its signature changed.
Octets altered(Octets certificate) {
  certificate.back() = static_cast<char>(certificate.back() ^ 1);
  return certificate;
}

/// namesake is a root of Istio's name whose key nobody has: a modulus of 2048 bits
/// that differs from the others' in its last octets.
Octets namesake(Workshop& w, unsigned number) {
  Octets modulus(257, '\xc5');
  modulus[0] = '\0';
  modulus[255] = static_cast<char>(number);
  const Octets key = sequence(tlv(tag::kInteger, modulus) + integer(65537));
  const Octets spki = sequence(sequence(oid("1.2.840.113549.1.1.1") + tlv(tag::kNull, "")) + bit_string(key));
  return istio_root(w, "chain/namesake-" + std::to_string(number)).raw_public_key(spki).build();
}

std::vector<Octets> namesakes(Workshop& w) {
  constexpr unsigned kOneTooMany = 17;
  std::vector<Octets> roots;
  for (unsigned number = 0; number < kOneTooMany; ++number) roots.push_back(namesake(w, number));
  return roots;
}

std::vector<Octets> namesakes_and_root(Workshop& w) {
  std::vector<Octets> roots = namesakes(w);
  roots.push_back(the_root(w));
  return roots;
}

/// rejected has OpenSSL's trust settings behind the certificate: rejected for serverAuth.
Sample rejected(Workshop& w) {
  const Octets settings = sequence(tlv(0xa0, oid("1.3.6.1.5.5.7.3.1")));
  return text_file(pem("TRUSTED CERTIFICATE", the_root(w) + settings), {the_root(w)});
}

const Recipe kRecipes[] = {
    {"chain/rejected-root.pem", "input.unsupported-block",
     "Istio's root in OpenSSL's own block, whose trust settings reject it for servers: for --trust.",
     rejected},
    {"chain/incomplete.json", "chain.incomplete",
     "A sidecar under a plugged-in CA sends its leaf without the intermediate that issued it.",
     [](Workshop& w) { return workload_dump({chain_leaf(w)}, {the_plugin_root(w)}); }},
    {"chain/incomplete-organization.json", "chain.incomplete",
     "As incomplete.json, under a CA that has an O alone, as istiod's own root has, but not of the trust domain's name.",
     [](Workshop& w) {
       return workload_dump(
           {istio_leaf(w).issuer(name({{"O", "Issuing CA"}})).signer("intermediate").build()},
           {the_plugin_root(w)});
     }},
    {"chain/incomplete-above.json", "chain.incomplete",
     "A CA of three tiers: the sidecar sends its leaf and the lower intermediate, without the upper one.",
     [](Workshop& w) {
       return workload_dump({lower_leaf(w), lower_intermediate(w)}, {the_plugin_root(w)});
     }},
    {"chain/healthy-three-tiers.json", "", "A CA of three tiers: the sidecar sends both intermediates.",
     [](Workshop& w) {
       return workload_dump({lower_leaf(w), lower_intermediate(w), upper_intermediate(w)},
                            {the_plugin_root(w)});
     }},
    {"chain/untrusted-plugin-root.json", "chain.untrusted-root",
     "The sidecar has a chain of a plugged-in CA, ROOTCA holds istiod's own root.",
     [](Workshop& w) {
       return workload_dump({chain_leaf(w), the_intermediate(w)}, {the_root(w)});
     }},
    {"chain/expired-root.json", "chain.expired-root",
     "ROOTCA holds the root that issued the leaf, which has expired, and another that is valid and issued nothing here.",
     [](Workshop& w) {
       const Octets expired =
           istio_root(w, "chain/expired-root").validity(kEpoch - days{3651}, kEpoch - days{1}).build();
       return workload_dump({the_leaf(w)}, {expired, the_plugin_root(w)});
     }},
    {"chain/expired-root-renewed.json", "bundle.expired-member",
     "As expired-root.json, and the renewed root, of the same key, stands beside the expired one.",
     [](Workshop& w) {
       const Octets expired =
           istio_root(w, "chain/expired-root").validity(kEpoch - days{3651}, kEpoch - days{1}).build();
       return workload_dump({the_leaf(w)}, {expired, the_renewed_root(w)});
     }},
    {"bundle/future-member.pem", "bundle.future-member",
     "A trust bundle of two roots, one of which is valid from next month on.",
     [](Workshop& w) {
       return pem_file(
           {the_root(w), plugin_root(w).validity(kEpoch + days{30}, kEpoch + days{3680}).build()});
     }},
    {"bundle/expired-issuer.pem", "validity.expired",
     "cert-chain.pem of a plugged-in CA: the intermediate that signs has expired, its root has not.",
     [](Workshop& w) {
       const Octets expired = plugin_intermediate(w).validity(kEpoch - days{366}, kEpoch - days{1}).build();
       return pem_file({expired, the_plugin_root(w)});
     }},
    {"chain/untrusted-root.json", "chain.untrusted-root",
     "The leaf was issued under O=cluster.local; ROOTCA holds the root of another CA alone.",
     [](Workshop& w) { return workload_dump({the_leaf(w)}, {the_plugin_root(w)}); }},
    {"chain/twin-root.json", "chain.untrusted-root",
     "istiod was installed again: ROOTCA holds its new root, which has the name of the old one and another key; the leaf "
     "is still of the old one.",
     [](Workshop& w) { return workload_dump({the_leaf(w)}, {the_new_root(w)}); }},
    {"chain/twin-root-sent.json", "chain.untrusted-root",
     "As twin-root.json, and the chain carries its own old root, as Istio sends it.",
     [](Workshop& w) {
       return workload_dump({the_leaf(w), the_root(w)}, {the_new_root(w)});
     }},
    {"chain/foreign-trust-domain.json", "chain.untrusted-root",
     "Envoy's SPIFFE validator has the bundles of two trust domains, neither of which is the leaf's.",
     [](Workshop& w) {
       return spire_dump(the_leaf(w), {{"east.local", the_root(w)}, {"west.local", the_plugin_root(w)}});
     }},
    {"chain/serving-root.pem", "", "A server's certificate that signed itself and calls itself a CA.",
     [](Workshop& w) { return pem_file({istio_root(w).san({dns("shop.example.com")}, false).build()}); }},
    {"chain/cross-signed-first.json", "chain.refused-without-backtracking",
     "The chain holds its CA twice: first as a former root signed it, which is not trusted, then as the trusted one did.",
     [](Workshop& w) {
       return workload_dump(
           {plugin_leaf(w, "chain/cross-signed").build(), cross_signed(w), the_intermediate(w)},
           {the_plugin_root(w)});
     }},
    {"chain/healthy-cross-signed.json", "", "The same chain with the certificate by the trusted root first.",
     [](Workshop& w) {
       return workload_dump(
           {plugin_leaf(w, "chain/cross-signed").build(), the_intermediate(w), cross_signed(w)},
           {the_plugin_root(w)});
     }},
    {"chain/bad-signature.json", "chain.bad-signature",
     "The leaf names the intermediate beside it as its issuer, but another key signed it.",
     [](Workshop& w) {
       return workload_dump({plugin_leaf(w).signer("root").build(), the_intermediate(w)},
                            {the_plugin_root(w)});
     }},
    {"chain/altered.json", "chain.bad-signature",
     "The leaf names the trusted root and its key, but one bit of its signature was changed.",
     [](Workshop& w) { return workload_dump({altered(the_leaf(w))}, {the_root(w)}); }},
    {"chain/gateway-bad-signature.json", "chain.bad-signature",
     "A gateway serves a leaf with an intermediate of the right name and the wrong key.",
     [](Workshop& w) {
       const Octets leaf = serving_leaf(w).signer("root").build();
       Dump secrets;
       secrets.active = {dynamic(
           chain_secret("kubernetes://shop-cert", inline_bytes(pem({leaf, the_web_intermediate(w)}))))};
       return dump(secrets.document(), {leaf, the_web_intermediate(w)});
     }},
    {"chain/wrong-order.pem", "chain.wrong-order", "Intermediate first, leaf second.",
     [](Workshop& w) {
       return pem_file({the_intermediate(w), chain_leaf(w)});
     }},
    {"chain/wrong-order-above.json", "chain.wrong-order",
     "The leaf stands first, but the root stands before the intermediate.",
     [](Workshop& w) {
       return workload_dump({chain_leaf(w), the_plugin_root(w), the_intermediate(w)}, {the_plugin_root(w)});
     }},
    {"chain/wrong-order-dump.json", "chain.wrong-order",
     "A sidecar holds its intermediate first, its leaf second: the leaf is right, and only its place is not.",
     [](Workshop& w) {
       return workload_dump({the_intermediate(w), chain_leaf(w)}, {the_plugin_root(w)});
     }},
    {"chain/root-included.json", "chain.root-included", "The chain carries its root, as Istio sends it.",
     [](Workshop& w) {
       return workload_dump({the_leaf(w), the_root(w)}, {the_root(w)});
     }},
    {"chain/duplicate-certificate.json", "chain.duplicate-certificate",
     "The chain carries its intermediate twice.",
     [](Workshop& w) {
       return workload_dump({chain_leaf(w), the_intermediate(w), the_intermediate(w)}, {the_plugin_root(w)});
     }},
    {"chain/unrelated-certificate.json", "chain.unrelated-certificate",
     "The chain carries the issuing CA of the company's web PKI, which has nothing to do with it.",
     [](Workshop& w) {
       return workload_dump({the_leaf(w), the_web_intermediate(w)}, {the_root(w)});
     }},
    {"chain/stale-root-sent.json", "chain.unrelated-certificate",
     "The chain carries a root of the right name and another key; the leaf verifies with the trusted one.",
     [](Workshop& w) {
       return workload_dump({the_leaf(w), the_new_root(w)}, {the_root(w)});
     }},
    {"chain/key-id-mismatch.json", "chain.key-id-mismatch",
     "The leaf's authorityKeyIdentifier is not its issuer's subjectKeyIdentifier.",
     [](Workshop& w) {
       const Octets leaf = istio_leaf(w)
                               .key_ids(false, false)
                               .extension(ext::kAuthorityKeyId, false, other_authority())
                               .build();
       return workload_dump({leaf}, {the_root(w)});
     }},
    {"chain/former-serial-named.json", "chain.no-issuer-for-envoy",
     "The root was renewed with its key, and the leaf names the former one by its serial number.",
     [](Workshop& w) { return workload_dump({leaf_by_serial(w)}, {the_renewed_root(w)}); }},
    {"chain/healthy-former-serial-named.json", "", "The same leaf, and both roots in ROOTCA.",
     [](Workshop& w) {
       return workload_dump({leaf_by_serial(w)}, {the_root(w), the_renewed_root(w)});
     }},
    {"chain/rolled-over-ca.json", "chain.path-length-exceeded",
     "The intermediate, of pathLen 0, has signed its own successor, of its name and another key, which signed the leaf.",
     [](Workshop& w) { return workload_dump(rolled_over(w, 0), {the_plugin_root(w)}); }},
    {"chain/healthy-rolled-over-ca.json", "", "The same with pathLen 1.",
     [](Workshop& w) { return workload_dump(rolled_over(w, 1), {the_plugin_root(w)}); }},
    {"chain/names-differ-in-encoding.json", "chain.names-differ-in-encoding",
     "The leaf has its issuer's name as UTF8String, the root has its own as PrintableString.",
     [](Workshop& w) {
       return workload_dump({istio_leaf(w).issuer(utf8_root_name()).build()}, {the_root(w)});
     }},
    {"chain/healthy-names-in-one-encoding.json", "",
     "The leaf has its issuer's name as UTF8String; of the two roots in ROOTCA, of one key, one has its own so.",
     [](Workshop& w) {
       const Octets twin = istio_root(w).subject(utf8_root_name()).issuer(utf8_root_name()).build();
       return workload_dump(
           {istio_leaf(w, "chain/names-differ-in-encoding").issuer(utf8_root_name()).build()},
           {the_root(w), twin});
     }},
    {"chain/wrong-purpose-root.json", "chain.wrong-purpose",
     "ROOTCA holds the root that issued the leaf, whose extendedKeyUsage has codeSigning alone.",
     [](Workshop& w) {
       return workload_dump({the_leaf(w)}, {istio_root(w).extended_key_usage({"1.3.6.1.5.5.7.3.3"}).build()});
     }},
    {"chain/healthy-root-with-eku.json", "", "The root's extendedKeyUsage has both purposes of TLS.",
     [](Workshop& w) {
       return workload_dump({the_leaf(w)},
                            {istio_root(w).extended_key_usage({eku::kServerAuth, eku::kClientAuth}).build()});
     }},
    {"chain/weak-signature.json", "chain.weak-signature",
     "The intermediate is signed by its root with SHA-1; the leaf, with SHA-256.",
     [](Workshop& w) {
       return workload_dump(
           {chain_leaf(w), plugin_intermediate(w).signer("other-root", SignatureScheme::rsa_sha1).build()},
           {the_plugin_root(w)});
     }},
    {"chain/weak-signature-md5.json", "chain.weak-signature",
     "The intermediate is signed by its root with MD5, which no peer takes.",
     [](Workshop& w) {
       return workload_dump(
           {chain_leaf(w), plugin_intermediate(w).signer("other-root", SignatureScheme::rsa_md5).build()},
           {the_plugin_root(w)});
     }},
    {"chain/healthy-sha1-root.json", "",
     "The root is signed by itself with SHA-1: nobody verifies the signature of an anchor.",
     [](Workshop& w) {
       return workload_dump({the_leaf(w)}, {istio_root(w).signer("root", SignatureScheme::rsa_sha1).build()});
     }},
    {"chain/weak-signature-sha224.json", "chain.weak-signature",
     "The intermediate is signed by its root with SHA-224, which BoringSSL alone verifies.",
     [](Workshop& w) {
       return workload_dump(
           {chain_leaf(w), plugin_intermediate(w).signer("other-root", SignatureScheme::rsa_sha224).build()},
           {the_plugin_root(w)});
     }},
    {"chain/unsupported-algorithm.json", "chain.unsupported-algorithm",
     "The intermediate is signed by its root with SHA3-256, which no verifier of a mesh knows.",
     [](Workshop& w) {
       return workload_dump(
           {chain_leaf(w), plugin_intermediate(w).signer("other-root", SignatureScheme::rsa_sha3).build()},
           {the_plugin_root(w)});
     }},
    {"chain/healthy-ed25519.json", "", "The root's key is Ed25519, by which all verifiers of a mesh verify.",
     [](Workshop& w) {
       return workload_dump({istio_leaf(w, "chain/ed25519-leaf").signer("ed25519").build()},
                            {istio_root(w).key("ed25519").signer("ed25519").build()});
     }},
    {"chain/budget-exhausted.json", "chain.budget-exhausted",
     "ROOTCA holds 17 roots of one name, each with another key; none of them signed the leaf.",
     [](Workshop& w) { return workload_dump({the_leaf(w)}, namesakes(w)); }},

    {"chain/path-length-exceeded.json", "chain.path-length-exceeded",
     "The root allows no CA below it, and the leaf is issued by an intermediate.",
     [](Workshop& w) { return workload_dump(plugin_chain(w), {plugin_root(w).ca_constraints(0).build()}); }},
    {"chain/name-constraint-violated.json", "chain.name-constraint-violated",
     "The intermediate may sign for the trust domain other.local alone; the leaf is of cluster.local.",
     [](Workshop& w) {
       return workload_dump({chain_leaf(w), constrained_intermediate(w, "other.local")},
                            {the_plugin_root(w)});
     }},
    {"chain/name-constraint-unapplied.json", "chain.name-constraint-unapplied",
     "The intermediate may sign for the trust domain cluster.local alone, and does; rustls refuses every URI below it.",
     [](Workshop& w) {
       return workload_dump({chain_leaf(w), constrained_intermediate(w, "cluster.local")},
                            {the_plugin_root(w)});
     }},
    {"chain/healthy-name-constraint.json", "",
     "The intermediate may sign for DNS names below example.com alone; the leaf has one, and a SPIFFE ID.",
     [](Workshop& w) {
       const Octets leaf =
           plugin_leaf(w, "chain/constrained-leaf").san({uri(kId), dns("reviews.example.com")}).build();
       return workload_dump({leaf, constrained_intermediate(w, "example.com", 0x82)}, {the_plugin_root(w)});
     }},
    {"chain/leaf-is-ca.pem", "chain.leaf-is-ca",
     "A CA of Istio's root, with the SPIFFE ID of a workload: to be presented, and to sign.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w, "chain/leaf-is-ca")
                            .ca_constraints()
                            .key_usage({ku::kDigitalSignature, ku::kKeyCertSign})
                            .build()});
     }},
    {"chain/policy-violated.json", "chain.policy-violated",
     "The intermediate requires an explicit certificate policy, and the leaf has none.",
     [](Workshop& w) {
       const Octets explicit_policy = sequence(tlv(0x80, Octets(1, '\0')));
       return workload_dump(
           {chain_leaf(w), plugin_intermediate(w).extension("2.5.29.36", true, explicit_policy).build()},
           {the_plugin_root(w)});
     }},
    {"chain/critical-issuer-alt-name.json", "chain.unknown-critical-extension",
     "The intermediate has a critical issuerAltName, which is known and which no verifier processes.",
     [](Workshop& w) {
       return workload_dump(
           {chain_leaf(w),
            plugin_intermediate(w).extension("2.5.29.18", true, sequence(dns("ca.example.com"))).build()},
           {the_plugin_root(w)});
     }},
    {"chain/healthy-issuer-alt-name.json", "", "As critical-issuer-alt-name.json, not critical.",
     [](Workshop& w) {
       return workload_dump(
           {chain_leaf(w),
            plugin_intermediate(w).extension("2.5.29.18", false, sequence(dns("ca.example.com"))).build()},
           {the_plugin_root(w)});
     }},
    {"chain/unknown-critical-extension.json", "chain.unknown-critical-extension",
     "The intermediate has a critical extension of an OID that nobody knows.",
     [](Workshop& w) {
       return workload_dump(
           {chain_leaf(w),
            plugin_intermediate(w).extension("1.3.6.1.4.1.99999.1", true, tlv(tag::kNull, "")).build()},
           {the_plugin_root(w)});
     }},

    {"chain/healthy-many-namesakes.json", "",
     "As budget-exhausted.json, and the root that signed the leaf is among them: its key identifier finds it.",
     [](Workshop& w) { return workload_dump({the_leaf(w)}, namesakes_and_root(w)); }},
    {"chain/healthy-intermediate-anchor.json", "",
     "ROOTCA holds the intermediate itself: Envoy takes any certificate of it as an anchor.",
     [](Workshop& w) { return workload_dump({chain_leaf(w)}, {the_intermediate(w)}); }},
    {"chain/spiffe-validator-intermediate.json", "chain.untrusted-root",
     "Envoy's SPIFFE validator has the intermediate of the leaf's trust domain, and no root: it sets no PARTIAL_CHAIN.",
     [](Workshop& w) {
       return spire_dump(chain_leaf(w), {{"cluster.local", the_intermediate(w)}});
     }},
    {"chain/spiffe-validator-trusted-leaf.json", "chain.untrusted-root",
     "Envoy's SPIFFE validator has the leaf itself as the bundle of its trust domain.",
     [](Workshop& w) {
       return spire_dump(the_leaf(w), {{"cluster.local", the_leaf(w)}});
     }},
    {"chain/healthy-spiffe-validator-intermediate.json", "",
     "Envoy's SPIFFE validator has the intermediate of the leaf's trust domain, and the root above it.",
     [](Workshop& w) {
       return spire_dump(chain_leaf(w), {{"cluster.local", {the_intermediate(w), the_plugin_root(w)}}});
     }},
    {"chain/healthy-other-roots-too.json", "",
     "ROOTCA holds the old and the new root of one name, as in a rotation; the leaf is of the old one.",
     [](Workshop& w) {
       return workload_dump({the_leaf(w)}, {the_new_root(w), the_root(w)});
     }},
    {"chain/healthy-no-key-ids.json", "",
     "Old Citadel's leaf has no authorityKeyIdentifier: name and signature are enough.",
     [](Workshop& w) {
       return workload_dump({citadel_leaf(w, "citadel/leaf").build()},
                            {citadel_root(w).key_ids(false, false).build()});
     }},
    {"chain/self-issued-leaf.json", "chain.self-issued-leaf",
     "The leaf's subject is its issuer's, but the root signed it: self-issued, not self-signed.",
     [](Workshop& w) {
       const Octets leaf = istio_leaf(w, "root/healthy-self-issued-leaf")
                               .subject(istio_root_name())
                               .san({uri(kId)}, false)
                               .build();
       return workload_dump({leaf}, {the_root(w)});
     }},
};

}  // namespace

std::span<const Recipe> chain_recipes() {
  return kRecipes;
}

}  // namespace gencerts
