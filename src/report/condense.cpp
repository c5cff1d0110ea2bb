// Of a whole report, what a sweep keeps: for formats that are made of that alone.

#include <algorithm>

#include "report/page.hpp"

namespace meshcert::report {
namespace {

void count_artifact(SweepReport& sweep, const Artifact& artifact, const FindingsByPlace& findings,
                    Soonest& soonest, Distinct& distinct, RowFiller& rows) {
  for (std::size_t index = 0; index < artifact.certificates.size(); ++index) {
    const CertificateRow& row = rows.fill(artifact, index, findings, sweep.report.policy);
    sweep.summary.count(row.kind, row.status);
    sweep.histogram.count(row.remaining, row.status);
    soonest.add(row);
    distinct.add(Distinct::prefix_of(row.sha256));
  }
  for (const Term& term : terms_of(artifact)) {
    if (validity_status(term, sweep.report.policy) == ValidityStatus::expired) ++sweep.expired_terms;
    soonest.add(term, findings, sweep.report.policy);
  }
}

void count_codes(SweepReport& sweep) {
  for (const Finding& finding : sweep.report.findings) {
    ++sweep.summary.findings[static_cast<std::size_t>(finding.severity)];
    CodeCount& code = sweep.codes[finding.spec->code];
    if (code.count++ == 0) code = {finding.spec, finding.severity, 1, finding.where, finding.resource};
  }
}

}  // namespace

SweepReport condense(const Report& report, Soonest& soonest) {
  SweepReport sweep;
  sweep.report.verb = report.verb;
  sweep.report.policy = report.policy;
  sweep.report.fail_on = report.fail_on;
  sweep.report.findings = report.findings;
  sweep.report.unread = report.unread;
  sweep.report.inventory.errors = report.inventory.errors;
  sweep.summary.inputs = report.inventory.inputs;
  sweep.summary.skipped = report.inventory.skipped;
  sweep.summary.artifacts = report.inventory.artifacts.size();
  sweep.summary.unread = report.unread;
  sweep.summary.verdict = verdict(report);
  count_codes(sweep);
  const FindingsByPlace findings(report.findings);
  Distinct distinct;
  RowFiller rows;
  for (const Artifact& artifact : report.inventory.artifacts)
    count_artifact(sweep, artifact, findings, soonest, distinct, rows);
  sweep.distinct = distinct.count();
  sweep.distinct_exact = distinct.exact();
  sweep.soonest = soonest.list();
  const auto next = std::ranges::find_if(
      sweep.soonest, [&](const Expiry* expiry) { return expiry->not_after >= report.policy.at; });
  sweep.next = next == sweep.soonest.end() ? nullptr : *next;
  return sweep;
}

}  // namespace meshcert::report
