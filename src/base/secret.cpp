#include "base/secret.hpp"

#include <cstring>

namespace meshcert::base {

void wipe(std::span<std::uint8_t> octets) {
  if (!octets.empty()) explicit_bzero(octets.data(), octets.size());
}

}  // namespace meshcert::base
