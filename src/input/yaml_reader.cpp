#include "input/yaml_reader.hpp"

#include <yaml.h>

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "input/depth.hpp"
#include "input/withheld.hpp"
#include "input/yaml_extent.hpp"
#include "input/yaml_feed.hpp"
#include "input/yaml_rules.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

// libyaml looks at every open flow collection for each token; that much is paid for passing over what
// is too deep, in a whole stream: once 10 000 levels down and up.
constexpr std::size_t kMostPassed = 150'000'000;

std::string_view text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
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

/// Look is which lists in a mapping are streamed, as in a JSON document: those
/// that rules name, in the document itself or in an element of a document that
/// is a list; all of them, in a section; none, elsewhere.
enum class Look : std::uint8_t { none, named_lists, all_lists };

/// Held is how much is held of a document at once.
struct Held {
  std::size_t values = 0;
  std::size_t octets = 0;
};

/// Open is a collection whose end has not been met.
struct Open {
  Node node;
  std::string anchor;
  std::optional<std::string> key;          ///< of a mapping: the key that waits for its value
  std::optional<std::size_t> column = {};  ///< of a block list: where its dashes stand
  bool streamed = false;                   ///< a list whose elements are handed out
  Look look = Look::none;                  ///< of a mapping: itself; of a streamed list: its elements
  std::size_t handed_out = 0;              ///< elements of a streamed list
  Held before;                             ///< held when a streamed list began
};

/// Anchored is the copy that an anchor keeps for its aliases.
struct Anchored {
  Node node;
  Extent extent;
};

// Builds nodes from libyaml's events, with a stack of its own.
class Composer {
 public:
  Composer(const std::string& file, ByteSource& source, std::span<const ListRule> rules, const Limits& limits,
           YamlSink& sink)
      : file_(file),
        limits_(limits),
        depth_limit_(std::min(limits.depth, kDeepest)),
        rules_(rules),
        sink_(sink),
        feed_(source, limits.value_bytes) {
    begin_parser();
  }
  Composer(const Composer&) = delete;
  Composer& operator=(const Composer&) = delete;
  ~Composer() { yaml_parser_delete(&parser_); }

  YamlEnd run() {
    for (bool more = true; more;) {
      read_on();
      if (failure_ && go_on_in_list()) continue;
      if (!failure_ && !is_list_only_) break;
      hand_out_rest();
      if (failure_) sink_.fault(*failure_, feed_.is_template());
      if (!first_) first_ = failure_;
      more = resume();
    }
    return {std::move(first_), feed_.is_template()};
  }

 private:
  void begin_parser() {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    feed_.attach(parser_);
  }

  void read_on() {
    for (bool more = true; more && !failure_;) {
      Event event;
      if (yaml_parser_parse(&parser_, event.address()) == 0) {
        stop_at_syntax();
      } else {
        feed_.had_event();
        more = (*event).type != YAML_STREAM_END_EVENT;
        step(*event);
      }
    }
  }

  // An element that is given up is passed over to its end.
  void step(const yaml_event_t& event) {
    const bool begins = event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_MAPPING_START_EVENT;
    const bool ends = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
    level_ = level_ + (begins ? 1 : 0) - (ends ? 1 : 0);
    if (is_list_only_ && begins && level_ == open_.size()) return;  // the list, which is open
    if (pass_to_ != 0) {
      if (level_ > depth_limit_ && (passed_ += level_) > kMostPassed)
        too_deep(first_line_ + event.start_mark.line);
      if (level_ == pass_to_) pass_to_ = 0;
      return;
    }
    if (!ends && !open_.empty() && open_.back().streamed)
      behind_element_ = first_line_ + event.start_mark.line + 1;
    take(event);
    if (failure_) give_up_element();
  }

  // What is wrong with an element of a streamed list, but is YAML, is wrong with that one alone.
  void give_up_element() {
    const std::size_t list = innermost_list();
    if (list == 0) return;
    lose_element(list);
    if (level_ > list) pass_to_ = list;
  }

  // How many collections are open down to the innermost streamed list; 0 where there is none.
  [[nodiscard]] std::size_t innermost_list() const {
    const auto list =
        std::find_if(open_.rbegin(), open_.rend(), [](const Open& open) { return open.streamed; });
    return static_cast<std::size_t>(open_.rend() - list);
  }

