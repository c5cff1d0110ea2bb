#pragma once

#include <array>
#include <memory>
#include <string>

#include "meshcert/byte_source.hpp"

struct z_stream_s;

namespace meshcert::input {

/// is_gzip tells it from its first octets (RFC 1952 2.3.1).
[[nodiscard]] bool is_gzip(ByteView head);

/// GzipSource hands out what a gzip was made of, member after member, by zlib. Unlike
/// libarchive's reading, it holds each member against the CRC and the length that it ends
/// with: a gzip that was damaged, cut off or followed by something else fails the read that
/// meets it, with a sentence. It borrows its source.
class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(ByteSource& packed);
  [[nodiscard]] Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override;

 private:
  struct End {
    void operator()(z_stream_s* stream) const;
  };
  // Whether there is anything to unpack; what it is of.
  Result<bool, std::string> refill();
  Result<bool, std::string> next_member();

  ByteSource& packed_;
  std::unique_ptr<z_stream_s, End> stream_;
  std::array<std::uint8_t, std::size_t{64} * 1024> window_{};
  bool in_member_ = true;
  std::string fault_;
};

}  // namespace meshcert::input
