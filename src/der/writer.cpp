#include "der/writer.hpp"

#include <algorithm>
#include <cassert>

namespace meshcert::der {
namespace {

void append_length(std::size_t length, Octets& out) {
  if (length < 0x80) return out.push_back(static_cast<std::uint8_t>(length));
  unsigned octets = 1;
  while (octets < sizeof length && (length >> (8 * octets)) != 0) ++octets;
  out.push_back(static_cast<std::uint8_t>(0x80U | octets));
  while (octets-- > 0) out.push_back(static_cast<std::uint8_t>(length >> (8 * octets)));
}

}  // namespace

Octets element(Tag tag, std::initializer_list<ByteView> parts) {
  assert((tag & kNumberMask) < 31);
  std::size_t length = 0;
  for (const ByteView part : parts) length += part.size();
  Octets out;
  out.reserve(length + 10);
  out.push_back(static_cast<std::uint8_t>(tag >> 24 | (tag & 0x1fU)));
  append_length(length, out);
  for (const ByteView part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

Octets unsigned_integer(ByteView magnitude) {
  const auto* first = std::find_if(magnitude.data(), magnitude.data() + magnitude.size(),
                                   [](std::uint8_t octet) { return octet != 0; });
  const ByteView significant = magnitude.subspan(static_cast<std::size_t>(first - magnitude.data()));
  const std::uint8_t zero = 0;
  const bool padded = significant.empty() || (significant.front() & 0x80U) != 0;
  return element(kInteger, {ByteView(&zero, padded ? 1 : 0), significant});
}

Octets bit_string(ByteView octets) {
  const std::uint8_t unused_bits = 0;
  return element(kBitString, {ByteView(&unused_bits, 1), octets});
}

}  // namespace meshcert::der
