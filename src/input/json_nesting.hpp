#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

namespace meshcert::input {

/// JsonNesting is which closing brackets a JSON value still needs.
class JsonNesting {
 public:
  explicit JsonNesting(std::size_t limit) : limit_(limit) {}

  void clear() { depth_ = beyond_ = 0; }
  [[nodiscard]] bool empty() const { return depth_ == 0 && beyond_ == 0; }

  /// open takes an opening bracket; false: it is nested deeper than the limit. Such a one is
  /// counted, and any bracket closes it.
  [[nodiscard]] bool open(std::uint8_t bracket) {
    if (depth_ >= limit_) return ++beyond_, false;
    if (depth_ == closing_.size()) closing_.resize(2 * depth_ + kRoom);
    closing_[depth_++] = partner(bracket);
    return true;
  }

  /// close takes a closing bracket; false: another one closes what was opened last.
  [[nodiscard]] bool close(std::uint8_t bracket) {
    if (beyond_ != 0) return --beyond_, true;
    if (depth_ == 0 || closing_[depth_ - 1] != static_cast<char>(bracket)) return false;
    --depth_;
    return true;
  }

  /// take_inner takes the brackets of a block that a mask marks, without a branch for what each
  /// is, up to the first that asks for more: one that closes the value, that open or close would
  /// refuse or has no room for yet, or that begins a line. It answers the mask of those not taken.
  /// The octet before the first must be there to look at.
  [[nodiscard]] std::uint64_t take_inner(const std::uint8_t* block, std::uint64_t brackets) {
    if (depth_ == 0 || beyond_ != 0) return brackets;
    const std::size_t room = std::min(limit_, closing_.size());
    char* const closing = closing_.data();
    for (; brackets != 0; brackets &= brackets - 1) {
      const std::uint8_t* at = block + std::countr_zero(brackets);
      const std::size_t opens = (*at >> 1U) & 1U;
      const std::size_t level = depth_ - 1 + opens;  // of the value that it opens or closes
      if (level == 0 || level >= room || at[-1] == '\n') break;
      if ((opens == 0) & (closing[level] != static_cast<char>(*at))) break;
      closing[level] = partner(*at);  // above what is open, nothing is kept
      depth_ = level + opens;
    }
    return brackets;
  }

 private:
  static constexpr std::size_t kRoom = 64;
  static char partner(std::uint8_t opening) { return static_cast<char>(opening + 2); }

  std::size_t limit_;
  std::size_t depth_ = 0;
  std::uint64_t beyond_ = 0;  ///< open ones above the limit
  std::string closing_;       ///< one for each that is open; its memory is kept
};

}  // namespace meshcert::input
