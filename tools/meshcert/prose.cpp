#include "meshcert/prose.hpp"

#include <algorithm>

#include "base/lines.hpp"
#include "report/layout.hpp"

namespace meshcert::cli {
namespace {

using report::Paint;

/// take_line cuts the first line off.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// replace_pairs paints what stands between two marks, and drops the marks.
std::string replace_pairs(std::string_view text, std::string_view mark, Paint paint, bool color) {
  std::string out;
  for (;;) {
    const std::size_t open = text.find(mark);
    const std::size_t close = open == std::string_view::npos ? open : text.find(mark, open + mark.size());
    if (close == std::string_view::npos) return out.append(text);
    out.append(text.substr(0, open));
    out += report::painted(text.substr(open + mark.size(), close - open - mark.size()), paint, color);
    text.remove_prefix(close + mark.size());
  }
}

/// styled runs over a whole wrapped paragraph, so that a pair may span lines.
std::string styled(const std::string& lines, bool color) {
  std::string out = replace_pairs(lines, "**", Paint::bold, color);
  // Only the line of the severity is *emphasized*; other stars are those of "*.example.com".
  if (out.starts_with("*Severity*")) out = replace_pairs(out, "*", Paint::bold, color);
  // Without colour the quotes of code are what tells it from the text.
  return color ? replace_pairs(out, "`", Paint::cyan, true) : out;
}

bool is_code(std::string_view line) {
  return line.starts_with("    ");
}
bool is_item(std::string_view line) {
  return line.starts_with("- ") || line.starts_with("* ");
}

/// Paragraphs collects the lines of one and sets it when it ends.
class Paragraphs {
 public:
  Paragraphs(std::size_t width, bool color) : width_(width), color_(color) {}

  void line(std::string_view text) {
    if (text.empty() || is_code(text) || is_item(text)) flush();
    if (text.empty())
      out_ += "\n";
    else if (is_code(text))
      out_ += report::painted(text, Paint::cyan, color_) + "\n";
    else
      add(text);
  }
  [[nodiscard]] std::string finish() {
    flush();
    return std::move(out_);
  }

 private:
  void add(std::string_view text) {
    if (is_item(text)) {
      first_ = "  - ";
      text.remove_prefix(2);
    }
    if (!pending_.empty()) pending_ += ' ';
    pending_ += base::trimmed_front(text, " ");
  }
  void flush() {
    if (!pending_.empty()) out_ += styled(report::hanging(first_, pending_, width_), color_);
    pending_.clear();
    first_.clear();
  }

  std::size_t width_;
  bool color_;
  std::string first_, pending_, out_;
};

}  // namespace

std::string render_prose(std::string_view markdown, std::size_t width, bool color) {
  Paragraphs paragraphs(width, color);
  while (!markdown.empty()) paragraphs.line(take_line(markdown));
  return paragraphs.finish();
}

}  // namespace meshcert::cli
