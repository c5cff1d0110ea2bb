#include "input/json_splitter.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <utility>
#include <vector>

#include "input/depth.hpp"
#include "input/json_blocks.hpp"
#include "input/json_fault.hpp"
#include "input/json_nesting.hpp"
#include "input/json_window.hpp"
#include "input/place.hpp"

namespace meshcert::input {
namespace {

// The text of one part, and which line its pieces stand on.
struct Frame {
  std::string text;
  std::vector<LineMark> lines;
  bool dubious = true;   ///< as of a JsonPart; known of what is passed over in blocks
  bool is_lost = false;  ///< given up: of its text only the end is kept

  void open(std::uint32_t line) {
    dubious = true;
    is_lost = false;
    text.clear();
    lines.assign(1, LineMark{0, line});
  }
};

// Where in a value the walk is.
struct Within {
  bool in_string = false;
  bool escaped = false;
  bool done = false;
};

// Blocks that are looked at together.
constexpr std::size_t kBlocks = 4;
constexpr std::ptrdiff_t kWholeBlocks = kBlocks * kJsonBlock;
// What is kept of a text that was given up: room for a key that a rule names.
constexpr std::size_t kKeptOfLost = 256;

constexpr std::string_view kNoJson = "the JSON could not be parsed";
constexpr std::string_view kEndsEarly = "the JSON ends early";

[[nodiscard]] bool opens(std::uint8_t c) {
  return c == '{' || c == '[';
}

// Walks a stream of documents once. Its depth of recursion is that of parts (document,
// section, element), never that of the input.
class Splitter {
 public:
  Splitter(const std::string& file, ByteSource& source, std::span<const ListRule> rules, const Limits& limits,
           JsonPartSink& sink)
      : file_(file),
        rules_(rules),
        limits_(limits),
        sink_(sink),
        window_(source),
        nesting_(std::min(limits.depth, kDeepest)) {}

  void run() {
    std::string_view broken_mark = window_.skip_byte_order_mark();
    do {
      one(std::exchange(broken_mark, {}));
    } while (find_next());
  }

 private:
  enum class Look { whole, named_lists, all_lists };

  // --- documents ---
  void one(std::string_view broken_mark) {
    Frame& frame = frames_[0];
    pointer_.clear();
    is_indented_ = stream_is_indented_;
    if (broken_mark.empty()) skip_space();
    frame.open(line());
    frame.text = broken_mark;
    if (at_end() || !broken_mark.empty()) stop(frame);
    if (!failure_) document(frame);
    is_behind_ = !failure_;
    if (!failure_) skip_space();
    next_begins_ = next_begins_ || (!failure_ && !at_end() && begins_document());
    if (!failure_ && !next_begins_ && !at_end()) stop(frame);
    sink_.end(std::exchange(failure_, std::nullopt));
  }

  // Whether another document begins: here, or behind a fault on a line of its own.
  bool find_next() {
    if (window_.failure()) return false;
    if (std::exchange(next_begins_, false)) return true;
    if (!is_behind_ && !is_indented_) return false;
    for (std::uint64_t skipped = 0; skipped <= limits_.value_bytes && !window_.at_end();) {
      const std::uint8_t* at = std::find(window_.next(), window_.end(), '\n');
      skipped += static_cast<std::uint64_t>(at - window_.next()) + 1;
      window_.move_to(at == window_.end() ? at : at + 1);
      if (at != window_.end() && !window_.at_end() && begins_document()) return true;
    }
    return false;
  }

  // Lines of logs begin with brackets too.
  [[nodiscard]] bool begins_document() const {
    constexpr std::string_view kSecond = "{[\"}] \t\r\n";
    const std::uint8_t* second = window_.next() + 1;
    return opens(octet()) &&
           (second == window_.end() || kSecond.find(static_cast<char>(*second)) != std::string_view::npos);
  }

  // Whether nothing of the document is left to read; also after a failure.
  bool at_end() {
    if (failure_ || next_begins_) return true;
    const bool end = window_.at_end();
    if (window_.failure() && !failure_) failure_ = Error{SourceRef{file_}, *window_.failure()};
    return end;
  }

  void skip_space() {
    std::uint8_t last = 0;
    while (!at_end() && JsonWindow::is_space(octet())) {
      const std::uint8_t* at = std::find_if_not(window_.next(), window_.end(), JsonWindow::is_space);
      last = at[-1];
      window_.move_to(at);
    }
    begins_line_ = last == '\n';
    follows_blank_ = last == ' ' || last == '\t';
  }

  // Within a document.
  void skip_within() {
    skip_space();
    next_begins_ = begins_line_ && is_indented_ && !at_end() && opens(octet());
  }

