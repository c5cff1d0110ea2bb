#include "meshcert/json_members.hpp"

#include "base/hex.hpp"

namespace meshcert::cli {

const Json& member(const Json& object, const char* key) {
  static const Json none;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? none : *found;
}

std::string_view view_of(const Json& value) {
  const auto* text = value.get_ptr<const Json::string_t*>();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

std::string exact(const Json& object, const std::string& key) {
  if (const auto octets = base::parse_hex(view_of(member(object, (key + "_hex").c_str())));
      octets && !octets->empty())
    return {octets->begin(), octets->end()};
  return std::string(view_of(member(object, key.c_str())));
}

std::uint64_t number(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

bool truth(const Json& object, const char* key) {
  return member(object, key) == Json(true);
}

std::optional<std::string> text_or_none(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
}

std::optional<Instant> time_of(const Json& object, const char* key) {
  const auto time = parse_rfc3339(view_of(member(object, key)));
  return time ? std::optional(*time) : std::nullopt;
}

SourceRef source_of(const Json& line) {
  const Json& source = member(line, "source");
  return {exact(source, "file"), static_cast<std::uint32_t>(number(source, "line")), exact(source, "pointer"),
          number_or_none<std::uint32_t>(source, "certificate")};
}

Severity severity_of(const Json& object) {
  return word_of(view_of(member(object, "severity")),
                 std::array{Severity::info, Severity::warning, Severity::error}, Severity::error);
}

std::optional<ArtifactKind> known_kind(std::string_view word) {
  for (std::uint8_t value = 0; value < 64; ++value) {
    const auto kind = static_cast<ArtifactKind>(value);
    const std::string_view text = to_string(kind);
    if (text.empty()) break;
    if (text == word) return kind;
  }
  return std::nullopt;
}

}  // namespace meshcert::cli
