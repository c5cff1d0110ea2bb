#include "input/front.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace meshcert::input {

Front read_front(ByteSource& source, std::size_t most) {
  constexpr std::size_t kWindow = 64 * 1024;
  std::vector<std::uint8_t> octets;
  while (octets.size() < most) {
    const std::size_t filled = octets.size();
    octets.resize(std::min(most, std::max(2 * filled, kWindow)));
    const auto got = source.read(std::span(octets).subspan(filled));
    octets.resize(filled + (got ? *got : 0));
    if (!got) return {std::move(octets), got.error()};
    if (*got == 0) break;
  }
  return {std::move(octets), std::nullopt};
}

}  // namespace meshcert::input
