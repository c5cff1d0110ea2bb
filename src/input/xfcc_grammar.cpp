#include "input/xfcc_grammar.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.hpp"
#include "base/lines.hpp"

namespace meshcert {
namespace {

constexpr std::array<std::string_view, 7> kKeys = {"By", "Hash", "Subject", "Cert", "Chain", "URI", "DNS"};

}  // namespace

std::string_view to_string(XfccKey key) {
  return key == XfccKey::unknown ? std::string_view{} : kKeys[static_cast<std::size_t>(key)];
}

XfccKey xfcc_key(std::string_view name) {
  const auto same = [name](std::string_view key) { return base::equal_without_case(name, key); };
  return static_cast<XfccKey>(std::ranges::find_if(kKeys, same) - kKeys.begin());
}

std::vector<std::string_view> XfccHop::values(XfccKey key) const {
  std::vector<std::string_view> found;
  for (const XfccField& field : fields)
    if (field.key == key) found.push_back(field.value);
  return found;
}

std::string_view XfccHop::caller() const {
  const auto uris = values(XfccKey::uri);
  return uris.size() == 1 ? uris.front() : std::string_view{};
}

namespace input {
namespace {

std::string_view stripped(std::string_view text) {
  return base::trimmed(text, " \t\n\v\f\r");
}

// An escape is taken where its second character follows inside of the value.
std::string unescaped(std::string_view value) {
  std::string text;
  text.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool escape =
        value[i] == '\\' && i + 1 < value.size() && (value[i + 1] == '"' || value[i + 1] == '\\');
    text += value[escape ? ++i : i];
  }
  return text;
}

// A quote that toggles, left inside of a value: Envoy takes off the outer pair only.
bool holds_quote(std::string_view value) {
  bool escaped = false;
  for (const char c : value) {
    if (c == '"' && !escaped) return true;
    escaped = c == '\\' && !escaped;
  }
  return false;
}

XfccField parse_field(std::string_view pair) {
  const std::size_t equals = pair.find('=');
  XfccField field;
  field.name = stripped(pair.substr(0, equals));
  field.key = xfcc_key(field.name);
  field.has_equals = equals != std::string_view::npos;
  std::string_view value = field.has_equals ? stripped(pair.substr(equals + 1)) : std::string_view{};
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  field.stray_quote = holds_quote(value);
  field.value = unescaped(value);
  return field;
}

// Cutter collects the pairs and elements of a header as it is walked.
class Cutter {
 public:
  void end_pair(std::string_view pair) {
    if (!stripped(pair).empty()) elements_.back().push_back(parse_field(pair));
  }
  void end_element() { elements_.emplace_back(); }
  std::vector<XfccElement> finish() { return std::move(elements_); }

 private:
  std::vector<XfccElement> elements_{1};
};

}  // namespace

Result<std::vector<XfccElement>, std::size_t> parse_xfcc(std::string_view header) {
  Cutter cutter;
  std::size_t start = 0, opened = 0, backslashes = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const char c = header[i];
    if (c == '"' && backslashes % 2 == 0) {
      quoted = !quoted;
      opened = i;
    } else if (!quoted && (c == ';' || c == ',')) {
      cutter.end_pair(header.substr(start, i - start));
      if (c == ',') cutter.end_element();
      start = i + 1;
    }
    backslashes = c == '\\' ? backslashes + 1 : 0;
  }
  if (quoted) return fail(opened);
  cutter.end_pair(header.substr(start));
  return cutter.finish();
}

bool knows_any(const XfccElement& element) {
  return std::ranges::any_of(element, [](const XfccField& field) { return field.key != XfccKey::unknown; });
}

}  // namespace input
}  // namespace meshcert
