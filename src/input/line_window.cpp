#include "input/line_window.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/lines.hpp"

namespace meshcert::input {

// Whether there is as much now; less only where the source ended.
bool LineWindow::fill(std::size_t size) {
  while (!ended_ && text_.size() < size) {
    const std::size_t filled = text_.size();
    text_.resize(size);
    auto* front = reinterpret_cast<std::uint8_t*>(text_.data());
    const auto got = source_.read({front + filled, size - filled});
    text_.resize(filled + (got ? *got : 0));
    if (!got) failure_ = got.error();
    ended_ = !got || *got == 0;
  }
  return text_.size() >= size;
}

std::string LineWindow::next() {
  line_ = next_line_;
  std::size_t end = 0;
  for (std::size_t size = size_; end == 0; size *= 2) {
    const bool more = fill(size);
    end = more ? cut_(text_) : text_.size();
    if (!more) break;
    if (end == 0 && size >= limit_) {
      failure_ = fmt::format("from line {} on, more than {} octets are one; raise it with --max-value", line_,
                             limit_);
      text_.clear();
      ended_ = true;
    }
  }
  std::string rest = text_.substr(end);
  text_.resize(end);
  next_line_ += base::count_lines(text_);
  return std::exchange(text_, std::move(rest));
}

}  // namespace meshcert::input
