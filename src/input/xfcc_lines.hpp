#pragma once

#include <optional>
#include <string_view>

/// What a line of a text has to do with an X-Forwarded-Client-Cert header, as it is looked at before
/// anything is read. Lines come without blanks at their ends; each function takes time in
/// proportion to the line.
namespace meshcert::input {

/// stripped is without blanks at both ends; take_stripped takes such a line off a text.
[[nodiscard]] std::string_view stripped(std::string_view text);
[[nodiscard]] std::string_view take_stripped(std::string_view& rest);

/// value_of_named is what stands after the name of the header and a colon, in a line that begins with it:
/// plain, after the mark of curl -v, or as a key of JSON.
[[nodiscard]] std::optional<std::string_view> value_of_named(std::string_view line);
/// value_of_logged is the same where Envoy logs headers at level debug: 'NAME', 'VALUE'.
[[nodiscard]] std::optional<std::string_view> value_of_logged(std::string_view line);

/// holds_pair: the line is a value, perhaps as a string of JSON or in a list of them: a pair with a known
/// key stands in it, and nothing but pairs before that.
[[nodiscard]] bool holds_pair(std::string_view line);

/// is_bare_value: a value and, of any text, nothing else. By and Hash come first in what Envoy writes; other
/// keys are anybody's words ("subject=", "URI=") and count where another pair follows.
[[nodiscard]] bool is_bare_value(std::string_view line);

/// holds_value_inside: a value as Envoy writes it stands behind something else: in a map of Go, a dict of
/// Python, a line of a log.
[[nodiscard]] bool holds_value_inside(std::string_view line);

/// is_request_line: the first line of a request, in HTTP/1 or with the pseudo headers of HTTP/2.
[[nodiscard]] bool is_request_line(std::string_view line);

}  // namespace meshcert::input
