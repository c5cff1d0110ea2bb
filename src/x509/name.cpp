#include "meshcert/name.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "base/hex.hpp"
#include "der/strings.hpp"
#include "meshcert/certificate.hpp"
#include "x509/attributes.hpp"
#include "x509/decode.hpp"
#include "x509/go_reading.hpp"
#include "x509/oids.hpp"

namespace meshcert {
namespace x509 {
namespace {

struct Checked {
  ByteView type;
  der::Tag tag;
  bool fits;  ///< the value its string type
};

std::optional<Checked> check_attribute(der::Reader& rdn) {
  auto fields = rdn.enter(der::kSequence);
  const auto type = fields ? fields->read_object_identifier() : std::nullopt;
  const auto* value_at = type ? fields->position() : nullptr;
  const auto value = type ? fields->read() : std::nullopt;
  if (!value) return std::nullopt;
  if (der::is_string_type(value->tag & ~der::kConstructed) && (value->tag & der::kConstructed) != 0) {
    fields->note(DerDefect::constructed_string, value_at);
  }
  const bool fits = der::fits_alphabet(value->tag, value->contents);
  if (!fits) fields->note(DerDefect::string_not_in_alphabet, value_at);
  fields->done();
  return Checked{*type, value->tag, fits};
}

bool is_common_type(der::Tag tag) {
  return tag == der::kUtf8String || tag == der::kPrintableString || tag == der::kIa5String;
}

/// RFC 4514 2.4: what must be escaped wherever it stands. "=" need not be, but may.
constexpr std::string_view kSpecial = ",+\"\\<>;=";

void append_hex_pair(std::string& out, char c) {
  base::append_hex(out += '\\', as_bytes({&c, 1}));
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

constexpr auto kAsItIs = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x20; c < 0x7f; ++c)
    table[c] = kSpecial.find(static_cast<char>(c)) == std::string_view::npos;
  return table;
}();

bool is_special(char c) {
  return !kAsItIs[static_cast<unsigned char>(c)];
}

/// `is_text`: the value is UTF-8; if not, octets above 0x7f are shown as pairs too.
void append_value(std::string& out, std::string_view value, bool is_text) {
  const bool edges = value.starts_with(' ') || value.ends_with(' ') || value.starts_with('#');
  if (!edges && std::ranges::none_of(value, is_special)) {
    out += value;
    return;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool edge_space = c == ' ' && (i == 0 || i + 1 == value.size());
    if (is_control(c) || (!is_text && static_cast<unsigned char>(c) >= 0x80)) {
      append_hex_pair(out, c);
    } else {
      if (edge_space || (c == '#' && i == 0) || kSpecial.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
}

void append_text(std::string& out, const Attribute& attribute) {
  const auto short_name = attribute_short_name(attribute.type);
  if (short_name.empty() || !der::is_string_type(attribute.value.tag)) {
    out += short_name.empty() ? to_dotted(attribute.type) : std::string(short_name);
    return base::append_hex(out += "=#", attribute.value.whole);
  }
  (out += short_name) += '=';
  const der::Tag tag = attribute.value.tag;
  const std::string_view octets = as_text(attribute.value.contents);
  const bool is_wide = tag == der::kBmpString || tag == der::kUniversalString;
  if (!is_wide && std::ranges::none_of(octets, is_special)) return append_value(out, octets, true);
  const auto text = der::to_utf8(tag, attribute.value.contents);
  const auto value = text ? std::string_view(*text) : octets;
  append_value(out, value, text.has_value());
}

/// Stands between RDNs until they are in their order: a text holds no control character.
constexpr char kBetweenRdns = '\n';

/// The last RDN first (RFC 4514 2.1): all is turned around, and then each of them.
void reverse_rdns(std::span<char> text) {
  if (std::ranges::find(text, kBetweenRdns) == text.end()) return;
  std::ranges::reverse(text);
  for (auto begin = text.begin();;) {
    const auto end = std::find(begin, text.end(), kBetweenRdns);
    std::reverse(begin, end);
    if (end == text.end()) return;
    *end = ',';
    begin = end + 1;
  }
}

}  // namespace

/// Members of a SET OF stand in ascending order of their encodings, the shorter
/// one padded with zero octets (X.690 11.6). No encoding is a proper prefix of another, so nothing has to be
/// padded.
std::optional<bool> check_rdn(der::Reader rdn) {
  rdn.require_some();
  bool is_common = true;
  ByteView previous;
  while (!rdn.at_end()) {
    const auto* at = rdn.position();
    const auto attribute = check_attribute(rdn);
    if (!attribute) return std::nullopt;
    is_common =
        is_common && attribute->fits && is_common_type(attribute->tag) && go_reads_oid(attribute->type);
    const ByteView member{at, rdn.position()};
    if (std::ranges::lexicographical_compare(member, previous)) rdn.note(DerDefect::set_not_sorted, at);
    previous = member;
  }
  return is_common;
}

std::optional<DistinguishedName> read_name(der::Reader& reader) {
  const auto name = reader.read(der::kSequence);
  if (!name) return std::nullopt;
  auto rdns = reader.inside(*name);
  bool is_common = true;
  while (!rdns.at_end()) {
    const auto rdn = rdns.enter(der::kSet);
    const auto common = rdn ? check_rdn(*rdn) : std::nullopt;
    if (!common) return std::nullopt;
    is_common = is_common && *common;
  }
  return DistinguishedName{name->contents, is_common};
}

}  // namespace x509

std::vector<std::string> attribute_values(const DistinguishedName& name, AttributeType type) {
  const auto& oid = type == AttributeType::common_name ? x509::kCommonName : x509::kOrganization;
  std::vector<std::string> values;
  x509::for_each_attribute(name, [&](const x509::Attribute& attribute) {
    if (!(oid == attribute.type)) return;
    auto text = der::to_utf8(attribute.value.tag, attribute.value.contents);
    values.push_back(text ? *std::move(text) : std::string(as_text(attribute.value.contents)));
  });
  return values;
}

std::string to_rfc4514(const DistinguishedName& name) {
  std::string text;
  append_rfc4514(text, name);
  return text;
}

void append_rfc4514(std::string& text, const DistinguishedName& name) {
  const std::size_t begin = text.size();
  x509::for_each_attribute(name, [&](const x509::Attribute& attribute) {
    if (text.size() != begin) text += attribute.is_first ? x509::kBetweenRdns : '+';
    x509::append_text(text, attribute);
  });
  x509::reverse_rdns({text.data() + begin, text.size() - begin});
}

std::string name_of(const DistinguishedName& name) {
  return name.empty() ? "(an empty name)" : to_rfc4514(name);
}

}  // namespace meshcert
