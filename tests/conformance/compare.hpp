#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/suite.hpp"

/// Cases with their expectations, against what a suite answers.
namespace meshcert::conformance {

/// Expectation is one line of a file of cases:
/// {"case", "expected", "core", "set", "tags"}.
struct Expectation {
  Json row;       ///< what the harness reads
  Json expected;  ///< members that the answer must have; others are free
  bool core = false;
};

/// read_expectations reads a file of cases; fails the test on a line it cannot read.
[[nodiscard]] std::vector<Expectation> read_expectations(const std::string& path);

/// vectors_directory is where public corpora are, which are no part of this tree:
/// $MESHCERT_SHARED/vectors, or ../shared/vectors beside the tree; nullopt without them.
[[nodiscard]] std::optional<std::filesystem::path> vectors_directory();

/// Divergence is an answer that is not as expected.
struct Divergence {
  Json key;  ///< the id of the case, else its input, else the case
  Json expected;
  Json actual;
  bool core = false;
};
[[nodiscard]] std::string to_string(const Divergence& divergence);

/// divergences runs every case; an answer that reports an error is one, whatever
/// was expected.
[[nodiscard]] std::vector<Divergence> divergences(const Suite& suite, const std::vector<Expectation>& cases);

/// Exception is a divergence that is meant, with its reason.
struct Exception {
  Json key, expected, actual;
  std::string reason;
};
/// read_exceptions reads {"id", "input" or "case", "expected", "actual", "reason"} a line;
/// none when there is no such file.
[[nodiscard]] std::vector<Exception> read_exceptions(const std::string& path);

/// complaints says what is wrong with a list of exceptions: divergences that are
/// core or not listed, entries that no divergence bears out any more.
[[nodiscard]] std::vector<std::string> complaints(const std::vector<Divergence>& found,
                                                  const std::vector<Exception>& listed);

}  // namespace meshcert::conformance
