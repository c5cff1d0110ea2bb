// An X-Forwarded-Client-Cert header in a text: bare, or as commands print it.

#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "input/asked.hpp"
#include "input/capped_sink.hpp"
#include "input/node.hpp"
#include "input/xfcc.hpp"
#include "input/xfcc_lines.hpp"

namespace meshcert::input {
namespace {

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
    bool cut = false;     ///< its JSON ends early
    bool unread = false;  ///< its value is in another form than any that is read
  };

  /// named are the headers of lines that name it.
  [[nodiscard]] std::vector<Header> named() {
    return each_line([this](std::string_view line, std::string_view below) {
      auto value = value_of_named(line);
      if (!value) value = value_of_logged(line);
      return value ? std::optional(read_value(*value, below)) : std::nullopt;
    });
  }

  /// bare are those of lines that are values, where these are all lines, or sure to be; look_at_lines comes
  /// first.
  [[nodiscard]] std::vector<Header> bare() {
    if (!is_sure_ && values_ != lines_) return {};
    return each_line([this](std::string_view line, std::string_view below) -> std::optional<Header> {
      if (!holds_pair(line)) return std::nullopt;
      return read_value(line, below);
    });
  }

  /// look_at_lines sees what the lines are, of a text that does not name the header.
  void look_at_lines() {
    std::string_view rest = text_;
    for (std::uint32_t number = 1; !rest.empty(); ++number) {
      const std::string_view line = take_stripped(rest);
      if (line.empty()) continue;
      ++lines_;
      const bool value = holds_pair(line);
      values_ += value ? 1 : 0;
      is_sure_ = is_sure_ || (value && is_bare_value(line));
      if (!value && first_other_ == 0) first_other_ = number;
      if (!value && inside_ == 0 && holds_value_inside(line)) inside_ = number;
      is_request_ = is_request_ || is_request_line(line);
    }
  }
  /// inside is the first line with a header in a form that is not read; 0: none.
  [[nodiscard]] std::uint32_t inside() const { return inside_; }
  [[nodiscard]] bool is_request() const { return is_request_; }
  [[nodiscard]] std::size_t lines() const { return lines_; }
  [[nodiscard]] std::size_t others() const { return lines_ - values_; }
  [[nodiscard]] std::uint32_t first_other() const { return first_other_; }

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
    if (value.starts_with('[')) {
      const std::string_view first = stripped(value.substr(1));
      if (!first.empty() && !first.starts_with('"')) return {{}, 0, false, true};
      return read_list(value.substr(1), below);
    }
    if (value.starts_with('\'')) return {std::string(value.substr(1, end_of_quoted(value) - 1)), 0};
    if (!value.starts_with('"')) return {without_json_escapes(value, limits_), 0};
    auto literal = json_string(value, limits_);
    if (!literal) return {{}, 0, true};
    return {std::move(literal->value), 0};
  }

  /// end_of_quoted is where single quotes end: Envoy escapes none within, and a name may have one (O'Reilly).
  static std::size_t end_of_quoted(std::string_view value) {
    for (std::size_t at = value.find('\'', 1); at != std::string_view::npos; at = value.find('\'', at + 1)) {
      const std::string_view behind = stripped(value.substr(at + 1, 8));
      if (behind.empty() || std::string_view(",})]").find(behind.front()) != std::string_view::npos)
        return at;
    }
    return value.size();
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
  std::size_t lines_ = 0, values_ = 0;  ///< that are not blank; of these, values
  std::uint32_t first_other_ = 0, inside_ = 0;
  bool is_sure_ = false, is_request_ = false;
};

Defect malformed(const SourceRef& where, std::string detail, std::string fix = {}) {
  return Defect{DefectKind::malformed, where, std::move(detail), true, std::move(fix)};
}

Defect not_read(const SourceRef& where) {
  return malformed(
      where,
      "a form that is not read: the header stands behind other text, as in a map of Go, a dict of "
      "Python or a line of a log",
      "print the headers as JSON (json.dumps(dict(headers)), json.Marshal), or give the value alone, "
      "meshcert xfcc --header 'By=...;Hash=...;URI=...'");
}

// What is to be said of a text without a header.
void tell_of_none(const std::string& name, const TextReader& text, XfccReader& reader, ArtifactSink& sink) {
  const SourceRef file{name};
  if (text.inside() != 0) return sink.defect(not_read(SourceRef{name, text.inside(), "", std::nullopt}));
  if (text.is_request()) return reader.read_absent(file);
  const std::string_view none = "is By, Hash, Subject, Cert, Chain, URI or DNS";
  sink.defect(none_of_kind(Format::xfcc, file,
                           text.lines() == 1
                               ? fmt::format("none of its keys {}", none)
                               : fmt::format("in none of its {} lines a key {}", text.lines(), none)));
}

void read_headers(const std::string& name, const std::vector<TextReader::Header>& headers, XfccReader& reader,
                  ArtifactSink& sink) {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const SourceRef where{name, headers[i].line};
    const std::string title = headers.size() > 1 ? fmt::format("header {}", i + 1) : "";
    if (headers[i].unread)
      sink.defect(not_read(where));
    else if (headers[i].cut)
      sink.defect(malformed(where, "the JSON string of the header is damaged or ends early"));
    else
      reader.read_header(headers[i].value, where, title);
  }
}

}  // namespace

void read_xfcc_file(const std::string& name, ByteView octets, const ReadOptions& options,
                    ArtifactSink& sink) {
  CappedSink capped(options.limits, sink);
  XfccReader reader(name, options.limits, capped);
  TextReader text(as_text(octets), options.limits);
  if (const auto named = text.named(); !named.empty()) {
    read_headers(name, named, reader, capped);
    return capped.finish();
  }
  text.look_at_lines();
  const auto bare = text.bare();
  if (bare.empty()) return tell_of_none(name, text, reader, sink);
  read_headers(name, bare, reader, capped);
  const SourceRef other{name, text.first_other(), "", std::nullopt};
  if (text.inside() != 0)
    capped.defect(not_read(SourceRef{name, text.inside(), "", std::nullopt}));
  else if (text.others() != 0)
    capped.defect(
        malformed(other,
                  fmt::format("{} that {} no header, the first of them here",
                              text.others() == 1 ? "a line" : fmt::format("{} lines", text.others()),
                              text.others() == 1 ? "is" : "are"),
                  "leave headers alone in the file, each on a line of its own"));
  capped.finish();
}

}  // namespace meshcert::input
