#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "meshcert/byte_source.hpp"

namespace meshcert::testing {

/// Trickle hands out a few octets of a text at a time, so that every place is the edge of a
/// window once. It borrows the text.
class Trickle final : public ByteSource {
 public:
  Trickle(std::string_view text, std::size_t step) : left_(text), step_(step) {}
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    const std::size_t count = std::min({into.size(), left_.size(), step_});
    std::copy_n(left_.begin(), count, into.begin());
    left_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view left_;
  std::size_t step_;
};

}  // namespace meshcert::testing
