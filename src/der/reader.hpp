#pragma once

#include <cstdint>
#include <optional>

#include "meshcert/bytes.hpp"
#include "meshcert/der_defects.hpp"

/// A zero-copy reader of DER (X.690) in the spirit of BoringSSL's der::Parser.
/// Reader::read alone reads headers and checks lengths; everything else is built
/// on it. What cannot be read (a length past the end, a header cut off, another
/// tag than the one required) is nullopt, and nothing read after that means
/// anything. What is readable but not DER goes into Notes, and reading goes on.
///
/// Nothing allocates. Nothing recurses. The cost of reading is linear in the
/// octets for each level of nesting that the caller enters.
namespace meshcert::der {

/// Tag is the class and the constructed bit in the three topmost bits, the tag
/// number below.
using Tag = std::uint32_t;

inline constexpr Tag kConstructed = 0x20000000;
inline constexpr Tag kContext = 0x80000000;
inline constexpr Tag kNumberMask = 0x1fffffff;

[[nodiscard]] constexpr Tag context(std::uint32_t number) {
  return kContext | number;
}
[[nodiscard]] constexpr Tag context_constructed(std::uint32_t number) {
  return kContext | kConstructed | number;
}

inline constexpr Tag kBoolean = 1, kInteger = 2, kBitString = 3, kOctetString = 4, kNull = 5,
                     kObjectIdentifier = 6, kEnumerated = 10, kUtf8String = 12, kNumericString = 18,
                     kPrintableString = 19, kTeletexString = 20, kIa5String = 22, kUtcTime = 23,
                     kGeneralizedTime = 24, kVisibleString = 26, kUniversalString = 28, kBmpString = 30,
                     kSequence = kConstructed | 16, kSet = kConstructed | 17;
/// kNullElement is the one encoding of NULL (X.690 8.8).
inline constexpr std::uint8_t kNullElement[] = {kNull, 0};

/// Element is one tag-length-value. The views borrow what the Reader reads.
struct Element {
  Tag tag = 0;
  ByteView contents;  ///< without the end-of-contents octets of an indefinite length
  ByteView whole;     ///< header and contents, and those octets
};

/// BitString is the contents of a BIT STRING: its octets, and how many bits of
/// the last one do not count.
struct BitString {
  ByteView octets;
  unsigned unused_bits = 0;
};

/// Notes writes down what is readable but not DER, with its place.
class Notes {
 public:
  Notes(DerDefects& defects, const std::uint8_t* start) : defects_(&defects), start_(start) {}
  void add(DerDefect defect, const std::uint8_t* at) {
    defects_->add(defect, static_cast<std::size_t>(at - start_));
  }

 private:
  DerDefects* defects_;
  const std::uint8_t* start_;
};

/// is_object_identifier: at least one arc, none cut off, none padded (X.690 8.19.2).
[[nodiscard]] inline bool is_object_identifier(ByteView contents) {
  // Attributes and extensions: three arcs of an octet each, and no loop whose end a processor must guess.
  if (contents.size() == 3 && ((contents[0] | contents[1] | contents[2]) & 0x80) == 0) return true;
  // The one branch is on an octet that is rare: which others go on with an arc, no processor guesses.
  unsigned before = 0;
  for (const unsigned octet : contents) {
    if (octet == 0x80 && before < 0x80) return false;
    before = octet;
  }
  return !contents.empty() && before < 0x80;
}

/// is_minimal_integer (X.690 8.3.2); false for no octets.
[[nodiscard]] inline bool is_minimal_integer(ByteView contents) {
  if (contents.size() < 2) return !contents.empty();
  const bool next_is_negative = (contents[1] & 0x80U) != 0;
  return contents[0] != (next_is_negative ? 0xff : 0x00);
}

/// Reader walks the elements of a view from front to back. What certificates are full of is read in place;
/// the rest of it is in reader.cpp.
class Reader {
 public:
  /// `notes` may be null: for octets that were read with notes before.
  Reader(ByteView octets, Notes* notes) : at_(octets.data()), end_(at_ + octets.size()), notes_(notes) {}

  [[nodiscard]] bool at_end() const { return at_ == end_; }
  [[nodiscard]] const std::uint8_t* position() const { return at_; }
  /// note records a defect of the element that is read next.
  void note(DerDefect defect) { note(defect, at_); }
  void note(DerDefect defect, const std::uint8_t* at) {
    if (notes_ != nullptr) notes_->add(defect, at);
  }
  /// next_is looks at the next tag; false at the end.
  [[nodiscard]] bool next_is(Tag tag) const {
    if (at_ == end_) return false;
    if ((*at_ & 0x1fU) == 0x1f) return next_is_high(tag);
    return (tag & kNumberMask) < 0x1f && *at_ == (tag >> 24 | (tag & 0x1fU));
  }