  [[nodiscard]] std::uint8_t octet() const { return *window_.next(); }
  [[nodiscard]] std::uint32_t line() { return window_.line(); }

  // --- failure ---
  [[nodiscard]] Error error(std::uint32_t where, std::string_view why) const {
    return {SourceRef{file_, where, pointer_}, std::string(why)};
  }

  void stop_with(std::uint32_t where, std::string_view why) {
    if (!failure_) failure_ = error(where, why);
  }

  // Of a part beyond a limit nothing is handed out, but it is walked through to its end.
  void give_up(Frame& frame, std::string_view why) {
    if (failure_ || std::exchange(frame.is_lost, true)) return;
    sink_.lost(error(line(), why));
  }

  // What is wrong is told by the text of the part so far and the octet that came then.
  void stop(Frame& frame) {
    if (failure_) return;
    const std::uint32_t here = line();
    while (next_begins_ && !frame.text.empty() && JsonWindow::is_space(frame.text.back()))
      frame.text.pop_back();
    const std::size_t size = frame.text.size();
    if (!at_end()) frame.text += static_cast<char>(octet());
    if (failure_) return;
    if (frame.is_lost) return stop_with(here, at_end() ? kEndsEarly : kNoJson);
    const auto fault = find_json_fault(frame.text);
    if (!fault) return stop_with(here, kNoJson);
    const std::string_view more = next_begins_ ? ", where another document begins" : "";
    stop_with(fault->offset >= size ? here : line_of(frame, fault->offset),
              fmt::format("{}{}", fault->what, more));
  }

