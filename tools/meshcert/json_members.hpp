#pragma once

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "meshcert/row.hpp"

namespace meshcert::cli {

/// Members of lines that another run wrote. What is not there, or of another type, is empty.
using Json = nlohmann::json;

/// member is null where there is none.
[[nodiscard]] const Json& member(const Json& object, const char* key);
/// view_of looks into the document; "" for what is no text.
[[nodiscard]] std::string_view view_of(const Json& value);
/// exact is the text, or the octets of the sibling that carries them.
[[nodiscard]] std::string exact(const Json& object, const std::string& key);
[[nodiscard]] std::uint64_t number(const Json& object, const char* key);
[[nodiscard]] bool truth(const Json& object, const char* key);
[[nodiscard]] std::optional<std::string> text_or_none(const Json& object, const char* key);
[[nodiscard]] std::optional<Instant> time_of(const Json& object, const char* key);
[[nodiscard]] SourceRef source_of(const Json& line);
/// severity_of is an error where it is not said.
[[nodiscard]] Severity severity_of(const Json& object);
[[nodiscard]] std::optional<ArtifactKind> known_kind(std::string_view word);

template <class T>
std::optional<T> number_or_none(const Json& object, const char* key) {
  if (!member(object, key).is_number_unsigned()) return std::nullopt;
  return static_cast<T>(number(object, key));
}

/// word_of is that of `all` which is written so.
template <class T, std::size_t count>
T word_of(std::string_view text, const std::array<T, count>& all, T otherwise) {
  const auto found = std::ranges::find(all, text, [](T value) { return to_string(value); });
  return found == all.end() ? otherwise : *found;
}

}  // namespace meshcert::cli
