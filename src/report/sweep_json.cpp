// `sweep -o json`: the summary, what ends soonest, and the findings
// (docs/sweep.schema.json). No list in it grows with the input beyond its bound.

#include "meshcert/sweep.hpp"
#include "report/json_parts.hpp"
#include "report/row_formats.hpp"

namespace meshcert {
namespace {

using report::Json;
using report::put_text;
using report::put_text_or_null;

Json expiry_json(const Expiry& expiry, Instant at) {
  Json object;
  put_text(object, "name", expiry.name);
  object["status"] = to_string(expiry.status);
  object["not_before"] = expiry.not_before ? Json(to_rfc3339(*expiry.not_before)) : Json(nullptr);
  object["not_after"] = to_rfc3339(expiry.not_after);
  object["remaining_seconds"] = (expiry.not_after - at).count();
  object["kind"] = expiry.kind;
  object["is_ca"] = expiry.is_ca;
  put_text(object, "issuer", expiry.issuer);
  object["serial"] = expiry.serial;
  object["sha256"] = expiry.sha256.empty() ? Json(nullptr) : Json(expiry.sha256);
  object["count"] = expiry.count;
  Json& places = object["places"] = Json::array();
  for (const Expiry::Place& place : expiry.places) {
    Json entry;
    entry["source"] = report::source_json(place.source);
    put_text_or_null(entry, "resource", place.resource);
    places.push_back(std::move(entry));
  }
  return object;
}

Json histogram_json(const SweepReport& sweep) {
  Json bins = Json::array();
  for (std::size_t i = 0; i < kHistogramBins; ++i) {
    const HistogramBin& bin = histogram_bins()[i];
    const bool expired = i == 0;
    Json entry;
    entry["label"] = bin.label;
    entry["within_seconds"] = bin.within && !expired ? Json(bin.within->count())
                              : expired              ? Json(0)
                                                     : Json(nullptr);
    entry["certificates"] = sweep.histogram.of(i);
    bins.push_back(std::move(entry));
  }
  return bins;
}

Json summary_json(const SweepReport& sweep) {
  Json summary = Json::parse(report::summary_text(sweep.report.policy.at, sweep.summary));
  summary["filtered"] = sweep.filtered;
  summary["distinct"] = sweep.distinct;
  summary["distinct_exact"] = sweep.distinct_exact;
  summary["interrupted"] = sweep.interrupted;
  return summary;
}

Json changes_json(const Changes& changes) {
  Json object;
  object["since"] = changes.since ? Json(to_rfc3339(*changes.since)) : Json(nullptr);
  for (std::size_t i = 0; i < changes.counts.size(); ++i)
    object[std::string(to_string(static_cast<Change::Kind>(i)))] = changes.counts[i];
  Json& list = object["list"] = Json::array();
  for (const Change& change : changes.list) {
    Json entry;
    entry["change"] = to_string(change.kind);
    put_text(entry, "place", change.place);
    put_text(entry, "name", change.name);
    entry["not_after"] = to_rfc3339(change.not_after);
    list.push_back(std::move(entry));
  }
  return object;
}

Json codes_json(const SweepReport& sweep) {
  Json codes = Json::object();
  for (const auto& [code, count] : sweep.codes) codes[std::string(code)] = count.count;
  return codes;
}

}  // namespace

std::string render_sweep_json(const SweepReport& sweep, const RenderOptions& /*options*/) {
  const Instant at = sweep.report.policy.at;
  Json document;
  document["schema"] = "meshcert/sweep/v1";
  document["tool"] = {{"name", "meshcert"}, {"version", MESHCERT_VERSION}};
  document["at"] = to_rfc3339(at);
  document["verb"] = "sweep";
  document["profile"] = to_string(sweep.report.policy.profile);
  document["verdict"] = verdict(sweep);
  document["summary"] = summary_json(sweep);
  document["next"] = sweep.next == nullptr ? Json(nullptr) : expiry_json(*sweep.next, at);
  Json& soonest = document["soonest"] = Json::array();
  for (const Expiry* expiry : sweep.soonest) soonest.push_back(expiry_json(*expiry, at));
  document["histogram"] = histogram_json(sweep);
  document["changes"] = sweep.changes ? changes_json(*sweep.changes) : Json(nullptr);
  document["codes"] = codes_json(sweep);
  Json& findings = document["findings"] = Json::array();
  for (const Finding& finding : sweep.report.findings) findings.push_back(report::finding_json(finding));
  document["findings_left_out"] = sweep.findings_left_out;
  Json& errors = document["errors"] = Json::array();
  for (const Error& error : sweep.report.inventory.errors) errors.push_back(report::error_json(error));
  document["errors_left_out"] = sweep.errors_left_out;
  return report::dumped(document);
}

}  // namespace meshcert
