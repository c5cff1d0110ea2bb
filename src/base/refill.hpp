#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace meshcert::base {

/// Refill gives a list new entries in the place of those that it has: what they own is
/// used again, where a list that was made anew would ask for memory. The list has as many as
/// were asked for when the Refill is gone.
template <class T>
class Refill {
 public:
  explicit Refill(std::vector<T>& list) : list_(list) {}
  ~Refill() { list_.resize(used_); }
  Refill(const Refill&) = delete;
  Refill& operator=(const Refill&) = delete;

  /// next is an entry as it was left, to be assigned all over.
  [[nodiscard]] T& next() {
    if (used_ == list_.size()) list_.emplace_back();
    return list_[used_++];
  }

 private:
  std::vector<T>& list_;
  std::size_t used_ = 0;
};

/// kept is the value as it was left, or a new one.
template <class T>
[[nodiscard]] T& kept(std::optional<T>& value) {
  return value ? *value : value.emplace();
}

}  // namespace meshcert::base
