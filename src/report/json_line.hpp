#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "meshcert/time.hpp"

namespace meshcert::report {

/// JsonLine appends a JSON value to a text, ASCII only and on one line, as
/// nlohmann's dump() would write it: a tenth of its cost, and nothing is built.
/// Who calls it sees to it that objects are closed and keys stand in objects. The text
/// has all of the value when its outermost bracket is closed, or when the JsonLine is gone.
class JsonLine {
  static constexpr std::size_t kShort = 128;

 public:
  explicit JsonLine(std::string& out) : out_(out) {}
  ~JsonLine() { flush(); }
  JsonLine(const JsonLine&) = delete;
  JsonLine& operator=(const JsonLine&) = delete;

  void open(char bracket) {
    char* const at = begin_value();
    *at = bracket;
    wrote(at + 1, Next::first), ++open_;
  }
  void close(char bracket) {
    char* const at = room();
    *at = bracket;
    wrote(at + 1, Next::after_comma);
    if (--open_ == 0) flush();
  }
  /// key begins a member; a value, or an open bracket, follows.
  JsonLine& key(std::string_view name);
  /// of a name that is known here: its octets are moved at once.
  template <std::size_t N>
  JsonLine& key(const char (&name)[N]) {
    static_assert(N + 3 < kShort);
    char* const at = begin_value();
    at[0] = '"';
    std::memcpy(at + 1, name, N - 1);
    std::memcpy(at + N, "\":", 2);
    wrote(at + N + 2, Next::first);
    return *this;
  }

  void text(std::string_view value);   ///< what is not UTF-8 is replaced by U+FFFD
  void plain(std::string_view value);  ///< text that is known to need no escape
  void number(std::int64_t value);
  void number(std::uint64_t value);
  void truth(bool value) { value ? literal("true") : literal("false"); }
  void null() { literal("null"); }
  void instant(Instant value);

  /// exact sets a member to text of any origin; where it is not UTF-8, a sibling
  /// `<key>_hex` carries the octets.
  void exact(std::string_view name, std::string_view value) { key(name).put_exact(name, value); }
  template <std::size_t N>
  void exact(const char (&name)[N], std::string_view value) {
    key(name).put_exact({name, N - 1}, value);
  }
  /// exact_or_null sets null for an empty text.
  template <std::size_t N>
  void exact_or_null(const char (&name)[N], std::string_view value) {
    if (value.empty())
      key(name).null();
    else
      exact(name, value);
  }

 private:
  /// Next says whether a comma stands before what comes next.
  enum class Next : std::uint8_t { first, after_comma };

  /// room is where so few octets, less than kShort, can be written; `wrote` says where they end.
  [[nodiscard]] char* room() {
    if (piece_.data() + piece_.size() - at_ < static_cast<std::ptrdiff_t>(kShort)) flush();
    return at_;
  }
  /// begin_value is room behind a comma, where one is due.
  [[nodiscard]] char* begin_value() {
    char* const at = room();
    *at = ',';
    return at + static_cast<int>(next_);
  }
  void wrote(char* end, Next next) { at_ = end, next_ = next; }
  template <std::size_t N>
  void literal(const char (&value)[N]) {
    char* const at = begin_value();
    std::memcpy(at, value, N - 1);
    wrote(at + N - 1, Next::after_comma);
  }
  void put(char c) { *room() = c, ++at_; }
  void put(std::string_view text);
  /// put_simple writes a short text that needs no escape; of another it writes nothing and is false.
  bool put_simple(std::string_view text);
  void put_exact(std::string_view name, std::string_view value);
  void put_escaped(std::string_view text);
  void put_unit(unsigned unit);
  void put_code_point(char32_t value);
  void flush();

  std::string& out_;
  std::array<char, 2048> piece_;  ///< what is not yet in the text: each append to a string asks for room
  char* at_ = piece_.data();
  std::size_t open_ = 0;
  Next next_ = Next::first;
};

}  // namespace meshcert::report
