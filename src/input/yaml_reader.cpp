#include "input/yaml_reader.hpp"

#include <yaml.h>

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "input/withheld.hpp"
#include "input/yaml_rules.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

// Readers recurse, so the nesting that a caller may allow is bounded too.
constexpr std::size_t kMaxDepth = 1000;

std::string_view text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

// The octets after the byte order mark, if there is one.
std::string_view without_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

/// Extent is how much an alias of a value would add.
struct Extent {
  std::size_t values = 0;
  std::size_t depth = 0;
};

// A value takes about 120 octets, and so much of its text counts as one.
std::size_t weight(std::string_view text) {
  constexpr std::size_t kOctets = 120;
  return text.size() / kOctets;
}

Extent extent_of(const Node& node) {
  Extent extent{1 + weight(node.text), 0};
  const auto add = [&extent](const Node& inner, std::size_t key) {
    const Extent part = extent_of(inner);
    extent.values += part.values + key;
    extent.depth = std::max(extent.depth, part.depth + 1);
  };
  for (const Node& item : node.items) add(item, 0);
  for (const Node::Member& member : node.members) add(member.value, weight(member.key));
  return extent;
}

/// Event owns a libyaml event.
class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&event_); }
  yaml_event_t* address() { return &event_; }
  const yaml_event_t& operator*() const { return event_; }

 private:
  yaml_event_t event_{};
};

/// Open is a collection whose end has not been met.
struct Open {
  Node node;
  std::string anchor;
  std::optional<std::string> key;  ///< of a mapping: the key that waits for its value
};

/// Anchored is the copy that an anchor keeps for its aliases.
struct Anchored {
  Node node;
  Extent extent;
};

