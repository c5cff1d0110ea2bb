#include "input/pem.hpp"

#include <algorithm>
#include <optional>

#include "base/lines.hpp"
#include "base/utf8.hpp"
#include "input/block_scalar.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kDashes = "-----";
constexpr std::string_view kBegin = "-----BEGIN";
constexpr std::string_view kEnd = "-----END";
constexpr std::size_t kMaxLabel = 80;

struct Marker {
  bool begin;
  bool finished = false;   ///< five dashes close it
  std::size_t start, end;  ///< octets of the text; `end` is after the closing dashes, or after the label
  std::string_view label;
};

bool ends_word(std::string_view rest) {
  return rest.empty() || std::string_view(" -\r\n\t\\").find(rest.front()) != std::string_view::npos;
}

// A label runs to five dashes on the same line.
Marker read_label(std::string_view text, Marker marker) {
  std::string_view line = text.substr(marker.end, kMaxLabel + kDashes.size() + 1);
  const auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\\'; };
  line = line.substr(0, static_cast<std::size_t>(std::ranges::find_if(line, breaks) - line.begin()));
  const std::size_t dashes = line.find(kDashes);
  marker.finished = dashes != std::string_view::npos;
  marker.end += marker.finished ? dashes + kDashes.size() : 0;
  if (!marker.finished) return marker;
  marker.label = line.substr(0, dashes);
  if (marker.label.starts_with(' ')) marker.label.remove_prefix(1);
  return marker;
}

std::optional<Marker> next_marker(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find(kDashes, from); at != std::string_view::npos;
       at = text.find(kDashes, from)) {
    from = std::min(text.find_first_not_of('-', at), text.size());
    at = from - kDashes.size();  // of a longer run of dashes the last five count
    const std::string_view rest = text.substr(at);
    for (const std::string_view word : {kBegin, kEnd}) {
      if (!rest.starts_with(word) || !ends_word(rest.substr(word.size()))) continue;
      return read_label(text, Marker{word == kBegin, false, at, at + word.size(), {}});
    }
  }
  return std::nullopt;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

bool all_blank(std::string_view text) {
  return std::ranges::all_of(text, is_blank);
}

bool is_quotation(std::string_view text) {
  return text.find('>') != std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return c == '>' || is_blank(c); });
}

// LF, unless CR alone breaks all lines, as on systems long gone.
char newline_of(std::string_view text) {
  return text.find('\n') == std::string_view::npos && text.find('\r') != std::string_view::npos ? '\r' : '\n';
}

constexpr std::uint8_t bit(PemOddity oddity) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(oddity));
}

// The two characters \n and \r become line breaks.
std::string unescaped(std::string_view body) {
  std::string text;
  text.reserve(body.size());
  for (std::size_t i = 0; i < body.size(); ++i) {
    const bool escape = body[i] == '\\' && i + 1 < body.size() && (body[i + 1] == 'n' || body[i + 1] == 'r');
    text += escape ? '\n' : body[i];
    if (escape) ++i;
  }
  return text;
}

// Marks of quotation at the beginning of lines are left out.
std::string unquoted(std::string_view body) {
  std::string text;
  text.reserve(body.size());
  bool beginning = true;
  for (const char c : body) {
    beginning = c == '\n' || (beginning && (c == '>' || is_blank(c)));
    if (!beginning || c == '\n') text += c;
  }
  return text;
}

class Splitter {
 public:
  Splitter(std::string_view text, const Limits& limits)
      : text_(text), limits_(limits), newline_(newline_of(text)) {}

  PemText run() {
    while (const auto marker = next_marker(text_, at_)) {
      if (full(*marker)) return std::move(out_);
      gap(marker->start);
      advance_line(marker->start);
      if (marker->begin) {
        begin(*marker);
      } else {
        end(*marker);
      }
      at_ = marker->end;
    }
    gap(text_.size());
    unfinished_tail();
    close(PemFault::no_end);
    return std::move(out_);
  }

 private:
  // Text up to `end` that is in no block. at_ is on the line counted last.
  void gap(std::size_t end) {
    if (!open_ && end > at_) out_.gaps.push_back({text_.substr(at_, end - at_), line_});
  }

  // Whether this marker would add a block beyond the limit.
  bool full(const Marker& marker) {
    if (open_ && !marker.begin) return false;
    if (out_.blocks.size() + (open_ ? 1 : 0) < limits_.pem_blocks) return false;
    close(PemFault::no_end);
    return out_.stopped = true;
  }

  void advance_line(std::size_t to) {
    line_ += base::count_octets(text_.substr(counted_, to - counted_), newline_);
    counted_ = to;
  }

  void close(PemFault fault) {
    if (!open_) return;
    if (open_->fault == PemFault::none) open_->fault = fault;
    if (open_->fault != PemFault::none) open_->oddities = 0;
    out_.blocks.push_back(*open_);
    open_.reset();
  }

  void begin(const Marker& marker) {
    close(PemFault::no_end);
    open_ = PemBlock{
        marker.label, {}, {}, line_, marker.finished ? PemFault::none : PemFault::begin_unfinished, 0};
    ++out_.begun;
    begin_ = marker;
    open_->oddities = oddities_before(marker);
    const std::string_view after = text_.substr(marker.end, 2);
    if (after == "\\n" || after == "\\r") {
      open_->oddities = bit(PemOddity::literal_newlines);
    } else if (!rest_of_line_blank(marker.end)) {
      open_->oddities |= bit(PemOddity::not_alone);
    }
    if (newline_ == '\r') open_->oddities |= bit(PemOddity::carriage_returns);
  }

