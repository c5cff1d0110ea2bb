#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "meshcert/byte_source.hpp"

namespace meshcert::input {

/// Front is the first octets of a source; fewer than were asked for where it ends, or has a fault.
struct Front {
  std::vector<std::uint8_t> octets;
  std::optional<std::string> fault;
};
[[nodiscard]] Front read_front(ByteSource& source, std::size_t most);

}  // namespace meshcert::input
