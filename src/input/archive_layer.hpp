#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "input/archive_library.hpp"
#include "meshcert/byte_source.hpp"

namespace meshcert::input {

/// is_compressed tells what is compressed by zstd, xz or bzip2 from its first octets.
[[nodiscard]] bool is_compressed(ByteView head);

enum class Layer { compression, files };

/// ArchiveLayer is one layer of an archive, by libarchive: its compression or its files. They
/// are two, because whoever is done with the files of a tar has not read its compression to the
/// end, where its checksum is. It borrows the library and its source.
class ArchiveLayer {
 public:
  ArchiveLayer(const ArchiveLibrary& library, ByteSource& source, Layer layer);
  ~ArchiveLayer() { library_.archive_read_free(archive_); }
  ArchiveLayer(const ArchiveLayer&) = delete;
  ArchiveLayer& operator=(const ArchiveLayer&) = delete;

  /// damage: what stands here is no entry; the next call looks a bit further on.
  enum class Next { entry, damage, end };
  /// next goes to the next entry; `end` after a failure, too.
  Next next();
  /// is_file_alone: no archive, but a file, which is one entry without a name of its own.
  [[nodiscard]] bool is_file_alone() const { return library_.archive_format(archive_) == ARCHIVE_FORMAT_RAW; }
  [[nodiscard]] bool is_tar() const {
    return (library_.archive_format(archive_) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
  }
  [[nodiscard]] bool is_zip() const {
    return (library_.archive_format(archive_) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP;
  }
  [[nodiscard]] bool is_regular() const;
  [[nodiscard]] std::string name() const;
  /// read is ByteSource's, of the entry. What is wrong with one may leave the next whole.
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into);
  /// failed: it ended before its end, as error() says.
  [[nodiscard]] bool failed() const {
    return failed_ || !source_error_.empty() || (!good_ && entry_ == nullptr);
  }
  [[nodiscard]] std::string error() const;
  /// unused is what was read of the source and stands behind the end.
  [[nodiscard]] ByteView unused() const;

 private:
  [[nodiscard]] int fetch();
  static la_ssize_t read_more(archive*, void* self, const void** buffer);

  const ArchiveLibrary& library_;
  ByteSource& source_;
  archive* archive_;
  archive_entry* entry_ = nullptr;
  std::array<std::uint8_t, std::size_t{64} * 1024> window_{};
  std::size_t window_size_ = 0;
  std::uint64_t given_ = 0;
  std::string source_error_;
  const std::uint8_t* block_ = nullptr;  ///< of the entry, libarchive's
  std::size_t block_size_ = 0;
  std::uint64_t block_at_ = 0, at_ = 0;  ///< in the entry: of a sparse one, less is stored
  bool good_ = false, failed_ = false;
};

/// UnpackedSource hands out what was compressed by zstd, xz or bzip2; it fails where that is damaged.
class UnpackedSource final : public ByteSource {
 public:
  UnpackedSource(const ArchiveLibrary& library, ByteSource& packed)
      : archive_(library, packed, Layer::compression) {}
  [[nodiscard]] Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override;

 private:
  ArchiveLayer archive_;
  bool begun_ = false;
};

}  // namespace meshcert::input
