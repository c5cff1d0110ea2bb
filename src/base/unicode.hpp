#pragma once

namespace meshcert::base {

/// is_printable: assigned, and leaves exactly the mark one expects. Not printable
/// are controls, format and other ignorable characters, white space but U+0020,
/// and what is unassigned, private use, surrogate or a non-character.
[[nodiscard]] bool is_printable(char32_t code_point);

/// columns_of counts the terminal columns of a printable code point: 0, 1 or 2.
[[nodiscard]] int columns_of(char32_t code_point);

}  // namespace meshcert::base
