#pragma once

#include <algorithm>
#include <vector>

#include "meshcert/byte_source.hpp"

namespace meshcert::input {

/// PutBackSource takes octets back that were read too far, and hands them out again before the rest of its
/// source, which it borrows.
class PutBackSource final : public ByteSource {
 public:
  explicit PutBackSource(ByteSource& source) : source_(source) {}

  void put_back(ByteView octets) {
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(at_));
    held_.insert(held_.begin(), octets.begin(), octets.end());
    at_ = 0;
  }

  [[nodiscard]] Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    if (at_ == held_.size()) return source_.read(into);
    const std::size_t size = std::min(into.size(), held_.size() - at_);
    std::copy_n(held_.begin() + static_cast<std::ptrdiff_t>(at_), size, into.begin());
    at_ += size;
    return size;
  }

 private:
  ByteSource& source_;
  std::vector<std::uint8_t> held_;
  std::size_t at_ = 0;  ///< what was handed out of it
};

}  // namespace meshcert::input
