#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "meshcert/finding.hpp"

namespace meshcert::report {

/// section_of is a code's section of docs/findings.md without its heading; ""
/// when it has none.
[[nodiscard]] std::string_view section_of(std::string_view code);

/// meaning_of is the first sentence of a code's paragraph "Meaning": what the
/// finding says in one line. Falls back on the message.
[[nodiscard]] std::string meaning_of(const FindingSpec& spec);

/// specs_matching lists the findings that a code or a family names; empty when
/// it names none.
[[nodiscard]] std::vector<const FindingSpec*> specs_matching(std::string_view word);

}  // namespace meshcert::report
