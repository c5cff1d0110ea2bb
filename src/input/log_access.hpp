#pragma once

#include <string_view>

#include "input/log_line.hpp"

namespace meshcert::input {

/// read_text_access reads a line of an access log in text, `[TIME] "METHOD PATH PROTOCOL" ...`;
/// its kind is `message` where it is none. What counts is what stands where no client can write:
/// the words between the request and the first quote (code, flags, details); the reason behind
/// them, where the whole line has the form of Istio's own format; and where no request was read
/// ("- - -"), fields that begin as Envoy's reasons do.
[[nodiscard]] LogLine read_text_access(std::string_view line);

/// read_json_access reads an entry of an access log in JSON, whose keys the mesh's administrator
/// chooses: what counts is the values of those that end in "reason", "details" or "body". Its kind
/// is `message` where nothing in it is of an access log.
[[nodiscard]] LogLine read_json_access(std::string_view object);

/// is_access_key: only entries of an access log have it, in any spelling.
[[nodiscard]] bool is_access_key(std::string_view key);

/// is_other_access: another server's access log, or Envoy's in a format that is not known: a line
/// that no program of the mesh begins so, with the protocol of a request in it.
[[nodiscard]] bool is_other_access(std::string_view line);

/// begins_as_message: a level stands behind its time, as programs of the mesh write their messages.
[[nodiscard]] bool begins_as_message(std::string_view line);

}  // namespace meshcert::input
