#include "input/log_scan.hpp"

#include <algorithm>
#include <cassert>

namespace meshcert::input {
namespace {

constexpr std::size_t kBlock = 3;
constexpr std::size_t kLongestWindow = 64;

}  // namespace

std::size_t LogScan::hash(const char* octets) {
  const auto octet = [octets](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(octets[i]));
  };
  const std::uint32_t block = octet(0) | (octet(1) << 8U) | (octet(2) << 16U);
  return (block * 0x9E3779B1U) >> (32U - kBits);
}

LogScan::LogScan(const std::vector<std::string_view>& literals) : literals_(literals), buckets_(1U << kBits) {
  assert(!literals_.empty() && literals_.size() <= kMost);
  window_ = kLongestWindow;
  for (const std::string_view literal : literals_) window_ = std::min(window_, literal.size());
  assert(window_ >= kBlock);
  shifts_->fill(static_cast<std::uint8_t>(window_ - kBlock + 1));
  for (std::size_t number = 0; number < literals_.size(); ++number) {
    for (std::size_t at = 0; at + kBlock <= window_; ++at) {
      const std::size_t slot = hash(literals_[number].data() + at);
      const auto shift = static_cast<std::uint8_t>(window_ - kBlock - at);
      (*shifts_)[slot] = std::min((*shifts_)[slot], shift);
      if (shift == 0) buckets_[slot].push_back(static_cast<std::uint8_t>(number));
    }
  }
}

// Visits the begin and number of every literal until `visit` answers false.
template <class Visit>
void LogScan::walk(std::string_view text, std::size_t from, Visit visit) const {
  const Shifts& shifts = *shifts_;
  for (std::size_t end = from + window_; end <= text.size();) {
    const std::size_t slot = hash(text.data() + end - kBlock);
    if (shifts[slot] != 0) {
      end += shifts[slot];
      continue;
    }
    const std::size_t begin = end - window_;
    for (const std::uint8_t number : buckets_[slot])
      if (text.substr(begin).starts_with(literals_[number]) && !visit(begin, number)) return;
    ++end;
  }
}

std::size_t LogScan::find(std::string_view text, std::size_t from) const {
  std::size_t found = std::string_view::npos;
  walk(text, from, [&found](std::size_t begin, std::size_t) {
    found = begin;
    return false;
  });
  return found;
}

LogScan::Set LogScan::all(std::string_view text) const {
  Set set;
  walk(text, 0, [&set](std::size_t, std::size_t number) {
    set.set(number);
    return true;
  });
  return set;
}

}  // namespace meshcert::input
