#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/lines.hpp"
#include "base/utf8.hpp"
#include "meshcert/byte_source.hpp"

namespace meshcert::input {

/// JsonWindow is the part of a source that is in memory, and the place in it
/// where reading goes on.
class JsonWindow {
 public:
  explicit JsonWindow(ByteSource& source)
      : source_(source),
        size_(size_for(source.expected())),
        octets_(std::make_unique_for_overwrite<std::uint8_t[]>(size_)) {}

  /// at_end: no octet is left, after reading on if need be; also after a failure.
  [[nodiscard]] bool at_end() { return next_ == end_ && !refill(); }
  /// failure is the source's sentence, if it failed.
  [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }
  /// next is the octet to look at, where at_end said no; end is where the window ends.
  [[nodiscard]] const std::uint8_t* next() const { return next_; }
  [[nodiscard]] const std::uint8_t* end() const { return end_; }
  void move_to(const std::uint8_t* at) { next_ = at; }

  /// line of the octet at `next`; the first is 1.
  [[nodiscard]] std::uint32_t line() {
    line_ += base::count_lines(
        {reinterpret_cast<const char*>(counted_), static_cast<std::size_t>(next_ - counted_)});
    counted_ = next_;
    return line_;
  }

  [[nodiscard]] static bool is_space(std::uint8_t c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
  /// skip_byte_order_mark answers what was passed over of one that is not whole.
  [[nodiscard]] std::string_view skip_byte_order_mark() {
    std::size_t met = 0;
    for (; met < base::kByteOrderMark.size() && !at_end(); ++met, ++next_)
      if (*next_ != static_cast<std::uint8_t>(base::kByteOrderMark[met])) break;
    return base::kByteOrderMark.substr(0, met == base::kByteOrderMark.size() ? 0 : met);
  }

 private:
  // Small inputs are many.
  static std::size_t size_for(std::uint64_t expected) {
    constexpr std::uint64_t kLeast = 4096, kMost = std::uint64_t{256} << 10U;
    return static_cast<std::size_t>(expected == 0 ? kMost : std::clamp(expected, kLeast, kMost));
  }

  bool refill() {
    if (ended_) return false;
    static_cast<void>(line());
    const auto got = source_.read({octets_.get(), size_});
    if (!got) failure_ = got.error();
    ended_ = !got || *got == 0;
    next_ = counted_ = octets_.get();
    end_ = next_ + (ended_ ? 0 : *got);
    return !ended_;
  }

  ByteSource& source_;
  std::size_t size_;
  std::unique_ptr<std::uint8_t[]> octets_;
  const std::uint8_t* next_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  const std::uint8_t* counted_ = nullptr;  // line breaks before it are in line_
  std::uint32_t line_ = 1;
  bool ended_ = false;
  std::optional<std::string> failure_;
};

}  // namespace meshcert::input
