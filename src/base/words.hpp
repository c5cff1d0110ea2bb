#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace meshcert::base {

/// join_with puts a separator between items. Of those that are no words, `to_text` makes words.
template <class Items, class ToText = std::identity>
[[nodiscard]] std::string join_with(const Items& items, std::string_view separator, ToText to_text = {}) {
  std::string text;
  bool first = true;
  for (const auto& item : items) {
    if (!first) text += separator;
    first = false;
    text += std::invoke(to_text, item);
  }
  return text;
}

/// join is "a, b, c"; `none` where there are none.
template <class Items, class ToText = std::identity>
[[nodiscard]] std::string join(const Items& items, std::string_view none = "", ToText to_text = {}) {
  return std::empty(items) ? std::string(none) : join_with(items, ", ", std::move(to_text));
}

/// whole_number reads a text of digits alone; nullopt where it is none, or does not fit.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text);

/// edit_distance is how many characters are missing, too many, others, or swapped with their
/// neighbour. It takes the product of both lengths: bound them.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// some_of is "a, b, c and 4 more": the first `most`, and how many there are besides; `none`
/// where there are none.
template <class Items, class ToText = std::identity>
[[nodiscard]] std::string some_of(const Items& items, std::string_view none = "", std::size_t most = 3,
                                  ToText to_text = {}) {
  std::string text;
  std::size_t count = 0;
  for (const auto& item : items) {
    if (++count > most) continue;
    if (count > 1) text += ", ";
    text += std::invoke(to_text, item);
  }
  if (count == 0) return std::string(none);
  return count > most ? text + " and " + std::to_string(count - most) + " more" : text;
}

/// counted says "1 warning", "2 warnings".
[[nodiscard]] inline std::string counted(std::uint64_t number, std::string_view singular) {
  return std::to_string(number) + ' ' + std::string(singular) + (number == 1 ? "" : "s");
}

}  // namespace meshcert::base
