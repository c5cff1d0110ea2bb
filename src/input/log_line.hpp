#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace meshcert::input {

/// LogLine is what the writer of a line says in it. What it only repeats after a client, such as
/// a path, a User-Agent or the headers of a request, is left out: whoever can send a request
/// could write anything there. Views of the line.
struct LogLine {
  enum class Kind : std::uint8_t {
    message,  ///< of any program
    check,    ///< Envoy's rbac filter names whose request it looks at
    access,   ///< Envoy's access log, in text or JSON
  };
  Kind kind = Kind::message;
  std::vector<std::string_view> said;   ///< where known words may stand, each as a whole
  std::vector<std::string_view> named;  ///< where identities of peers may stand
  std::string_view peer = {};           ///< of an access log: the address it speaks of
};

/// read_log_line tells them apart. Of Envoy's access log in text that is Istio's format, that of
/// its older versions and Envoy's own; of others the last field. In JSON it is what keys call a
/// reason, details or a body.
[[nodiscard]] LogLine read_log_line(std::string_view line);

}  // namespace meshcert::input
