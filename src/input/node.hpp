#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "input/node_text.hpp"
#include "meshcert/bytes.hpp"
#include "meshcert/limits.hpp"
#include "meshcert/result.hpp"

namespace meshcert::input {

/// Node is one value of a JSON (later YAML) document, the only shape that
/// readers of source formats see. Lines are those of the file.
struct Node {
  enum class Kind : std::uint8_t { null, boolean, number, text, sequence, mapping };
  struct Member;

  Kind kind = Kind::null;
  std::uint32_t line = 0;
  NodeText text;                ///< of text: unescaped; of number and boolean: as written
  std::vector<Node> items;      ///< of a sequence
  std::vector<Member> members;  ///< of a mapping, in document order, keys unique

  [[nodiscard]] bool is(Kind k) const { return kind == k; }
  /// find returns the member of a mapping, or null (also when not a mapping).
  [[nodiscard]] const Node* find(std::string_view key) const;
  /// field finds a protobuf JSON field by its snake_case name, in either
  /// spelling: field("inline_bytes") also finds "inlineBytes". One that is null
  /// is as good as absent and gives way to the other spelling.
  [[nodiscard]] const Node* field(std::string_view snake_case_name) const;
  /// field_member is field with the key as the document spells it.
  [[nodiscard]] const Member* field_member(std::string_view snake_case_name) const;
  /// field_count tells a field that is there twice, in both spellings and not null.
  [[nodiscard]] std::size_t field_count(std::string_view snake_case_name) const;
  /// look_up gives both at once.
  struct Field {
    const Member* member = nullptr;
    std::size_t count = 0;
  };
  [[nodiscard]] Field look_up(std::string_view snake_case_name) const;
  /// repeated_key is a member whose key came before, or null. No choice of keys makes it slow.
  [[nodiscard]] const Member* repeated_key() const;
};

struct Node::Member {
  NodeText key;
  Node value;
};

/// is_field compares a key with a protobuf field's snake_case name, taking "_x"
/// in the name and "X" in the key as equal, without allocating.
[[nodiscard]] bool is_field(std::string_view key, std::string_view snake_case_name);

/// kind_name says what a value is, in words: "a string", "an object".
[[nodiscard]] std::string_view kind_name(Node::Kind kind);

/// read_json composes a whole document, whose texts are its own. Fails, with the line, on syntax errors,
/// truncation, anything after the value, duplicate keys (parsers disagree on
/// which one counts), invalid UTF-8 and nesting beyond limits.depth.
[[nodiscard]] Result<Node> read_json(const std::string& file, ByteView octets, const Limits& limits);

/// message_in_value is the message for a document that stands in a value of another: the line of such an
/// error is one of the value, and no place.
[[nodiscard]] std::string message_in_value(const Error& error);

}  // namespace meshcert::input
