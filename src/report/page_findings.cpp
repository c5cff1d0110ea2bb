// Findings on the HTML page: a code to unfold, under it where it was found and what to do.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/catalogue.hpp"
#include "report/finding_text.hpp"
#include "report/layout.hpp"
#include "report/markup.hpp"
#include "report/page.hpp"

namespace meshcert::report {
namespace {

constexpr std::size_t kOfCode = 100;  // of one code
constexpr std::size_t kUnread = 200;
constexpr std::size_t kUnfolded = 5;  // so few need not be unfolded

/// prose sets what is between backquotes (a command to paste) as code.
std::string prose(std::string_view text) {
  std::string out;
  const std::string safe = markup(text);
  const bool even = std::ranges::count(safe, '`') % 2 == 0;
  bool open = false;
  for (const char c : safe) {
    if (c != '`' || !even)
      out += c;
    else
      out += std::exchange(open, !open) ? "</code>" : "<code>";
  }
  return out;
}

std::string item(const Finding& finding) {
  const std::string owner = markup_escaped(whose(finding));
  return fmt::format("<li>{}{}<div class=\"at\">{}</div><p class=\"fix\">Fix: {}</p></li>\n",
                     owner.empty() ? "" : "<b>" + owner + "</b>: ", prose(message_of(finding)),
                     markup_escaped(place(finding.where)), prose(fix_of(finding)));
}

/// Group is what is told of one code: how often in all, and those that are listed.
struct Group {
  const FindingSpec* spec;
  Severity severity;
  std::uint64_t count = 0;
  std::vector<const Finding*> listed;
};

/// groups_of keeps the reading order: the worst first.
std::vector<Group> groups_of(const SweepReport& sweep) {
  std::map<std::string_view, std::vector<const Finding*>> listed;
  for (const Finding* finding : reading_order(sweep.report.findings))
    listed[finding->spec->code].push_back(finding);
  std::vector<Group> groups;
  for (const auto& [code, count] : sweep.codes)
    groups.push_back({count.spec, count.severity, count.count, std::move(listed[code])});
  std::ranges::stable_sort(groups, [](const Group& a, const Group& b) { return a.severity > b.severity; });
  return groups;
}

std::string left_out(std::uint64_t number, std::string_view what) {
  if (number == 0) return {};
  return fmt::format("<p class=\"soft\">{} more not shown here; <code>-o ndjson</code> has all {}.</p>\n",
                     number, what);
}

std::string group_markup(const Group& group, bool unfolded) {
  std::string out = fmt::format(
      "<details class=\"code\" id=\"f-{0}\"{1}><summary><span class=\"badge {2}\">{2}</span><span class=\"name\">{0}"
      "<span class=\"meaning\">{3}</span></span><span class=\"much\">{4}</span></summary>\n<ul class=\"found\">\n",
      group.spec->code, unfolded ? " open" : "", to_string(group.severity), prose(meaning_of(*group.spec)),
      group.count);
  const std::size_t shown = std::min(group.listed.size(), kOfCode);
  for (std::size_t i = 0; i < shown; ++i) out += item(*group.listed[i]);
  return out + "</ul>\n" + left_out(group.count - shown, "certificates with their codes") + "</details>\n";
}

std::string errors_markup(const SweepReport& sweep) {
  const auto& errors = sweep.report.inventory.errors;
  if (errors.empty()) return {};
  const std::size_t shown = std::min(errors.size(), kUnread);
  std::string out = fmt::format(
      "<details class=\"code\" open><summary><span class=\"badge unread\">unread</span><span class=\"name\">could not be "
      "read</span><span class=\"much\">{}</span></summary>\n<ul class=\"found\">\n",
      errors.size() + sweep.errors_left_out);
  for (std::size_t i = 0; i < shown; ++i)
    out += fmt::format("<li><b>{}</b>: {}</li>\n", markup_escaped(place(errors[i].where)),
                       markup(errors[i].message));
  return out + "</ul>\n" + left_out(errors.size() + sweep.errors_left_out - shown, "errors") + "</details>\n";
}

}  // namespace

std::string page_findings(const SweepReport& sweep) {
  const std::vector<Group> groups = groups_of(sweep);
  std::string out = errors_markup(sweep);
  const bool few = sweep.report.findings.size() <= kUnfolded;
  for (const Group& group : groups) out += group_markup(group, few);
  if (out.empty()) return {};
  return "<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n" + out + "</section>\n";
}

}  // namespace meshcert::report
