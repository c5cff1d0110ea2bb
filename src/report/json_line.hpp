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

  void open(char bracket) { put_comma(), put(bracket), first_ = true, ++open_; }
  void close(char bracket) {
    put(bracket), first_ = false;
    if (--open_ == 0) flush();
  }
  /// key begins a member; a value, or an open bracket, follows.
  JsonLine& key(std::string_view name);
  /// of a name that is known here: its octets are moved at once.
  template <std::size_t N>
  JsonLine& key(const char (&name)[N]) {
    static_assert(N + 3 < kShort);
    put_comma();
    after_key_ = true;
    char* at = room();
    at[0] = '"';
    std::memcpy(at + 1, name, N - 1);
    std::memcpy(at + N, "\":", 2);
    took(N + 2);
    return *this;
  }

  void text(std::string_view value);   ///< what is not UTF-8 is replaced by U+FFFD
  void plain(std::string_view value);  ///< text that is known to need no escape
  void number(std::int64_t value);
  void number(std::uint64_t value);
  void truth(bool value) { literal(value ? "true" : "false"); }
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
  void put_comma() {
    if (!first_ && !after_key_) put(',');
    first_ = after_key_ = false;
  }
  void literal(std::string_view value) { put_comma(), put(value); }
  /// room is where so few octets, less than kShort, can be written; `took` says how many were.
  [[nodiscard]] char* room() {
    if (piece_.size() - used_ < kShort) flush();
    return piece_.data() + used_;
  }
  void took(std::size_t size) { used_ += size; }
  void put(char c) { *room() = c, took(1); }
  void put(std::string_view text) {
    if (text.size() >= kShort) return put_long(text);
    std::memcpy(room(), text.data(), text.size());
    took(text.size());
  }
  void put_long(std::string_view text);
  void put_exact(std::string_view name, std::string_view value);
  void put_escaped(std::string_view text);
  void put_unit(unsigned unit);
  void put_code_point(char32_t value);
  void flush() { out_.append(piece_.data(), used_), used_ = 0; }

  std::string& out_;
  std::array<char, 2048> piece_;  ///< what is not yet in the text: each append to a string asks for room
  std::size_t used_ = 0;
  std::size_t open_ = 0;
  bool first_ = true;       ///< nothing stands in the open bracket yet
  bool after_key_ = false;  ///< a key waits for its value
};

}  // namespace meshcert::report
