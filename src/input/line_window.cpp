#include "input/line_window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/lines.hpp"

namespace meshcert::input {

void LineWindow::grow(std::size_t size) {
  if (room_ >= size) return;
  auto larger = std::make_unique_for_overwrite<char[]>(size);
  std::ranges::copy(text(), larger.get());
  octets_ = std::move(larger);
  room_ = size;
}

// Whether there is as much now; less only where the source ended.
bool LineWindow::fill(std::size_t size) {
  if (!ended_) grow(size);
  while (!ended_ && filled_ < size) {
    auto* front = reinterpret_cast<std::uint8_t*>(octets_.get());
    const auto got = source_.read({front + filled_, size - filled_});
    filled_ += got ? *got : 0;
    if (!got) failure_ = got.error();
    ended_ = !got || *got == 0;
  }
  return filled_ >= size;
}

WindowText LineWindow::next() {
  line_ = next_line_;
  std::size_t end = 0;
  for (std::size_t size = size_; end == 0; size *= 2) {
    const bool more = fill(size);
    end = more ? cut_(text()) : filled_;
    if (!more) break;
    if (end == 0 && size >= limit_) {
      failure_ = fmt::format("from line {} on, more than {} octets are one{}", line_, limit_, beyond_);
      filled_ = 0;
      ended_ = true;
    }
  }
  next_line_ += base::count_lines(text().substr(0, end));
  const std::size_t rest = filled_ - end;
  WindowText window(std::exchange(octets_, nullptr), end);
  room_ = filled_ = 0;
  if (rest == 0) return window;
  grow(std::max(size_, rest));
  std::copy_n(std::string_view(window).data() + end, rest, octets_.get());
  filled_ = rest;
  return window;
}

}  // namespace meshcert::input
