#include "dumps.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

using namespace std::string_view_literals;

Sample leaf_with_key(Workshop& w, std::string_view key) {
  return pem_file({istio_leaf(w).key(key).key_usage({ku::kDigitalSignature}).build()});
}

Sample root_named(Workshop& w, Octets subject) {
  return pem_file({istio_root(w).subject(subject).issuer(subject).build()});
}

/// unparsable_spki is an RSA SubjectPublicKeyInfo whose key is no RSAPublicKey.
Octets unparsable_spki() {
  return sequence(sequence(oid("1.2.840.113549.1.1.1") + tlv(tag::kNull, "")) +
                  bit_string("\x30\x05\x02\x03\x01\x00\x01"sv));
}

/// even_spki clears the last bit of the modulus, before the exponent 65537 (02 03 01 00 01).
Octets even_spki(Octets spki) {
  char& last = spki[spki.size() - 6];
  last = static_cast<char>(last & ~1);
  return spki;
}

Octets unknown_spki() {
  return sequence(sequence(oid("1.3.6.1.4.1.99999.1")) + bit_string("\x01\x02\x03\x04"));
}

Sample encrypted_key(Workshop& w) {
  const Octets leaf = istio_leaf(w).build();
  return text_file(pem(leaf) + pem("ENCRYPTED PRIVATE KEY", encrypted_pkcs8_of(w.key("workload"))), {leaf});
}

/// pair is a leaf and a private key beside it.
Sample pair(Workshop& w, std::string_view label, const Octets& key) {
  const Octets leaf = istio_leaf(w).build();
  return text_file(pem(leaf) + pem(label, key), {leaf});
}

Sample key_alone(Workshop& w, std::string_view key) {
  return text_file(pem("PRIVATE KEY", pkcs8_of(w.key(key))));
}

/// sec1_pair has the block before the key that `openssl ecparam -genkey` writes.
Sample sec1_pair(Workshop& w) {
  const Octets leaf = ec_leaf(w).build();
  return text_file(pem("EC PARAMETERS", oid("1.2.840.10045.3.1.7")) +
                       pem("EC PRIVATE KEY", traditional_of(w.key("p256"))) + pem(leaf),
                   {leaf});
}

Octets data_info(const Octets& octets) {
  return sequence(oid("1.2.840.113549.1.7.1") + tlv(tag::constructed_context(0), octet_string(octets)));
}

Octets bag(std::string_view type, const Octets& value) {
  return sequence(oid(type) + tlv(tag::constructed_context(0), value));
}

Octets cert_bag(const Octets& certificate) {
  return bag(
      "1.2.840.113549.1.12.10.1.3",
      sequence(oid("1.2.840.113549.1.9.22.1") + tlv(tag::constructed_context(0), octet_string(certificate))));
}

/// key_store is a PKCS#12 as OpenSSL writes it: certificates and key each under the password
/// "meshcert". The issuer stands before the leaf.
Octets key_store(Workshop& w, std::string_view key) {
  const Octets certificates =
      sequence(cert_bag(the_intermediate(w)) + cert_bag(plugin_leaf(w, "workload/healthy-chain").build()));
  const Octets encrypted =
      sequence(oid("1.2.840.113549.1.7.6") +
               tlv(tag::constructed_context(0),
                   sequence(integer(0) + sequence(oid("1.2.840.113549.1.7.1") + sealed(certificates)))));
  const Octets keys = sequence(bag("1.2.840.113549.1.12.10.1.2", encrypted_pkcs8_of(w.key(key))));
  return sequence(integer(3) + data_info(sequence(encrypted + data_info(keys))));
}

/// endless is a PKCS#12 whose MAC asks for 2^31 iterations.
Octets endless(Workshop& w) {
  const Octets digest =
      sequence(sequence(oid("2.16.840.1.101.3.4.2.1") + tlv(tag::kNull, "")) + octet_string(Octets(32, 'm')));
  const Octets mac = sequence(digest + octet_string("saltsalt") + integer(1ULL << 31U));
  return sequence(integer(3) + data_info(sequence(data_info(sequence(cert_bag(the_leaf(w)))))) + mac);
}

/// open_store has no encryption, and the MAC of the empty password.
Octets open_store(Workshop& w) {
  const Octets bags = cert_bag(the_leaf(w)) + bag("1.2.840.113549.1.12.10.1.1", pkcs8_of(w.key("workload")));
  return with_mac(sequence(integer(3) + data_info(sequence(data_info(sequence(bags))))), "");
}

