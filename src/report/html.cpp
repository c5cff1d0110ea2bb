// One page that needs nothing else: no network, no other file. Its policy allows its own
// style and script, by their digests, and nothing besides, so even text that slipped
// through as markup could do nothing.

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/hex.hpp"
#include "report/markup.hpp"
#include "report/page.hpp"
#include "report/sweep_text.hpp"
#include "x509/crypto.hpp"

/// page.css and page.js, whole (tools/embed.cmake).
extern const std::string_view page_style;
extern const std::string_view page_script;

namespace meshcert {
namespace {

using report::markup;

std::string digest_of(std::string_view text) {
  const auto octets = base::parse_hex(x509::sha256_hex(as_bytes(text)));
  return "'sha256-" + base::encode_base64(*octets) + "'";
}

std::string head(const SweepReport& sweep, const std::string& style) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; script-src {}; "
      "base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>meshcert {}: {}</title>\n<style>{}</style>\n</head>\n",
      digest_of(style), digest_of(page_script), sweep.report.verb, sweep.summary.verdict, style);
}

std::string tile(std::string_view word, std::string_view label, std::uint64_t count) {
  return fmt::format("<li class=\"{}{}\"><b>{}</b>{}</li>\n", word, count == 0 ? " none" : "", count, label);
}

std::string tiles(const RowSummary& summary) {
  std::string out = "<ul class=\"tiles\" aria-label=\"Certificates by validity\">\n";
  for (const ValidityStatus status :
       {ValidityStatus::expired, ValidityStatus::critical, ValidityStatus::warning,
        ValidityStatus::not_yet_valid, ValidityStatus::ok}) {
    const std::uint64_t count = summary.statuses[static_cast<std::size_t>(status)];
    if (status == ValidityStatus::not_yet_valid && count == 0) continue;
    const std::string_view label = status == ValidityStatus::warning ? "expiring" : to_string(status);
    out += tile(to_string(status), label, count);
  }
  out += tile(summary.findings[2] == 0 ? "ok" : "expired", summary.findings[2] == 1 ? "error" : "errors",
              summary.findings[2]);
  out += tile("warning", summary.findings[1] == 1 ? "warning" : "warnings", summary.findings[1]);
  if (summary.unread != 0) out += tile("unread", "unread", summary.unread);
  return out + "</ul>\n";
}

std::string header(const SweepReport& sweep) {
  return fmt::format(
      "<body>\n<a class=\"skip\" href=\"#certificates\">Skip to the certificates</a>\n<header>\n"
      "<p>meshcert {0} <span class=\"verdict {1}\">{1}</span></p>\n<h1>{2}</h1>\n"
      "<p>{6}</p>\n<p class=\"soft\">{3}; at <time datetime=\"{4}\">{4}</time></p>\n{5}</header>\n<main>\n",
      sweep.report.verb, sweep.summary.verdict, markup(report::headline(sweep)),
      report::coverage(sweep) + report::shortfall(sweep), to_rfc3339(sweep.report.policy.at),
      tiles(sweep.summary), markup(report::when_and_where(sweep)));
}

std::string changes(const SweepReport& sweep) {
  if (!sweep.changes || !sweep.changes->since) return {};
  const Changes& all = *sweep.changes;
  std::string out = fmt::format(
      "<section aria-labelledby=\"changes\">\n<h2 id=\"changes\">Since {}</h2>\n<p>{} new, {} gone, {} renewed, {} due "
      "for renewal and not renewed</p>\n<ul class=\"found\">\n",
      to_rfc3339(*all.since), all.counts[0], all.counts[1], all.counts[2], all.counts[3]);
  for (const Change& change : all.list)
    out += fmt::format("<li>{} <b>{}</b><div class=\"at\">{}; {}</div></li>\n", to_string(change.kind),
                       markup(change.name), markup(change.place), to_rfc3339(change.not_after));
  return out + "</ul>\n</section>\n";
}

std::string left_out(const SweepReport& sweep) {
  if (!sweep.distinct_exact || sweep.distinct > sweep.soonest.size())
    return fmt::format(
        "<p class=\"soft\">Listed are the {} certificates that end first; the others, {} of {}{}, are only counted "
        "above. <code>-o ndjson</code> has them all.</p>\n",
        sweep.soonest.size(), sweep.distinct - sweep.soonest.size(), sweep.distinct_exact ? "" : "more than ",
        sweep.distinct);
  return sweep.distinct < sweep.summary.certificates
             ? "<p class=\"soft\">Identical certificates are listed once, with their places.</p>\n"
             : "";
}

std::string table(const SweepReport& sweep) {
  return "<section aria-labelledby=\"certificates\">\n<h2 id=\"certificates\" tabindex=\"-1\">Certificates</h2>\n" +
         left_out(sweep) +
         "<noscript><p>The table needs JavaScript; all else on this page does not.</p></noscript>\n"
         "<div id=\"table\" hidden>\n<div class=\"tools\">\n"
         "<input id=\"filter\" type=\"search\" placeholder=\"Filter: name, place, issuer, serial, code (press /)\" "
         "aria-label=\"Filter certificates\">\n"
         "<select id=\"kind\" aria-label=\"Kind\"><option value=\"\">every kind</option></select>\n"
         "<span id=\"chips\" class=\"tools\" role=\"group\" aria-label=\"Status\"></span>\n"
         "<span id=\"count\" class=\"soft\" role=\"status\"></span>\n</div>\n"
         "<table><thead><tr id=\"heads\"></tr></thead><tbody id=\"rows\"></tbody></table>\n"
         "<button id=\"further\" type=\"button\" hidden></button>\n</div>\n</section>\n";
}

}  // namespace

std::string render_sweep_html(const SweepReport& sweep, const RenderOptions& /*options*/) {
  const report::Timeline timeline = report::page_timeline(sweep);
  std::string page = head(sweep, std::string(page_style) + timeline.style) + header(sweep) + timeline.markup +
                     changes(sweep);
  if (!sweep.soonest.empty()) page += table(sweep);
  page += report::page_findings(sweep);
  page += "</main>\n<footer>meshcert " MESHCERT_VERSION ", profile ";
  page += to_string(sweep.report.policy.profile);
  page += "</footer>\n";
  if (sweep.soonest.empty()) return page + "</body>\n</html>\n";
  return page + "<script id=\"data\" type=\"application/json\">" + report::page_data(sweep) +
         "</script>\n<script>" + std::string(page_script) + "</script>\n</body>\n</html>\n";
}

std::string render_html(const Report& report, const RenderOptions& options) {
  const SweepFormat& format = *find_sweep_format("html");
  Soonest soonest(format.certificates, format.places);
  return render_sweep_html(report::condense(report, soonest), options);
}

}  // namespace meshcert
