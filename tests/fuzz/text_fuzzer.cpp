#include <algorithm>
#include <string>

#include "base/escape.hpp"
#include "base/utf8.hpp"
#include "tests/fuzz/fuzzer.hpp"
#include "tests/support/printable.hpp"

using namespace meshcert;
using fuzz::require;
using testing::all_printable;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::string escaped = base::escape_for_terminal(text);
  require(all_printable(escaped));
  // A backslash may be doubled, so that no text passes for another.
  require(escaped != text || all_printable(text));
  require(escaped == text || !all_printable(text) || text.find('\\') != std::string_view::npos);

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
