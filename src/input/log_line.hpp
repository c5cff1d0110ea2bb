#pragma once

#include <cstddef>
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

/// read_log_line tells them apart, and what an access log says from what it repeats
/// (log_access.hpp).
[[nodiscard]] LogLine read_log_line(std::string_view line);

/// What kubectl and container runtimes put before a line is shorter, and has no tab.
inline constexpr std::size_t kMostBefore = 256;

/// log_object is the JSON object that the line is, behind what a container runtime puts before it;
/// "" where it is none.
[[nodiscard]] std::string_view log_object(std::string_view line);

/// is_log_prefix: the text may be what they put there.
[[nodiscard]] bool is_log_prefix(std::string_view text);

}  // namespace meshcert::input
