#include "input/log_store.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "input/log_access.hpp"
#include "input/log_line.hpp"
#include "input/log_time.hpp"
#include "input/node.hpp"
#include "meshcert/bytes.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t npos = std::string_view::npos;
// A store has objects in objects, and in them what a collector has put around what a runtime has.
constexpr int kMostDepth = 16;

// A text of a program stands under this key, where one of these is beside it; without them the key
// alone tells. What anybody may write under it counts where it begins as a line does.
struct Key {
  std::string_view quoted;
  enum class Of : std::uint8_t { runtime, store, anybody } of;
  std::span<const std::string_view> beside = {};
  [[nodiscard]] constexpr std::string_view name() const { return quoted.substr(1, quoted.size() - 2); }
};

// The values of an access log in JSON are partly its clients', and its keys its administrator's
// choice: "line" and "body" tell a store only beside what it adds.
constexpr std::array<std::string_view, 1> kOfLoki = {"labels"};
constexpr std::array<std::string_view, 8> kOfTelemetry = {
    "resource",       "attributes",   "timeUnixNano",    "observedTimeUnixNano",
    "severityNumber", "severityText", "severity_number", "severity_text"};
constexpr std::array<Key, 6> kKeys = {Key{"\"log\"", Key::Of::runtime},
                                      Key{"\"textPayload\"", Key::Of::store},
                                      Key{"\"_raw\"", Key::Of::store},
                                      Key{"\"line\"", Key::Of::store, kOfLoki},
                                      Key{"\"body\"", Key::Of::store, kOfTelemetry},
                                      Key{"\"message\"", Key::Of::anybody}};

// Under these keys stores have what they keep, one or more.
constexpr std::array<std::string_view, 5> kAround = {"result", "_source", "resourceLogs", "scopeLogs",
                                                     "logRecords"};

void read_line(std::string_view line, int depth, const Limits& limits, std::vector<std::string>& texts);

// Where the labels end that a text begins with, `{app="istiod", pod="istiod-1"}`; 0 without.
std::size_t labels_end(std::string_view text) {
  if (!text.starts_with('{')) return 0;
  std::size_t at = 1;
  while (at < text.size() && text[at] != '}') {
    const std::size_t value = text.find("=\"", at);
    if (value == npos || value == at || text.substr(at, value - at).find_first_of(" \"'{},:") != npos)
      return 0;
    std::size_t end = value + 2;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    at = end + 1;
    if (text.substr(std::min(at, text.size())).starts_with(", ")) at += 2;
  }
  return at < text.size() ? at + 1 : 0;
}

// Behind a time and labels.
std::string_view behind_labels(std::string_view line) {
  const std::string_view labels = log_labels(line);
  if (labels.empty()) return {};
  const auto rest = line.substr(static_cast<std::size_t>(labels.data() - line.data()) + labels.size());
  return rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
}

bool begins_as_line(std::string_view text) {
  return begins_as_message(text) || !log_object(text).empty() ||
         read_text_access(text).kind == LogLine::Kind::access;
}

const Node* text_under(const Node& object, std::string_view key) {
  const Node* value = object.find(key);
  if (value != nullptr && value->is(Node::Kind::mapping)) value = value->find("stringValue");
  return value != nullptr && value->is(Node::Kind::text) ? value : nullptr;
}

const Node* stored_in(const Node& object) {
  const bool is_access = std::ranges::any_of(
      object.members, [](const Node::Member& member) { return is_access_key(member.key); });
  for (const Key& key : kKeys) {
    const Node* text = is_access && key.of != Key::Of::runtime ? nullptr : text_under(object, key.name());
    if (text == nullptr || (key.of == Key::Of::anybody && !begins_as_line(text->text))) continue;
    const auto has = [&object](std::string_view name) { return object.find(name) != nullptr; };
    if (key.beside.empty() || std::ranges::any_of(key.beside, has)) return text;
  }
  return nullptr;
}

void read_value(const Node& value, int depth, const Limits& limits, std::vector<std::string>& texts) {
  if (depth > kMostDepth) return;
  for (const Node& item : value.items) read_value(item, depth + 1, limits, texts);
  if (const Node* stored = stored_in(value)) {
    std::string text(stored->text);
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return read_line(text, depth + 1, limits, texts);
  }
  for (const std::string_view key : kAround)
    if (const Node* around = value.find(key)) read_value(*around, depth + 1, limits, texts);
}

// What the line holds; or itself, where it holds none and stood in another.
void read_line(std::string_view line, int depth, const Limits& limits, std::vector<std::string>& texts) {
  if (const auto rest = behind_labels(line); !rest.empty() && depth <= kMostDepth)
    return read_line(rest, depth + 1, limits, texts);
  const std::size_t before = texts.size();
  const std::string_view object = log_object(line);
  if (std::ranges::any_of(kKeys, [object](const Key& key) { return object.find(key.quoted) != npos; }))
    if (const auto read = read_json("", as_bytes(object), limits)) read_value(*read, depth, limits, texts);
  if (texts.size() == before && depth != 0) texts.emplace_back(line);
}

}  // namespace

std::string_view log_labels(std::string_view line) {
  const std::size_t begin = line.substr(0, kMostBefore).find('{');
  if (begin == npos || begin == 0 || line.find(' ') != begin - 1 || !log_time(line.substr(0, begin)))
    return {};
  const std::string_view labels = line.substr(begin, labels_end(line.substr(begin)));
  return line.substr(begin + labels.size()).starts_with(' ') ? labels : "";
}

std::vector<std::string> stored_log_lines(std::string_view line, const Limits& limits) {
  std::vector<std::string> texts;
  read_line(line, 0, limits, texts);
  return texts;
}

}  // namespace meshcert::input
