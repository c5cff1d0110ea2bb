// An X-Forwarded-Client-Cert header in a text: bare, or as commands print it.

#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.hpp"
#include "base/lines.hpp"
#include "input/capped_sink.hpp"
#include "input/document.hpp"
#include "input/node.hpp"
#include "input/shape.hpp"
#include "input/xfcc.hpp"
#include "input/xfcc_grammar.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kName = "x-forwarded-client-cert";

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

// Of every line of every text, before anything is known of it.
std::string_view stripped(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view take_stripped(std::string_view& rest) {
  return stripped(base::take_line(rest));
}

bool starts_with_name(std::string_view text) {
  return base::equal_without_case(text.substr(0, kName.size()), kName);
}

// What stands after the name of the header and a colon, in a line that begins with it:
// plain, after the mark of curl -v, or as a key of JSON.
std::optional<std::string_view> after_name(std::string_view line) {
  if (line.starts_with("> ") || line.starts_with("< ")) line = stripped(line.substr(2));
  const bool quoted = line.starts_with('"') || line.starts_with('\'');
  if (quoted) line.remove_prefix(1);
  if (!starts_with_name(line)) return std::nullopt;
  line.remove_prefix(kName.size());
  if (quoted && !line.empty()) line.remove_prefix(1);
  line = stripped(line);
  if (!line.starts_with(':')) return std::nullopt;
  return stripped(line.substr(1));
}

std::string_view without_quote(std::string_view line) {
  return line.substr(line.starts_with('"') || line.starts_with('\'') ? 1 : 0);
}

// A pair with a known key begins the text.
bool begins_with_pair(std::string_view text) {
  const std::string_view key = text.substr(0, text.find('='));
  return key.size() != text.size() && xfcc_key(stripped(key)) != XfccKey::unknown;
}

// By and Hash come first in what Envoy writes; other keys are anybody's words
// ("subject=", "URI=") and count where another pair follows, or beside such lines.
bool is_bare_value(std::string_view line) {
  line = without_quote(line);
  if (!begins_with_pair(line)) return false;
  const XfccKey first = xfcc_key(stripped(line.substr(0, line.find('='))));
  if (first == XfccKey::by || first == XfccKey::hash) return true;
  for (std::size_t at = line.find(';'); at != std::string_view::npos; at = line.find(';', at + 1))
    if (begins_with_pair(line.substr(at + 1))) return true;
  return false;
}

// The value of a JSON string at the start of a text, and how long it is there.
struct Literal {
  std::string value;
  std::size_t length;
};
std::optional<Literal> json_string(std::string_view text, const Limits& limits) {
  bool escaped = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"' && !escaped) {
      const auto node = read_json("", as_bytes(text.substr(0, i + 1)), limits);
      return node ? std::optional(Literal{std::string(node->text), i + 1}) : std::nullopt;
    }
    escaped = text[i] == '\\' && !escaped;
  }
  return std::nullopt;
}

// JSON without its outer quotes, as it is pasted: every quote has a backslash.
std::string without_json_escapes(std::string_view value, const Limits& limits) {
  bool bare = false, escaped = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool quote = value[i] == '"';
    const bool after_backslash = i != 0 && value[i - 1] == '\\';
    bare = bare || (quote && !after_backslash);
    escaped = escaped || (quote && after_backslash);
  }
  if (bare || !escaped) return std::string(value);
  const auto literal = json_string(fmt::format("\"{}\"", value), limits);
  return literal ? literal->value : std::string(value);
}

