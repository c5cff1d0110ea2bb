#include "input/tar_header.hpp"

#include <algorithm>
#include <string_view>

#include "base/lines.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kMagic = 257, kChecksum = 148, kChecksumSize = 8, kSize = 124, kSizeSize = 12;

// Octal digits, behind spaces as some write them.
unsigned stated_checksum(ByteView record) {
  const std::string_view field = base::trimmed_front(as_text(record.subspan(kChecksum, kChecksumSize)), " ");
  unsigned sum = 0;
  for (const char c : field.substr(0, field.find_first_not_of("01234567")))
    sum = sum * 8 + static_cast<unsigned>(c - '0');
  return sum;
}

// The field itself counts as spaces; some sum up octets with a sign.
bool has_right_checksum(ByteView record) {
  unsigned sum = kChecksumSize * ' ';
  int with_signs = static_cast<int>(sum);
  for (std::size_t i = 0; i < kTarRecord; ++i) {
    if (i >= kChecksum && i < kChecksum + kChecksumSize) continue;
    sum += record[i];
    with_signs += static_cast<signed char>(record[i]);
  }
  const unsigned stated = stated_checksum(record);
  return stated == sum || static_cast<int>(stated) == with_signs;
}

// Octal digits, or a number of base 256 behind a first bit that is set: one that fits 63 bits.
bool has_size(ByteView record) {
  const ByteView field = record.subspan(kSize, kSizeSize);
  if ((field[0] & 0x80U) == 0) return true;
  const ByteView front = field.first(kSizeSize - 8);
  return field[0] == 0x80 &&
         std::ranges::all_of(front.subspan(1), [](std::uint8_t octet) { return octet == 0; }) &&
         field[kSizeSize - 8] < 0x80;
}

}  // namespace

bool has_tar_magic(ByteView record) {
  const std::string_view text = as_text(record);
  return text.size() > kMagic && text.substr(kMagic).starts_with("ustar");
}

bool is_tar_header(ByteView record) {
  return record.size() >= kTarRecord && has_tar_magic(record) && has_right_checksum(record) &&
         has_size(record);
}

bool is_damaged_tar(ByteView front) {
  return front.size() >= kTarRecord && has_tar_magic(front) && !has_right_checksum(front);
}

}  // namespace meshcert::input
