#include "dumps.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

using namespace std::string_view_literals;

Sample leaf_with_key(Workshop& w, std::string_view key) {
  return pem_file({istio_leaf(w).key(key).key_usage({ku::kDigitalSignature}).build()});
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
};

}  // namespace

std::span<const Recipe> key_recipes() {
  return kRecipes;
}

}  // namespace gencerts
