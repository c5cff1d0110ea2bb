#include "x509/name_match.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "der/reader.hpp"
#include "der/strings.hpp"

namespace meshcert::x509 {
namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// One space between words, none at the ends, ASCII in lower case.
std::string fold(std::string_view text) {
  std::string out;
  bool gap = false;
  for (const char c : text) {
    if (is_space(c)) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += lower(c);
  }
  return out;
}

/// Lengths in front, so that no two sequences of pieces run together alike.
void append_piece(std::string& out, std::string_view piece) {
  out += std::to_string(piece.size());
  out += ':';
  out += piece;
}

std::string canonical_attribute(der::Reader fields) {
  std::string out;
  const auto type = fields.read_object_identifier();
  const auto value = type ? fields.read() : std::nullopt;
  if (!value) return out;
  append_piece(out, as_text(*type));
  const auto text =
      der::is_string_type(value->tag) ? der::to_utf8(value->tag, value->contents) : std::nullopt;
  out += text ? 't' : 'o';
  append_piece(out, text ? fold(*text) : std::string(as_text(value->whole)));
  return out;
}

}  // namespace

std::string canonical_rdn(ByteView rdn) {
  std::vector<std::string> attributes;
  der::Reader members(rdn, nullptr);
  while (const auto attribute = members.enter(der::kSequence))
    attributes.push_back(canonical_attribute(*attribute));
  std::ranges::sort(attributes);
  std::string out;
  for (const auto& attribute : attributes) append_piece(out, attribute);
  return out + ';';
}

std::string canonical_name(const DistinguishedName& name) {
  std::string out;
  der::Reader rdns(name.rdns, nullptr);
  while (const auto rdn = rdns.read(der::kSet)) out += canonical_rdn(rdn->contents);
  return out;
}

bool same_name(const DistinguishedName& a, const DistinguishedName& b) {
  return a == b || canonical_name(a) == canonical_name(b);
}

}  // namespace meshcert::x509
