#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workshop.hpp"

namespace gencerts {

/// Sample is what a recipe makes: the contents of one file, and the
/// certificates in it, for the text dumps.
struct Sample {
  std::string body;
  std::vector<Octets> certificates;
  bool has_prose = true;  ///< false: nothing may stand before the body (JSON, DER, an empty file)
  std::string (*finish)(std::string) = nullptr;  ///< applied to the whole file, prose included
};

/// pem encodes a PEM block (RFC 7468, 64 columns).
[[nodiscard]] std::string pem(std::string_view label, std::string_view octets);
[[nodiscard]] std::string pem(std::string_view certificate);
[[nodiscard]] std::string pem(const std::vector<Octets>& certificates);
[[nodiscard]] std::string base64(std::string_view octets);

/// pem_file is a sample of nothing but certificates; text_file of any text.
[[nodiscard]] Sample pem_file(std::vector<Octets> certificates);
[[nodiscard]] Sample text_file(std::string body, std::vector<Octets> certificates = {});
/// bare_file is a sample that opens with its own octets.
[[nodiscard]] Sample bare_file(std::string body, std::vector<Octets> certificates = {});

/// text_dump is what OpenSSL prints of a certificate, without its key and its
/// signature, and a line about the key. ASCII only.
[[nodiscard]] std::string text_dump(std::string_view certificate);

}  // namespace gencerts
