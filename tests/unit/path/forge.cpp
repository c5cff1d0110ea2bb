#include "tests/unit/path/forge.hpp"

#include <doctest/doctest.h>
#include <openssl/conf.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace meshcert::testing {
namespace {

EVP_PKEY* key_of(const std::string& name) {
  // Never destroyed: OpenSSL may be gone before static objects are.
  static auto& keys = *new std::map<std::string, EVP_PKEY*>;
  EVP_PKEY*& key = keys[name];
  if (key == nullptr) {
    std::vector<std::uint8_t> secret(32, 0x5a);
    std::copy_n(name.begin(), std::min<std::size_t>(name.size(), 32), secret.begin());
    key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size());
  }
  return key;
}

void set_name(X509_NAME* name, const std::string& text) {
  if (text.empty()) return;
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                             static_cast<int>(text.size()), -1, 0);
}

void add_extension(X509* certificate, const std::string& name, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  static CONF* const empty = NCONF_new(nullptr);  // certificatePolicies insists on one
  X509V3_set_nconf(&context, empty);
  X509_EXTENSION* extension = X509V3_EXT_nconf(empty, &context, name.c_str(), value.c_str());
  REQUIRE_MESSAGE(extension != nullptr, name << "=" << value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

}  // namespace

Made make(const Spec& spec) {
  static long serial = 1;
  X509* x = X509_new();
  X509_set_version(x, spec.version - 1);
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  ASN1_TIME_set(X509_getm_notBefore(x), spec.not_before);
  ASN1_TIME_set(X509_getm_notAfter(x), spec.not_after);
  set_name(X509_get_subject_name(x), spec.subject);
  set_name(X509_get_issuer_name(x), spec.issuer);
  X509_set_pubkey(x, key_of(spec.key.empty() ? spec.subject : spec.key));
  for (const auto& [name, value] : spec.extensions) add_extension(x, name, value);
  REQUIRE(X509_sign(x, key_of(spec.signer.empty() ? spec.issuer : spec.signer), nullptr) > 0);
  unsigned char* der = nullptr;
  const int size = i2d_X509(x, &der);
  auto octets = std::make_unique<std::vector<std::uint8_t>>(der, der + size);
  OPENSSL_free(der);
  X509_free(x);
  const auto certificate = Certificate::decode(*octets);
  REQUIRE(certificate);
  return {std::move(octets), *certificate};
}

Made make_ca(const std::string& subject, const std::string& issuer, const More& more) {
  Spec spec{.subject = subject, .issuer = issuer, .extensions = more};
  const auto says = [&](const char* name) {
    return std::ranges::any_of(more, [&](const auto& extension) { return extension.first == name; });
  };
  if (!says("basicConstraints")) spec.extensions.emplace_back("basicConstraints", "critical,CA:TRUE");
  if (!says("keyUsage")) spec.extensions.emplace_back("keyUsage", "critical,keyCertSign,cRLSign");
  return make(spec);
}

Made make_leaf(const std::string& subject, const std::string& issuer, const More& more) {
  return make({.subject = subject, .issuer = issuer, .extensions = more});
}

World::World() {
  settings.at = Instant(std::chrono::seconds(1717200000));
}

path::Verdict World::verify(const Made& leaf, path::Explain explain) {
  return path::verify(leaf.certificate, store, settings, signatures, explain);
}

std::vector<std::string> World::codes(const Made& leaf) {
  const path::Verdict verdict = verify(leaf);
  std::vector<std::string> found;
  for (const path::Fault& fault : verdict.best().faults) found.emplace_back(path::code_of(fault.kind));
  std::ranges::sort(found);
  const auto repeats = std::ranges::unique(found);
  found.erase(repeats.begin(), repeats.end());
  return found;
}

}  // namespace meshcert::testing
