#include "report/catalogue.hpp"

#include <algorithm>

#include "base/lines.hpp"
#include "meshcert/inspect.hpp"

/// docs/findings.md, whole (tools/embed.cmake).
extern const std::string_view findings_text;

namespace meshcert::report {
namespace {

constexpr std::string_view kHeading = "## ";

/// first_sentence ends at a full stop before white space, or with the paragraph.
std::string_view first_sentence(std::string_view text) {
  const std::string_view paragraph = text.substr(0, text.find("\n\n"));
  for (std::size_t at = paragraph.find('.'); at != std::string_view::npos; at = paragraph.find('.', at + 1)) {
    const bool ends = at + 1 == paragraph.size() || paragraph[at + 1] == ' ' || paragraph[at + 1] == '\n';
    const bool abbreviation =
        at >= 3 && (paragraph.substr(at - 3, 4) == "e.g." || paragraph.substr(at - 3, 4) == "i.e.");
    if (ends && !abbreviation) return paragraph.substr(0, at + 1);
  }
  return paragraph;
}

}  // namespace

std::string_view section_of(std::string_view code) {
  const std::string heading = "\n" + std::string(kHeading) + "`" + std::string(code) + "`\n";
  const std::size_t at = findings_text.find(heading);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = findings_text.substr(at + heading.size());
  // The next heading of this rank or a higher one.
  const std::size_t end = std::min(rest.find("\n## "), rest.find("\n# "));
  return base::trimmed(rest.substr(0, end));
}

std::string meaning_of(const FindingSpec& spec) {
  constexpr std::string_view kMeaning = "**Meaning.**";
  const std::string_view section = section_of(spec.code);
  const std::size_t at = section.find(kMeaning);
  std::string meaning(at == std::string_view::npos
                          ? spec.message
                          : first_sentence(base::trimmed(section.substr(at + kMeaning.size()))));
  std::ranges::replace(meaning, '\n', ' ');
  return meaning;
}

std::vector<const FindingSpec*> specs_matching(std::string_view word) {
  std::vector<const FindingSpec*> matching;
  for (const FindingSpec* spec : finding_specs())
    if (spec->code == word || spec->family() == word) matching.push_back(spec);
  return matching;
}

}  // namespace meshcert::report
