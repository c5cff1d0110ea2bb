#pragma once

#include <archive.h>
#include <archive_entry.h>

namespace meshcert::input {

/// ArchiveLibrary is what we call of libarchive. It is loaded when the first archive
/// is met: linked, it alone would double the start-up of the program.
struct ArchiveLibrary {
#define MESHCERT_ARCHIVE_FUNCTIONS(F)           \
  F(archive_read_new)                           \
  F(archive_read_free)                          \
  F(archive_read_support_filter_zstd)           \
  F(archive_read_support_filter_xz)             \
  F(archive_read_support_filter_bzip2)          \
  F(archive_read_support_format_tar)            \
  F(archive_read_support_format_zip_streamable) \
  F(archive_read_support_format_raw)            \
  F(archive_read_open)                          \
  F(archive_read_next_header)                   \
  F(archive_read_data_block)                    \
  F(archive_filter_bytes)                       \
  F(archive_error_string)                       \
  F(archive_format)                             \
  F(archive_entry_pathname)                     \
  F(archive_entry_pathname_utf8)                \
  F(archive_entry_filetype)
#define MESHCERT_MEMBER(name) decltype(&::name) name = nullptr;
  MESHCERT_ARCHIVE_FUNCTIONS(MESHCERT_MEMBER)
#undef MESHCERT_MEMBER
};

/// archive_library loads it once; null where it is not installed.
[[nodiscard]] const ArchiveLibrary* archive_library();

}  // namespace meshcert::input
