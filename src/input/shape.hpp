#pragma once

#include <string_view>

#include "meshcert/bytes.hpp"

namespace meshcert::input {

/// What octets look like, from their content. None of these validates.
[[nodiscard]] bool looks_like_json(std::string_view text);
[[nodiscard]] bool looks_like_pem(std::string_view text);
[[nodiscard]] bool looks_like_der(ByteView octets);

/// looks_like_yaml: nothing but YAML at the beginning of lines, and one of the
/// keys that open a document we read. A PEM file never does, whatever stands
/// around its blocks.
[[nodiscard]] bool looks_like_yaml(std::string_view text);
/// looks_like_pkcs7: a ContentInfo (RFC 5652 3) with one of its content types.
[[nodiscard]] bool looks_like_pkcs7(ByteView octets);
/// looks_like_base64: nothing but base64, in quotes or not, that holds one of the above.
[[nodiscard]] bool looks_like_base64(std::string_view text);
[[nodiscard]] bool looks_like_istioctl_table(std::string_view text);
/// looks_like_xfcc: a line names the header X-Forwarded-Client-Cert and a value follows, or
/// every line is such a value.
[[nodiscard]] bool looks_like_xfcc(std::string_view text);

/// looks_like_jwt: the first line is a token in compact form, bare or behind "Bearer".
[[nodiscard]] bool looks_like_jwt(std::string_view text);

}  // namespace meshcert::input
