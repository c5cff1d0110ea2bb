// JUnit XML, as CI reads it: a test suite for each input, in it a test case for
// each resource, which is there and passes when nothing is wrong, so that a
// CI can follow it from run to run. What --fail-on speaks of is a failure, what
// could not be read an error; other findings stand in the suite's output.
//
// There is no standard. This is what Ant's schema allows, the narrowest of those
// that readers are held against: at most one failure or error in a test case.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/escape.hpp"
#include "meshcert/report.hpp"
#include "meshcert/sweep.hpp"
#include "report/catalogue.hpp"
#include "report/finding_text.hpp"
#include "report/markup.hpp"

namespace meshcert {
namespace {

using report::markup;
using report::markup_escaped;

/// Case is one test case: a resource of an input, and what is wrong with it.
struct Case {
  std::string name;
  std::vector<const Finding*> failures;
  std::vector<std::string> unread;  ///< why octets of it could not be used; escaped
  /// What it fails of, where the findings are too many to be kept.
  const FindingSpec* failure = nullptr;

  [[nodiscard]] bool passed() const { return unread.empty() && failures.empty() && failure == nullptr; }
  [[nodiscard]] bool failed() const { return unread.empty() && !passed(); }
  [[nodiscard]] std::string_view code() const {
    return failures.empty() ? failure->code : failures.front()->spec->code;
  }
};

/// Suite is the cases of one input, in the order in which they are met.
struct Suite {
  std::string file;
  std::vector<Case> cases;
  std::vector<const Finding*> remarks;  ///< findings that fail nothing
  std::map<std::string, std::size_t> index;

  Case& at(const std::string& name) {
    const auto [entry, added] = index.emplace(name, cases.size());
    if (added) cases.push_back({name, {}, {}, nullptr});
    return cases[entry->second];
  }
};

/// Suites sorts a report into them.
class Suites {
 public:
  explicit Suites(const Report& report) {
    for (const Artifact& artifact : report.inventory.artifacts) add(artifact);
    for (const Defect& defect : report.inventory.defects) add(defect, defect.where.file);
    add_judged(report);
  }
  explicit Suites(const SweepReport& sweep) {
    for (const SweptResource& resource : sweep.resources) {
      Case& test = at(resource.file).at(resource.name);
      if (test.failure == nullptr) test.failure = resource.failure;
    }
    for (const LostPart& lost : sweep.lost)
      at(lost.where.file)
          .at(lost.place_name().empty() ? lost.where.file : lost.place_name())
          .unread.push_back(report::lost_text(lost.where, lost.why));
    add_judged(sweep.report);
    left_out_ = sweep.resources_left_out;
  }
  [[nodiscard]] const std::vector<Suite>& list() const { return list_; }
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  Suite& at(const std::string& file) {
    const auto [entry, added] = index_.emplace(file, list_.size());
    if (added) list_.push_back({file, {}, {}, {}});
    return list_[entry->second];
  }
  void add_judged(const Report& report) {
    for (const Error& error : report.inventory.errors)
      at(error.where.file).at(error.where.file).unread.push_back(base::escape_for_terminal(error.message));
    for (const Finding& finding : report.findings) add(finding, fails(finding, report.fail_on));
    if (list_.empty()) at("input").at("input").unread.emplace_back("nothing to inspect was found");
  }
  void add(const Artifact& artifact) {
    const std::string& name = artifact.shown_name();
    at(artifact.source.file).at(name);
    for (const Defect& defect : artifact.defects) add(defect, name);
  }
  void add(const Defect& defect, const std::string& name) {
    if (!defect.lost) return;
    at(defect.where.file).at(name).unread.push_back(report::lost_text(defect));
  }
  void add(const Finding& finding, bool failing) {
    Suite& suite = at(finding.where.file);
    if (failing)
      suite.at(finding.resource.empty() ? suite.file : finding.resource).failures.push_back(&finding);
    else
      suite.remarks.push_back(&finding);
  }

