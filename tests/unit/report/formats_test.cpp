// Hostile names in every row of render_formats(): nothing of an input reaches
// whoever reads the output unescaped, by the rules of each format.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "base/escape.hpp"
#include "meshcert/row.hpp"
#include "meshcert/sweep.hpp"
#include "report/page.hpp"
#include "tests/support/printable.hpp"
#include "tests/unit/report/hand_made.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

bool is_ascii_text(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

/// Nothing but printable text and ends of lines, which are ours.
bool is_plain_text(const std::string& text) {
  return all_printable(text, true);
}

bool is_json(const std::string& text) {
  return is_ascii_text(text) && nlohmann::json::accept(text);
}

bool is_json_lines(const std::string& text) {
  std::istringstream lines(text);
  bool all = is_ascii_text(text);
  for (std::string line; std::getline(lines, line);) all = all && nlohmann::json::accept(line);
  return all;
}

/// No cell begins as a formula does; a number may begin with "-".
bool is_table(const std::string& text) {
  static const std::regex formula(R"re((?:^|[,\n])"?(?:[=+@]|-[^0-9]))re");
  return is_plain_text(text) && !std::regex_search(text, formula);
}

/// Every "<" opens a tag of ours, every "&" an entity of ours.
bool is_our_markup(const std::string& text) {
  static const std::regex foreign(
      R"(<(?!/?(?:testsuites?|testcase|properties|property|failure|error|system-out|system-err)\b|\?xml )|&(?!(?:amp|lt|gt|quot|#39);))");
  return is_plain_text(text) && !std::regex_search(text, foreign);
}

/// The page's own tags and entities alone; its script and its data hold no "<" that a
/// browser would take for a tag.
bool is_our_page(const std::string& text) {
  static const std::regex known(
      R"(</?(?:html|head|meta|title|style|body|a|header|footer|main|section|nav|p|h1|h2|ul|ol|li|b|span|time|code|div|details|summary|noscript|input|select|option|table|thead|tbody|tr|button)[ >]|<!DOCTYPE )");
  static const std::regex foreign(R"(<(?![ =]))");
  const std::size_t data = text.find("<script id=\"data\"");
  const std::size_t script = std::min(text.find("\n<script>", data), text.size());
  const std::size_t embedded = std::min(text.find('>', data), text.size());
  const std::string before = text.substr(0, std::min(data, text.size()));
  const std::string inside = text.substr(embedded, script - embedded);
  static const std::regex entity("&(?!(?:amp|lt|gt|quot|#39);)");
  return is_plain_text(text) && !std::regex_search(std::regex_replace(before, known, ""), foreign) &&
         !std::regex_search(before, entity) && inside.find('<') == inside.rfind("</script>");
}

std::string without_code(const std::string& text) {
  static const std::regex span(R"((`+)(?!`)[^\n]*?[^`\n]\1(?!`))");
  return std::regex_replace(text, span, "");
}

/// Outside code nothing is left that GitHub would make something of.
bool is_our_markdown(const std::string& text) {
  static const std::regex foreign(
      R"((?:^|[^\\])(?:[<](?!br>|!-- -->|/?details>|/?summary>)|\]\()|[@#](?!<!-- -->|##? )[A-Za-z0-9]|[a-z]://|www\.)");
  return is_plain_text(text) && !std::regex_search(without_code(text), foreign);
}

/// One line, then performance data, then more lines without either sign.
bool is_plugin_output(const std::string& text) {
  return is_plain_text(text) && std::ranges::count(text, '|') == 1 && text.find('|') < text.find('\n') &&
         text.find_first_of("<>&") == std::string::npos;
}

/// Every line is a comment of ours or a sample; no quote or backslash of a label is bare.
bool is_metrics(const std::string& text) {
  static const std::regex line(
      R"re(# (?:(?:HELP|TYPE|UNIT) meshcert_[a-z_]+ .*|EOF)|meshcert_[a-z_]+(?:\{(?:,?[a-z0-9]+="(?:[^"\\]|\\["\\])*")+\})? -?[0-9]+)re");
  std::istringstream lines(text);
  bool all = is_plain_text(text);
  for (std::string shown; std::getline(lines, shown);) all = all && std::regex_match(shown, line);
  return all && text.ends_with("\n# EOF\n");
}

/// The rule of each format; a format without one fails the test.
const std::map<std::string_view, bool (*)(const std::string&)>& rules() {
  static const auto plain = +[](const std::string& text) { return is_plain_text(text); };
  static const std::map<std::string_view, bool (*)(const std::string&)> table{{"table", plain},
                                                                              {"text", plain},
                                                                              {"json", is_json},
                                                                              {"ndjson", is_json_lines},
                                                                              {"csv", is_table},
                                                                              {"sarif", is_json},
                                                                              {"junit", is_our_markup},
                                                                              {"markdown", is_our_markdown},
                                                                              {"nagios", is_plugin_output},
                                                                              {"openmetrics", is_metrics},
                                                                              {"html", is_our_page},
                                                                              {"pem", is_ascii_text}};
  return table;
}

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> table{
      // C0, DEL, C1, bidi, zero width, line separators, not UTF-8, NUL
      "\x1b[31mred", "bell\x07", "a\rb", "a\nb", "a\tb", "\x7f",
      "\xc2\x9b"
      "31m",
      "\xc2\x85", "\xe2\x80\xaa", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9", "\xe2\x80\x8e",
      "\xe2\x80\x8f", "\xd8\x9c", "\xe2\x80\x8b", "\xe2\x80\x8d", "\xef\xbb\xbf", "\xe2\x80\xa8",
      "\xe2\x80\xa9", "\xff\xfe", "\xc0\x80", "\xed\xa0\x80", "\xef\xbf\xbe", std::string("a\0b", 3),
      // markup
      "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "]]>",
      "<!--", "-->", "&lt;b&gt;", "</failure>", "</details>", "{{constructor.constructor('x')()}}",
      // Markdown
      "`code`", "``", "`", "a | b", "[click](https://example.org)", "![x](https://example.org/x.png)",
      "https://example.org", "www.example.org", "@team", "#123", "*x*", "_x_", "# heading", "- item",
      "mailto:a@b.example",
      // cells, formulas, performance data, placeholders, messages of others
      "=1+1", "+1", "-1", "@SUM(1)", "a,b", "\"a\"", "x|y=1", "{0}", "%s%n", "$USER1$", "\\"};
  return table;
}

}  // namespace

