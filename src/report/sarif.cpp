// SARIF 2.1.0 (OASIS, 2020), as code scanning reads it: one run; a rule for every
// code that was reported, explained by its section of docs/findings.md; a result
// for every finding; a notification for every place that could not be read.
//
// Text is for people there and may be rendered, so it is escaped as for a terminal;
// the document is ASCII. What a program wants exactly is in -o json.

#include <fmt/format.h>

#include <map>

#include "base/ascii.hpp"
#include "base/escape.hpp"
#include "meshcert/report.hpp"
#include "meshcert/sweep.hpp"
#include "report/catalogue.hpp"
#include "report/finding_text.hpp"
#include "report/json_text.hpp"
#include "x509/crypto.hpp"

namespace meshcert {
namespace {

using report::Json;

/// escaped_message is of text that is escaped for a terminal: it escapes what SARIF reads in plain text: {0}
/// is a placeholder (3.11.5), [text](target) a link (3.11.6).
std::string escaped_message(std::string_view escaped) {
  std::string out;
  for (const char c : escaped) {
    if (c == '{' || c == '}') out += c;
    if (c == '(' && out.ends_with(']')) out.replace(out.size() - 1, 1, "\\x5d");
    out += c;
  }
  return out;
}

std::string message_text(std::string_view text) {
  return escaped_message(base::escape_for_terminal(text));
}

std::string_view level_of(Severity severity) {
  return severity == Severity::info ? "note" : to_string(severity);
}

/// uri_of makes a file's name a URI reference (RFC 3986): relative names stay
/// relative, to the root of the repository; "-" is standard input.
std::string uri_of(std::string_view file) {
  std::string uri(file.starts_with('/') ? "file://" : "");
  for (const char c : file) {
    if (base::is_alphanumeric(c) || std::string_view("-._~/").find(c) != std::string_view::npos)
      uri += c;
    else
      uri += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return uri;
}

Json physical_location(const SourceRef& where) {
  Json place;
  place["artifactLocation"]["uri"] = uri_of(where.file);
  if (where.line != 0) place["region"]["startLine"] = where.line;
  return place;
}

void add_logical(Json& location, std::string_view key, const std::string& text, std::string_view kind) {
  if (text.empty()) return;
  Json entry;
  entry[std::string(key)] = base::escape_for_terminal(text);
  entry["kind"] = kind;
  location["logicalLocations"].push_back(std::move(entry));
}

/// locations_of: the file and line, the resource where it is not the file, the JSON pointer.
Json locations_of(const SourceRef& where, const std::string& resource) {
  Json location = Json::object();
  if (!where.file.empty()) location["physicalLocation"] = physical_location(where);
  if (resource != where.file) add_logical(location, "name", resource, "resource");
  add_logical(location, "fullyQualifiedName", where.pointer, "value");
  return Json::array({std::move(location)});
}

/// Rules are the codes of the results, in the order in which they come.
class Rules {
 public:
  std::size_t index_of(const FindingSpec& spec) {
    const auto [entry, added] = index_.emplace(spec.code, rules_.size());
    if (added) rules_.push_back(&spec);
    return entry->second;
  }
  [[nodiscard]] Json json() const {
    Json list = Json::array();
    for (const FindingSpec* spec : rules_) list.push_back(rule(*spec));
    return list;
  }

 private:
  static Json rule(const FindingSpec& spec) {
    const std::string_view section = report::section_of(spec.code);
    Json object;
    object["id"] = spec.code;
    object["shortDescription"]["text"] = report::meaning_of(spec);
    object["fullDescription"]["text"] = report::meaning_of(spec);
    object["help"]["text"] = section.empty() ? spec.fix : section;
    if (!section.empty()) object["help"]["markdown"] = section;
    object["defaultConfiguration"]["level"] = level_of(spec.istio);
    object["properties"]["tags"] = {"certificates", spec.family()};
    return object;
  }

  std::map<std::string_view, std::size_t> index_;
  std::vector<const FindingSpec*> rules_;
};

/// Fingerprints tell one finding from another across runs: by code and place, not
/// by line, message or certificate, so that a certificate that was renewed and
/// still has the fault keeps its alert. Equal ones are counted apart.
class Fingerprints {
 public:
  Json of(const Finding& finding) {
    const std::string place = fmt::format(
        "{}\n{}\n{}\n{}", finding.spec->code, finding.where.file, finding.resource,
        finding.where.certificate ? std::to_string(*finding.where.certificate) : finding.where.pointer);
    const std::string digest = x509::sha256_hex(as_bytes(place)).substr(0, kDigits);
    const std::string value = fmt::format("{}:{}", digest, ++seen_[digest]);
    // GitHub takes a fingerprint under this name only, and makes its own, of lines, without.
    return {{"primaryLocationLineHash", value}, {"meshcertPlace/v1", value}};
  }

 private:
  static constexpr std::size_t kDigits = 32;
  std::map<std::string, std::uint64_t> seen_;
};

Json result(const Finding& finding, Rules& rules, Fingerprints& fingerprints) {
  Json object;
  object["ruleId"] = finding.spec->code;
  object["ruleIndex"] = rules.index_of(*finding.spec);
  object["level"] = level_of(finding.severity);
  const std::string whose = escaped_message(report::whose(finding));
  object["message"]["text"] = fmt::format("{}{}{}\nFix: {}", whose, whose.empty() ? "" : ": ",
                                          message_text(message_of(finding)), message_text(fix_of(finding)));
  object["locations"] = locations_of(finding.where, finding.resource);
  object["partialFingerprints"] = fingerprints.of(finding);
  return object;
}

Json notification(const SourceRef& where, std::string_view escaped) {
  Json object;
  object["level"] = "error";
  object["message"]["text"] = escaped_message(escaped);
  object["locations"] = locations_of(where, "");
  return object;
}

void add_lost(Json& notifications, const std::vector<Defect>& defects) {
  for (const Defect& defect : defects)
    if (defect.lost) notifications.push_back(notification(defect.where, report::lost_text(defect)));
}

Json errors_of(const Inventory& inventory) {
  Json notifications = Json::array();
  for (const Error& error : inventory.errors)
    notifications.push_back(notification(error.where, base::escape_for_terminal(error.message)));
  return notifications;
}

Json notifications_of(const Report& report) {
  Json notifications = errors_of(report.inventory);
  add_lost(notifications, report.inventory.defects);
  for (const Artifact& artifact : report.inventory.artifacts) add_lost(notifications, artifact.defects);
  return notifications;
}

Json notifications_of(const SweepReport& sweep) {
  Json notifications = errors_of(sweep.report.inventory);
  for (const LostPart& lost : sweep.lost)
    notifications.push_back(notification(lost.where, report::lost_text(lost.where, lost.why)));
  const auto count = [&](std::uint64_t number, std::string_view what) {
    if (number == 0) return;
    Json object;
    object["level"] = "warning";
    object["message"]["text"] =
        fmt::format("{} more {} are not listed here; -o ndjson has all", number, what);
    notifications.push_back(std::move(object));
  };
  count(sweep.findings_left_out, "findings");
  count(sweep.errors_left_out + sweep.lost_left_out, "errors");
  return notifications;
}

Json invocation(int status, std::string_view verdict, Json&& notifications) {
  Json object;
  object["executionSuccessful"] = status != static_cast<int>(ExitStatus::incomplete);
  object["exitCode"] = status;
  object["exitCodeDescription"] = verdict;
  object["toolExecutionNotifications"] = std::move(notifications);
  return object;
}

Json driver(const Rules& rules) {
  Json object;
  object["name"] = "meshcert";
  object["version"] = MESHCERT_VERSION;
  object["semanticVersion"] = MESHCERT_VERSION;
  object["rules"] = rules.json();
  return object;
}

Json run(const Report& report, Json&& invocation) {
  Rules rules;
  Fingerprints fingerprints;
  Json results = Json::array();
  for (const Finding& finding : report.findings) results.push_back(result(finding, rules, fingerprints));
  Json object;
  object["tool"]["driver"] = driver(rules);
  object["automationDetails"]["id"] = "meshcert/" + report.verb + "/";
  object["invocations"] = Json::array({std::move(invocation)});
  object["columnKind"] = "unicodeCodePoints";
  object["properties"] = {{"at", to_rfc3339(report.policy.at)},
                          {"profile", to_string(report.policy.profile)}};
  object["results"] = std::move(results);
  return object;
}

std::string document_of(Json&& run) {
  Json document;
  document["$schema"] =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
  document["version"] = "2.1.0";
  document["runs"] = Json::array({std::move(run)});
  return report::dumped(document);
}

}  // namespace

std::string render_sarif(const Report& report, const RenderOptions& /*options*/) {
  return document_of(
      run(report, invocation(status_number(report), verdict(report), notifications_of(report))));
}

std::string render_sweep_sarif(const SweepReport& sweep, const RenderOptions& /*options*/) {
  return document_of(
      run(sweep.report, invocation(status_number(sweep), sweep.summary.verdict, notifications_of(sweep))));
}

}  // namespace meshcert
