// URIs as Go reads them: net/url Parse, then domainNameValid of crypto/x509.

#include <algorithm>
#include <optional>
#include <utility>

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/percent.hpp"
#include "x509/go_reading.hpp"

namespace meshcert::x509 {
namespace {

using Fault = std::string_view;  // empty: none
using Parts = std::pair<std::string_view, std::string_view>;

constexpr Fault kEscape = "it has a % that begins no escape";
constexpr Fault kEmptyLabel = "its host has an empty label";
constexpr Fault kPort = "its port is no number";
constexpr Fault kHostCharacter = "its host has a character that no host has";

Parts cut(std::string_view text, char separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

/// The scheme; "" where there is none, nullopt where its colon stands first.
std::optional<std::string_view> scheme_of(std::string_view uri) {
  for (std::size_t i = 0; i < uri.size(); ++i) {
    const char c = uri[i];
    if (c == ':') return i == 0 ? std::nullopt : std::optional(uri.substr(0, i));
    const bool follows = i > 0 && (base::is_digit(c) || c == '+' || c == '-' || c == '.');
    if (!base::is_letter(c) && !follows) break;
  }
  return "";
}

bool escapes_are_whole(std::string_view text) {
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (at + 2 >= text.size() || !base::is_hex_digit(text[at + 1]) || !base::is_hex_digit(text[at + 2]))
      return false;
  return true;
}

bool are_of_hosts(std::string_view octets) {
  constexpr std::string_view kAllowed = "!$&'()*+,;=:[]<>\"-_.~%";
  return std::ranges::all_of(
      octets, [&](char c) { return base::is_alphanumeric(c) || kAllowed.find(c) != std::string_view::npos; });
}

/// In a host an escape may only stand for an octet beyond ASCII, which no domain name
/// holds, or for the % itself.
Fault host_octets_fault(std::string_view host) {
  if (!escapes_are_whole(host)) return kEscape;
  for (auto at = host.find('%'); at != std::string_view::npos; at = host.find('%', at + 1))
    if (host.substr(at, 3) != "%25") return "its host has an escape";
  return are_of_hosts(host) ? Fault() : kHostCharacter;
}

bool is_port(std::string_view text) {
  return text.empty() || (text.front() == ':' && base::are_digits(text.substr(1)));
}

/// Dots part labels, of which none may be empty.
Fault domain_fault(std::string_view host) {
  if (host.ends_with('.')) return "its host ends in a dot";
  if (host.starts_with('.') || host.find("..") != std::string_view::npos) return kEmptyLabel;
  return {};
}

/// What stands in brackets is an IPv6 address, with a zone behind %25 where there is one
/// (RFC 6874), and nothing else (Go 1.26, 1.25.2, 1.24.8 and later).
Fault literal_fault(std::string_view host) {
  constexpr std::string_view kZone = "%25";
  if (host.rfind('[') != 0) return "its host has a [ that begins no address";
  const auto close = host.rfind(']');
  if (close == std::string_view::npos) return "its host has a [ without ]";
  if (!is_port(host.substr(close + 1))) return kPort;
  const std::string_view inside = host.substr(1, close - 1);
  const auto zone = inside.find(kZone);
  const std::string_view address = inside.substr(0, zone);
  if (address.find(':') == std::string_view::npos || base::parse_address(address).empty())
    return "its host in brackets is no IPv6 address";
  if (zone == std::string_view::npos) return {};
  const auto name = base::percent_decode(inside.substr(zone + kZone.size()));
  if (!name) return kEscape;
  if (name->empty()) return "the IPv6 address that is its host has an empty zone";
  if (!are_of_hosts(*name)) return kHostCharacter;
  return name->find("..") == std::string::npos ? Fault() : kEmptyLabel;
}

Fault host_fault(std::string_view scheme, std::string_view host) {
  if (host.find('[') != std::string_view::npos) return literal_fault(host);
  const bool web = base::equal_without_case(scheme, "http") || base::equal_without_case(scheme, "https");
  const auto colon = web ? host.find(':') : host.rfind(':');
  if (colon != std::string_view::npos && !is_port(host.substr(colon))) return kPort;
  if (const Fault fault = host_octets_fault(host); !fault.empty()) return fault;
  return domain_fault(host);
}

Fault user_fault(std::string_view user) {
  constexpr std::string_view kAllowed = "-._:~!$&'()*+,;=%@";
  const bool plain = std::ranges::all_of(
      user, [&](char c) { return base::is_alphanumeric(c) || kAllowed.find(c) != std::string_view::npos; });
  if (!plain) return "its user has a character that no user has";
  return escapes_are_whole(user) ? Fault() : kEscape;
}

Fault authority_fault(std::string_view scheme, std::string_view authority) {
  const auto at = authority.rfind('@');
  const bool user = at != std::string_view::npos;
  if (const Fault fault = host_fault(scheme, user ? authority.substr(at + 1) : authority); !fault.empty())
    return fault;
  return user ? user_fault(authority.substr(0, at)) : Fault();
}

}  // namespace

std::string_view find_go_uri_fault(std::string_view uri) {
  const auto [whole, fragment] = cut(uri, '#');
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::ranges::any_of(whole, is_control)) return "it has a control character";
  const auto scheme = scheme_of(whole);
  if (!scheme) return "it has no scheme before its colon";
  std::string_view rest = cut(scheme->empty() ? whole : whole.substr(scheme->size() + 1), '?').first;
  if (!rest.starts_with('/')) {
    if (!scheme->empty()) return escapes_are_whole(fragment) ? Fault() : kEscape;
    if (cut(rest, '/').first.find(':') != std::string_view::npos) return "it has no scheme before its colon";
  }
  if (rest.starts_with("//") && (!scheme->empty() || !rest.starts_with("///"))) {
    rest.remove_prefix(2);
    const std::string_view authority = rest.substr(0, rest.find('/'));
    if (const Fault fault = authority_fault(*scheme, authority); !fault.empty()) return fault;
    rest.remove_prefix(authority.size());
  }
  return escapes_are_whole(rest) && escapes_are_whole(fragment) ? Fault() : kEscape;
}

}  // namespace meshcert::x509