  void lose_element(std::size_t list) {
    sink_.lost(*failure_, feed_.is_template());
    if (!first_) first_ = failure_;
    failure_.reset();
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(list), open_.end());
    held_ = open_.back().before;
    ++open_.back().handed_out;
  }

  // Where the YAML does not go on, the next element of a block list may be found by its indentation. What
  // follows the list is not read then. Each time libyaml reads a window anew.
  bool go_on_in_list() {
    constexpr std::size_t kMostTimes = 100;
    const std::size_t list = innermost_list();
    if (list == 0 || !open_[list - 1].column || ++times_ > kMostTimes) return false;
    const auto line = feed_.resume_list(std::max<std::size_t>(failure_->where.line - 1, behind_element_),
                                        *open_[list - 1].column);
    if (!line) return false;
    lose_element(list);
    level_ = list - 1;
    pass_to_ = 0;
    is_list_only_ = true;
    first_line_ = *line;
    behind_element_ = *line + 1;
    yaml_parser_delete(&parser_);
    begin_parser();
    return true;
  }

  // Whether there is a document behind the one that failed.
  bool resume() {
    const bool told = feed_.fault().has_value();
    const auto mark = feed_.resume(document_line_);
    failure_.reset();
    if (!mark) {
      if (!told && feed_.fault()) {
        stop_at_syntax();
        sink_.fault(*failure_, feed_.is_template());
      }
      return false;
    }
    open_.clear();
    level_ = pass_to_ = 0;
    is_list_only_ = false;
    first_line_ = document_line_ = *mark;
    yaml_parser_delete(&parser_);
    begin_parser();
    return true;
  }

  void stop(std::size_t line, std::string_view why) {
    if (failure_) return;
    const auto number = static_cast<std::uint32_t>(line + 1);
    failure_ = Error{SourceRef{file_, number}, fmt::format("the YAML cannot be read: {}", why)};
  }

  void stop_at_syntax() {
    if (const auto& fault = feed_.fault()) {
      if (fault->line) return stop(*fault->line, fault->why);
      failure_ = Error{SourceRef{file_}, fault->why};
      return;
    }
    const bool placed = parser_.error == YAML_SCANNER_ERROR || parser_.error == YAML_PARSER_ERROR;
    stop(first_line_ + (placed ? parser_.problem_mark.line : parser_.mark.line),
         parser_.problem == nullptr ? "it is malformed" : parser_.problem);
  }

  void take(const yaml_event_t& event) {
    const std::size_t line = first_line_ + event.start_mark.line;
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        if (is_list_only_) return;
        held_ = {};
        level_ = 0;
        document_line_ = first_line_ + event.end_mark.line;
        return anchors_.clear();
      case YAML_SCALAR_EVENT:
        return scalar(event, line);
      case YAML_SEQUENCE_START_EVENT:
        open(Kind::sequence, text_of(event.data.sequence_start.anchor), line);
        if (!failure_ && event.data.sequence_start.style == YAML_BLOCK_SEQUENCE_STYLE)
          open_.back().column = event.start_mark.column;
        return;
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
    count(value.size(), line);
    place(std::move(node), text_of(scalar.anchor));
  }

  void key(std::string_view name, std::size_t line) {
    if (name == "<<") return stop(line, "merge keys (<<) are not read");
    hold(name.size(), line);
    open_.back().key = name;
  }

  void open(Kind kind, std::string_view anchor, std::size_t line) {
    if (is_key_wanted()) return stop(line, "a key is no plain name");
    if (open_.size() >= depth_limit_) return too_deep(line);
    count(0, line);
    Open opened;
    opened.node.kind = kind;
    opened.node.line = static_cast<std::uint32_t>(line + 1);
    opened.anchor = anchor;
    opened.before = held_;
    look_at(opened);
    const std::string list = opened.streamed ? list_name() : "";
    open_.push_back(std::move(opened));
    if (open_.back().streamed && !failure_) sink_.list(list);
  }

  // What of a collection about to be opened is streamed. What has an anchor may
  // be wanted again, and stays.
  void look_at(Open& opened) const {
    if (rules_.empty()) return;
    const Open* parent = open_.empty() ? nullptr : &open_.back();
    if (opened.node.is(Kind::mapping)) {
      if (parent == nullptr) opened.look = Look::named_lists;
      if (parent != nullptr && parent->streamed) opened.look = parent->look;
      return;
    }
    if (!opened.anchor.empty()) return;
    if (parent == nullptr) {
      opened.streamed = true;
      opened.look = Look::named_lists;
    } else if (parent->key && parent->look != Look::none) {
      const auto rule = std::ranges::find(rules_, std::string_view(*parent->key), &ListRule::key);
      opened.streamed = parent->look == Look::all_lists || rule != rules_.end();
      const bool of_sections = parent->look == Look::named_lists && rule != rules_.end() && rule->of_sections;
      opened.look = of_sections ? Look::all_lists : Look::none;
    }
  }

  // The key of the list that is open, or about to be.
  [[nodiscard]] std::string list_name() const {
    return open_.empty() || !open_.back().key ? "[]" : *open_.back().key;
  }

  void too_deep(std::size_t line) { stop(line, input::too_deep("it is", depth_limit_)); }

  void count(std::size_t octets, std::size_t line) {
    if (++held_.values > limits_.values)
      stop(line, "it has more values than the limit allows; raise it with --max-values");
    hold(octets, line);
  }

  void hold(std::size_t octets, std::size_t line) {
    held_.octets += octets;
    if (held_.octets <= limits_.value_bytes) return;
    stop(line, fmt::format("a value is larger than {} octets, the limit; raise it with --max-value",
                           limits_.value_bytes));
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
      stop(line,
           fmt::format("its aliases stand for more than {} values, the limit; raise it with --max-aliases",
                       limits_.alias_nodes));
  }

  void place(Node&& node, std::string_view anchor) {
    if (!anchor.empty()) {
      const Extent extent = extent_of(node);
      spend(extent.values, node.line - 1);
      if (failure_) return;
      anchors_.insert_or_assign(std::string(anchor), Anchored{node, extent});
    }
    if (failure_) return;
    if (open_.empty()) return sink_.document(node, true);
    if (open_.back().streamed) return hand_out(node);
    add(open_.back(), std::move(node));
  }

  // An element of the innermost open list.
  void hand_out(const Node& node) {
    Open& list = open_.back();
    const std::string name = open_.size() < 2 ? "[]" : open_[open_.size() - 2].key.value_or("[]");
    sink_.part(name, Place{&node, pointer()});
    ++list.handed_out;
    held_ = list.before;
  }

  [[nodiscard]] std::string pointer() const {
    std::string text;
    for (const Open& open : open_)
      text = open.key ? child_pointer(text, *open.key) : fmt::format("{}/{}", text, open.handed_out);
    return text;
  }

  static void add(Open& parent, Node&& node) {
    if (parent.node.is(Kind::sequence)) {
      parent.node.items.push_back(std::move(node));
    } else if (auto key = std::exchange(parent.key, std::nullopt)) {
      parent.node.members.push_back(Node::Member{NodeText(*key), std::move(node)});
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
    if (!rest.items.empty() || !rest.members.empty()) sink_.document(rest, false);
  }

  const std::string& file_;
  const Limits& limits_;
  std::size_t depth_limit_;
  std::span<const ListRule> rules_;
  YamlSink& sink_;
  YamlFeed feed_;
  yaml_parser_t parser_{};
  std::size_t first_line_ = 0;     // of the parser's input
  std::size_t document_line_ = 0;  // of the mark of the document, if it has one
  std::vector<Open> open_;
  std::map<std::string, Anchored, std::less<>> anchors_;
  Held held_;
  std::size_t spent_ = 0;           // on anchors and aliases
  std::size_t level_ = 0;           // of the collections that libyaml is in
  bool is_list_only_ = false;       // the parser reads the rest of a list, whose document is cut off
  std::size_t behind_element_ = 0;  // the line behind the first of the last element of a streamed list
  std::size_t times_ = 0;           // that a list was read on
  std::size_t passed_ = 0;          // levels, of what was too deep
  std::size_t pass_to_ = 0;  // what is nested deeper belongs to an element that was given up; 0 is none
  std::optional<Error> failure_, first_;
};

class WholeDocuments final : public YamlSink {
 public:
  explicit WholeDocuments(const OnYamlDocument& on_document) : on_document_(on_document) {}
  void list(std::string_view) override {}
  void part(std::string_view, const Place&) override {}
  void document(const Node& root, bool is_whole) override { on_document_(root, is_whole); }
  void fault(const Error&, bool) override {}
  void lost(const Error&, bool) override {}

 private:
  const OnYamlDocument& on_document_;
};

}  // namespace

YamlEnd split_yaml(const std::string& file, ByteSource& source, std::span<const ListRule> rules,
                   const Limits& limits, YamlSink& sink) {
  return Composer(file, source, rules, limits, sink).run();
}

Result<void> read_yaml(const std::string& file, ByteView octets, const Limits& limits,
                       const OnYamlDocument& on_document) {
  Limits whole = limits;
  whole.value_bytes = std::max(whole.value_bytes, octets.size());
  MemorySource source(octets);
  WholeDocuments sink(on_document);
  auto end = split_yaml(file, source, {}, whole, sink);
  if (end.fault) return fail(std::move(*end.fault));
  return {};
}

}  // namespace meshcert::input
