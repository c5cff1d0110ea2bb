#pragma once

#include <string_view>

#include "base/unicode.hpp"
#include "base/utf8.hpp"

namespace meshcert::testing {

/// all_printable tells whether the text is UTF-8 of printable code points alone; ends of
/// lines are taken where `lines` says so.
[[nodiscard]] inline bool all_printable(std::string_view text, bool lines = false) {
  while (!text.empty()) {
    const base::CodePoint next = base::decode_utf8(text);
    const bool end = lines && next.valid && next.value == '\n';
    if (!end && (!next.valid || !base::is_printable(next.value))) return false;
    text.remove_prefix(next.length);
  }
  return true;
}

}  // namespace meshcert::testing
