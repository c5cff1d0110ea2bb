#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "meshcert/bytes.hpp"
#include "meshcert/result.hpp"

namespace meshcert {

/// ByteSource hands out the octets of one input in order, a window at a time,
/// so that a document of any size is read in bounded memory.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// read fills the front of `into` and returns how many octets it wrote; 0 is
  /// the end, for good. Fails with the system's sentence when the octets cannot be had.
  [[nodiscard]] virtual Result<std::size_t, std::string> read(std::span<std::uint8_t> into) = 0;
  /// expected says how many octets are to come, if anybody knows; 0 if not.
  [[nodiscard]] virtual std::uint64_t expected() const { return 0; }
};

/// MemorySource hands out octets that the caller keeps.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(ByteView octets) : left_(octets) {}
  [[nodiscard]] Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    const std::size_t count = std::min(into.size(), left_.size());
    std::copy_n(left_.begin(), count, into.begin());
    left_ = left_.subspan(count);
    return count;
  }
  [[nodiscard]] std::uint64_t expected() const override { return left_.size(); }

 private:
  ByteView left_;
};

}  // namespace meshcert
