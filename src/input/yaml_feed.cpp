#include "input/yaml_feed.hpp"

#include <yaml.h>

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/lines.hpp"
#include "base/utf8.hpp"
#include "input/yaml_rules.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kDirective = "%TAG";

constexpr std::size_t kWindow = 16384;

// A line that begins like this begins a document, wherever it stands, and what
// follows the dashes tells it from text.
constexpr std::string_view kDashes = "---";
constexpr std::size_t kMark = kDashes.size() + 1;

bool is_mark(std::string_view line) {
  return line.starts_with(kDashes) && (line.size() == kDashes.size() ||
                                       std::string_view(" \t\r\n").find(line[3]) != std::string_view::npos);
}

// Up to where no line begins that may be a mark.
std::size_t before_mark(std::string_view text) {
  const std::size_t mark = text.find("\n---");
  if (mark != std::string_view::npos) return mark + 1;
  if (text.ends_with("\n--")) return text.size() - 2;
  return text.ends_with("\n-") ? text.size() - 1 : text.size();
}

// Whether a line may begin behind it.
bool starts_line(std::uint8_t octet) {
  return octet < ' ' || octet >= 0x80;
}

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool is_blank_or_comment(std::string_view line) {
  line = base::trimmed_front(line);
  return line.empty() || line.front() == '#';
}

bool begins_element(std::string_view line, std::size_t column) {
  if (indent_of(line) != column || column >= line.size() || line[column] != '-') return false;
  return column + 1 == line.size() ||
         std::string_view(" \t\r\n").find(line[column + 1]) != std::string_view::npos;
}

// What belongs to an element is indented by more than the list; a tab indents nothing, and is meant to.
bool ends_list(std::string_view line, std::size_t column) {
  const std::size_t indent = indent_of(line);
  return !is_blank_or_comment(line) && indent <= column && line[indent] != '\t' &&
         !begins_element(line, column);
}

}  // namespace

void YamlFeed::attach(yaml_parser_s& parser) {
  yaml_parser_set_input(&parser, &YamlFeed::handle, this);
}

int YamlFeed::handle(void* self, unsigned char* into, std::size_t size, std::size_t* got) {
  auto* feed = static_cast<YamlFeed*>(self);
  *got = feed->fill({into, size});
  return feed->fault_ ? 0 : 1;
}

// Sees to it that what is ahead is long enough to be a mark, unless it is all.
void YamlFeed::look_ahead() {
  if (ahead_.size() - from_ >= kMark || ended_) return;
  ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(from_));
  from_ = 0;
  while (ahead_.size() < kMark && !ended_) {
    const std::size_t had = ahead_.size();
    ahead_.resize(had + kWindow);
    const auto got = source_.read(std::span(ahead_).subspan(had));
    ahead_.resize(had + got.value_or(0));
    ended_ = got.value_or(0) == 0;
    if (!got) stop(std::nullopt, got.error());
  }
}

std::size_t YamlFeed::next_part(std::span<std::uint8_t> into) {
  look_ahead();
  const std::string_view text = as_text(ByteView(ahead_).subspan(from_));
  at_mark_ = starts_line_ && is_mark(text);
  const std::size_t size = std::min({at_mark_ ? kMark : before_mark(text), text.size(), into.size()});
  if (size == 0) return 0;
  const std::string_view part = text.substr(0, size);
  if (at_mark_) {
    mark_ = part;
    mark_line_ = lines_;
  }
  std::ranges::copy(part, into.begin());
  lines_ += base::count_lines(part);
  starts_line_ = part.back() == '\n';
  from_ += size;
  return size;
}

std::size_t YamlFeed::read(std::span<std::uint8_t> into) {
  if (column_) return next_of_list(into);
  if (!std::exchange(again_, false)) return next_part(into);
  std::ranges::copy(mark_, into.begin());
  return mark_.size();
}

bool YamlFeed::is_over_with_value() const {
  return !fault_ || (fault_->line && directives_ <= kTagDirectives);
}

std::optional<std::size_t> YamlFeed::resume(std::size_t line) {
  if (!is_over_with_value()) return std::nullopt;
  fault_.reset();
  std::array<std::uint8_t, kWindow> passed;
  while (!at_mark_ || mark_line_ <= line) {
    if (next_part(passed) == 0) return std::nullopt;
  }
  again_ = true;
  begin_anew(mark_line_);
  column_.reset();
  kept_.clear();
  given_ = 0;
  return mark_line_;
}

void YamlFeed::begin_anew(std::size_t line) {
  waiting_ = 0;
  matched_ = 0;
  at_line_start_ = true;
  line_ = line;
}

// libyaml reads no more than two windows ahead of what it complains about.
void YamlFeed::keep(std::string_view given) {
  if (at_mark_) {
    is_after_mark_ = true;
    return;
  }
  if (std::exchange(is_after_mark_, false) || kept_.empty()) {
    kept_.clear();
    kept_line_ = line_;
    kept_is_cut_ = line_ == mark_line_ && !mark_.empty() && !mark_.ends_with('\n');
  }
  kept_ += given;
  given_ = kept_.size();
  trim();
}

