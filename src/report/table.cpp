// The table: one line per certificate where there is room for it (a pipe, a wide
// terminal), else a block of lines in which the same columns stay aligned.

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/escape.hpp"
#include "meshcert/report.hpp"
#include "report/findings_block.hpp"
#include "report/hops.hpp"
#include "report/layout.hpp"
#include "report/paths.hpp"
#include "report/probe_block.hpp"
#include "report/rows.hpp"
#include "report/servers.hpp"
#include "report/tokens.hpp"
#include "report/usage_block.hpp"

namespace meshcert {
namespace {

using namespace report;

using Widths = std::array<std::size_t, kColumns>;

constexpr std::size_t kGap = 2;
// One hostile name must not make every line as long as itself; -o text and json have it whole.
constexpr std::size_t kWidestCell = 256;
constexpr std::size_t kNarrowestIssuer = 12;

std::size_t at(Column column) {
  return static_cast<std::size_t>(column);
}

/// name_of is the first cell of a wide line: the resource once, then indices.
std::string name_of(const Row& row) {
  return row.first ? row[Column::resource] : "  " + row.index;
}

Paint paint_of(Column column, const Row& row) {
  switch (column) {
    case Column::resource:
      return row.first ? Paint::bold : Paint::dim;
    case Column::identity:
      return Paint::bold;
    case Column::valid:
    case Column::expires:
      return row.validity;
    case Column::serial:
    case Column::not_before:
    case Column::issuer:
      return Paint::dim;
    default:
      return Paint::plain;
  }
}

/// cell sets one cell: elided and padded to its width, then painted.
std::string cell(std::string_view text, std::size_t width, Paint paint, bool color) {
  const std::string shown = base::elide_middle(text, width);
  return painted(shown, paint, color) + padded("", width - base::display_width(shown));
}

/// finished drops the spaces at the end of a line and ends it.
std::string finished(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

Widths natural_widths(const std::vector<Row>& rows) {
  Widths widths{};
  for (std::size_t i = 0; i < kColumns; ++i) widths[i] = heading(static_cast<Column>(i)).size();
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i)
      widths[i] = std::max(widths[i], base::display_width(row.cells[i]));
    widths[at(Column::resource)] = std::max(widths[at(Column::resource)], base::display_width(name_of(row)));
  }
  for (std::size_t& width : widths) width = std::min(width, kWidestCell);
  return widths;
}

/// fitted narrows the issuer, then drops it, until a line fits; nullopt when
/// the columns that must be there do not.
std::optional<Widths> fitted(Widths widths, std::size_t room) {
  std::size_t total = kGap * (kColumns - 1);
  for (const std::size_t width : widths) total += width;
  if (room == 0 || total <= room) return widths;
  std::size_t& issuer = widths[at(Column::issuer)];
  const std::size_t over = total - room;
  if (issuer >= over + kNarrowestIssuer)
    issuer -= over;
  else if (issuer + kGap >= over)
    issuer = 0;
  else
    return std::nullopt;
  return widths;
}

std::string wide_heading(const Widths& widths, bool color) {
  std::string line;
  for (std::size_t i = 0; i < kColumns; ++i)
    if (widths[i] > 0) line += padded(heading(static_cast<Column>(i)), widths[i] + kGap);
  line.erase(line.find_last_not_of(' ') + 1);
  return painted(line, Paint::dim, color) + "\n";
}

std::string wide_line(const Row& row, const Widths& widths, bool color) {
  std::string line;
  for (std::size_t i = 0; i < kColumns; ++i) {
    const auto column = static_cast<Column>(i);
    if (widths[i] == 0) continue;
    const std::string text = column == Column::resource ? name_of(row) : row.cells[i];
    line += cell(text, widths[i], paint_of(column, row), color) + std::string(kGap, ' ');
  }
  return finished(std::move(line));
}

/// Stacked lines: an indent for the index, then these columns, the last of each
/// line taking what room is left.
constexpr std::size_t kGutter = 4;
constexpr std::array kSecondLine{Column::type, Column::status, Column::valid, Column::not_after,
                                 Column::expires};
constexpr std::array kThirdLine{Column::serial, Column::not_before, Column::issuer};

template <class Columns, class Text>
std::string stacked_line(const Columns& columns, const Widths& widths, std::size_t room, const Text& text) {
  std::string line(kGutter, ' ');
  std::size_t used = kGutter;
  for (const Column column : columns) {
    const std::size_t left = room > used ? room - used : 0;
    const bool last = column == columns.back();
    const std::size_t width = last ? std::max(left, kNarrowestIssuer) : widths[at(column)];
    line += text(column, width) + std::string(last ? 0 : kGap, ' ');
    used += width + kGap;
  }
  return finished(std::move(line));
}

std::string stacked_heading(const Widths& widths, const RenderOptions& options) {
  const auto text = [](Column column, std::size_t width) { return padded(heading(column), width); };
  std::string lines = std::string(heading(Column::resource)) + "\n" + std::string(kGutter, ' ') +
                      std::string(heading(Column::identity)) + "\n" +
                      stacked_line(kSecondLine, widths, options.width, text) +
                      stacked_line(kThirdLine, widths, options.width, text);
  std::string out;
  for (std::size_t start = 0; start < lines.size();) {
    const std::size_t end = lines.find('\n', start);
    out += painted(std::string_view(lines).substr(start, end - start), Paint::dim, options.color) + "\n";
    start = end + 1;
  }
  return out;
}

std::string stacked_block(const Row& row, const Widths& widths, const RenderOptions& options) {
  const std::size_t room = options.width;
  const auto text = [&](Column column, std::size_t width) {
    return cell(row[column], width, paint_of(column, row), options.color);
  };
  std::string out;
  if (row.first)
    out = painted(base::elide_middle(row[Column::resource], room), Paint::bold, options.color) + "\n";
  if (!row.index.empty() || !row[Column::identity].empty()) {
    const std::string gutter = padded(row.index, kGutter);
    const std::size_t left = room > gutter.size() ? room - gutter.size() : 0;
    const std::string identity = base::elide_middle(row[Column::identity], std::max(left, kNarrowestIssuer));
    out += painted(gutter, Paint::dim, options.color) + painted(identity, Paint::bold, options.color) + "\n";
  }
  out += stacked_line(kSecondLine, widths, room, text);
  if (!row[Column::serial].empty()) out += stacked_line(kThirdLine, widths, room, text);
  return out;
}

/// Sources names the file before the first of its rows, where there are several
/// and the resource names are not already the files'.
class Sources {
 public:
  Sources(const Report& report, bool color) : report_(report), color_(color) {
    const auto& all = report.inventory.artifacts;
    const auto differs = [&](const Artifact& artifact) {
      return artifact.source.file != all.front().source.file;
    };
    const auto named = [](const Artifact& artifact) { return artifact.name == artifact.source.file; };
    wanted_ = std::ranges::any_of(all, differs) && !std::ranges::all_of(all, named);
  }

