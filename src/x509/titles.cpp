#include "x509/titles.hpp"

#include <cstdint>

#include "x509/crypto.hpp"

namespace meshcert {

std::string title_of(const Certificate& certificate) {
  if (!certificate.subject.empty()) return to_rfc4514(certificate.subject);
  const auto& names = certificate.extensions.subject_alt_name;
  if (names && names->uri_count > 0) return std::string(names->first_uri);
  if (names && names->names.begin() != names->names.end()) {
    const GeneralName first = *names->names.begin();
    return std::string(type_name(first.type)) + " " + to_string(first);
  }
  return "(an empty name)";
}

std::string key_title(const PublicKey& key) {
  constexpr std::size_t kDigits = 16;
  return to_string(key) + " (SHA-256 of the public key " + x509::sha256_hex(key.spki).substr(0, kDigits) +
         "...)";
}

std::string exponent_of(const PublicKey& key) {
  return key.rsa_exponent == UINT64_MAX ? "2^64 - 1 or more" : std::to_string(key.rsa_exponent);
}

ByteView key_id_of(const Certificate& certificate) {
  const auto& id = certificate.extensions.subject_key_id;
  return id ? *id : ByteView{};
}

ByteView authority_key_id_of(const Certificate& certificate) {
  const auto& id = certificate.extensions.authority_key_id;
  return id ? id->key_id : ByteView{};
}

}  // namespace meshcert
