#include <fmt/format.h>

#include <array>

#include "base/hex.hpp"
#include "der/strings.hpp"
#include "meshcert/certificate.hpp"
#include "x509/decode.hpp"

namespace meshcert {
namespace x509 {
namespace {

using Type = GeneralName::Type;

constexpr std::array<std::string_view, 9> kTypeNames = {
    "otherName", "email", "DNS", "x400Address", "dirName", "ediPartyName", "URI", "IP", "registeredID"};

/// The types that are constructed; the others are primitive, by implicit tag.
constexpr bool is_constructed(Type type) {
  return type == Type::other_name || type == Type::x400_address || type == Type::directory_name ||
         type == Type::edi_party_name;
}

bool is_address(ByteView value, AddressForm form) {
  const std::size_t factor = form == AddressForm::address ? 1 : 2;
  return value.size() == 4 * factor || value.size() == 16 * factor;
}

/// OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }
struct OtherName {
  ByteView type, value;
};

std::optional<OtherName> read_other_name(der::Reader fields) {
  const auto type = fields.read_object_identifier();
  auto wrapper = type ? fields.enter(der::context_constructed(0)) : std::nullopt;
  const auto value = wrapper ? wrapper->read() : std::nullopt;
  if (!value) return std::nullopt;
  wrapper->done();
  fields.done();
  return OtherName{*type, value->whole};
}

bool check_directory_name(der::Reader wrapper) {
  if (!read_name(wrapper)) return false;
  wrapper.done();
  return true;
}

bool check_value(Type type, der::Reader contents, ByteView value, AddressForm form) {
  switch (type) {
    case Type::email:
    case Type::dns:
    case Type::uri:
      // OpenSSL keeps such octets; BoringSSL and Go refuse the extension.
      if (!der::fits_alphabet(der::kIa5String, value)) contents.note(DerDefect::string_not_in_alphabet);
      return true;
    case Type::other_name:
      return read_other_name(contents).has_value();
    case Type::directory_name:
      return check_directory_name(contents);
    case Type::ip:
      return is_address(value, form);
    case Type::registered_id:
      return der::is_object_identifier(value);
    case Type::x400_address:
    case Type::edi_party_name:
      return true;
  }
  return false;
}

/// general_name_in takes an element for a GeneralName by its tag alone.
std::optional<GeneralName> general_name_in(const der::Element& element) {
  const std::uint32_t number = element.tag & der::kNumberMask;
  if (number >= kTypeNames.size()) return std::nullopt;
  const auto type = static_cast<Type>(number);
  const der::Tag tag = is_constructed(type) ? der::context_constructed(number) : der::context(number);
  if (element.tag != tag) return std::nullopt;
  return GeneralName{type, element.contents};
}

std::string ipv4_text(ByteView octets) {
  return fmt::format("{}.{}.{}.{}", octets[0], octets[1], octets[2], octets[3]);
}

/// The longest run of two or more zero groups, the first of equals (RFC 5952 4.2).
struct Run {
  std::size_t begin = 8, length = 1;
};

Run longest_zero_run(const std::array<unsigned, 8>& groups) {
  Run best;
  for (std::size_t begin = 0; begin < groups.size(); ++begin) {
    std::size_t end = begin;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - begin > best.length) best = {begin, end - begin};
  }
  return best;
}

std::string ipv6_text(ByteView octets) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = octets[2 * i] * 256U + octets[2 * i + 1];
  const Run zeros = longest_zero_run(groups);
  std::string text;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == zeros.begin) {
      text += "::";
      i += zeros.length - 1;
      continue;
    }
    if (!text.empty() && !text.ends_with(':')) text += ':';
    text += fmt::format("{:x}", groups[i]);
  }
  return text;
}

std::string address_text(ByteView octets) {
  switch (octets.size()) {
    case 4:
      return ipv4_text(octets);
    case 16:
      return ipv6_text(octets);
    case 8:
    case 32: {
      const auto half = octets.size() / 2;
      return address_text(octets.first(half)) + "/" + address_text(octets.subspan(half));
    }
    default:
      return "#" + base::to_hex(octets);
  }
}

}  // namespace

std::optional<GeneralName> read_general_name(der::Reader& reader, AddressForm form) {
  const auto element = reader.read();
  const auto name = element ? general_name_in(*element) : std::nullopt;
  if (!name || !check_value(name->type, reader.inside(*element), name->value, form)) return std::nullopt;
  return name;
}

bool check_general_names(der::Reader names) {
  names.require_some();
  while (!names.at_end()) {
    if (!read_general_name(names, AddressForm::address)) return false;
  }
  return true;
}

}  // namespace x509

GeneralNames::iterator::iterator(ByteView rest) : rest_(rest) {
  ++*this;
}

GeneralNames::iterator& GeneralNames::iterator::operator++() {
  der::Reader reader(rest_, nullptr);
  const auto* start = rest_.data();
  const auto element = reader.read();
  const auto name = element ? x509::general_name_in(*element) : std::nullopt;
  at_ = name ? start : nullptr;
  if (!name) return *this;
  current_ = *name;
  rest_ = rest_.subspan(element->whole.size());
  return *this;
}

std::string_view type_name(GeneralName::Type type) {
  return x509::kTypeNames[static_cast<std::size_t>(type)];
}

std::string to_string(const GeneralName& name) {
  std::string text;
  append_text(text, name);
  return text;
}

void append_text(std::string& text, const GeneralName& name) {
  der::Reader contents(name.value, nullptr);
  switch (name.type) {
    case GeneralName::Type::email:
    case GeneralName::Type::dns:
    case GeneralName::Type::uri:
      text += as_text(name.value);
      return;
    case GeneralName::Type::ip:
      text += x509::address_text(name.value);
      return;
    case GeneralName::Type::registered_id:
      text += to_dotted(name.value);
      return;
    case GeneralName::Type::directory_name:
      if (const auto rdns = contents.read(der::kSequence)) return append_rfc4514(text, {rdns->contents});
      break;
    case GeneralName::Type::other_name:
      if (const auto other = x509::read_other_name(contents)) {
        return base::append_hex((text += to_dotted(other->type)) += ";#", other->value);
      }
      break;
    case GeneralName::Type::x400_address:
    case GeneralName::Type::edi_party_name:
      break;
  }
  base::append_hex(text += '#', name.value);
}

}  // namespace meshcert
