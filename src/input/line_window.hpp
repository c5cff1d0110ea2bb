#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "meshcert/byte_source.hpp"

namespace meshcert::input {

/// LineWindow cuts a text into windows of whole lines, each some kilobytes.
class LineWindow {
 public:
  /// `cut` finds in a text how much of it can be cut off at its front; 0: nothing yet.
  using Cut = std::size_t (*)(std::string_view text);
  LineWindow(ByteSource& source, std::size_t size, std::size_t limit, Cut cut)
      : source_(source), size_(size), limit_(limit), cut_(cut) {}

  /// next hands out the next window; empty at the end and after a failure.
  [[nodiscard]] std::string next();
  /// line of the first octet of the last window; the first is 1.
  [[nodiscard]] std::uint32_t line() const { return line_; }
  /// failure is the source's sentence, or that a window would be too large.
  [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }

 private:
  bool fill(std::size_t size);

  ByteSource& source_;
  std::size_t size_, limit_;
  Cut cut_;
  std::string text_;
  std::uint32_t line_ = 1, next_line_ = 1;
  bool ended_ = false;
  std::optional<std::string> failure_;
};

}  // namespace meshcert::input
