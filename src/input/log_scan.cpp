#include "input/log_scan.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <string>

#include "input/log_text.hpp"

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
  if (literals.size() > kMost) throw std::length_error("LogScan: more literals than its sets hold");
  assert(!literals_.empty());
  window_ = kLongestWindow;
  for (const std::string_view literal : literals_) window_ = std::min(window_, literal.size());
  assert(window_ >= kBlock);
  for (const std::string_view literal : literals_)
    equals_.push_back(static_cast<std::uint8_t>(std::ranges::find(literals_, literal) - literals_.begin()));
  shifts_->fill(static_cast<std::uint8_t>(window_ - kBlock + 1));
  for (std::size_t number = 0; number < literals_.size(); ++number) {
    for (std::size_t at = 0; at + kBlock <= window_; ++at) {
      const auto shift = static_cast<std::uint8_t>(window_ - kBlock - at);
      enter(literals_[number].substr(at, kBlock), shift, static_cast<std::uint8_t>(number));
    }
  }
}

// In every way in which its spaces may be written, so that no octet of a log has to be changed.
void LogScan::enter(std::string_view block, std::uint8_t shift, std::uint8_t number) {
  for (unsigned way = 0; way < 1U << kBlock; ++way) {
    std::string written(block);
    bool is_way = true;
    for (std::size_t i = 0; i < kBlock; ++i) {
      if ((way >> i & 1U) == 0) continue;
      is_way = is_way && block[i] == ' ';
      written[i] = '_';
    }
    if (!is_way) continue;
    const std::size_t slot = hash(written.data());
    (*shifts_)[slot] = std::min((*shifts_)[slot], shift);
    if (shift == 0) buckets_[slot].push_back(number);
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
    std::size_t asked = literals_.size();
    bool is_here = false;
    for (const std::uint8_t number : buckets_[slot]) {
      if (equals_[number] != asked) {
        asked = equals_[number];
        is_here = begins_with(text.substr(begin), literals_[asked]);
      }
      if (is_here && !visit(begin, number)) return;
    }
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
