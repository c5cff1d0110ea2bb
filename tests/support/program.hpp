#pragma once

#include <string>
#include <vector>

#include "tests/support/case_file.hpp"

/// Runs the program as it is shipped: what a case proves holds for the binary.
namespace meshcert::testing {

/// Outcome is what one run printed and how it ended. A signal ends in 128 + n.
struct Outcome {
  int status = 0;
  std::string out;  ///< stdout
};

/// command_line quotes the arguments for a shell, so that a failing case can be pasted.
[[nodiscard]] std::string command_line(const std::vector<std::string>& arguments);

/// run_shell runs a shell command in the source directory, with `meshcert` on
/// its PATH, no stdin and stderr discarded.
[[nodiscard]] Outcome run_shell(const std::string& command);

/// findings_in reads the findings of a JSON report as a case spells them, sorted:
/// `file[certificate]`, or inside a document `resource[certificate]`. A text
/// that is no JSON report fails the test and has none.
[[nodiscard]] std::vector<ExpectedFinding> findings_in(const std::string& json);

/// sentences_in is the message and the fix of each finding of a report in JSON, a line each.
[[nodiscard]] std::string sentences_in(const std::string& json);

}  // namespace meshcert::testing
