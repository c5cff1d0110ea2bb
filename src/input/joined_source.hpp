#pragma once

#include "meshcert/byte_source.hpp"

namespace meshcert::input {

/// JoinedSource hands out octets that were read already, then the rest of their
/// source. It borrows both.
class JoinedSource final : public ByteSource {
 public:
  JoinedSource(ByteView head, ByteSource& rest) : head_(head), rest_(rest) {}
  [[nodiscard]] Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    const auto got = head_.read(into);
    return got && *got != 0 ? got : rest_.read(into);
  }
  [[nodiscard]] std::uint64_t expected() const override { return head_.expected() + rest_.expected(); }

 private:
  MemorySource head_;
  ByteSource& rest_;
};

}  // namespace meshcert::input
