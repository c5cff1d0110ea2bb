// The names that a leaf is asked for, as they are given.

#include "base/address.hpp"
#include "meshcert/verification.hpp"
#include "path/peer_name.hpp"

namespace meshcert {

std::string complaint_of_dns_name(const std::string& text) {
  if (!base::parse_address(text).empty()) return "'" + text + "' is an IP address: use --ip " + text;
  if (text.starts_with("*.")) return "'" + text + "' is a pattern: ask for a name that it should cover";
  const std::string_view name =
      text.ends_with('.') ? std::string_view(text).substr(0, text.size() - 1) : text;
  return path::is_dns_name(name)
             ? ""
             : "'" + text + "' is no DNS name: it must be labels of letters, digits and hyphens";
}

std::string complaint_of_address(const std::string& text) {
  if (!base::parse_address(text).empty()) return "";
  return "'" + text + "' is no IP address: it must be like 192.0.2.1 or 2001:db8::1";
}

}  // namespace meshcert
