#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace meshcert::input {

/// PemContent is what a label promises.
enum class PemContent : std::uint8_t {
  certificate,
  older_certificate,    ///< X509 CERTIFICATE, as OpenSSL once called it
  trusted_certificate,  ///< with OpenSSL's auxiliary data behind the certificate
  key,                  ///< a private key of any form
  certificate_set,      ///< PKCS#7: certificates in a SignedData
  parameters,           ///< EC PARAMETERS: part of a key
  revocation_list,
  other,
  misspelt,  ///< nearly CERTIFICATE or the label of a private key, or empty
};

/// content_of reads a label as it stands.
[[nodiscard]] PemContent content_of(std::string_view label);

/// explain_label says what a known label stands for, " (a public key)"; "" otherwise.
[[nodiscard]] std::string explain_label(std::string_view label);

/// is_nearly_key: a label of at most two wrong characters that meant a private key.
[[nodiscard]] bool is_nearly_key(std::string_view label);

/// shown_label is a label as messages may show it: cut so that nothing else can
/// be in it. A key whose line breaks were lost may stand where a label should.
[[nodiscard]] std::string shown_label(std::string_view label);

}  // namespace meshcert::input
