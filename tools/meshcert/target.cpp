#include <algorithm>
#include <limits>
#include <utility>

#include "base/words.hpp"

#include "meshcert/prober.hpp"

namespace meshcert::cli {
namespace {

std::optional<std::uint16_t> port_of(std::string_view text) {
  const auto port = base::whole_number(text);
  if (!port || *port == 0 || *port > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

bool is_host(std::string_view host) {
  constexpr std::size_t kLongest = 253;
  const auto fits = [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '/' && c != '@';
  };
  return !host.empty() && host.size() <= kLongest && std::ranges::all_of(host, fits);
}

}  // namespace

Result<Target, std::string> parse_target(const std::string& text) {
  if (text.starts_with("unix:")) return Target{text, "", 0, text.substr(5)};
  if (text.find("://") != std::string::npos)
    return fail("'" + text + "' is a URL; a target is HOST:PORT or unix:PATH");
  const std::size_t colon = text.rfind(':');
  const std::string_view digits =
      colon == std::string::npos ? std::string_view{} : std::string_view(text).substr(colon + 1);
  const auto port = port_of(digits);
  if (!port && !digits.empty() && !digits.ends_with(']'))
    return fail("'" + text + "': the port is " + std::string(digits) +
                ", but must be a number from 1 to 65535");
  if (!port) return fail("'" + text + "' has no port: a target is HOST:PORT, [ADDRESS]:PORT or unix:PATH");
  std::string host = text.substr(0, colon);
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  if (brackets) host = host.substr(1, host.size() - 2);
  if (!is_host(host) || (!brackets && host.find(':') != std::string::npos))
    return fail("'" + text +
                "' is no target: it is HOST:PORT, with an IPv6 address in brackets, or unix:PATH");
  return Target{text, std::move(host), *port, ""};
}

}  // namespace meshcert::cli
