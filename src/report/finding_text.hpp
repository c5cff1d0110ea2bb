#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "meshcert/artifact.hpp"
#include "meshcert/finding.hpp"
#include "meshcert/row.hpp"
#include "report/layout.hpp"

namespace meshcert::report {

/// How people read findings, whatever the format. All text is escaped for a
/// terminal; a format escapes it further as it needs.

/// reading_order: the worst first, one code together, else as reported.
[[nodiscard]] std::vector<const Finding*> reading_order(const std::vector<Finding>& findings);

[[nodiscard]] Paint paint_of(Severity severity);

/// whose says what the finding is about: "default, certificate 1"; "" for the input itself.
[[nodiscard]] std::string whose(const Finding& finding);

/// place is what an editor opens and jq takes: "dump.json:12 /secrets/0/name".
[[nodiscard]] std::string place(const SourceRef& where);

/// lost_text says which octets of an input could not be used, and why.
[[nodiscard]] std::string lost_text(const SourceRef& where, std::string_view why);
[[nodiscard]] std::string lost_text(const Defect& defect);
/// lost_part is it, of this artifact or, null, of none.
[[nodiscard]] LostPart lost_part(const Defect& defect, const Artifact* artifact);

}  // namespace meshcert::report
