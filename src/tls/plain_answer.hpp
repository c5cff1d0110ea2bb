#pragma once

#include <string_view>

namespace meshcert::tls {

/// first_line of an answer, as messages show it: no more of it than 120 octets.
[[nodiscard]] std::string_view first_line(std::string_view answer);

/// words_of_refusal: what an answer to plain HTTP says where the server takes HTTPS alone, as nginx,
/// Go, Apache and Tomcat do, with the status 400; "" where it says no such thing.
[[nodiscard]] std::string_view words_of_refusal(std::string_view answer);

/// may_explain: the beginning of an answer may go on to say so.
[[nodiscard]] bool may_explain(std::string_view answer);

/// is_http2: it begins with SETTINGS, the first frame of whoever speaks HTTP/2 (RFC 9113 3.4).
[[nodiscard]] bool is_http2(std::string_view answer);

}  // namespace meshcert::tls
