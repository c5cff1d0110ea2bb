#pragma once

#include <cstdint>
#include <vector>

#include "meshcert/byte_source.hpp"

namespace meshcert::input {

/// TailSource keeps the last octets of what is read of a source: there stands whether an archive
/// was written to its end. It borrows the source.
class TailSource final : public ByteSource {
 public:
  explicit TailSource(ByteSource& source) : source_(source) {}
  [[nodiscard]] Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override;

  /// has_zip_end: a whole end of central directory record (APPNOTE 4.3.16) stands in it, comment
  /// and all, behind the last header of the directory.
  [[nodiscard]] bool has_zip_end() const;
  /// has_tar_end: it ends in a block of zeros. POSIX wants two (pax, ustar Interchange Format), and who
  /// wrote one was done with the files.
  [[nodiscard]] bool has_tar_end() const;

 private:
  ByteSource& source_;
  std::vector<std::uint8_t> tail_;
};

}  // namespace meshcert::input