/// unmarked_root has no key identifiers.
Octets unmarked_root(Workshop& w, std::string_view key) {
  return istio_root(w, "root/unmarked").key(key).signer(key).key_ids(false, false).build();
}

/// spire_root is of SPIRE's own CA: it carries the ID of its trust domain.
Octets spire_root(Workshop& w, std::string_view key) {
  const Octets subject = name({{"C", "US"}, {"O", "SPIFFE"}});
  return istio_root(w)
      .subject(subject)
      .issuer(subject)
      .san({uri("spiffe://cluster.local")}, false)
      .key(key)
      .signer(key)
      .build();
}

const Recipe kRecipes[] = {
    {"key/password.txt", "", "What the encrypted keys here are under: for --password-file.",
     [](Workshop&) { return bare_file("meshcert\n"); }},
    {"key/wrong-password.txt", "", "What none of them is under.",
     [](Workshop&) { return bare_file("meshcart\n"); }},
    {"key/encrypted-traditional.pem", "key.encrypted",
     "A leaf and its key under the password \"meshcert\", in OpenSSL's older form.",
     [](Workshop& w) {
       const Octets leaf = istio_leaf(w).build();
       return text_file(pem(leaf) + encrypted_traditional_of(w.key("workload")), {leaf});
     }},
    {"key/key-store.p12", "key.encrypted",
     "PKCS#12 under the password \"meshcert\": an intermediate, a leaf and its key.",
     [](Workshop& w) { return bare_file(with_mac(key_store(w, "workload"), "meshcert")); }},
    {"key/key-store-mismatch.p12", "key.mismatch", "The same with the key of another.",
     [](Workshop& w) { return bare_file(with_mac(key_store(w, "intermediate"), "meshcert")); }, kNow,
     "--password-file certs/key/password.txt"},
    {"key/key-store-open.p12", "",
     "PKCS#12 without encryption, under the empty password: a leaf and its key.",
     [](Workshop& w) { return bare_file(open_store(w)); }},
    {"key/key-store-endless.p12", "key.encrypted", "PKCS#12 whose password is to be hashed 2^31 times.",
     [](Workshop& w) { return bare_file(endless(w)); }},

    {"key/rsa-1024.pem", "key.refused-by-envoy",
     "The leaf's RSA key has 1024 bits; Envoy loads none below 2048.",
     [](Workshop& w) { return leaf_with_key(w, "rsa-1024"); }},
    {"key/rsa-1024-root.pem", "key.weak", "The root's RSA key has 1024 bits.",
     [](Workshop& w) { return pem_file({istio_root(w).key("rsa-1024").signer("rsa-1024").build()}); }},
    {"key/p224.pem", "key.refused-by-envoy", "The leaf's key is on P-224, which Envoy refuses.",
     [](Workshop& w) { return leaf_with_key(w, "p224"); }},
    {"key/secp256k1.pem", "key.refused-by-envoy",
     "The leaf's key is on secp256k1, which no TLS library of a mesh takes.",
     [](Workshop& w) { return leaf_with_key(w, "secp256k1"); }},
    {"key/explicit-curve.pem", "key.refused-by-envoy",
     "The leaf's P-256 key spells the curve's parameters out instead of naming it.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w).raw_public_key(explicit_spki_of(w.key("p256"))).build()});
     }},
    {"key/ed25519.pem", "key.unproven-with-envoy", "The leaf's key is Ed25519.",
     [](Workshop& w) { return leaf_with_key(w, "ed25519"); }},
    {"key/unknown-algorithm.pem", "key.unproven-with-envoy",
     "The leaf's key is of an algorithm that nobody knows.",
     [](Workshop& w) { return pem_file({istio_leaf(w).raw_public_key(unknown_spki()).build()}); }},
    {"key/off-curve.pem", "key.unparsable", "The last bit of the leaf's P-256 point is flipped.",
     [](Workshop& w) {
       Octets spki = spki_of(w.key("p256"));
       spki.back() = static_cast<char>(spki.back() ^ 1);
       return pem_file({ec_leaf(w).raw_public_key(spki).build()});
     }},
    {"key/even-modulus-root.pem", "key.unparsable", "The root's RSA modulus is even.",
     [](Workshop& w) {
       return pem_file({istio_root(w).raw_public_key(even_spki(spki_of(w.key("root")))).build()});
     }},
    {"key/healthy-p256.pem", "", "The leaf of off-curve.pem with its point as it was made.",
     [](Workshop& w) { return pem_file({ec_leaf(w).build()}); }},
    {"key/unparsable.pem", "key.unparsable", "The leaf's RSA key has an exponent and no modulus.",
     [](Workshop& w) { return pem_file({istio_leaf(w).raw_public_key(unparsable_spki()).build()}); }},
    {"key/healthy-p384.pem", "", "The leaf's key is on P-384.",
     [](Workshop& w) { return leaf_with_key(w, "p384"); }},
    {"key/healthy-rsa-exponent-3.pem", "",
     "The leaf's RSA key has the public exponent 3: small, odd, lawful.",
     [](Workshop& w) { return leaf_with_key(w, "rsa-exponent-3"); }},
    {"key/healthy-ed25519-root.pem", "", "A root with an Ed25519 key, signed by itself.",
     [](Workshop& w) { return pem_file({istio_root(w).key("ed25519").signer("ed25519").build()}); }},
    {"key/healthy-rsa-pss-signature.pem", "",
     "A leaf signed with RSA-PSS (SHA-256, MGF1 with SHA-256, salt of 32 octets).",
     [](Workshop& w) { return pem_file({istio_leaf(w).signer("root", SignatureScheme::rsa_pss).build()}); }},
    {"key/mismatch.pem", "key.mismatch", "A leaf and the private key of another certificate.",
     [](Workshop& w) { return pair(w, "PRIVATE KEY", pkcs8_of(w.key("intermediate"))); }},
    {"key/mismatch-cert.pem", "", "A leaf; the key in mismatch-key.pem is not its own.",
     [](Workshop& w) { return pem_file({istio_leaf(w).build()}); }},
    {"key/mismatch-key.pem", "input.no-certificates", "The private key of a root.",
     [](Workshop& w) { return key_alone(w, "root"); }},
    {"key/healthy-pair-cert.pem", "", "A leaf; its key is in healthy-pair-key.pem.",
     [](Workshop& w) { return pem_file({istio_leaf(w).build()}); }},
    {"key/healthy-pair-key.pem", "input.no-certificates", "The private key of healthy-pair-cert.pem.",
     [](Workshop& w) { return key_alone(w, "workload"); }},
    {"key/healthy-pair-pkcs1.pem", "input.private-key-in-dump", "A leaf and its private key in PKCS#1.",
     [](Workshop& w) { return pair(w, "RSA PRIVATE KEY", traditional_of(w.key("workload"))); }},
    {"key/healthy-pair-sec1.pem", "input.private-key-in-dump",
     "A private key in SEC1 behind EC PARAMETERS, and its leaf.", sec1_pair},
    {"key/wrong-key-label.pem", "key.unparsable",
     "A leaf and its private key in PKCS#1 under the label of PKCS#8.",
     [](Workshop& w) { return pair(w, "PRIVATE KEY", traditional_of(w.key("workload"))); }},
    {"key/cut-off-key.pem", "key.unparsable", "A leaf and the first half of its private key.",
     [](Workshop& w) { return pair(w, "PRIVATE KEY", pkcs8_of(w.key("workload")).substr(0, 600)); }},
    {"key/encrypted-key.pem", "key.encrypted",
     "A leaf and its private key under a password (\"meshcert\"): whether they match cannot be seen.",
     encrypted_key},

    {"root/mesh-ca.pem", "", "A root as Google's Mesh CA names it.",
     [](Workshop& w) {
       return root_named(
           w, name({{"C", "US"},
                    {"ST", "California"},
                    {"L", "Mountain View"},
                    {"O", "Google LLC"},
                    {"OU", "istio_v1_cloud_workload"},
                    {"CN", "istio_v1_cloud_workload_root-signer-0-2024-01-01T00:00:00Z", tag::kUtf8String}}));
     },
     kNow, "--ca mesh-ca"},
    {"root/custom.pem", "", "A company's own mesh root.",
     [](Workshop& w) {
       return root_named(
           w, name({{"C", "DE"}, {"O", "Example Corp"}, {"OU", "Mesh"}, {"CN", "Example Mesh Root R1"}}));
     },
     kNow, "--root-cn ^Example --root-org Corp$"},
    {"root/other-organization.pem", "root.unexpected-organization",
     "A self-signed istiod root of trust domain mesh.example.",
     [](Workshop& w) {
       return root_named(w, name({{"O", "mesh.example"}}));
     },
     kNow, "--ca istiod"},
    {"root/unexpected-cn.pem", "root.unexpected-cn",
     "A root like istiod's with a CN, which istiod's has not.",
     [](Workshop& w) {
       return root_named(w, name({{"O", "cluster.local"}, {"CN", "Evil Root"}}));
     },
     kNow, "--ca istiod"},
    {"root/not-self-signed.pem", "root.not-self-signed",
     "Issuer and subject are both O=cluster.local, but another key signed it.",
     [](Workshop& w) { return pem_file({istio_root(w).signer("other-root").build()}); }, kNow, "--ca istiod"},
    {"root/intermediate-as-anchor.pem", "root.not-self-signed",
     "The intermediate of a plugged-in CA where a root is expected.",
     [](Workshop& w) { return pem_file({the_intermediate(w)}); }, kNow, "--root-org ^Istio$"},
    {"root/pin-mismatch.pem", "root.pin-mismatch", "A good root that is not the one pinned.",
     [](Workshop& w) { return pem_file({the_root(w)}); }, kNow,
     "--pin 0000000000000000000000000000000000000000000000000000000000000000"},
    {"root/no-root.pem", "root.no-root", "A workload certificate alone, where a root is expected.",
     [](Workshop& w) { return pem_file({the_leaf(w)}); }, kNow, "--ca istiod"},
    {"root/version-1.pem", "usage.ca-no-key-usage",
     "A root of X.509 version 1, without extensions: OpenSSL and Go take it as an anchor.",
     [](Workshop& w) { return pem_file({istio_root(w).version(1).build()}); }},
    {"root/healthy-self-issued-leaf.pem", "",
     "A leaf whose subject equals its issuer's, signed by the root of that name: self-issued, not self-signed.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w).subject(istio_root_name()).san({uri(kId)}, false).build()});
     }},

    {"root/shared-between-trust-domains.json", "root.shared-between-trust-domains",
     "Envoy's SPIFFE validator trusts one root for two trust domains.",
     [](Workshop& w) {
       return spire_dump(the_leaf(w), {{"cluster.local", the_root(w)}, {"east.local", the_root(w)}});
     }},
    {"root/twin-subject.pem", "root.twin-subject",
     "A bundle of two roots of one name, each with its own key, and neither has a subjectKeyIdentifier.",
     [](Workshop& w) {
       return pem_file({istio_root(w, "root/twin-old").key_ids(false, false).build(),
                        istio_root(w).key("other-root").signer("other-root").key_ids(false, false).build()});
     }},
    {"root/spire-rotated.pem", "",
     "A bundle of two of SPIRE's roots: one name, one ID, a key of their own each.",
     [](Workshop& w) {
       return pem_file({spire_root(w, "root"), spire_root(w, "other-root")});
     }},
    {"root/healthy-cross-certificate.json", "",
     "The chain carries the new root as the old one signed it, which is what ROOTCA holds: one name, two keys.",
     [](Workshop& w) {
       const Octets cross =
           istio_root(w, "root/cross").key("other-root").signer("root").key_ids(true, true).build();
       return workload_dump({istio_leaf(w).signer("other-root").build(), cross}, {the_root(w)});
     }},
    {"root/rotation-ahead.json", "root.missing-from-bundle",
     "A workload already has a leaf of the new root, and trusts both; healthy by itself.",
     [](Workshop& w) {
       const Octets leaf = istio_leaf(w).signer("other-root").build();
       return workload_dump({leaf}, {the_root(w), the_new_root(w)});
     }},
    {"root/no-key-ids-old.json", "",
     "A workload under a root that it trusts alone; nothing has key identifiers.",
     [](Workshop& w) {
       return workload_dump({istio_leaf(w).key_ids(false, false).build()}, {unmarked_root(w, "root")});
     }},
    {"root/no-key-ids-new.json", "root.twin-subject",
     "Its neighbour under a new root of the same name, which trusts both.",
     [](Workshop& w) {
       return workload_dump({istio_leaf(w).signer("other-root").key_ids(false, false).build()},
                            {unmarked_root(w, "root"), unmarked_root(w, "other-root")});
     }},
    {"root/spire.pem", "", "The root of SPIRE's own CA: it carries the ID of its trust domain.",
     [](Workshop& w) { return pem_file({spire_root(w, "root")}); }, kNow, "--ca spire"},
};

}  // namespace

std::span<const Recipe> key_and_root_recipes() {
  return kRecipes;
}

}  // namespace gencerts
