// What the lines of a text have to do with an X-Forwarded-Client-Cert header.

#include "input/xfcc_lines.hpp"

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"
#include "base/lines.hpp"
#include "input/shape.hpp"
#include "input/xfcc_grammar.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kName = "x-forwarded-client-cert";

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

bool starts_with_name(std::string_view text) {
  return base::equal_without_case(text.substr(0, kName.size()), kName);
}

std::string_view without_quote(std::string_view line) {
  return line.substr(line.starts_with('"') || line.starts_with('\'') ? 1 : 0);
}

// Of a list in JSON, what its first string begins with.
std::string_view without_bracket(std::string_view line) {
  return without_quote(line.starts_with("[\"") ? line.substr(1) : line);
}

// A pair with a known key begins the text.
bool begins_with_pair(std::string_view text) {
  constexpr std::size_t kLongestKey = 64;  // with blanks around it
  text = text.substr(0, kLongestKey);
  const std::string_view key = text.substr(0, text.find('='));
  return key.size() != text.size() && xfcc_key(stripped(key)) != XfccKey::unknown;
}

// By or Hash as Envoy writes it. Of other case, as settings have HASH=abc and by = me, with such a value,
// too.
bool is_by_or_hash(std::string_view line) {
  constexpr std::size_t kLeastDigits = 64;  // of SHA-256: that of a commit has 40
  const std::size_t equals = line.find('=');
  const std::string_view key = stripped(line.substr(0, equals));
  const std::string_view value = stripped(line.substr(equals + 1));
  if (key == "By" || key == "Hash") return true;
  if (xfcc_key(key) == XfccKey::by) return value.find("://") != std::string_view::npos;
  return xfcc_key(key) == XfccKey::hash && value.size() >= kLeastDigits &&
         std::ranges::all_of(value.substr(0, kLeastDigits), base::is_hex_digit);
}

// A pair that is no other's neighbour.
bool begins_value(std::string_view before) {
  before = stripped(before);
  return !before.ends_with(';') && !before.ends_with(',');
}

}  // namespace

std::string_view stripped(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Of every line of every text, before anything is known of it.
std::string_view take_stripped(std::string_view& rest) {
  return stripped(base::take_line(rest));
}

std::optional<std::string_view> value_of_named(std::string_view line) {
  if (line.starts_with("> ") || line.starts_with("< ")) line = stripped(line.substr(2));
  const bool quoted = line.starts_with('"') || line.starts_with('\'');
  if (quoted) line.remove_prefix(1);
  if (!starts_with_name(line)) return std::nullopt;
  line.remove_prefix(kName.size());
  if (quoted && !line.empty()) line.remove_prefix(1);
  line = stripped(line);
  if (!line.starts_with(':')) return std::nullopt;
  return stripped(line.substr(1));
}

std::optional<std::string_view> value_of_logged(std::string_view line) {
  constexpr std::string_view kBetween = "', ";
  if (!line.starts_with('\'') || !starts_with_name(line.substr(1))) return std::nullopt;
  line.remove_prefix(1 + kName.size());
  if (!line.starts_with(kBetween)) return std::nullopt;
  return line.substr(kBetween.size());
}

bool holds_pair(std::string_view line) {
  std::string_view text = without_bracket(line);
  while (!begins_with_pair(text)) {
    const std::size_t next = text.find_first_of(";,");
    if (next == std::string_view::npos) return false;
    text.remove_prefix(next + 1);
  }
  return !holds_value_inside(line);
}

bool is_bare_value(std::string_view line) {
  line = without_bracket(line);
  if (!begins_with_pair(line)) return false;
  if (is_by_or_hash(line)) return true;
  for (std::size_t at = line.find(';'); at != std::string_view::npos; at = line.find(';', at + 1))
    if (begins_with_pair(line.substr(at + 1))) return true;
  return false;
}

bool holds_value_inside(std::string_view line) {
  constexpr std::size_t kLongestKey = 8;  // Subject=
  int tries = 4;                          // each may look at the whole line
  if (begins_with_pair(without_bracket(line))) return false;
  for (std::size_t at = line.find('=', 1); at != std::string_view::npos; at = line.find('=', at + 1)) {
    const std::size_t before = line.substr(0, at).find_last_of(" [('\"={:");
    if (before == std::string_view::npos || at - before > kLongestKey) continue;
    const std::string_view value = line.substr(before + 1);
    if (!begins_with_pair(value) || !begins_value(line.substr(0, before))) continue;
    if (is_bare_value(value)) return true;
    if (--tries == 0) return false;
  }
  return false;
}

bool is_request_line(std::string_view line) {
  if (line.starts_with("> ")) line = stripped(line.substr(2));
  if (line.starts_with(":method:")) return true;
  const std::size_t method = line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const std::size_t protocol = line.rfind(" HTTP/");
  return method != 0 && method != std::string_view::npos && line[method] == ' ' &&
         protocol != std::string_view::npos && protocol > method;
}

bool looks_like_xfcc(std::string_view text) {
  constexpr std::size_t kHead = 64 * 1024;
  std::string_view rest = text.substr(0, kHead);
  bool bare = true, any = false, sure = false;
  while (!rest.empty()) {
    const std::string_view line = take_stripped(rest);
    const bool cut = rest.empty() && text.size() > kHead;
    if (line.empty() || (cut && any)) continue;
    if (const auto value = value_of_named(line)) {
      if (value->starts_with('"') || value->starts_with('\'') || value->starts_with('[')) return true;
      if (begins_with_pair(*value)) return true;
    }
    const bool was_bare = std::exchange(bare, bare && begins_with_pair(without_quote(line)));
    // Nothing but a name is looked for from here on, and most of PEM has no colon to follow one.
    if (was_bare && !bare && rest.find(':') == std::string_view::npos) return false;
    sure = sure || (bare && is_bare_value(line));
    any = true;
  }
  return bare && sure;
}

}  // namespace meshcert::input
