#include "x509/name_match.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/ascii.hpp"
#include "der/reader.hpp"
#include "der/strings.hpp"
#include "meshcert/certificate.hpp"
#include "x509/attributes.hpp"
#include "x509/oids.hpp"

namespace meshcert::x509 {
namespace {

/// One space between words, none at the ends, ASCII in lower case.
std::string fold(std::string_view text) {
  std::string out;
  bool gap = false;
  for (const char c : text) {
    if (base::is_white(c)) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += base::to_lower(c);
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

std::vector<Attribute> attributes_of(const DistinguishedName& name) {
  std::vector<Attribute> all;
  for_each_attribute(name, [&all](const Attribute& attribute) { all.push_back(attribute); });
  return all;
}

std::string_view string_type_name(der::Tag tag) {
  switch (tag) {
    case der::kUtf8String:
      return "UTF8String";
    case der::kPrintableString:
      return "PrintableString";
    case der::kTeletexString:
      return "TeletexString";
    case der::kIa5String:
      return "IA5String";
    case der::kBmpString:
      return "BMPString";
    case der::kUniversalString:
      return "UniversalString";
    case der::kNumericString:
      return "NumericString";
    case der::kVisibleString:
      return "VisibleString";
    default:
      return "another type";
  }
}

std::string show(const Attribute& attribute) {
  const std::string_view name = attribute_short_name(attribute.type);
  const auto text = der::to_utf8(attribute.value.tag, attribute.value.contents);
  return (name.empty() ? to_dotted(attribute.type) : std::string(name)) + " as " +
         std::string(string_type_name(attribute.value.tag)) +
         (text ? " \"" + *text + '"' : " of other octets");
}

}  // namespace

std::pair<std::string, std::string> first_difference(const DistinguishedName& a, const DistinguishedName& b) {
  const auto ours = attributes_of(a), theirs = attributes_of(b);
  for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i)
    if (!std::ranges::equal(ours[i].whole, theirs[i].whole)) return {show(ours[i]), show(theirs[i])};
  const auto length = [](const DistinguishedName& name) {
    return "the same attributes in " + std::to_string(name.rdns.size()) + " octets";
  };
  return {length(a), length(b)};
}

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

bool is_self_issued(const Certificate& certificate) {
  constexpr std::size_t kLongest = 4096;  // octets; what nobody names an authority
  if (certificate.subject.rdns.size() > kLongest) return certificate.is_self_issued();
  return same_name(certificate.subject, certificate.issuer);
}

}  // namespace meshcert::x509
