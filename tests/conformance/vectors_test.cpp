// Public corpora, which are no part of this tree: $MESHCERT_SHARED/vectors, or
// ../shared/vectors beside the tree; without them this is skipped.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "tests/conformance/compare.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert::conformance;
using meshcert::testing::source_root;

namespace fs = std::filesystem;

namespace {

// Of fewer cases than this, one divergence with a reason would be too many.
constexpr std::size_t kLeastCases = 20;
constexpr std::size_t kOneIn = 20;  // 5 %

void compare(const Suite& suite, const fs::path& file) {
  const auto cases = read_expectations(file.string());
  REQUIRE_FALSE(cases.empty());
  const auto found = divergences(suite, cases);
  const auto listed =
      read_exceptions(source_root() + "/tests/conformance/exceptions/" + std::string(suite.name) + ".jsonl");
  for (const auto& complaint : complaints(found, listed)) FAIL_CHECK(suite.name << ": " << complaint);
  if (cases.size() >= kLeastCases) CHECK(found.size() * kOneIn <= cases.size());
  std::cout << suite.name << ": " << cases.size() << " cases, "
            << std::ranges::count_if(cases, &Expectation::core) << " of them core, " << found.size()
            << " divergences, " << listed.size() << " listed\n";
}

}  // namespace

TEST_CASE("public vectors are answered as expected, or the divergence is listed") {
  const auto directory = vectors_directory();
  if (!directory) {
    std::cout << "conformance vectors: skipped, there is no $MESHCERT_SHARED/vectors or ../shared/vectors\n";
    return;
  }
  for (const Suite& suite : all_suites()) {
    const fs::path file = *directory / (std::string(suite.name) + ".jsonl");
    if (fs::exists(file))
      compare(suite, file);
    else
      std::cout << suite.name << ": no vectors\n";
  }
}