// Lines walks a text and reads what follows the beginning of a line.
class TextReader {
 public:
  TextReader(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

  struct Header {
    std::string value;
    std::uint32_t line;
    bool cut = false;  ///< its JSON ends early
  };

  std::vector<Header> headers() {
    std::vector<Header> named = each_line([this](std::string_view line, std::string_view below) {
      const auto value = after_name(line);
      return value ? std::optional(read_value(*value, below)) : std::nullopt;
    });
    if (!named.empty()) return named;
    return each_line([this](std::string_view line, std::string_view below) -> std::optional<Header> {
      if (line.empty()) return std::nullopt;
      return read_value(line, below);
    });
  }

 private:
  template <class Read>
  std::vector<Header> each_line(const Read& read) {
    std::vector<Header> found;
    std::string_view rest = text_;
    for (std::uint32_t number = 1; !rest.empty(); ++number) {
      const std::string_view line = take_stripped(rest);
      if (auto header = read(line, rest)) {
        header->line = number;
        found.push_back(std::move(*header));
      }
    }
    return found;
  }

  // Plain to the end of the line, or one string of JSON, or a list of them that may go
  // on below and need not end.
  Header read_value(std::string_view value, std::string_view below) {
    if (value.starts_with('[')) return read_list(value.substr(1), below);
    if (value.starts_with('\'')) {
      const std::size_t end = value.find('\'', 1);
      return {std::string(value.substr(1, end - (end == std::string_view::npos ? 0 : 1))), 0};
    }
    if (!value.starts_with('"')) return {without_json_escapes(value, limits_), 0};
    auto literal = json_string(value, limits_);
    if (!literal) return {{}, 0, true};
    return {std::move(literal->value), 0};
  }

  Header read_list(std::string_view line, std::string_view below) {
    Header header{{}, 0, true};
    for (;;) {
      line = stripped(line);
      if (line.starts_with(',')) line = stripped(line.substr(1));
      if (line.empty() && !below.empty()) {
        line = take_stripped(below);
        continue;
      }
      const auto literal = line.starts_with('"') ? json_string(line, limits_) : std::nullopt;
      if (!literal) break;
      header.value.append(header.cut ? "" : ",").append(literal->value);
      header.cut = false;
      line.remove_prefix(literal->length);
    }
    return header;
  }

  std::string_view text_;
  const Limits& limits_;
};

}  // namespace

bool looks_like_xfcc(std::string_view text) {
  constexpr std::size_t kHead = 64 * 1024;
  std::string_view rest = text.substr(0, kHead);
  bool bare = true, any = false, sure = false;
  while (!rest.empty()) {
    const std::string_view line = take_stripped(rest);
    const bool cut = rest.empty() && text.size() > kHead;
    if (line.empty() || (cut && any)) continue;
    if (const auto value = after_name(line)) {
      if (value->starts_with('"') || value->starts_with('\'') || value->starts_with('[')) return true;
      if (begins_with_pair(*value)) return true;
    }
    const bool was_bare = std::exchange(bare, bare && begins_with_pair(without_quote(line)));
    // Nothing but a name is looked for from here on, and most of PEM has no colon to follow one.
    if (was_bare && !bare && rest.find(':') == std::string_view::npos) return false;
    sure = sure || (bare && is_bare_value(line));
    any = true;
  }
  return bare && sure;
}

void read_xfcc_file(const std::string& name, ByteView octets, const ReadOptions& options,
                    ArtifactSink& sink) {
  const std::string_view text = as_text(octets);
  if (looks_like_json(text)) {
    MemorySource source(octets);
    DocumentScope scope(options);
    read_json_documents(name, source, scope, sink);
    return;
  }
  CappedSink capped(options.limits, sink);
  XfccReader reader(name, options.limits, capped);
  const auto headers = TextReader(text, options.limits).headers();
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const SourceRef where{name, headers[i].line, "", std::nullopt};
    const std::string title = headers.size() > 1 ? fmt::format("header {}", i + 1) : "";
    if (headers[i].cut)
      capped.defect(Defect{DefectKind::malformed, where,
                           "the JSON string of the header is damaged or ends early", true});
    else
      reader.read_header(headers[i].value, where, title);
  }
  capped.finish();
}

}  // namespace meshcert::input
