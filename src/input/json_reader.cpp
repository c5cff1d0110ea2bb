#include "input/json_reader.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/escape.hpp"
#include "base/lines.hpp"
#include "base/utf8.hpp"
#include "input/depth.hpp"
#include "input/json_blocks.hpp"
#include "input/json_fault.hpp"
#include "input/json_string.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

// Objects of Kubernetes and Envoy have a few members.
constexpr std::size_t kExpectedMembers = 4;

enum class Texts { views, own };

// Walks a text once and keeps everything. A function that returns false has either set
// error_ or met bad syntax, which find_json_fault explains.
class Walk {
 public:
  Walk(const std::string& file, std::string_view text, std::span<const LineMark> marks, const Limits& limits,
       Texts texts)
      : file_(file),
        begin_(text.data()),
        at_(begin_),
        end_(begin_ + text.size()),
        marks_(marks),
        depth_limit_(std::min(limits.depth, kDeepest)),
        values_left_(limits.values),
        texts_(texts) {}

  bool document(Node& out) {
    skip_space();
    if (at_ == end_) return false;
    out.line = line();
    if (!content(out, 0)) return false;
    skip_space();
    return at_ == end_;
  }

  std::optional<Error> error() && { return std::move(error_); }

 private:
  bool fail(std::uint32_t line, std::string message) {
    error_ = Error{SourceRef{file_, line}, std::move(message)};
    return false;
  }

  // Line breaks stand in white space alone: in a string they are a fault.
  void skip_space() {
    constexpr std::uint64_t kSpaces = 0x2020'2020'2020'2020U;
    for (std::uint64_t octets = 0; at_ != end_; ++at_) {
      if (*at_ == '\n')
        ++line_;
      else if (*at_ != ' ' && *at_ != '\t' && *at_ != '\r')
        return;
      for (; end_ - at_ > static_cast<std::ptrdiff_t>(sizeof octets); at_ += sizeof octets) {
        std::memcpy(&octets, at_ + 1, sizeof octets);
        if (octets != kSpaces) break;
      }
    }
  }

  // Of the token at at_.
  std::uint32_t line() {
    while (!marks_.empty() && begin_ + marks_.front().offset <= at_) {
      const char* from = begin_ + marks_.front().offset;
      line_ = marks_.front().line + base::count_lines({from, static_cast<std::size_t>(at_ - from)});
      marks_ = marks_.subspan(1);
    }
    return line_;
  }

  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool value(Node& out, std::size_t depth) {
    skip_space();
    if (at_ == end_) return false;
    out.line = line();
    if (values_left_ == 0)
      return fail(out.line, "the JSON has more values than the limit allows; raise it with --max-values");
    --values_left_;
    return content(out, depth);
  }

  bool content(Node& out, std::size_t depth) {
    if (*at_ == '{') return object(out, depth + 1);
    if (*at_ == '[') return array(out, depth + 1);
    if (*at_ != '"') return scalar(out);
    out.kind = Node::Kind::text;
    return string(out.text);
  }

  // It runs to white space or a character of JSON's syntax.
  bool scalar(Node& out) {
    const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
    const std::string_view token = rest.substr(0, rest.find_first_of(" \t\r\n,:[]{}\""));
    at_ += token.size();
    if (token == "null") return true;
    keep(token, out.text);
    out.kind = token == "true" || token == "false" ? Node::Kind::boolean : Node::Kind::number;
    return out.is(Node::Kind::boolean) || (!token.empty() && number_length(token) == token.size());
  }

  void keep(std::string_view text, NodeText& out) const {
    out = texts_ == Texts::own ? NodeText(text) : NodeText::view_of(text);
  }

  bool string(NodeText& out) {
    const std::string_view rest(at_ + 1, static_cast<std::size_t>(end_ - at_) - 1);
    const std::size_t plain = plain_length(rest);
    if (plain == rest.size()) return false;
    if (rest[plain] == '"') {
      keep(rest.substr(0, plain), out);
      at_ += plain + 2;
      return true;
    }
    const auto length = string_length(rest);
    if (!length) return false;
    const std::string_view text = rest.substr(0, *length);
    at_ += *length + 2;
    if (!base::is_valid_utf8(text)) return false;
    if (text.find('\\') == std::string_view::npos) return keep(text, out), true;
    const auto unescaped = unescape(text);
    if (unescaped) out = NodeText(*unescaped);
    return unescaped.has_value();
  }

