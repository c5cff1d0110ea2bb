#pragma once

#include <cstddef>

#include "meshcert/bytes.hpp"

namespace meshcert::input {

/// A tar is records of so many octets, in the first of which is the header of its first file (POSIX pax,
/// ustar Interchange Format).
inline constexpr std::size_t kTarRecord = 512;

[[nodiscard]] bool has_tar_magic(ByteView record);
/// is_tar_header: a whole one, with the magic, whose checksum is right and whose size is one.
[[nodiscard]] bool is_tar_header(ByteView record);
/// is_damaged_tar: it begins as a tar does, and its checksum is wrong.
[[nodiscard]] bool is_damaged_tar(ByteView front);

}  // namespace meshcert::input
