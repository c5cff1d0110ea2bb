#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/base64.hpp"

namespace meshcert::input {

/// append_pem_base64 is base::append_base64, but takes unused bits that are not
/// zero, as every PEM reader in a mesh does (Go, OpenSSL, BoringSSL). At most
/// body.size() / 4 * 3 + 3 octets are ever needed in `out`.
[[nodiscard]] std::optional<base::Base64Error> append_pem_base64(std::string_view body,
                                                                 std::vector<std::uint8_t>& out);

/// decode_proto_base64 decodes a `bytes` field of protobuf's JSON form: standard
/// or URL-safe alphabet, with or without padding.
[[nodiscard]] Result<std::vector<std::uint8_t>, base::Base64Error> decode_proto_base64(std::string_view text);

}  // namespace meshcert::input
