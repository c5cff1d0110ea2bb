#include <simdjson.h>

#include <fmt/format.h>
#include <algorithm>
#include <optional>

#include "base/lines.hpp"
#include "base/utf8.hpp"
#include "input/json_fault.hpp"
#include "input/json_reader.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

namespace ondemand = simdjson::ondemand;

// The walk recurses, so the nesting that a caller may allow is bounded too.
constexpr std::size_t kMaxDepth = 1000;
// Objects of Kubernetes and Envoy have a few members.
constexpr std::size_t kExpectedMembers = 4;

// Counts lines up to offsets that only grow: each octet is looked at once.
class LineCounter {
 public:
  LineCounter(std::string_view text, std::span<const LineMark> marks)
      : text_(text), at_(text.data()), marks_(marks) {}

  std::uint32_t line_of(const char* place) {
    while (!marks_.empty() && text_.data() + marks_.front().offset <= place) {
      at_ = text_.data() + marks_.front().offset;
      line_ = marks_.front().line;
      marks_ = marks_.subspan(1);
    }
    if (place > at_) {
      line_ += base::count_lines({at_, static_cast<std::size_t>(place - at_)});
      at_ = place;
    }
    return line_;
  }

 private:
  std::string_view text_;
  const char* at_;
  std::span<const LineMark> marks_;
  std::uint32_t line_ = 1;
};

std::string_view trimmed(std::string_view token) {
  const std::size_t last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last + 1);
}

// Walks a document once and keeps everything. simdjson reads lazily; because
// every value is visited and every scalar checked, nothing is left unvalidated.
// A function that returns false has either set error_ or met bad syntax, which
// find_json_fault explains better.
class Walk {
 public:
  Walk(const std::string& file, std::string_view text, std::span<const LineMark> marks,
       std::size_t depth_limit, std::size_t& values_left)
      : file_(file),
        text_(text),
        lines_(text, marks),
        depth_limit_(std::min(depth_limit, kMaxDepth)),
        values_left_(values_left) {}

  bool document(ondemand::document& doc, Node& out) {
    simdjson::ondemand::json_type type{};
    std::string_view token;
    if (doc.type().get(type) != simdjson::SUCCESS || doc.raw_json_token().get(token) != simdjson::SUCCESS)
      return false;
    out.line = lines_.line_of(token.data());
    if (type == ondemand::json_type::object) return object(doc.get_object(), out, 1) && at_end(doc);
    if (type == ondemand::json_type::array) return array(doc.get_array(), out, 1) && at_end(doc);
    return !find_json_fault(text_) && scalar(type, trimmed(token), doc, out);
  }

  std::optional<Error> error() && { return std::move(error_); }

 private:
  static bool at_end(ondemand::document& doc) { return doc.current_location().error() != simdjson::SUCCESS; }

  bool fail(std::uint32_t line, std::string message) {
    error_ = Error{SourceRef{file_, line, "", std::nullopt}, fmt::format("{} (line {})", message, line)};
    return false;
  }

  bool value(ondemand::value& in, Node& out, std::size_t depth) {
    ondemand::json_type type{};
    if (in.type().get(type) != simdjson::SUCCESS) return false;
    const std::string_view token = in.raw_json_token();
    out.line = lines_.line_of(token.data());
    if (values_left_ == 0)
      return fail(out.line, "the JSON has more values than the limit allows; raise it with --max-values");
    --values_left_;
    if (type == ondemand::json_type::object) return object(in.get_object(), out, depth + 1);
    if (type == ondemand::json_type::array) return array(in.get_array(), out, depth + 1);
    return scalar(type, type == ondemand::json_type::string ? token : trimmed(token), in, out);
  }

  template <class Value>
  static bool scalar(ondemand::json_type type, std::string_view token, Value& in, Node& out) {
    if (type == ondemand::json_type::string) {
      out.kind = Node::Kind::text;
      std::string_view text;
      if (in.get_string().get(text) != simdjson::SUCCESS) return false;
      out.text = text;
      return true;
    }
    if (type == ondemand::json_type::null) return token == "null";
    out.text = token;
    if (type == ondemand::json_type::number) {
      out.kind = Node::Kind::number;
      return number_length(token) == token.size();
    }
    out.kind = Node::Kind::boolean;
    return token == "true" || token == "false";
  }