void YamlFeed::trim() {
  constexpr std::size_t kMost = 8 * kWindow, kLeast = 3 * kWindow;
  if (given_ < kMost) return;
  const std::size_t line = kept_.rfind('\n', given_ - kLeast);
  const std::size_t cut = line == std::string::npos ? given_ - kLeast : line + 1;
  kept_line_ += base::count_lines(std::string_view(kept_).substr(0, cut));
  kept_is_cut_ = line == std::string::npos;
  kept_.erase(0, cut);
  given_ -= cut;
}

// Adds what is ahead, up to the mark of the next document.
bool YamlFeed::pull() {
  if (at_mark_) return false;
  trim();
  std::array<std::uint8_t, kWindow> part;
  const std::size_t size = next_part(part);
  if (size == 0 || at_mark_) return false;
  kept_ += as_text(ByteView(part).first(size));
  return true;
}

// What is to be given out next, to the end of its line; of a long line a part.
std::string_view YamlFeed::next_line() {
  for (;;) {
    const std::string_view rest = std::string_view(kept_).substr(given_);
    const std::size_t end = rest.find('\n');
    if (end != std::string_view::npos) return rest.substr(0, end + 1);
    if (rest.size() >= *column_ + 2 || !pull()) return std::string_view(kept_).substr(given_);
  }
}

std::size_t YamlFeed::next_of_list(std::span<std::uint8_t> into) {
  const std::string_view line = next_line();
  if (line.empty() || (begins_line_ && ends_list(line, *column_))) return 0;
  const std::string_view part = line.substr(0, into.size());
  std::ranges::copy(part, into.begin());
  begins_line_ = part.ends_with('\n');
  given_ += part.size();
  return part.size();
}

std::optional<std::size_t> YamlFeed::resume_list(std::size_t line, std::size_t column) {
  if (!is_over_with_value()) return std::nullopt;
  fault_.reset();
  column_ = column;
  given_ = 0;
  begins_line_ = !kept_is_cut_;
  for (std::size_t number = kept_line_;;) {
    const std::string_view found = next_line();
    if (found.empty()) return std::nullopt;
    if (begins_line_ && number >= line) {
      if (number > line && ends_list(found, column)) return std::nullopt;
      if (begins_element(found, column)) {
        begin_anew(number);
        return number;
      }
    }
    begins_line_ = found.ends_with('\n');
    number += begins_line_ ? 1 : 0;
    given_ += found.size();
  }
}

std::size_t YamlFeed::fill(std::span<std::uint8_t> into) {
  std::size_t size = 0;
  const bool first = !std::exchange(begun_, true);
  for (std::size_t more = 1; more != 0 && size < (first ? base::kByteOrderMark.size() : 1); size += more)
    more = read(into.subspan(size));
  if (first && as_text(into.first(size)).starts_with(base::kByteOrderMark)) {
    size -= base::kByteOrderMark.size();
    std::memmove(into.data(), into.data() + base::kByteOrderMark.size(), size);
    if (size == 0) size = read(into);
  }
  waiting_ += size;
  if (waiting_ > most_)
    stop(line_, fmt::format("a value is larger than {} octets, the limit; raise it with --max-value", most_));
  if (!column_) keep(as_text(ByteView(into).first(size)));
  look_over(into.first(size));
  return fault_ ? 0 : size;
}

// libyaml takes more octets for line breaks than these two; to count one too
// many is as good. memchr and count pass over most of a window at a time.
void YamlFeed::look_over(std::span<const std::uint8_t> window) {
  if (window.empty() || fault_) return;
  look_for_braces(as_text(window));
  look_for_directives(as_text(window));
  line_ += base::count_lines(as_text(window));
  at_line_start_ = starts_line(window.back());
}

void YamlFeed::look_for_braces(std::string_view window) {
  is_template_ =
      is_template_ || (after_brace_ && window.front() == '{') || window.find("{{") != std::string_view::npos;
  after_brace_ = window.back() == '{';
}

// A directive may begin in one window and end in the next.
void YamlFeed::look_for_directives(std::string_view window) {
  std::size_t from = 0;
  if (matched_ > 0) from = match(window, 0);
  for (std::size_t at = window.find('%', from); at != std::string_view::npos; at = window.find('%', from)) {
    const bool starts = at == 0 ? at_line_start_ : starts_line(static_cast<std::uint8_t>(window[at - 1]));
    from = starts ? match(window, at) : at + 1;
  }
}

// Answers where what was compared ends.
std::size_t YamlFeed::match(std::string_view window, std::size_t at) {
  while (at < window.size() && matched_ < kDirective.size() && window[at] == kDirective[matched_]) {
    ++matched_;
    ++at;
  }
  if (at == window.size() && matched_ < kDirective.size()) return at;
  if (std::exchange(matched_, 0) == kDirective.size() && ++directives_ > kTagDirectives) {
    const auto above = base::count_lines(window.substr(0, at));
    stop(line_ + above, fmt::format("it has more than {} %TAG directives", kTagDirectives));
  }
  return at;
}

void YamlFeed::stop(std::optional<std::size_t> line, std::string why) {
  if (!fault_) fault_ = Fault{line, std::move(why)};
}

}  // namespace meshcert::input
