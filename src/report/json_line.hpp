#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "meshcert/time.hpp"

namespace meshcert::report {

/// JsonLine appends a JSON value to a text, ASCII only and on one line, as
/// nlohmann's dump() would write it: a tenth of its cost, and nothing is built.
/// Who calls it sees to it that objects are closed and keys stand in objects.
class JsonLine {
 public:
  explicit JsonLine(std::string& out) : out_(out) {}

  void open(char bracket) { put_comma(), out_ += bracket, first_ = true; }
  void close(char bracket) { out_ += bracket, first_ = false; }
  /// key begins a member; a value, or an open bracket, follows.
  JsonLine& key(std::string_view name);

  void text(std::string_view value);   ///< what is not UTF-8 is replaced by U+FFFD
  void plain(std::string_view value);  ///< text that is known to need no escape
  void number(std::int64_t value);
  void number(std::uint64_t value);
  void truth(bool value) { literal(value ? "true" : "false"); }
  void null() { literal("null"); }
  void instant(Instant value);

  /// exact sets a member to text of any origin; where it is not UTF-8, a sibling
  /// `<key>_hex` carries the octets.
  void exact(std::string_view name, std::string_view value);
  /// exact_or_null sets null for an empty text.
  void exact_or_null(std::string_view name, std::string_view value);

 private:
  void put_comma();
  void literal(std::string_view value) { put_comma(), out_ += value; }

  std::string& out_;
  bool first_ = true;       ///< nothing stands in the open bracket yet
  bool after_key_ = false;  ///< a key waits for its value
};

}  // namespace meshcert::report