// Builds nodes from libyaml's events, with a stack of its own.
class Composer {
 public:
  Composer(const std::string& file, ByteView octets, const Limits& limits, const OnYamlDocument& on_document)
      : file_(file),
        limits_(limits),
        depth_limit_(std::min(limits.depth, kMaxDepth)),
        on_document_(on_document),
        text_(without_mark(as_text(octets))) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    if (text_.empty()) text_ = std::string_view("");  // libyaml wants an address of nothing, too
    const ByteView input = as_bytes(text_);
    yaml_parser_set_input_string(&parser_, input.data(), input.size());
  }
  Composer(const Composer&) = delete;
  Composer& operator=(const Composer&) = delete;
  ~Composer() { yaml_parser_delete(&parser_); }

  Result<void> run() {
    if (const std::size_t at = excess_tag_directive(text_); at != std::string_view::npos) {
      const auto breaks = std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at), '\n');
      stop(static_cast<std::size_t>(breaks),
           fmt::format("it has more than {} %TAG directives", kTagDirectives));
      return fail(*failure_);
    }
    for (bool more = true; more;) {
      Event event;
      if (yaml_parser_parse(&parser_, event.address()) == 0) {
        stop_at_syntax();
      } else {
        more = (*event).type != YAML_STREAM_END_EVENT;
        take(*event);
      }
      if (!failure_) continue;
      hand_out_rest();
      return fail(*failure_);
    }
    return {};
  }

 private:
  void stop(std::size_t line, std::string_view why) {
    if (failure_) return;
    const auto number = static_cast<std::uint32_t>(line + 1);
    failure_ = Error{SourceRef{file_, number, "", std::nullopt},
                     fmt::format("the YAML cannot be read: {} (line {})", why, number)};
  }

  void stop_at_syntax() {
    const bool placed = parser_.error == YAML_SCANNER_ERROR || parser_.error == YAML_PARSER_ERROR;
    stop(placed ? parser_.problem_mark.line : parser_.mark.line,
         parser_.problem == nullptr ? "it is malformed" : parser_.problem);
  }

  void take(const yaml_event_t& event) {
    const std::size_t line = event.start_mark.line;
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        values_ = 0;
        return anchors_.clear();
      case YAML_SCALAR_EVENT:
        return scalar(event, line);
      case YAML_SEQUENCE_START_EVENT:
        return open(Kind::sequence, text_of(event.data.sequence_start.anchor), line);
      case YAML_MAPPING_START_EVENT:
        return open(Kind::mapping, text_of(event.data.mapping_start.anchor), line);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return close();
      case YAML_ALIAS_EVENT:
        return alias(text_of(event.data.alias.anchor), line);
      default:
        return;
    }
  }

  [[nodiscard]] bool is_key_wanted() const {
    return !open_.empty() && open_.back().node.is(Kind::mapping) && !open_.back().key;
  }

  void scalar(const yaml_event_t& event, std::size_t line) {
    const auto& scalar = event.data.scalar;
    const std::string_view value(reinterpret_cast<const char*>(scalar.value), scalar.length);
    if (is_key_wanted()) return key(value, line);
    Node node;
    const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.plain_implicit != 0;
    node.kind = plain ? kind_of_plain(value) : Kind::text;
    node.line = static_cast<std::uint32_t>(line + 1);
    if (!node.is(Kind::null)) node.text = value;
    count(line);
    place(std::move(node), text_of(scalar.anchor));
  }

  void key(std::string_view name, std::size_t line) {
    if (name == "<<") return stop(line, "merge keys (<<) are not read");
    open_.back().key = name;
  }

  void open(Kind kind, std::string_view anchor, std::size_t line) {
    if (is_key_wanted()) return stop(line, "a key is no plain name");
    if (open_.size() >= depth_limit_) return too_deep(line);
    count(line);
    Open& opened = open_.emplace_back();
    opened.node.kind = kind;
    opened.node.line = static_cast<std::uint32_t>(line + 1);
    opened.anchor = anchor;
  }

  void too_deep(std::size_t line) { stop(line, fmt::format("it is nested more than {} deep", depth_limit_)); }

  void count(std::size_t line) {
    if (++values_ > limits_.values) stop(line, "it has more values than the limit allows");
  }

  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    if (const Node::Member* twin = closed.node.repeated_key()) {
      return stop(twin->value.line - 1,
                  fmt::format("the key \"{}\" occurs twice in one mapping", shown(twin->key)));
    }
    place(std::move(closed.node), closed.anchor);
  }

  void alias(std::string_view anchor, std::size_t line) {
    if (is_key_wanted()) return stop(line, "a key is no plain name");
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      return stop(line, fmt::format("the alias *{} stands for nothing before it", shown(anchor)));
    if (open_.size() + found->second.extent.depth > depth_limit_) return too_deep(line);
    spend(found->second.extent.values, line);
    if (!failure_) place(Node(found->second.node), {});
  }

  // What aliases stand for, and the copies kept for them, are bounded together.
  void spend(std::size_t values, std::size_t line) {
    spent_ += values;
    if (spent_ > limits_.alias_nodes)
      stop(line, fmt::format("its aliases stand for more than {} values", limits_.alias_nodes));
  }

  void place(Node&& node, std::string_view anchor) {
    if (!anchor.empty()) {
      const Extent extent = extent_of(node);
      spend(extent.values, node.line - 1);
      if (failure_) return;
      anchors_.insert_or_assign(std::string(anchor), Anchored{node, extent});
    }
    if (failure_) return;
    if (open_.empty()) return on_document_(node, true);
    add(open_.back(), std::move(node));
  }

  static void add(Open& parent, Node&& node) {
    if (parent.node.is(Kind::sequence)) {
      parent.node.items.push_back(std::move(node));
    } else if (auto key = std::exchange(parent.key, std::nullopt)) {
      parent.node.members.push_back(Node::Member{std::move(*key), std::move(node)});
    }
  }

  // An item of a list that was cut off would speak for a whole one: it goes, and
  // what is in it. Members that are whole stay.
  void hand_out_rest() {
    const auto list =
        std::ranges::find_if(open_, [](const Open& open) { return open.node.is(Kind::sequence); });
    if (list != open_.end()) open_.erase(std::next(list), open_.end());
    while (open_.size() > 1) {
      Node node = std::move(open_.back().node);
      open_.pop_back();
      if (node.repeated_key() == nullptr) add(open_.back(), std::move(node));
    }
    if (open_.empty() || open_.front().node.repeated_key() != nullptr) return;
    const Node& rest = open_.front().node;
    if (!rest.items.empty() || !rest.members.empty()) on_document_(rest, false);
  }

  const std::string& file_;
  const Limits& limits_;
  std::size_t depth_limit_;
  const OnYamlDocument& on_document_;
  std::string_view text_;
  yaml_parser_t parser_{};
  std::vector<Open> open_;
  std::map<std::string, Anchored, std::less<>> anchors_;
  std::size_t values_ = 0;
  std::size_t spent_ = 0;  // on anchors and aliases
  std::optional<Error> failure_;
};

}  // namespace

Result<void> read_yaml(const std::string& file, ByteView octets, const Limits& limits,
                       const OnYamlDocument& on_document) {
  return Composer(file, octets, limits, on_document).run();
}

}  // namespace meshcert::input
