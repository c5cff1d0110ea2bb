#pragma once

#include <compare>
#include <string>
#include <utility>
#include <vector>

/// A .case file: inputs, options, and exactly the findings they deserve.
/// docs/testing.md describes its form.
namespace meshcert::testing {

/// ExpectedFinding is one line below `expect:`. The sentence is not in it, so
/// wording can improve without touching a case.
struct ExpectedFinding {
  std::string severity;
  std::string code;
  std::string place;  ///< "certs/leaf.pem[0]"; "default[0]" inside a dump

  auto operator<=>(const ExpectedFinding&) const = default;
};
[[nodiscard]] std::string to_string(const ExpectedFinding& finding);

/// CaseFile is one such file, taken apart.
struct CaseFile {
  std::string path;                                           ///< below the source directory
  std::string head;                                           ///< the text before `expect:`, as it stands
  std::vector<std::pair<std::string, std::string>> settings;  ///< key and value, in order
  std::vector<ExpectedFinding> expected;                      ///< sorted
  std::vector<std::string> faults;                            ///< why it is no proper case; empty if it is

  /// setting returns the last value of a key, or the fallback.
  [[nodiscard]] std::string setting(const std::string& key, const std::string& fallback = "") const;
};

[[nodiscard]] CaseFile parse_case(const std::string& path, const std::string& text);

/// render_case is the inverse of parse_case, with other expectations.
[[nodiscard]] std::string render_case(const CaseFile& file, const std::vector<ExpectedFinding>& expected);

/// arguments_of is the command line that the case stands for: the verb, every
/// other key but `says` as an option of the same name, and the inputs.
[[nodiscard]] std::vector<std::string> arguments_of(const CaseFile& file);

/// read_case_files reads every case of tests/cases.
[[nodiscard]] std::vector<CaseFile> read_case_files();

/// difference lists what is missing ("- ") and what was not expected ("+ "),
/// counting repeats; empty when both are the same.
[[nodiscard]] std::string difference(std::vector<ExpectedFinding> expected,
                                     std::vector<ExpectedFinding> actual);

}  // namespace meshcert::testing