  static std::uint32_t line_of(const Frame& frame, std::size_t offset) {
    const auto mark = std::prev(std::ranges::upper_bound(frame.lines, offset, {}, &LineMark::offset));
    const auto breaks = std::count(frame.text.begin() + static_cast<std::ptrdiff_t>(mark->offset),
                                   frame.text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
    return mark->line + static_cast<std::uint32_t>(breaks);
  }

  // --- parts ---
  void hand_out(std::string_view list, bool is_section, Frame& frame) {
    if (!failure_ && !frame.is_lost)
      sink_.part(JsonPart{list, is_section, pointer_, frame.text, frame.lines, frame.dubious});
  }

  void take(Frame& frame, const std::uint8_t* upto) {
    const auto count = static_cast<std::size_t>(upto - window_.next());
    const std::string_view more(reinterpret_cast<const char*>(window_.next()), count);
    if (!frame.is_lost && frame.text.size() + count > limits_.value_bytes) {
      give_up(frame, fmt::format("a value of the JSON is larger than {} octets, the limit; raise it "
                                 "with --max-value",
                                 limits_.value_bytes));
    }
    if (frame.is_lost && frame.text.size() + count > kKeptOfLost)
      frame.text = more.substr(count - std::min(count, kKeptOfLost));
    else
      frame.text += more;
    window_.move_to(upto);
  }

  // After white space, or a list, that the frame does not keep.
  void mark_line(Frame& frame) {
    if (!frame.is_lost) return frame.lines.push_back({frame.text.size(), line()});
    frame.text.clear();
  }

  void take_one(Frame& frame) { take(frame, window_.next() + 1); }

  void document(Frame& frame) {
    if (octet() == '[')
      elements(frame, "[]", Look::named_lists, 1);
    else
      value(frame, Look::named_lists, 1);
    hand_out("", false, frame);
  }

  // `level` is the frame of the parts within.
  void value(Frame& frame, Look look, std::size_t level) {
    if (at_end()) return stop(frame);
    if (look != Look::whole && octet() == '{') return object(frame, look, level);
    if (octet() == '{' || octet() == '[') {
      frame.dubious = !frame.text.empty();
      return container(frame);
    }
    if (octet() == '"') return string(frame);
    scalar(frame);
  }

  void object(Frame& frame, Look look, std::size_t level) {
    take_one(frame);
    bool first = true;
    while (more(frame, '}', first)) {
      if (!first) take_one(frame);
      member(frame, look, level);
      first = false;
      if (failure_) return;
    }
  }

  static std::string key_from(const Frame& frame, std::size_t at) {
    return at < frame.text.size() ? frame.text.substr(at, frame.text.size() - at - 1) : "";
  }

  void member(Frame& frame, Look look, std::size_t level) {
    skip_within();
    if (at_end() || octet() != '"') return stop(frame);
    mark_line(frame);
    const std::size_t key_at = frame.text.size() + 1;
    string(frame);
    if (failure_) return;
    const std::string key = key_from(frame, key_at);
    skip_within();
    if (at_end() || octet() != ':') return stop(frame);
    take_one(frame);
    skip_within();
    if (at_end()) return stop(frame);
    mark_line(frame);
    const auto rule = std::ranges::find(rules_, std::string_view(key), &ListRule::key);
    const bool cut = octet() == '[' && (look == Look::all_lists || rule != rules_.end());
    if (!cut) return value(frame, Look::whole, level);
    const bool of_sections = look == Look::named_lists && rule->of_sections;
    const std::string parent = std::exchange(pointer_, child_pointer(pointer_, key));
    elements(frame, key, of_sections ? Look::all_lists : Look::whole, level);
    if (!failure_) pointer_ = parent;
  }

  // A list that is cut out: "[]" remains in the frame.
  void elements(Frame& frame, std::string_view list, Look look, std::size_t level) {
    take_one(frame);
    sink_.list(list);
    Frame& element = frames_[level];
    const std::size_t length = pointer_.size();
    std::size_t index = 0;
    while (more(frame, ']', index == 0)) {
      if (index != 0) skip_comma(frame);
      element.open(line());
      fmt::format_to(std::back_inserter(pointer_), "/{}", index++);
      value(element, look, level + 1);
      hand_out(list, look != Look::whole, element);
      if (failure_) return;
      pointer_.resize(length);
    }
    mark_line(frame);
  }

  // Commas between elements are not kept, but a fault after one is a fault of the list.
  void skip_comma(Frame& frame) {
    window_.move_to(window_.next() + 1);
    skip_within();
    if (!at_end() && octet() != ']' && octet() != ',') return;
    frame.text += "{},";
    stop(frame);
  }

  // Whether another member or element follows, a comma before it (not taken)
  // unless it is the first. Takes the closing bracket.
  bool more(Frame& frame, std::uint8_t closing, bool first) {
    if (failure_) return false;
    skip_space();
    if (first && &frame == frames_.data()) note_indentation();
    if (begins_line_ && !at_end()) judge_line(closing, first);
    if (!at_end() && octet() == closing) {
      take_one(frame);
      return false;
    }
    if (!at_end() && (first || octet() == ',')) return true;
    if (closing == ']' && !first) frame.text += "{}";
    stop(frame);
    return false;
  }

  // --- where a document is cut, and the next one begins ---
  // In a document whose lines are indented, a bracket at the beginning of a line is that of
  // the next one, unless others show that brackets within stand there too.
  void note_indentation() {
    if (!follows_blank_ || line() == frames_[0].lines.front().line) return;
    is_indented_ = stream_is_indented_ = true;
  }

  void judge_line(std::uint8_t closing, bool first) {
    const bool is_first_item = closing == ']' && first && opens(octet());
    const bool closes_within = octet() == closing && !pointer_.empty();
    if (is_first_item || closes_within) is_indented_ = false;
    next_begins_ = is_indented_ && opens(octet());
  }

  // The same for a bracket within a value. Of a value that is cut, strings are not what
  // they seem.
  void judge_bracket(Frame& frame, const std::uint8_t* at, bool closes_value) {
    if (!is_indented_ || before(frame, at) != '\n') return;
    if (opens(*at) ? is_first_item(frame, at) : !closes_value) is_indented_ = false;
    if (!is_indented_ || !opens(*at)) return;
    take(frame, at);
    if (failure_) return;
    next_begins_ = true;
    stop(frame);
  }

  [[nodiscard]] std::uint8_t before(const Frame& frame, const std::uint8_t* at) const {
    if (at != window_.next()) return at[-1];
    return frame.text.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(frame.text.back());
  }

  [[nodiscard]] bool is_first_item(const Frame& frame, const std::uint8_t* at) const {
    while (at != window_.next() && JsonWindow::is_space(at[-1])) --at;
    if (at != window_.next()) return at[-1] == '[';
    const auto last = std::find_if_not(frame.text.rbegin(), frame.text.rend(), JsonWindow::is_space);
    return last != frame.text.rend() && *last == '[';
  }

  // --- values that are not looked into ---
  void scalar(Frame& frame) {
    const auto ends = [](std::uint8_t c) {
      return c == ',' || c == '}' || c == ']' || JsonWindow::is_space(c);
    };
    const std::size_t before = frame.text.size();
    bool is_empty = true;
    for (; !at_end() && !ends(octet()); is_empty = false)
      take(frame, std::find_if(window_.next(), window_.end(), ends));
    const bool cut =
        at_end() && !frame.is_lost && find_json_fault(std::string_view(frame.text).substr(before));
    if (is_empty || cut) stop(frame);
  }

  void string(Frame& frame) {
    take_one(frame);
    while (!at_end()) {
      const std::uint8_t* found = std::find_if(
          window_.next(), window_.end(), [](std::uint8_t c) { return c == '"' || c == '\\' || c == '\n'; });
      if (found != window_.end() && *found == '\n') {
        take(frame, found);
        break;
      }
      const bool ends = found != window_.end() && *found == '"';
      const bool escapes = found != window_.end() && *found == '\\';
      take(frame, found == window_.end() ? found : found + 1);
      if (ends) return;
      if (escapes && !at_end()) take_one(frame);
    }
    stop(frame);
  }

  // Whole blocks by masks, the rest octet by octet; strings are passed over.
  void container(Frame& frame) {
    Within within;
    nesting_.clear();
    while (!within.done && !failure_ && !at_end()) {
      const std::uint8_t* at = window_.next();
      while (at != window_.end() && !within.done && !failure_)
        at = window_.end() - at >= kWholeBlocks ? blocks(frame, at, within) : octets(frame, at, within);
      if (!failure_) take(frame, at);
    }
    if (!within.done) stop(frame);
  }

  const std::uint8_t* blocks(Frame& frame, const std::uint8_t* at, Within& within) {
    std::array<BlockMasks, kBlocks> masks;
    mask_blocks(at, masks);
    for (const BlockMasks& found : masks) {
      // Up to the first odd octet in a string, what is one is certain.
      const std::uint64_t strings = found.strings ^ (within.in_string ? ~std::uint64_t{0} : 0);
      const bool plain = (found.odd & strings) == 0 && !within.escaped;
      at = plain ? block(frame, at, found.brackets, strings, within) : octets(frame, at, within);
      if (within.done || failure_) break;
    }
    return at;
  }

  const std::uint8_t* block(Frame& frame, const std::uint8_t* at, std::uint64_t brackets,
                            std::uint64_t strings, Within& within) {
    // Brackets in strings matter behind a line break alone: there, that of the block before.
    for (std::uint64_t left = brackets & (~strings | 1U); left != 0; left &= left - 1) {
      if ((left & 1U) == 0) left = nesting_.take_inner(at, left);
      if (left == 0) break;
      const std::uint8_t* here = at + std::countr_zero(left);
      const bool in_string = (strings & left & -left) != 0;
      if (in_string)
        judge_bracket(frame, here, true);
      else
        bracket(frame, here, within);
      if (within.done || failure_) return here + 1;
    }
    within.in_string = (strings >> 63U) != 0;
    return at + kJsonBlock;
  }

  const std::uint8_t* octets(Frame& frame, const std::uint8_t* at, Within& within) {
    const std::uint8_t* until =
        window_.end() - at > static_cast<std::ptrdiff_t>(kJsonBlock) ? at + kJsonBlock : window_.end();
    for (; at != until && !within.done && !failure_; ++at) {
      const std::uint8_t c = *at;
      frame.dubious = frame.dubious || (within.in_string && (c < 0x20 || c >= 0x80));
      if (std::exchange(within.escaped, false)) continue;
      if (c == '"') within.in_string = !within.in_string;
      if (within.in_string) {
        within.escaped = c == '\\';
        if (opens(c)) judge_bracket(frame, at, true);
      } else if ((c | 0x20U) == '{' || (c | 0x20U) == '}') {
        bracket(frame, at, within);
      }
    }
    return at;
  }

  void bracket(Frame& frame, const std::uint8_t* at, Within& within) {
    if (!nesting_.empty()) judge_bracket(frame, at, false);
    if (failure_) return;
    const bool taken = opens(*at) ? nesting_.open(*at) : nesting_.close(*at);
    within.done = nesting_.empty();
    if (taken || (opens(*at) && frame.is_lost)) return;
    take(frame, at);
    if (!opens(*at)) return stop(frame);
    give_up(frame, too_deep("the JSON is", std::min(limits_.depth, kDeepest)));
  }

  const std::string& file_;
  std::span<const ListRule> rules_;
  const Limits& limits_;
  JsonPartSink& sink_;

  JsonWindow window_;
  // Document, element, element of a section, and once more where config dumps stand in a list.
  std::array<Frame, 4> frames_;
  std::string pointer_;
  JsonNesting nesting_;  // of the value that is walked through
  std::optional<Error> failure_;
  bool is_indented_ = false;  // lines of the document are, so far
  bool stream_is_indented_ = false;
  bool begins_line_ = false;  // what stands behind the white space that was skipped
  bool follows_blank_ = false;
  bool is_behind_ = false;    // the document was whole
  bool next_begins_ = false;  // another document begins here
};

}  // namespace

void split_json(const std::string& file, ByteSource& source, std::span<const ListRule> rules,
                const Limits& limits, JsonPartSink& sink) {
  Splitter(file, source, rules, limits, sink).run();
}

}  // namespace meshcert::input
