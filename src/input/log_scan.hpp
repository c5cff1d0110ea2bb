#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace meshcert::input {

/// LogScan looks for many literals at once, skipping ahead by what the last three
/// octets of a window allow (Wu and Manber, "A fast algorithm for multi-pattern
/// searching", 1994): most of a log that names none of them is never looked at. A space of
/// a literal stands for an underscore too (same_octet).
class LogScan {
 public:
  static constexpr std::size_t kMost = 256;  ///< literals
  using Set = std::bitset<kMost>;

  /// The literals must outlive the scan; each has at least three octets.
  explicit LogScan(const std::vector<std::string_view>& literals);

  /// find returns where the first literal begins at or after `from`; npos if none.
  [[nodiscard]] std::size_t find(std::string_view text, std::size_t from) const;

  /// all returns which literals the text holds.
  [[nodiscard]] Set all(std::string_view text) const;

 private:
  static constexpr unsigned kBits = 15;
  using Shifts = std::array<std::uint8_t, 1U << kBits>;

  static std::size_t hash(const char* octets);
  void enter(std::string_view block, std::uint8_t shift, std::uint8_t number);
  template <class Visit>
  void walk(std::string_view text, std::size_t from, Visit visit) const;

  std::vector<std::string_view> literals_;
  std::vector<std::uint8_t> equals_;  // of each literal, the first that is the same: rows share them
  std::size_t window_ = 0;            // the length of the shortest literal
  std::unique_ptr<Shifts> shifts_ = std::make_unique<Shifts>();
  std::vector<std::vector<std::uint8_t>> buckets_;  // literals by the end of their window
};

}  // namespace meshcert::input
