#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "meshcert/byte_source.hpp"

namespace meshcert::input {

/// WindowText is a text that was read in place: it owns its octets, which nobody cleared before.
class WindowText {
 public:
  WindowText() = default;
  WindowText(std::unique_ptr<char[]> octets, std::size_t size) : octets_(std::move(octets)), size_(size) {}
  WindowText(WindowText&& other) noexcept
      : octets_(std::move(other.octets_)), size_(std::exchange(other.size_, 0)) {}
  WindowText& operator=(WindowText&& other) noexcept {
    octets_ = std::move(other.octets_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }
  ~WindowText() = default;

  [[nodiscard]] bool empty() const { return size_ == 0; }
  operator std::string_view() const { return {octets_.get(), size_}; }  // NOLINT: it is one

 private:
  std::unique_ptr<char[]> octets_;
  std::size_t size_ = 0;
};

/// LineWindow cuts a text into windows of whole lines, each some kilobytes.
class LineWindow {
 public:
  /// `cut` finds in a text how much of it can be cut off at its front; 0: nothing yet.
  using Cut = std::size_t (*)(std::string_view text);
  /// `beyond` ends the sentence about a piece larger than `limit` octets.
  LineWindow(ByteSource& source, std::size_t size, std::size_t limit, Cut cut,
             std::string_view beyond = "; raise it with --max-value")
      : source_(source), size_(size), limit_(limit), cut_(cut), beyond_(beyond) {}

  /// next hands out the next window; empty at the end and after a failure.
  [[nodiscard]] WindowText next();
  /// line of the first octet of the last window; the first is 1.
  [[nodiscard]] std::uint32_t line() const { return line_; }
  /// failure is the source's sentence, or that a window would be too large.
  [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }

 private:
  bool fill(std::size_t size);
  void grow(std::size_t size);
  [[nodiscard]] std::string_view text() const { return {octets_.get(), filled_}; }

  ByteSource& source_;
  std::size_t size_, limit_;
  Cut cut_;
  std::string_view beyond_;
  std::unique_ptr<char[]> octets_;
  std::size_t room_ = 0, filled_ = 0;
  std::uint32_t line_ = 1, next_line_ = 1;
  bool ended_ = false;
  std::optional<std::string> failure_;
};

}  // namespace meshcert::input
