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

std::optional<ByteView> Reader::read_pieces(Tag tag) {
  note(DerDefect::constructed_string);
  auto pieces = enter(tag | kConstructed);
  const auto piece = pieces ? pieces->read() : std::nullopt;
  if (!piece || (piece->tag & kConstructed) != 0 || !pieces->at_end()) return std::nullopt;
  return piece->contents;
}

std::optional<BitString> Reader::read_padded_bits(ByteView contents) {
  const unsigned unused = contents.front();
  if (unused > 7) return std::nullopt;
  const ByteView octets = contents.subspan(1);
  const bool nothing_to_pad = octets.empty();
  if (nothing_to_pad || (octets.back() & ((1U << unused) - 1)) != 0) {
    note(DerDefect::bit_string_padding, contents.data());
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
