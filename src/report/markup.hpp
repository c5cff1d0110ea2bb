#pragma once

#include <string>
#include <string_view>

namespace meshcert::report {

/// markup makes text of any origin safe in XML and HTML, between tags and within
/// quotes: what a terminal must not get is spelt out, & < > " ' are entities.
[[nodiscard]] std::string markup(std::string_view text);
/// markup_escaped is for text that is escaped for a terminal already.
[[nodiscard]] std::string markup_escaped(std::string_view escaped);

}  // namespace meshcert::report
