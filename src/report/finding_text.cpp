#include "report/finding_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.hpp"

namespace meshcert::report {
namespace {

std::string_view why_lost(const Defect& defect) {
  return defect.detail.empty() ? "this part of the input could not be used" : std::string_view(defect.detail);
}

}  // namespace

Paint paint_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return Paint::red;
    case Severity::warning:
      return Paint::yellow;
    case Severity::info:
      return Paint::cyan;
  }
  return Paint::plain;
}

std::vector<const Finding*> reading_order(const std::vector<Finding>& findings) {
  std::vector<const Finding*> order;
  order.reserve(findings.size());
  for (const Finding& finding : findings) order.push_back(&finding);
  std::ranges::stable_sort(order, [](const Finding* a, const Finding* b) {
    if (a->severity != b->severity) return a->severity > b->severity;
    return a->spec->code < b->spec->code;
  });
  return order;
}

std::string whose(const Finding& finding) {
  std::string text = base::escape_for_terminal(finding.resource);
  if (finding.where.certificate)
    text += fmt::format("{}certificate {}", text.empty() ? "" : ", ", *finding.where.certificate);
  return text;
}

std::string place(const SourceRef& where) {
  std::string text = base::escape_for_terminal(where.file == "-" ? "standard input" : where.file);
  if (where.line != 0) text += fmt::format(":{}", where.line);
  if (!where.pointer.empty()) text += " " + base::escape_for_terminal(where.pointer);
  return text;
}

std::string lost_text(const SourceRef& where, std::string_view why) {
  return place(where) + ": " + base::escape_for_terminal(why);
}

std::string lost_text(const Defect& defect) {
  return lost_text(defect.where, why_lost(defect));
}

LostPart lost_part(const Defect& defect, const Artifact* artifact) {
  LostPart part{defect.where, std::string(why_lost(defect)), std::nullopt, {}, {}};
  if (artifact == nullptr) return part;
  part.kind = artifact->kind;
  part.name = artifact->name;
  part.resource = artifact->resource;
  return part;
}

}  // namespace meshcert::report
