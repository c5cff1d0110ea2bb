#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/words.hpp"
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
    const std::size_t best =
        std::min({base::edit_distance(word, spec->code), base::edit_distance(word, after_dot(spec->code)),
                  base::edit_distance(word, spec->family()) + 1});
    if (best <= kNear) ranked.emplace_back(best, spec->code);
  }
  std::ranges::stable_sort(ranked, {}, &std::pair<std::size_t, std::string_view>::first);
  std::vector<std::string_view> codes;
  for (const auto& [rank, code] : ranked)
    if (rank == ranked.front().first && codes.size() < 5) codes.push_back(code);
  return codes;
}

}  // namespace meshcert