TEST_CASE("every format keeps hostile names from whoever reads it") {
  for (const RenderFormat& format : render_formats()) {
    CAPTURE(format.name);
    REQUIRE(rules().contains(format.name));
    for (const std::string& text : hostile_texts()) {
      CAPTURE(base::escape_for_terminal(text));
      const std::string rendered = format.render(hostile_report(text), {0, false, true, false});
      CHECK_MESSAGE(rules().at(format.name)(rendered), rendered);
    }
  }
}

TEST_CASE("every format of a sweep does so too") {
  for (const SweepFormat& format : sweep_formats()) {
    CAPTURE(format.name);
    for (const std::string& text : hostile_texts()) {
      CAPTURE(base::escape_for_terminal(text));
      const Report report = hostile_report(text);
      Soonest soonest(100, 10);
      SweepReport sweep = report::condense(report, soonest);
      sweep.lost.push_back({report.inventory.errors[0].where, text, ArtifactKind::tls_secret, text, text});
      sweep.resources.push_back({text, text, sweep.report.findings[0].spec});
      sweep.changes = Changes{Instant{}, {1, 0, 0, 0}, {{Change::Kind::appeared, text, text, {}}}};
      const std::string rendered = format.render(sweep, {0, false, true, false});
      CHECK_MESSAGE(rules().at(format.name)(rendered), rendered);
    }
  }
}

TEST_CASE("the rules notice what they are for") {
  CHECK_FALSE(is_plain_text("\x1b[31m"));
  CHECK_FALSE(is_ascii_text("\xc3\xa9"));
  CHECK_FALSE(is_our_markup("<script>"));
  CHECK_FALSE(is_our_markup("a & b"));
  CHECK(is_our_markup("<testcase name=\"&lt;script&gt;\"/>"));
  for (const std::string text : {"<script>", "[a](b)", "@team", "#123", "https://x", "www.x.example"})
    CHECK_FALSE(is_our_markdown("x " + text));
  CHECK(is_our_markdown("`<script>` `` [a](b) ` `` `@team`"));
  CHECK(is_our_page(
      "<p>a</p><script id=\"data\" type=\"application/json\">{}</script>\n<script>1 < 2</script>"));
  for (const std::string text : {"<script>", "<img src=x>", "&x;", "</scr", "<svg/onload=x>"})
    CHECK_FALSE(is_our_page("<p>" + text + "</p>"));
  CHECK_FALSE(is_our_page("<script id=\"data\">\"</script><img>\"</script>\n<script></script>"));
  CHECK(is_metrics("meshcert_a{b=\"\\\"\\\\\"} 1\n# EOF\n"));
  for (const std::string text : {"{b=\"\"\"} 1", "{b=\"\\\"} 1", "{b=\"\\x1b\"} 1", "{b=\"\"} 1 2", " x"})
    CHECK_FALSE(is_metrics("meshcert_a" + text + "\n# EOF\n"));
  CHECK_FALSE(is_plugin_output("OK | a=1\nx|y\n"));
}

TEST_CASE("a healthy and an expired certificate in every format: the code, the place and the fix are there") {
  for (const RenderFormat& format : render_formats()) {
    // These are about certificates; what is wrong with them is not in it, or its code alone.
    if (format.name == "pem" || find_row_writer(format.name) != nullptr) continue;
    CAPTURE(format.name);
    const std::string rendered = format.render(healthy_and_expired(), {});
    for (const std::string part : {"validity.expired", "dump.json", "expired 2h ago", "root.twin-subject",
                                   "Permission denied", "other.pem"})
      CHECK_MESSAGE(rendered.find(part) != std::string::npos, part);
    if (format.name != "nagios") CHECK(rendered.find("restart the pod") != std::string::npos);
  }
}

TEST_CASE("every format of an empty report says that there is nothing") {
  for (const RenderFormat& format : render_formats()) {
    CAPTURE(format.name);
    CHECK(format.status(Report{}) == 3);
    CHECK(format.render(Report{}, {}).empty() == (format.name == "pem"));
  }
}
