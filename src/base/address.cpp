#include "base/address.hpp"

#include <arpa/inet.h>

#include <array>

namespace meshcert::base {

std::vector<std::uint8_t> parse_address(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> copy{};
  if (text.size() >= copy.size() || text.find('\0') != std::string_view::npos) return {};
  text.copy(copy.data(), text.size());
  const bool is_ipv6 = text.find(':') != std::string_view::npos;
  std::array<std::uint8_t, 16> octets;
  if (inet_pton(is_ipv6 ? AF_INET6 : AF_INET, copy.data(), octets.data()) != 1) return {};
  return {octets.begin(), octets.begin() + (is_ipv6 ? 16 : 4)};
}

}  // namespace meshcert::base