  bool too_deep(std::size_t depth, std::uint32_t line) {
    if (depth <= depth_limit_) return false;
    fail(line, fmt::format("the JSON is nested more than {} deep, the limit; raise it with --max-depth",
                           depth_limit_));
    return true;
  }

  bool array(simdjson::simdjson_result<ondemand::array> in, Node& out, std::size_t depth) {
    out.kind = Node::Kind::sequence;
    if (too_deep(depth, out.line)) return false;
    ondemand::array items;
    if (std::move(in).get(items) != simdjson::SUCCESS) return false;
    for (auto element : items) {
      ondemand::value item;
      if (std::move(element).get(item) != simdjson::SUCCESS) return false;
      if (!value(item, out.items.emplace_back(), depth)) return false;
    }
    return true;
  }

  bool object(simdjson::simdjson_result<ondemand::object> in, Node& out, std::size_t depth) {
    out.kind = Node::Kind::mapping;
    if (too_deep(depth, out.line)) return false;
    ondemand::object members;
    if (std::move(in).get(members) != simdjson::SUCCESS) return false;
    for (auto member : members) {
      ondemand::field field;
      if (std::move(member).get(field) != simdjson::SUCCESS) return false;
      std::string_view key;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
      if (out.members.capacity() == 0) out.members.reserve(kExpectedMembers);
      Node::Member& added = out.members.emplace_back(Node::Member{std::string(key), Node{}});
      // A bundle map that names a trust domain twice is read: the rules say what comes of it.
      if (depth == 1 && key == "trust_domains") bundle_map_ = &added.value;
      if (!value(field.value(), added.value, depth)) return false;
    }
    return keys_unique(out);
  }

  bool keys_unique(const Node& mapping) {
    const Node::Member* twin = mapping.repeated_key();
    if (twin == nullptr || &mapping == bundle_map_) return true;
    return fail(twin->value.line, fmt::format("the key \"{}\" occurs twice in one object", shown(twin->key)));
  }

  const std::string& file_;
  std::string_view text_;
  LineCounter lines_;
  std::size_t depth_limit_;
  std::size_t& values_left_;
  const Node* bundle_map_ = nullptr;  ///< the value of the root's trust_domains, while it is read
  std::optional<Error> error_;
};

Error explain(const std::string& file, std::string_view text, std::span<const LineMark> marks) {
  const std::optional<JsonFault> fault = find_json_fault(text);
  if (!fault)
    return Error{SourceRef{file, marks.front().line, "", std::nullopt}, "the JSON could not be parsed"};
  const std::uint32_t line = LineCounter(text, marks).line_of(text.data() + fault->offset);
  return Error{SourceRef{file, line, "", std::nullopt}, fmt::format("{} (line {})", fault->what, line)};
}

}  // namespace

struct JsonReader::Parser {
  ondemand::parser simdjson;
};

JsonReader::JsonReader(const std::string& file, const Limits& limits)
    : file_(file), depth_limit_(limits.depth), values_(limits.values), parser_(std::make_unique<Parser>()) {}
JsonReader::~JsonReader() = default;

static_assert(JsonReader::kPadding >= simdjson::SIMDJSON_PADDING);

Result<Node> JsonReader::read(std::string& text, std::span<const LineMark> lines) {
  text.reserve(text.size() + kPadding);
  return read_padded(text, lines);
}

Result<Node> JsonReader::read_padded(std::string_view text, std::span<const LineMark> lines) {
  ondemand::document doc;
  Node root;
  std::size_t values_left = values_;
  Walk walk(file_, text, lines, depth_limit_, values_left);
  const auto begun = parser_->simdjson.iterate(text.data(), text.size(), text.size() + kPadding).get(doc);
  if (begun == simdjson::SUCCESS && walk.document(doc, root)) return root;
  if (std::optional<Error> error = std::move(walk).error()) return fail(std::move(*error));
  return fail(explain(file_, text, lines));
}

std::optional<Error> JsonReader::look_over(std::string& text, std::span<const LineMark> lines) {
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  ondemand::document doc;
  const auto begun = parser_->simdjson.iterate(text.data(), text.size(), text.capacity()).get(doc);
  if (begun == simdjson::SUCCESS) return std::nullopt;
  return explain(file_, text, lines);
}

Result<Node> read_json(const std::string& file, ByteView octets, const Limits& limits) {
  constexpr LineMark kFirst{0, 1};
  std::string text(base::without_mark(as_text(octets)));
  return JsonReader(file, limits).read(text, {&kFirst, 1});
}

}  // namespace meshcert::input
