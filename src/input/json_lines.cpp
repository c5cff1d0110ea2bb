// Documents of JSON, one on each line.

#include <memory>

#include "base/utf8.hpp"
#include "input/document.hpp"
#include "input/line_window.hpp"
#include "input/shifted_sink.hpp"
#include "input/windows.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kWindow = 256 * 1024;

std::size_t behind_last_line(std::string_view text) {
  return text.rfind('\n') + 1;  // npos + 1 is 0
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

// Whether another value begins behind this line.
bool begins_next(std::string_view text) {
  const std::size_t next = text.find_first_not_of(" \t\r\n");
  return next != std::string_view::npos && (text[next] == '{' || text[next] == '[');
}

// Whether every bracket that is opened on the line is closed on it.
bool is_balanced(std::string_view line) {
  std::size_t open = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string && c == '\\')
      ++i;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && (c == '{' || c == '['))
      ++open;
    else if (!in_string && (c == '}' || c == ']') && open-- == 0)
      return false;
  }
  return open == 0 && !in_string;
}

bool read_lines(const std::string& name, std::string_view text, std::uint32_t line,
                const ReadOptions& options, ArtifactSink& sink) {
  DocumentScope scope(options);
  bool known = false;
  for (; !text.empty(); ++line) {
    const std::string_view document = take_line(text);
    if (is_blank(document)) continue;
    ShiftedSink shifted(line, 0, sink);
    MemorySource source(as_bytes(document));
    known = read_json_documents(name, source, scope, shifted, line - 1) || known;
  }
  return known;
}

}  // namespace

bool looks_like_json_lines(std::string_view text) {
  text = base::without_mark(text);
  for (int tried = 0; tried < 2 && !text.empty();) {
    const std::string_view line = take_line(text);
    if (is_blank(line)) continue;
    const bool begins = line.front() == '{' || line.front() == '[';
    if (!begins || !begins_next(text)) return false;
    if (line.find_last_of("}]") == line.find_last_not_of(" \t\r") && is_balanced(line)) return true;
    ++tried;
  }
  return false;
}

Result<std::optional<Format>, std::string> read_json_lines(const std::string& name, ByteSource& source,
                                                           const ReadOptions& options, ArtifactSink& sink) {
  LineWindow window(source, kWindow, options.limits.value_bytes, behind_last_line);
  // Only a sink that does pieces at once lets us know.
  auto known = std::make_shared<std::optional<bool>>();
  bool any = false;
  for (std::string text = window.next(); !text.empty(); text = window.next()) {
    known->reset();
    auto shared = std::make_shared<const std::string>(std::move(text));
    sink.later([name, shared, known, line = window.line(), options](ArtifactSink& out) {
      *known = read_lines(name, *shared, line, options, out);
    });
    any = any || known->value_or(true);
  }
  if (window.failure()) return fail(*window.failure());
  return any ? std::optional(Format::envoy_secrets) : std::nullopt;
}

}  // namespace meshcert::input