  std::vector<Suite> list_;
  std::map<std::string, std::size_t> index_;
  std::uint64_t left_out_ = 0;
};

/// counts_of are the numbers that a suite opens with.
std::string counts_of(const Suite& suite) {
  const auto failures = std::ranges::count_if(suite.cases, &Case::failed);
  const auto errors =
      std::ranges::count_if(suite.cases, [](const Case& test) { return !test.unread.empty(); });
  return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"0\"", suite.cases.size(), failures,
                     errors);
}

std::string lines_of(const Finding& finding) {
  const std::string whose = report::whose(finding);
  return markup_escaped(fmt::format("{} {}{}{}", to_string(finding.severity), finding.spec->code,
                                    whose.empty() ? "" : "  ", whose)) +
         "\n  " + markup(message_of(finding)) + "\n  at: " + markup_escaped(report::place(finding.where)) +
         "\n  fix: " + markup(fix_of(finding)) + "\n";
}

std::string body_of(const Case& test) {
  std::string body;
  for (const std::string& reason : test.unread) body += "could not be read: " + markup_escaped(reason) + "\n";
  for (const Finding* finding : test.failures) body += lines_of(*finding);
  return body;
}

/// headline_of: the first, and how many more there are.
std::string headline_of(const Case& test) {
  if (test.unread.empty() && test.failures.empty())
    return markup(report::meaning_of(*test.failure)) + " (-o ndjson names each)";
  const std::string text = test.unread.empty() ? base::escape_for_terminal(message_of(*test.failures.front()))
                                               : test.unread.front();
  const std::size_t more = test.unread.size() + test.failures.size() - 1;
  return markup_escaped(text) + (more == 0 ? "" : fmt::format(" (and {} more)", more));
}

std::string xml_of(const Case& test, const std::string& file) {
  std::string xml =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"", markup(file), markup(test.name));
  if (test.passed()) return xml + "/>\n";
  const std::string_view element = test.failed() ? "failure" : "error";
  const std::string_view type = test.failed() ? test.code() : "unread";
  return xml + fmt::format(">\n      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n    </testcase>\n", element,
                           type, headline_of(test), body_of(test));
}

/// instant_of: the schema wants no zone; it is UTC.
std::string instant_of(const Report& report) {
  std::string text = to_rfc3339(report.policy.at);
  text.pop_back();
  return text;
}

std::string property(std::string_view name, std::string_view value) {
  return fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, value);
}

std::string xml_of(const Suite& suite, std::size_t number, const Report& report, std::uint64_t left_out) {
  std::string xml = fmt::format(
      "  <testsuite id=\"{}\" package=\"meshcert.{}\" name=\"{}\" timestamp=\"{}\" hostname=\"localhost\" {}>\n"
      "    <properties>\n",
      number, report.verb, markup(suite.file), instant_of(report), counts_of(suite));
  xml += property("at", to_rfc3339(report.policy.at)) + property("profile", to_string(report.policy.profile));
  if (left_out != 0) xml += property("resources_left_out", std::to_string(left_out));
  xml += "    </properties>\n";
  for (const Case& test : suite.cases) xml += xml_of(test, suite.file);
  xml += "    <system-out>";
  for (const Finding* finding : suite.remarks) xml += lines_of(*finding);
  return xml + "</system-out>\n    <system-err/>\n  </testsuite>\n";
}

std::string document_of(const Suites& suites, const Report& report) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (std::size_t number = 0; number < suites.list().size(); ++number)
    xml += xml_of(suites.list()[number], number, report, suites.left_out());
  return xml + "</testsuites>\n";
}

}  // namespace

std::string render_junit(const Report& report, const RenderOptions& /*options*/) {
  return document_of(Suites(report), report);
}

std::string render_sweep_junit(const SweepReport& sweep, const RenderOptions& /*options*/) {
  return document_of(Suites(sweep), sweep.report);
}

}  // namespace meshcert
