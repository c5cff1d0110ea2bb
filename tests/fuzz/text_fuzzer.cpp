#include <algorithm>
#include <string>

#include "base/escape.hpp"
#include "base/unicode.hpp"
#include "base/utf8.hpp"
#include "tests/fuzz/fuzzer.hpp"

using namespace meshcert;
using fuzz::require;

namespace {

bool all_printable(std::string_view text) {
  for (base::CodePoint next{}; !text.empty(); text.remove_prefix(next.length)) {
    next = base::decode_utf8(text);
    if (!next.valid || !base::is_printable(next.value)) return false;
  }
  return true;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::string escaped = base::escape_for_terminal(text);
  require(all_printable(escaped));
  require(base::escape_for_terminal(escaped) == escaped);
  require((escaped == text) == all_printable(text));

  const std::string valid = base::to_valid_utf8(text);
  require(base::is_valid_utf8(valid) && (valid == text) == base::is_valid_utf8(text));

  const std::size_t width = base::display_width(escaped);
  for (const std::size_t columns : {std::size_t{0}, std::size_t{2}, std::size_t{9}, width, width + 1}) {
    for (const std::string& shown :
         {base::elide_end(escaped, columns), base::elide_middle(escaped, columns)}) {
      require(base::display_width(shown) <= columns && base::is_valid_utf8(shown));
      require(columns < width || shown == escaped);
    }
  }
  return 0;
}