  void end(const Marker& marker) {
    if (!open_) {
      out_.blocks.push_back(PemBlock{{}, marker.label, {}, line_, PemFault::end_without_begin, 0});
      return;
    }
    open_->end_label = marker.label;
    open_->body = text_.substr(begin_.end, marker.start - begin_.end);
    if (!open_->has(PemOddity::literal_newlines)) open_->oddities |= oddities_of_end(marker);
    last_end_ = marker.end;
    if (!marker.finished) return close(PemFault::end_unfinished);
    close(marker.label == open_->label ? PemFault::none : PemFault::labels_differ);
  }

  [[nodiscard]] std::uint8_t oddities_before(const Marker& marker) {
    if (last_end_ != 0 && marker.start == last_end_) return bit(PemOddity::joined);
    const std::string_view before = line_before(at_, marker.start);
    const std::uint8_t found =
        before == base::kByteOrderMark ? bit(PemOddity::byte_order_mark) : oddity_of(before);
    const bool behind_marker = at_ != 0 && before.size() == marker.start - at_;
    if (found != bit(PemOddity::indented) || behind_marker) {
      in_scalar_ = false;
      return found;
    }
    std::string_view above = text_.substr(at_, marker.start - before.size() - at_);
    if (at_ != 0) above.remove_prefix(std::min(above.find('\n') + 1, above.size()));
    in_scalar_ = is_in_block_scalar(above, before.size(), in_scalar_);
    return in_scalar_ ? 0 : found;
  }

  [[nodiscard]] static std::uint8_t oddity_of(std::string_view before) {
    if (before.empty()) return 0;
    if (all_blank(before)) return bit(PemOddity::indented);
    return bit(is_quotation(before) ? PemOddity::quoted : PemOddity::not_alone);
  }

  [[nodiscard]] std::uint8_t oddities_of_end(const Marker& marker) const {
    const bool joined = text_.substr(marker.end).starts_with(kBegin);
    std::uint8_t found = oddity_of(line_before(begin_.end, marker.start));
    if (in_scalar_ && found == bit(PemOddity::indented)) found = 0;
    if (!joined && !rest_of_line_blank(marker.end)) found |= bit(PemOddity::not_alone);
    return found;
  }

  // What stands before `start` on its line, but not before `from`.
  [[nodiscard]] std::string_view line_before(std::size_t from, std::size_t start) const {
    const std::string_view before = text_.substr(from, start - from);
    return before.substr(before.rfind(newline_) + 1);
  }

  // Looks no further than the first character that is not blank: lines may be long.
  [[nodiscard]] bool rest_of_line_blank(std::size_t at) const {
    while (at < text_.size() && text_[at] != newline_ && is_blank(text_[at])) ++at;
    return at == text_.size() || text_[at] == newline_;
  }

  // A line of three dashes, where the text has drawn others (openssl s_client does).
  [[nodiscard]] bool is_separator(std::string_view line) const {
    return line == "---" && text_.find("\n---\n") != std::string_view::npos;
  }

  // A text cut off inside "-----BEGIN" ends in a part of it.
  void unfinished_tail() {
    if (open_ || at_ == text_.size()) return;
    const std::string_view tail = line_before(at_, text_.size());
    if (tail.empty() || !kBegin.starts_with(tail) || is_separator(tail)) return;
    advance_line(text_.size());
    open_ = PemBlock{{}, {}, {}, line_, PemFault::begin_unfinished, 0};
    ++out_.begun;
  }

  std::string_view text_;
  const Limits& limits_;
  char newline_;
  std::size_t at_ = 0;
  std::size_t counted_ = 0;  // octets whose line breaks are in line_
  std::uint32_t line_ = 1;
  bool in_scalar_ = false;    // the last indented block stands in a block scalar of YAML
  std::size_t last_end_ = 0;  // where the last END of a block ended; 0 is none
  Marker begin_{};
  std::optional<PemBlock> open_;
  PemText out_;
};

}  // namespace

PemText split_pem(std::string_view text, const Limits& limits) {
  return Splitter(text, limits).run();
}

std::string_view pem_base64(std::string_view body) {
  std::string_view rest = body;
  bool headers = false;
  while (!rest.empty()) {
    const std::size_t line_end = rest.find('\n');
    const std::string_view line = rest.substr(0, line_end);
    const bool continued = headers && !all_blank(line) && is_blank(line.front());
    const bool skipped = all_blank(line) || continued || line.find(':') != std::string_view::npos;
    if (!skipped) break;
    headers = headers || !all_blank(line);
    if (line_end == std::string_view::npos) return {};
    rest.remove_prefix(line_end + 1);
    if (headers && all_blank(line)) break;
  }
  return rest;
}

bool is_plain(const PemBlock& block) {
  return !block.has(PemOddity::literal_newlines) && !block.has(PemOddity::carriage_returns) &&
         !block.has(PemOddity::quoted);
}

std::string plain_body(const PemBlock& block) {
  std::string text = block.has(PemOddity::literal_newlines) ? unescaped(block.body) : std::string(block.body);
  if (block.has(PemOddity::carriage_returns)) std::ranges::replace(text, '\r', '\n');
  return block.has(PemOddity::quoted) ? unquoted(text) : text;
}

}  // namespace meshcert::input