  bool too_deep(std::size_t depth, std::uint32_t line) {
    if (depth <= depth_limit_) return false;
    fail(line, input::too_deep("the JSON is", depth_limit_));
    return true;
  }

  // Whether the bracket closes that was opened last, or another entry follows.
  bool closes(char bracket) {
    skip_space();
    return take(bracket);
  }

  bool array(Node& out, std::size_t depth) {
    out.kind = Node::Kind::sequence;
    if (too_deep(depth, out.line)) return false;
    ++at_;
    if (closes(']')) return true;
    do {
      if (!value(out.items.emplace_back(), depth)) return false;
      if (closes(']')) return true;
    } while (take(','));
    return false;
  }

  bool object(Node& out, std::size_t depth) {
    out.kind = Node::Kind::mapping;
    if (too_deep(depth, out.line)) return false;
    ++at_;
    if (closes('}')) return true;
    out.members.reserve(kExpectedMembers);
    do {
      if (!member(out, depth)) return false;
      if (closes('}')) return keys_unique(out);
    } while (take(','));
    return false;
  }

  bool member(Node& mapping, std::size_t depth) {
    skip_space();
    if (at_ == end_ || *at_ != '"') return false;
    Node::Member& added = mapping.members.emplace_back();
    if (!string(added.key)) return false;
    skip_space();
    // A bundle map that names a trust domain twice is read: the rules say what comes of it.
    if (depth == 1 && added.key == "trust_domains") bundle_map_ = &added.value;
    return take(':') && value(added.value, depth);
  }

  bool keys_unique(const Node& mapping) {
    const Node::Member* twin = mapping.repeated_key();
    if (twin == nullptr || &mapping == bundle_map_) return true;
    return fail(twin->value.line, fmt::format("the key \"{}\" occurs twice in one object", shown(twin->key)));
  }

  const std::string& file_;
  const char* begin_;
  const char* at_;
  const char* end_;
  std::span<const LineMark> marks_;
  std::uint32_t line_ = 1;
  std::size_t depth_limit_;
  std::size_t values_left_;
  Texts texts_;
  const Node* bundle_map_ = nullptr;  ///< the value of the root's trust_domains, while it is read
  std::optional<Error> error_;
};

std::uint32_t line_of(std::string_view text, std::span<const LineMark> marks, std::size_t offset) {
  const auto mark = std::prev(std::ranges::upper_bound(marks, offset, {}, &LineMark::offset));
  return mark->line + base::count_lines(text.substr(mark->offset, offset - mark->offset));
}

Error explain(const std::string& file, std::string_view text, std::span<const LineMark> marks) {
  const std::optional<JsonFault> fault = find_json_fault(text);
  if (!fault) return Error{SourceRef{file, marks.front().line}, "the JSON could not be parsed"};
  const std::uint32_t line = line_of(text, marks, fault->offset);
  return Error{SourceRef{file, line}, std::string(fault->what)};
}

Result<Node> compose(const std::string& file, std::string_view text, std::span<const LineMark> lines,
                     const Limits& limits, Texts texts) {
  Node root;
  Walk walk(file, text, lines, limits, texts);
  if (walk.document(root)) return root;
  if (std::optional<Error> error = std::move(walk).error()) return fail(std::move(*error));
  return fail(explain(file, text, lines));
}

}  // namespace

Result<Node> JsonReader::read(std::string_view text, std::span<const LineMark> lines) const {
  return compose(file_, text, lines, limits_, Texts::views);
}

std::optional<Error> JsonReader::look_over(const JsonPart& part) const {
  if (!part.dubious || !find_json_fault(part.text)) return std::nullopt;
  return explain(file_, part.text, part.lines);
}

Result<Node> read_json(const std::string& file, ByteView octets, const Limits& limits) {
  constexpr LineMark kFirst{0, 1};
  return compose(file, base::without_mark(as_text(octets)), {&kFirst, 1}, limits, Texts::own);
}

}  // namespace meshcert::input
