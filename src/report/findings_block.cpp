#include "report/findings_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/escape.hpp"
#include "report/commands.hpp"
#include "report/finding_text.hpp"
#include "report/layout.hpp"

namespace meshcert::report {
namespace {

constexpr std::string_view kIndent = "         ";  // as wide as "warning" and two spaces

std::string lead(std::string_view word, Paint paint, const RenderOptions& options) {
  return painted(word, paint, options.color) + std::string(kIndent.size() - word.size(), ' ');
}

/// words_of a piece between commands, without what bound it to them: a bracket becomes a colon.
std::string words_of(std::string_view piece) {
  const std::size_t begin = piece.find_first_not_of(" ;,.)");
  std::string words(piece.substr(std::min(begin, piece.size())));
  if (words.ends_with(" (")) words.replace(words.size() - 2, 2, ":");
  return words;
}

/// set_apart gives each command a line of its own, which a terminal breaks where it likes and copies whole.
std::string set_apart(const std::string& begin, std::string_view fix, std::size_t width) {
  std::string lines;
  for (const Piece& piece : pieces_of(fix)) {
    const std::string before = lines.empty() ? begin : std::string(begin.size(), ' ');
    if (piece.is_command)
      lines += before + std::string(piece.text) + "\n";
    else if (const std::string words = words_of(piece.text); !words.empty())
      lines += hanging(before, words, width);
  }
  return lines;
}

std::string fix_lines(const Finding& finding, const RenderOptions& options) {
  const std::string label = std::string(kIndent) + painted("fix:", Paint::green, options.color) + " ";
  const std::string fix = base::escape_for_terminal(fix_of(finding));
  const std::string begin = std::string(kIndent) + "fix: ";
  // hanging counts columns, which paint has none of.
  const bool fits = options.width == 0 || begin.size() + base::display_width(fix) <= options.width;
  std::string lines = fits ? begin + fix + "\n" : set_apart(begin, fix, options.width);
  lines.replace(0, begin.size(), label);
  return lines;
}

/// Where a line of `room` columns is to be broken: behind the last space, else before the last
/// slash of a path, which a reader joins again without a thought; 0 where there is neither.
std::size_t break_of(std::string_view text, std::size_t room) {
  const std::size_t space = text.rfind(' ', room);
  if (space != std::string_view::npos && space > 0) return space + 1;
  const std::size_t slash = text.rfind('/', room);
  return slash == std::string_view::npos ? 0 : slash;
}

/// place_lines sets what may have no spaces: names, files, pointers.
std::string place_lines(std::string_view text, std::size_t indent, const RenderOptions& options,
                        Paint paint) {
  const std::size_t room = options.width > indent ? options.width - indent : 0;
  std::string out;
  while (room != 0 && base::display_width(text) > room) {
    const std::size_t end = break_of(text, room);
    if (end == 0) break;
    const std::string_view line = text.substr(0, text.find_last_not_of(' ', end - 1) + 1);
    out += painted(line, paint, options.color) + "\n" + std::string(indent, ' ');
    text.remove_prefix(end);
  }
  return out + painted(text, paint, options.color) + "\n";
}

std::string head_lines(const Finding& finding, const RenderOptions& options) {
  const std::string owner = whose(finding);
  const std::size_t before = kIndent.size() + finding.spec->code.size() + 2;
  std::string out = lead(to_string(finding.severity), paint_of(finding.severity), options) +
                    painted(finding.spec->code, Paint::bold, options.color);
  if (owner.empty()) return out + "\n";
  if (options.width == 0 || before + base::display_width(owner) <= options.width)
    return out + "  " + owner + "\n";
  return out + "\n" + std::string(kIndent) + place_lines(owner, kIndent.size(), options, Paint::plain);
}

/// `more` findings say the same of other places.
std::string finding_lines(const Finding& finding, std::size_t more, const RenderOptions& options) {
  constexpr std::string_view kAt = "at:  ";
  std::string out = head_lines(finding, options);
  out += hanging(kIndent, base::escape_for_terminal(message_of(finding)), options.width);
  out += std::string(kIndent) + painted(kAt, Paint::dim, options.color) +
         place_lines(place(finding.where), kIndent.size() + kAt.size(), options, Paint::dim);
  if (more != 0)
    out += fmt::format("{}     and in {} (-v shows each)\n", kIndent, counted(more, "other place"));
  out += fix_lines(finding, options);
  if (options.verbose && !finding.spec->reference.empty())
    out += std::string(kIndent) +
           painted(fmt::format("see: {}", finding.spec->reference), Paint::dim, options.color) + "\n";
  return out;
}

std::string error_lines(const Error& error, const RenderOptions& options) {
  return lead("unread", Paint::red, options) + painted(place(error.where), Paint::bold, options.color) +
         "\n" + hanging(kIndent, base::escape_for_terminal(error.message), options.width);
}

/// Part is a piece of the summary: its text, its colour, and what parts it from the next.
struct Part {
  std::string text;
  Paint paint = Paint::plain;
  std::string_view after;
};

std::vector<Part> summary_parts(const Report& report) {
  const auto found = [&](Severity severity, std::string text, std::string_view after) {
    return Part{std::move(text), report.count(severity) == 0 ? Paint::plain : paint_of(severity), after};
  };
  const std::string_view word = verdict(report);
  std::vector<Part> parts{{std::string(word), word == "pass" ? Paint::green : Paint::red, ": "},
                          {coverage(report), Paint::plain, "; "}};
  parts.push_back(found(Severity::error, counted(report.count(Severity::error), "error"), ", "));
  parts.push_back(found(Severity::warning, counted(report.count(Severity::warning), "warning"), ", "));
  parts.push_back(found(Severity::info, fmt::format("{} info", report.count(Severity::info)), "; "));
  if (report.unread > 0) parts.push_back({fmt::format("{} unread", report.unread), Paint::red, "; "});
  parts.push_back({"at " + to_rfc3339(report.policy.at), Paint::plain, ""});
  return parts;
}

}  // namespace

std::string coverage(const Report& report) {
  const Inventory& inventory = report.inventory;
  std::string text =
      fmt::format("{} in {}, {}", counted(report.certificates(), "certificate"),
                  counted(inventory.artifacts.size(), "resource"), counted(inventory.inputs, "input"));
  if (inventory.skipped > 0) text += fmt::format(" ({} skipped)", inventory.skipped);
  return text;
}

// What is worth knowing is worth it once: every proxy of a mesh carries the same root.
std::string findings_block(const Report& report, const RenderOptions& options) {
  const auto is_grouped = [&](const Finding& finding) {
    return finding.severity == Severity::info && !options.verbose;
  };
  const auto words_of = [](const Finding& finding) {
    return std::string(finding.spec->code) + ' ' + message_of(finding);
  };
  std::unordered_map<std::string, std::size_t> counts;
  for (const Finding& finding : report.findings)
    if (is_grouped(finding)) ++counts[words_of(finding)];
  std::string out;
  for (const Finding* finding : reading_order(report.findings)) {
    const std::size_t count = is_grouped(*finding) ? std::exchange(counts[words_of(*finding)], 0) : 1;
    if (count != 0) out += finding_lines(*finding, count - 1, options);
  }
  for (const Error& error : report.inventory.errors) out += error_lines(error, options);
  return out;
}

std::string summary_line(const Report& report, const RenderOptions& options) {
  std::string out;
  std::size_t used = 0;
  for (const Part& part : summary_parts(report)) {
    const std::size_t needed = part.text.size() + (part.after.empty() ? 0 : part.after.size() - 1);
    // Where a line is full, the space before a part becomes its end.
    if (options.width != 0 && used + needed > options.width) {
      out.back() = '\n';
      out += "  ";
      used = 2;
    }
    out += painted(part.text, part.paint, options.color).append(part.after);
    used += part.text.size() + part.after.size();
  }
  return out + "\n";
}

}  // namespace meshcert::report
