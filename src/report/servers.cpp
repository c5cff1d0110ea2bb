#include "report/servers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/escape.hpp"
#include "report/layout.hpp"

namespace meshcert::report {
namespace {

constexpr std::size_t kColumns = 7;
constexpr std::array<std::string_view, kColumns> kHeadings{"GATEWAY", "SERVER",  "STATUS",    "MODE",
                                                           "HOSTS",   "EXPIRES", "CREDENTIAL"};
constexpr std::size_t kGap = 2, kStatus = 2, kWidest = 60;
using Cells = std::array<std::string, kColumns>;
using Widths = std::array<std::size_t, kColumns>;

// The first, and how many more.
std::string first_of(const std::vector<std::string>& texts) {
  if (texts.empty()) return "-";
  return texts.size() == 1 ? texts.front() : fmt::format("{} +{}", texts.front(), texts.size() - 1);
}

std::string expiry_of(const ServerReport& server, Instant at) {
  if (!server.not_after) return "-";
  const Seconds left = *server.not_after - at;
  return left < Seconds{0} ? humanize(-left) + " ago" : "in " + humanize(left);
}

Cells cells_of(const ServerReport& server, Instant at) {
  Cells cells{
      server.gateway,         server.part,           std::string(to_string(server.status)), server.mode,
      first_of(server.hosts), expiry_of(server, at), first_of(server.credentials)};
  for (std::string& cell : cells) cell = base::escape_for_terminal(cell);
  return cells;
}

Paint paint_of(ServerReport::Status status) {
  switch (status) {
    case ServerReport::Status::works:
      return Paint::green;
    case ServerReport::Status::warned:
      return Paint::yellow;
    case ServerReport::Status::fails:
      return Paint::red;
    case ServerReport::Status::unknown:
      break;
  }
  return Paint::dim;
}

Paint paint_of(std::size_t column, const ServerReport& server) {
  return column == kStatus ? paint_of(server.status) : column == 0 ? Paint::bold : Paint::plain;
}

std::string cell(const std::string& text, std::size_t width, Paint paint, bool color) {
  const std::string shown = base::elide_middle(text, width);
  return painted(shown, paint, color) + padded("", width - base::display_width(shown) + kGap);
}

std::string ended(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string wide_block(const Report& report, const std::vector<Cells>& rows, const Widths& widths,
                       bool color) {
  std::string heading;
  for (std::size_t i = 0; i < kColumns; ++i) heading += padded(kHeadings[i], widths[i] + kGap);
  std::string out = painted(heading.substr(0, heading.find_last_not_of(' ') + 1), Paint::dim, color) + "\n";
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::string line;
    for (std::size_t i = 0; i < kColumns; ++i)
      line += cell(rows[row][i], widths[i], paint_of(i, report.servers[row]), color);
    out += ended(std::move(line));
  }
  return out;
}

// The gateway once, then two lines for each of its servers.
std::string narrow_block(const Report& report, const std::vector<Cells>& rows, const Widths& widths,
                         const RenderOptions& options) {
  std::string out;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const Cells& cells = rows[row];
    const ServerReport& server = report.servers[row];
    if (row == 0 || report.servers[row - 1].gateway != server.gateway)
      out += painted(base::elide_middle(cells[0], options.width), Paint::bold, options.color) + "\n";
    out += ended("  " + cell(cells[kStatus], widths[kStatus], paint_of(server.status), options.color) +
                 cell(cells[1], widths[1], Paint::plain, options.color) +
                 cell(cells[3], widths[3], Paint::plain, options.color) + cells[5]);
    const std::size_t room = options.width > 4 ? options.width - 4 : kWidest;
    out += "    " + base::elide_middle(cells[4] + "  " + cells[6], room) + "\n";
  }
  return out;
}

Json texts_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(base::to_valid_utf8(text));
  return list;
}

}  // namespace

std::string servers_block(const Report& report, const RenderOptions& options) {
  if (report.servers.empty()) return {};
  std::vector<Cells> rows;
  Widths widths{};
  for (std::size_t i = 0; i < kColumns; ++i) widths[i] = kHeadings[i].size();
  for (const ServerReport& server : report.servers) {
    rows.push_back(cells_of(server, report.policy.at));
    for (std::size_t i = 0; i < kColumns; ++i)
      widths[i] = std::min(std::max(widths[i], base::display_width(rows.back()[i])), kWidest);
  }
  std::size_t total = kGap * (kColumns - 1);
  for (const std::size_t width : widths) total += width;
  return options.width == 0 || total <= options.width ? wide_block(report, rows, widths, options.color)
                                                      : narrow_block(report, rows, widths, options);
}

Json servers_json(const Report& report) {
  Json list = Json::array();
  for (const ServerReport& server : report.servers) {
    Json entry;
    put_text(entry, "gateway", server.gateway);
    put_text(entry, "server", server.part);
    put_text(entry, "mode", server.mode);
    entry["hosts"] = texts_json(server.hosts);
    entry["credentials"] = texts_json(server.credentials);
    entry["not_after"] = server.not_after ? Json(to_rfc3339(*server.not_after)) : Json(nullptr);
    entry["status"] = to_string(server.status);
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace meshcert::report