  /// read takes the next element, whatever it is.
  [[nodiscard]] std::optional<Element> read() {
    // Nearly every element: one octet of tag, one of length, and both as they should be.
    const std::uint8_t* const start = at_;
    const auto available = end_ - start;
    const bool is_plain = available >= 2 && start[0] != 0 && (start[0] & 0x1fU) != 0x1f && start[1] < 0x80;
    if (!is_plain || start[1] > available - 2) return read_any();
    at_ = start + 2 + start[1];
    const Tag tag = (start[0] & 0xe0U) << 24 | (start[0] & 0x1fU);
    return Element{tag, {start + 2, at_}, {start, at_}};
  }
  /// read takes the next element if it has this tag.
  [[nodiscard]] std::optional<Element> read(Tag tag) {
    if (!next_is(tag)) return std::nullopt;
    return read();
  }
  /// enter takes the next element and returns a reader of its contents.
  [[nodiscard]] std::optional<Reader> enter(Tag tag) {
    const auto element = read(tag);
    if (!element) return std::nullopt;
    return inside(*element);
  }
  /// inside returns a reader of an element's contents with the same notes.
  [[nodiscard]] Reader inside(const Element& element) const { return {element.contents, notes_}; }
  /// done records the octets that are left over, where nothing may follow.
  void done() {
    if (!at_end()) note(DerDefect::trailing_octets);
  }
  /// require_some records that nothing is left, where SIZE (1..MAX) applies.
  void require_some() {
    if (at_end()) note(DerDefect::empty_sequence);
  }

  // The types of ASN.1, also under an implicit tag.

  [[nodiscard]] std::optional<bool> read_boolean() {
    const auto element = read(kBoolean);
    if (!element || element->contents.size() != 1) return std::nullopt;
    const std::uint8_t value = element->contents[0];
    if (value != 0 && value != 0xff) note(DerDefect::boolean_not_canonical, element->whole.data());
    return value != 0;
  }
  /// read_integer returns the contents octets (two's complement), never empty.
  [[nodiscard]] std::optional<ByteView> read_integer(Tag tag = kInteger) {
    const auto element = read(tag);
    if (!element || element->contents.empty()) return std::nullopt;
    if (!is_minimal_integer(element->contents)) note(DerDefect::non_minimal_integer, element->whole.data());
    return element->contents;
  }
  /// read_object_identifier returns the contents octets of a well-formed OID.
  [[nodiscard]] std::optional<ByteView> read_object_identifier(Tag tag = kObjectIdentifier) {
    const auto element = read(tag);
    if (!element || !is_object_identifier(element->contents)) return std::nullopt;
    return element->contents;
  }
  /// read_string returns the contents octets of any string type. A constructed
  /// encoding is taken where it is a single piece: a view cannot join more.
  [[nodiscard]] std::optional<ByteView> read_string(Tag tag) {
    if (next_is(tag | kConstructed)) return read_pieces(tag);
    const auto element = read(tag);
    if (!element) return std::nullopt;
    return element->contents;
  }
  [[nodiscard]] std::optional<BitString> read_bit_string(Tag tag = kBitString) {
    const auto contents = read_string(tag);
    if (!contents || contents->empty()) return std::nullopt;
    if (contents->front() != 0) return read_padded_bits(*contents);
    return BitString{contents->subspan(1), 0};
  }
  /// read_named_bits is read_bit_string for a named bit list (X.690 11.2.2).
  [[nodiscard]] std::optional<BitString> read_named_bits(Tag tag = kBitString);

 private:
  [[nodiscard]] bool next_is_high(Tag tag) const;
  [[nodiscard]] std::optional<Element> read_any();
  [[nodiscard]] std::optional<ByteView> read_pieces(Tag tag);
  [[nodiscard]] std::optional<BitString> read_padded_bits(ByteView contents);
  [[nodiscard]] std::optional<Element> read_indefinite(Tag tag, const std::uint8_t* contents);

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  Notes* notes_;
};

/// unsigned_value of an INTEGER's contents octets: nullopt when it is negative,
/// UINT64_MAX when it is greater than that.
[[nodiscard]] std::optional<std::uint64_t> unsigned_value(ByteView integer);

/// bit_length counts the bits of a positive INTEGER's value; 0 for others.
[[nodiscard]] std::uint32_t bit_length(ByteView integer);

}  // namespace meshcert::der