  std::string before(const Row& row) {
    const Artifact& artifact = report_.inventory.artifacts[row.artifact];
    const std::string& file = artifact.source.file;
    if (!wanted_ || !row.first || (last_ && *last_ == file)) return {};
    last_ = file;
    if (artifact.name == file) return {};
    return painted(base::escape_for_terminal(file) + ":", Paint::cyan, color_) + "\n";
  }

 private:
  const Report& report_;
  bool color_;
  bool wanted_ = false;
  std::optional<std::string> last_;
};

std::string certificates_block(const Report& report, const RenderOptions& options) {
  const std::vector<Row> rows = rows_of(report);
  if (rows.empty()) return {};
  const Widths natural = natural_widths(rows);
  const std::optional<Widths> wide = fitted(natural, options.width);
  Sources sources(report, options.color);
  std::string out = wide ? wide_heading(*wide, options.color) : stacked_heading(natural, options);
  for (const Row& row : rows)
    out += sources.before(row) +
           (wide ? wide_line(row, *wide, options.color) : stacked_block(row, natural, options));
  return out;
}

}  // namespace

std::string render_table(const Report& report, const RenderOptions& options) {
  const std::string findings = findings_block(report, options);
  if (options.quiet) return findings;
  std::string out = hops_block(report, options) + tokens_block(report, options) +
                    probes_block(report, options) + servers_block(report, options);
  const std::string certificates =
      report.verb == "usage" ? usage_block(report, options) : certificates_block(report, options);
  if (!out.empty() && !certificates.empty()) out += "\n";
  out += certificates;
  if (!out.empty()) out += "\n";
  if (const std::string paths = paths_block(report, options); !paths.empty()) out += paths + "\n";
  if (!findings.empty()) out += findings + "\n";
  return out + summary_line(report, options);
}

}  // namespace meshcert
