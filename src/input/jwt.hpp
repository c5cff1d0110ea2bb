#pragma once

#include <string>
#include <string_view>

#include "input/place.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/jwt.hpp"
#include "meshcert/limits.hpp"
#include "meshcert/result.hpp"

namespace meshcert::input {

/// decode_jwt decodes a token in compact form: three parts of base64url without padding, two
/// of them JSON objects without repeated keys. Fails with a sentence in which nothing of the
/// token stands, because a token is a secret.
[[nodiscard]] Result<Jwt, std::string> decode_jwt(std::string_view token, const Limits& limits);

/// decode_token_text is decode_jwt of a text that holds one: white space around it, quotes and
/// "Authorization: Bearer" are passed over.
[[nodiscard]] Result<Jwt, std::string> decode_token_text(std::string_view text, const Limits& limits);

/// is_token_document: the status of a TokenRequest with its token, an answer of an OAuth token
/// endpoint, or a token in JWS JSON form.
[[nodiscard]] bool is_token_document(const Node& node);
/// read_token_document reads what is_token_document.
void read_token_document(const std::string& file, const Place& root, const Limits& limits,
                         ArtifactSink& sink);

}  // namespace meshcert::input
