#include "der/reader.hpp"

#include <bit>
#include <cstddef>
#include <limits>

namespace meshcert::der {
namespace {

using Octets = const std::uint8_t*;

/// Header is the identifier and length octets of one element.
struct Header {
  Tag tag = 0;
  std::size_t length = 0;  ///< of the contents; meaningless when indefinite
  bool indefinite = false;
  Octets contents = nullptr;
  bool tag_padded = false;
  bool length_padded = false;
};

/// The high-tag-number form (X.690 8.1.2.4), after the first identifier octet.
bool read_high_tag(Octets& at, Octets end, Header& header) {
  std::uint32_t number = 0;
  header.tag_padded = at != end && *at == 0x80;
  std::uint8_t octet = 0x80;
  while ((octet & 0x80U) != 0) {
    if (at == end || number > (kNumberMask >> 7)) return false;
    octet = *at++;
    number = (number << 7) | (octet & 0x7fU);
  }
  header.tag_padded = header.tag_padded || number < 31;
  header.tag = (header.tag & ~kNumberMask) | number;
  return true;
}

/// The long form of a definite length (X.690 8.1.3.5), after its first octet.
bool read_long_length(Octets& at, Octets end, unsigned count, Header& header) {
  // 0xff is reserved; other counts that do not fit cannot be kept anyway.
  if (count == 0x7f || static_cast<std::size_t>(end - at) < count) return false;
  header.length_padded = *at == 0;
  for (; count > 0; --count) {
    if (header.length > (std::numeric_limits<std::size_t>::max() >> 8)) return false;
    header.length = (header.length << 8) | *at++;
  }
  header.length_padded = header.length_padded || header.length < 0x80;
  return true;
}

bool read_tag(Octets& at, Octets end, Header& header) {
  if (at == end) return false;
  const unsigned identifier = *at++;
  header.tag = (identifier & 0xe0U) << 24 | (identifier & 0x1fU);
  return (identifier & 0x1fU) != 0x1f || read_high_tag(at, end, header);
}

/// Every length is checked here: a header is good only if all its contents are
/// there (of an indefinite length: may be there).
bool read_header(Octets at, Octets end, Header& header) {
  if (!read_tag(at, end, header) || at == end) return false;
  const unsigned first = *at++;
  if (first < 0x80) {
    header.length = first;
  } else if (first == 0x80) {
    header.indefinite = (header.tag & kConstructed) != 0;
    if (!header.indefinite) return false;
  } else if (!read_long_length(at, end, first & 0x7fU, header)) {
    return false;
  }
  header.contents = at;
  return header.indefinite || header.length <= static_cast<std::size_t>(end - at);
}

/// The end-of-contents octets that close an indefinite length; null when there
/// are none. Elements of definite length are stepped over whole and indefinite
/// ones inside are only counted: one pass, whatever the depth.
Octets find_end_of_contents(Octets at, Octets end) {
  std::size_t open = 1;
  while (end - at >= 2) {
    if (at[0] == 0 && at[1] == 0) {
      if (--open == 0) return at;
      at += 2;
      continue;
    }
    Header header;
    if (!read_header(at, end, header) || header.tag == 0) return nullptr;
    if (header.indefinite) ++open;
    at = header.contents + (header.indefinite ? 0 : header.length);
  }
  return nullptr;
}

}  // namespace

bool Reader::next_is_high(Tag tag) const {
  Header header;
  Octets at = at_;
  return read_tag(at, end_, header) && header.tag == tag;
}

std::optional<Element> Reader::read() {
  const Octets start = at_;
  const auto available = end_ - start;
  // Nearly every element: one octet of tag, one of length, and both as they should be.
  const bool is_plain = available >= 2 && start[0] != 0 && (start[0] & 0x1fU) != 0x1f && start[1] < 0x80;
  if (!is_plain || start[1] > available - 2) return read_any();
  at_ = start + 2 + start[1];
  const Tag tag = (start[0] & 0xe0U) << 24 | (start[0] & 0x1fU);
  return Element{tag, {start + 2, at_}, {start, at_}};
}

std::optional<Element> Reader::read_any() {
  Header header;
  if (!read_header(at_, end_, header) || header.tag == 0) return std::nullopt;
  if (header.tag_padded) note(DerDefect::non_minimal_tag);
  if (header.length_padded) note(DerDefect::non_minimal_length);
  if (header.indefinite) return read_indefinite(header.tag, header.contents);
  const Octets start = at_;
  at_ = header.contents + header.length;
  return Element{header.tag, {header.contents, at_}, {start, at_}};
}

std::optional<Element> Reader::read_indefinite(Tag tag, const std::uint8_t* contents) {
  note(DerDefect::indefinite_length);
  const Octets contents_end = find_end_of_contents(contents, end_);
  if (contents_end == nullptr) return std::nullopt;
  const Octets start = at_;
  at_ = contents_end + 2;
  return Element{tag, {contents, contents_end}, {start, at_}};
}

std::optional<bool> Reader::read_boolean() {
  const auto element = read(kBoolean);
  if (!element || element->contents.size() != 1) return std::nullopt;
  const std::uint8_t value = element->contents[0];
  if (value != 0 && value != 0xff) note(DerDefect::boolean_not_canonical, element->whole.data());
  return value != 0;
}

std::optional<ByteView> Reader::read_integer(Tag tag) {
  const auto element = read(tag);
  if (!element || element->contents.empty()) return std::nullopt;
  if (!is_minimal_integer(element->contents)) note(DerDefect::non_minimal_integer, element->whole.data());
  return element->contents;
}

std::optional<ByteView> Reader::read_object_identifier(Tag tag) {
  const auto element = read(tag);
  if (!element || !is_object_identifier(element->contents)) return std::nullopt;
  return element->contents;
}

std::optional<ByteView> Reader::read_string(Tag tag) {
  if (!next_is(tag | kConstructed)) {
    const auto element = read(tag);
    return element ? std::optional(element->contents) : std::nullopt;
  }
  note(DerDefect::constructed_string);
  auto pieces = enter(tag | kConstructed);
  const auto piece = pieces ? pieces->read() : std::nullopt;
  if (!piece || (piece->tag & kConstructed) != 0 || !pieces->at_end()) return std::nullopt;
  return piece->contents;
}

std::optional<BitString> Reader::read_bit_string(Tag tag) {
  const auto contents = read_string(tag);
  if (!contents || contents->empty()) return std::nullopt;
  const unsigned unused = contents->front();
  if (unused > 7) return std::nullopt;
  const ByteView octets = contents->subspan(1);
  if (unused == 0) return BitString{octets, 0};
  const bool nothing_to_pad = octets.empty();
  if (nothing_to_pad || (octets.back() & ((1U << unused) - 1)) != 0) {
    note(DerDefect::bit_string_padding, contents->data());
  }
  return BitString{octets, nothing_to_pad ? 0 : unused};
}

std::optional<BitString> Reader::read_named_bits(Tag tag) {
  const auto bits = read_bit_string(tag);
  if (bits && !bits->octets.empty() && ((bits->octets.back() >> bits->unused_bits) & 1U) == 0) {
    note(DerDefect::named_bits_not_trimmed, bits->octets.data());
  }
  return bits;
}

bool is_object_identifier(ByteView contents) {
  // Without branches: which octets go on with an arc, no processor guesses.
  unsigned padded = 0, before = 0;
  for (const unsigned octet : contents) {
    padded |= static_cast<unsigned>(octet == 0x80) & ~before >> 7U;
    before = octet;
  }
  return !contents.empty() && (padded & 1U) == 0 && before < 0x80;
}

bool is_minimal_integer(ByteView contents) {
  if (contents.empty()) return false;
  if (contents.size() == 1) return true;
  const bool next_is_negative = (contents[1] & 0x80U) != 0;
  return contents[0] != (next_is_negative ? 0xff : 0x00);
}

std::optional<std::uint64_t> unsigned_value(ByteView integer) {
  if (integer.empty() || (integer[0] & 0x80U) != 0) return std::nullopt;
  std::uint64_t value = 0;
  for (const std::uint8_t octet : integer) {
    if (value > (std::numeric_limits<std::uint64_t>::max() >> 8))
      return std::numeric_limits<std::uint64_t>::max();
    value = (value << 8) | octet;
  }
  return value;
}

std::uint32_t bit_length(ByteView integer) {
  if (integer.empty() || (integer[0] & 0x80U) != 0) return 0;
  std::size_t leading = 0;
  while (leading < integer.size() && integer[leading] == 0) ++leading;
  if (leading == integer.size()) return 0;
  const auto octets_after_first = integer.size() - leading - 1;
  return static_cast<std::uint32_t>(octets_after_first * 8) +
         static_cast<std::uint32_t>(std::bit_width(integer[leading]));
}

}  // namespace meshcert::der
