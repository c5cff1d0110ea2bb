#include "base/address.hpp"

#include <algorithm>
#include <charconv>

namespace meshcert::base {
namespace {

std::vector<std::uint8_t> parse_ipv4(std::string_view text) {
  std::vector<std::uint8_t> octets;
  while (octets.size() < 4) {
    const auto end = std::min(text.find('.'), text.size());
    const std::string_view part = text.substr(0, end);
    unsigned value = 256;
    const auto [at, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    const bool padded = part.size() > 1 && part.front() == '0';
    if (error != std::errc() || at != part.data() + part.size() || value > 255 || padded) return {};
    octets.push_back(static_cast<std::uint8_t>(value));
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
    if (octets.size() == 4) return {};
  }
  return octets.size() == 4 ? octets : std::vector<std::uint8_t>{};
}

/// Groups of one side of "::", an IPv4 address at the end of all; false when they are none.
bool parse_groups(std::string_view text, bool last, std::vector<std::uint8_t>& octets) {
  while (!text.empty()) {
    const auto end = std::min(text.find(':'), text.size());
    const std::string_view part = text.substr(0, end);
    if (last && end == text.size() && part.find('.') != std::string_view::npos) {
      const auto tail = parse_ipv4(part);
      octets.insert(octets.end(), tail.begin(), tail.end());
      return !tail.empty();
    }
    unsigned value = 0;
    const auto [at, error] = std::from_chars(part.data(), part.data() + part.size(), value, 16);
    if (error != std::errc() || at != part.data() + part.size() || part.size() > 4) return false;
    octets.push_back(static_cast<std::uint8_t>(value >> 8));
    octets.push_back(static_cast<std::uint8_t>(value & 0xff));
    if (octets.size() > 16) return false;
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
    if (text.empty()) return false;
  }
  return true;
}

std::vector<std::uint8_t> parse_ipv6(std::string_view text) {
  std::vector<std::uint8_t> head, tail;
  const auto gap = text.find("::");
  const bool has_gap = gap != std::string_view::npos;
  if (!parse_groups(text.substr(0, gap), !has_gap, head)) return {};
  if (has_gap && !parse_groups(text.substr(gap + 2), true, tail)) return {};
  const std::size_t size = head.size() + tail.size();
  if (has_gap ? size > 14 : size != 16) return {};
  head.resize(16 - tail.size());
  head.insert(head.end(), tail.begin(), tail.end());
  return head;
}

}  // namespace

std::vector<std::uint8_t> parse_address(std::string_view text) {
  return text.find(':') == std::string_view::npos ? parse_ipv4(text) : parse_ipv6(text);
}

}  // namespace meshcert::base
