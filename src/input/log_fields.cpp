#include "input/log_fields.hpp"

#include <algorithm>
#include <array>

#include "input/log_text.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kScheme = "spiffe://";
// More on one line are a list of something else.
constexpr std::size_t kMostIdentities = 8;

// What an address stands behind; the first that a line has counts.
constexpr std::array<std::string_view, 10> kPeerKeys = {"TLS handshake error from ",
                                                        "security handshake from \"",
                                                        "Failed to authenticate client from ",
                                                        "remoteIP: ",
                                                        "sourceIP: ",
                                                        "src.addr=",
                                                        "src.addr\":\"",
                                                        "peer address: ",
                                                        "remote address:",
                                                        "connection from "};

std::string_view until_any(std::string_view text, std::string_view ends) {
  return text.substr(0, text.find_first_of(ends));
}

// "10.0.0.7:40122", "[fd00::7]:40122", "10.0.0.7" without what changes with each connection.
std::string_view without_port(std::string_view address) {
  if (address.starts_with('[')) return address.substr(1, address.find(']') - 1);
  const std::size_t colon = address.find(':');
  const bool one = colon != std::string_view::npos && address.find(':', colon + 1) == std::string_view::npos;
  return one ? address.substr(0, colon) : address;
}

bool is_address(std::string_view text) {
  return text.find_first_of("0123456789") != std::string_view::npos && text.size() >= 3 &&
         text.find_first_not_of("0123456789abcdefABCDEF.:[]") == std::string_view::npos;
}

std::string peer_of(std::string_view said) {
  for (const std::string_view key : kPeerKeys) {
    const std::size_t at = said.find(key);
    if (at == std::string_view::npos) continue;
    const std::string_view address = until_any(said.substr(at + key.size()), " ,;\"'\t\\");
    const std::string_view trimmed = address.ends_with(':') ? address.substr(0, address.size() - 1) : address;
    if (is_address(trimmed)) return std::string(without_port(trimmed));
  }
  return {};
}

std::string peer_of(const LogLine& line) {
  if (line.kind != LogLine::Kind::access)
    return line.said.empty() ? std::string{} : peer_of(line.said.front());
  return is_address(line.peer) ? std::string(without_port(line.peer)) : std::string{};
}

void add_identity(std::string_view id, std::vector<std::string>& identities) {
  while (id.ends_with('.') || id.ends_with(':')) id.remove_suffix(1);
  std::string text = shown(id);
  if (std::ranges::find(identities, text) == identities.end()) identities.push_back(std::move(text));
}

// rbac says of a peer without a certificate "ssl: none", or an empty name.
bool names_nobody(const LogLine& line) {
  return line.kind == LogLine::Kind::check && !line.named.empty() &&
         (line.named.front().starts_with("none") ||
          line.named.front().find("uriSanPeerCertificate: ,") != std::string_view::npos);
}

// Around a value; inside JSON it has a backslash.
bool is_quote(std::string_view text) {
  return text == "\"" || text == "\\";
}

}  // namespace

LogParties log_parties(const LogLine& line) {
  LogParties parties;
  for (const std::string_view named : line.named)
    for (std::size_t at = named.find(kScheme);
         at != std::string_view::npos && parties.identities.size() < kMostIdentities;
         at = named.find(kScheme, at + kScheme.size()))
      add_identity(until_any(named.substr(at), " ,;\"'\t\\)]}>"), parties.identities);
  if (parties.identities.empty() && names_nobody(line)) parties.identities.emplace_back(kNoIdentity);
  parties.peer = peer_of(line);
  return parties;
}

std::string captured(std::string_view line, const LogCapture& capture) {
  const std::size_t at = capture.name.empty() ? std::string_view::npos : find_words(line, capture.after);
  if (at == std::string_view::npos) return {};
  std::string_view value = line.substr(at + capture.after.size());
  while (is_quote(value.substr(0, 1))) value.remove_prefix(1);
  value = value.substr(0, find_words(value, capture.until));
  while (!value.empty() && is_quote(value.substr(value.size() - 1))) value.remove_suffix(1);
  if (capture.last_word) value.remove_prefix(value.rfind(' ') + 1);
  return shown(value);
}

std::string log_example(std::string_view line, std::size_t at) {
  constexpr std::size_t kBefore = 60;
  constexpr std::size_t kMost = 200;
  if (line.size() <= kMost) return shown(without_tokens(line));
  std::size_t begin = at > kBefore ? at - kBefore : 0;
  std::size_t end = std::min(begin + kMost, line.size());
  // Words are left out whole: the rest of one that is cut may be a part of a secret.
  while (begin > 0 && begin < at && is_word(line[begin - 1]) && is_word(line[begin])) ++begin;
  while (end < line.size() && end > at && is_word(line[end - 1]) && is_word(line[end])) --end;
  const std::string cut = shown(without_tokens(line.substr(begin, end - begin)));
  return (begin == 0 ? "" : "...") + cut + (end < line.size() ? "..." : "");
}

}  // namespace meshcert::input
