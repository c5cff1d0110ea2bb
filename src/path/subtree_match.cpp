#include "path/subtree_match.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "path/peer_name.hpp"

namespace meshcert::path {
namespace {

Match of(bool matches) {
  return matches ? Match::yes : Match::no;
}

/// `host` is `suffix` or below it; with a leading dot, below it.
bool is_at_or_below(std::string_view host, std::string_view suffix) {
  if (suffix.starts_with('.')) return host.size() > suffix.size() && host.ends_with(suffix);
  if (!host.ends_with(suffix)) return false;
  return suffix.empty() || host.size() == suffix.size() || host[host.size() - suffix.size() - 1] == '.';
}

/// `host` is `constraint`; with a leading dot, below it.
bool is_exactly_or_below(std::string_view host, std::string_view constraint) {
  return constraint.starts_with('.') ? is_at_or_below(host, constraint) : host == constraint;
}

/// A wildcard stands for every label in front of its suffix.
bool wildcard_meets(std::string_view suffix, std::string_view constraint) {
  if (constraint.starts_with('.')) constraint.remove_prefix(1);
  const auto dot = constraint.find('.');
  return dot != std::string_view::npos && constraint.substr(dot + 1) == suffix;
}

/// RFC 5321 4.1.2: an '@' stands in quotes alone, and a quote between them behind a backslash.
bool is_local_part(std::string_view text) {
  if (!text.starts_with('"')) return !text.empty() && text.find_first_of("@\"") == std::string_view::npos;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1 == text.size();
    if (text[i] == '\\') ++i;
  }
  return false;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The IPv4 address inside ::ffff:0:0/96, else the address itself.
ByteView unmapped(ByteView address) {
  if (address.size() != 16) return address;
  const bool zeros = std::ranges::all_of(address.first(10), [](std::uint8_t octet) { return octet == 0; });
  return zeros && address[10] == 0xff && address[11] == 0xff ? address.subspan(12) : address;
}

}  // namespace

Match match_dns(std::string_view host, std::string_view constraint, Side side) {
  if (host.empty()) return of(constraint.empty());
  const bool wildcard = host.starts_with("*.");
  const std::string_view suffix = wildcard ? host.substr(2) : host;
  if (!is_dns_name(suffix)) return Match::unreadable;
  // With its star a wildcard is one label below its suffix.
  const bool inside = is_at_or_below(host, constraint);
  return of(inside || (wildcard && side == Side::excluded && wildcard_meets(suffix, constraint)));
}

Match match_email(std::string_view name, std::string_view base, bool utf8, Side side) {
  const auto at = name.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == name.size()) return Match::unreadable;
  if (side == Side::permitted && !is_local_part(name.substr(0, at))) return Match::no;
  if (base.empty()) return Match::yes;
  const std::string host = base::lowered(name.substr(at + 1));
  const auto base_at = base.rfind('@');
  if (base_at == std::string_view::npos) return of(is_exactly_or_below(host, base::lowered(base)));
  if (utf8 && !is_ascii(host)) return Match::unreadable;
  if (host != base::lowered(base.substr(base_at + 1))) return Match::no;
  return utf8 ? Match::unreadable : of(name.substr(0, at) == base.substr(0, base_at));
}

std::string host_of(std::string_view uri) {
  const auto colon = uri.find(':');
  if (colon == std::string_view::npos || !uri.substr(colon + 1).starts_with("//")) return {};
  std::string_view rest = uri.substr(colon + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  if (rest.starts_with('[')) return {};
  const auto port = rest.find(':');
  if (port != std::string_view::npos && !base::are_digits(rest.substr(port + 1))) return {};
  std::string host = base::lowered(rest.substr(0, port));
  if (host.ends_with('.')) host.pop_back();
  return is_dns_name(host) ? host : std::string();
}

Match match_uri(std::string_view host, std::string_view constraint) {
  if (host.empty() || constraint.empty()) return Match::unreadable;
  return of(is_exactly_or_below(host, constraint));
}

Match match_ip(ByteView address, ByteView base, Side side) {
  if (side == Side::excluded && base.size() == 8) address = unmapped(address);
  if (base.size() != 2 * address.size()) return Match::no;
  const ByteView network = base.first(address.size()), mask = base.subspan(address.size());
  for (std::size_t i = 0; i < address.size(); ++i)
    if (((address[i] ^ network[i]) & mask[i]) != 0) return Match::no;
  return Match::yes;
}

}  // namespace meshcert::path
