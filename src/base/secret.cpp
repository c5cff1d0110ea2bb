#include "base/secret.hpp"

namespace meshcert::base {

void wipe(std::span<std::uint8_t> octets) {
  volatile std::uint8_t* at = octets.data();
  for (std::size_t i = 0; i < octets.size(); ++i) at[i] = 0;
}

}  // namespace meshcert::base
