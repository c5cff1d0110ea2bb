#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "checks/check.hpp"

namespace meshcert::checks {

#define MESHCERT_CHECK(family) extern const Check k_##family##_check;
#include "checks/checks.def"
#undef MESHCERT_CHECK

std::span<const Check* const> all_checks() {
  static constexpr const Check* kAll[] = {
#define MESHCERT_CHECK(family) &k_##family##_check,
#include "checks/checks.def"
#undef MESHCERT_CHECK
  };
  return kAll;
}

}  // namespace meshcert::checks

namespace meshcert {
namespace {

// Levenshtein distance; codes are short, so the quadratic table is small. The
// word comes from a command line: longer ones than any code are not near one.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({substitute, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row.back();
}

std::string_view after_dot(std::string_view code) {
  return code.substr(code.find('.') + 1);
}

}  // namespace

std::span<const FindingSpec* const> finding_specs() {
  static const std::vector<const FindingSpec*> kSpecs = [] {
    std::vector<const FindingSpec*> specs;
    for (const checks::Check* check : checks::all_checks())
      specs.insert(specs.end(), check->may_report.begin(), check->may_report.end());
    return specs;
  }();
  return kSpecs;
}

const FindingSpec* find_spec(std::string_view code) {
  const auto specs = finding_specs();
  const auto found = std::ranges::find(specs, code, &FindingSpec::code);
  return found == specs.end() ? nullptr : *found;
}

bool is_family(std::string_view word) {
  return std::ranges::any_of(finding_specs(),
                             [&](const FindingSpec* spec) { return spec->family() == word; });
}

std::vector<std::string_view> nearest_codes(std::string_view word) {
  constexpr std::size_t kLongest = 64;
  constexpr std::size_t kNear = 3;
  if (word.size() > kLongest) return {};
  std::vector<std::pair<std::size_t, std::string_view>> ranked;
  for (const FindingSpec* spec : finding_specs()) {
    const std::size_t best = std::min({distance(word, spec->code), distance(word, after_dot(spec->code)),
                                       distance(word, spec->family()) + 1});
    if (best <= kNear) ranked.emplace_back(best, spec->code);
  }
  std::ranges::stable_sort(ranked, {}, &std::pair<std::size_t, std::string_view>::first);
  std::vector<std::string_view> codes;
  for (const auto& [rank, code] : ranked)
    if (rank == ranked.front().first && codes.size() < 5) codes.push_back(code);
  return codes;
}

}  // namespace meshcert
