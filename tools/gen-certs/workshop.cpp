#include "workshop.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "mutate.hpp"

namespace gencerts {
namespace {

constexpr int kPssSaltOctets = 32;

const unsigned char* raw(const Octets& octets) {
  return reinterpret_cast<const unsigned char*>(octets.data());
}

bool is_random(EVP_PKEY* key, SignatureScheme scheme) {
  return scheme == SignatureScheme::rsa_pss || EVP_PKEY_is_a(key, "EC") != 0;
}

/// digest_of: Ed25519 signs the message itself.
const EVP_MD* digest_of(EVP_PKEY* key, SignatureScheme scheme) {
  if (scheme == SignatureScheme::rsa_sha1) return EVP_sha1();
  if (scheme == SignatureScheme::rsa_md5) return EVP_md5();
  if (scheme == SignatureScheme::rsa_sha224) return EVP_sha224();
  if (scheme == SignatureScheme::rsa_sha3) return EVP_sha3_256();
  return EVP_PKEY_is_a(key, "ED25519") != 0 ? nullptr : EVP_sha256();
}

void set_scheme(EVP_PKEY_CTX* context, SignatureScheme scheme) {
  if (scheme != SignatureScheme::rsa_pss) return;
  EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING);
  EVP_PKEY_CTX_set_rsa_pss_saltlen(context, kPssSaltOctets);
}

Octets pss_algorithm() {
  const Octets sha256 = sequence(oid("2.16.840.1.101.3.4.2.1") + tlv(tag::kNull, ""));
  const Octets mgf1 = sequence(oid("1.2.840.113549.1.1.8") + sha256);
  const Octets parameters = tlv(tag::constructed_context(0), sha256) +
                            tlv(tag::constructed_context(1), mgf1) +
                            tlv(tag::constructed_context(2), integer(kPssSaltOctets));
  return sequence(oid("1.2.840.113549.1.1.10") + sequence(parameters));
}

}  // namespace

Workshop::Workshop(const std::filesystem::path& certs) : keys_(Keys::load(certs / "keys")) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(certs))
    if (entry.path().extension() == ".pem") remember_certificates_of(entry.path());
}

void Workshop::remember_certificates_of(const std::filesystem::path& path) {
  const Bio bio(BIO_new_file(path.c_str(), "r"));
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  while (bio && PEM_read_bio(bio.get(), &label, &header, &data, &size) > 0) {
    const Octets certificate(reinterpret_cast<char*>(data), static_cast<std::size_t>(size));
    if (std::string_view(label) == "CERTIFICATE")
      if (const auto tbs = tbs_of(certificate)) stored_.emplace(*tbs, certificate);
    OPENSSL_free(label);
    OPENSSL_free(header);
    OPENSSL_free(data);
  }
}

Octets Workshop::signature_algorithm(std::string_view signer, SignatureScheme scheme) const {
  EVP_PKEY* issuer = key(signer);
  const auto rsa = [](std::string_view digest) { return sequence(oid(digest) + tlv(tag::kNull, "")); };
  if (scheme == SignatureScheme::rsa_pss) return pss_algorithm();
  if (scheme == SignatureScheme::rsa_sha1) return rsa("1.2.840.113549.1.1.5");
  if (scheme == SignatureScheme::rsa_md5) return rsa("1.2.840.113549.1.1.4");
  if (scheme == SignatureScheme::rsa_sha224) return rsa("1.2.840.113549.1.1.14");
  if (scheme == SignatureScheme::rsa_sha3) return rsa("2.16.840.1.101.3.4.3.14");
  if (EVP_PKEY_is_a(issuer, "ED25519") != 0) return sequence(oid("1.3.101.112"));
  if (EVP_PKEY_is_a(issuer, "EC") != 0) return sequence(oid("1.2.840.10045.4.3.2"));
  return rsa("1.2.840.113549.1.1.11");
}

Octets Workshop::sign(const Octets& tbs, std::string_view signer, SignatureScheme scheme) const {
  const EvpDigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  EVP_PKEY* issuer = key(signer);
  require(EVP_DigestSignInit(context.get(), &key_context, digest_of(issuer, scheme), nullptr, issuer) > 0,
          "sign");
  set_scheme(key_context, scheme);
  std::size_t size = 0;
  EVP_DigestSign(context.get(), nullptr, &size, raw(tbs), tbs.size());
  Octets signature(size, '\0');
  require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, raw(tbs),
                         tbs.size()) > 0,
          "sign");
  signature.resize(size);
  return signature;
}

bool Workshop::verifies(const Octets& certificate, const Octets& tbs, std::string_view signer,
                        SignatureScheme scheme) const {
  const Octets signature = signature_of(certificate);
  const EvpDigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  EVP_PKEY* issuer = key(signer);
  require(EVP_DigestVerifyInit(context.get(), &key_context, digest_of(issuer, scheme), nullptr, issuer) > 0,
          "verify");
  set_scheme(key_context, scheme);
  return EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(tbs), tbs.size()) == 1;
}

Octets Workshop::certify(const Octets& tbs, std::string_view signer, SignatureScheme scheme) {
  const bool random = is_random(key(signer), scheme);
  if (const auto stored = stored_.find(tbs);
      random && stored != stored_.end() && verifies(stored->second, tbs, signer, scheme))
    return stored->second;
  const Octets certificate =
      sequence(tbs + signature_algorithm(signer, scheme) + bit_string(sign(tbs, signer, scheme)));
  if (random) stored_[tbs] = certificate;
  return certificate;
}

}  // namespace gencerts
