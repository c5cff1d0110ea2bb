#include "der/walk.hpp"

#include <array>

#include "der/reader.hpp"
#include "der/strings.hpp"

namespace meshcert::der {
namespace {

using Fault = std::optional<std::string_view>;

constexpr std::size_t kMaxDepth = 64;  // certificates need about 12

/// Universal types that X.690 8 knows in primitive form, and in DER only so.
Fault primitive_fault(const Element& element, Reader reader) {
  switch (element.tag) {
    case kBoolean:
      return reader.read_boolean() ? Fault() : "a BOOLEAN that is not one octet";
    case kInteger:
    case kEnumerated:
      return reader.read_integer(element.tag) ? Fault() : "an INTEGER without octets";
    case kBitString:
      return reader.read_bit_string() ? Fault() : "a BIT STRING that cannot be read";
    case kNull:
      return element.contents.empty() ? Fault() : "a NULL with contents";
    case kObjectIdentifier:
      return is_object_identifier(element.contents) ? Fault() : "an OBJECT IDENTIFIER that cannot be read";
    case kSequence & ~kConstructed:
    case kSet & ~kConstructed:
      return "a SEQUENCE or SET in primitive encoding";
    default:
      return std::nullopt;
  }
}

/// EXTERNAL (8), EMBEDDED PDV (11), SEQUENCE, SET: the universal types that are constructed.
bool may_be_constructed(Tag tag) {
  constexpr Tag kClassMask = 0xc0000000;
  const Tag number = tag & kNumberMask;
  return (tag & kClassMask) != 0 || number == 8 || number == 11 || number == 16 || number == 17;
}

}  // namespace

std::optional<std::string_view> find_fault(ByteView octets) {
  DerDefects defects;
  Notes notes(defects, octets.data());
  std::array<const std::uint8_t*, kMaxDepth> ends;
  std::size_t depth = 0;
  ends[0] = octets.data() + octets.size();
  const std::uint8_t* at = octets.data();
  while (true) {
    while (at == ends[depth]) {
      if (depth == 0) return std::nullopt;
      --depth;
    }
    Reader reader({at, ends[depth]}, &notes);
    const auto element = reader.read();
    if (!element) return "an element that cannot be read";
    at = reader.position();
    if ((element->tag & kConstructed) == 0) {
      if (const auto fault = primitive_fault(*element, Reader(element->whole, &notes))) return fault;
    } else {
      if (!may_be_constructed(element->tag)) return describe(DerDefect::constructed_string);
      if (++depth == kMaxDepth) return "elements nested too deeply";
      ends[depth] = at;
      at = element->contents.data();
    }
    if (!defects.none()) return describe(defects.list().front());
  }
}

}  // namespace meshcert::der
