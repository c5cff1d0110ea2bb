#include "input/place.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

#include "input/withheld.hpp"

namespace meshcert::input {

std::string child_pointer(std::string_view pointer, std::string_view key_of_input) {
  constexpr std::size_t kLongest = 1024, kShort = 64;
  std::string child;
  child.reserve(pointer.size() + std::min(key_of_input.size(), kLongest) + 1);
  child += pointer;
  if (child.size() > kLongest) return child;
  child += '/';
  const bool plain = key_of_input.size() <= kShort && !holds_key(key_of_input) &&
                     key_of_input.find('~') == std::string_view::npos &&
                     key_of_input.find('/') == std::string_view::npos;
  if (plain) {
    child += key_of_input;
    return child;
  }
  const std::string key = shown(key_of_input);
  for (const char c : key) {
    if (c == '~') {
      child += "~0";
    } else if (c == '/') {
      child += "~1";
    } else {
      child += c;
    }
  }
  return child;
}

std::string explain_no_time(std::string_view field, const Node& value) {
  constexpr std::string_view kRequired = "must be an RFC 3339 time such as 2026-11-22T05:17:21Z";
  if (!value.is(Node::Kind::text))
    return fmt::format("{} is {}, but {}", field, kind_name(value.kind), kRequired);
  return fmt::format("{} is \"{}\", but {}", field, shown(value.text), kRequired);
}

Place Place::item(std::size_t index) const {
  return {&node->items[index], fmt::format("{}/{}", pointer, index)};
}

SourceRef source_of(const std::string& file, const Place& place) {
  return SourceRef{file, place.node->line, place.pointer};
}

void FieldReader::defect(DefectKind kind, const Place& place, std::string detail, bool lost) {
  defects_.push_back(Defect{kind, source(place), std::move(detail), lost});
}

bool FieldReader::expect(const Place& place, Node::Kind kind) {
  if (place.node->is(kind)) return true;
  defect(DefectKind::malformed, place,
         fmt::format("{} is expected here, not {}", kind_name(kind), kind_name(place.node->kind)), true);
  return false;
}

std::optional<Place> FieldReader::field(const Place& parent, std::string_view snake_case_name,
                                        Node::Kind kind) {
  const auto [member, count] = parent.node->look_up(snake_case_name);
  if (count == 0) return std::nullopt;
  Place place{&member->value, child_pointer(parent.pointer, member->key)};
  if (count > 1) {
    defect(DefectKind::malformed, parent,
           fmt::format("\"{}\" is there in both spellings; only one can be read", snake_case_name), true);
  }
  if (!expect(place, kind)) return std::nullopt;
  return place;
}

std::vector<Place> FieldReader::items(const Place& parent, std::string_view snake_case_name,
                                      Node::Kind kind) {
  std::vector<Place> all;
  const auto list = field(parent, snake_case_name, Node::Kind::sequence);
  for (std::size_t i = 0; list && i < list->node->items.size(); ++i) {
    Place item = list->item(i);
    if (expect(item, kind)) all.push_back(std::move(item));
  }
  return all;
}

// Where all is as it should be, nobody asks for the pointer.
std::string_view FieldReader::view(const Place& parent, std::string_view snake_case_name) {
  const auto [member, count] = parent.node->look_up(snake_case_name);
  if (count == 0) return "";
  if (member->value.is(Node::Kind::text) && count == 1) return member->value.text;
  const auto place = field(parent, snake_case_name, Node::Kind::text);
  return place ? std::string_view(place->node->text) : std::string_view();
}

}  // namespace meshcert::input
