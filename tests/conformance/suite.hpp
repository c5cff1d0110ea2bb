#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "meshcert/result.hpp"

/// The conformance harness: public corpora run through one small program, a JSON
/// object a line in, a JSON object a line out.
namespace meshcert::conformance {

using Json = nlohmann::json;

/// Verdict is the output line of a case, without its id; or why the case could
/// not be read.
using Verdict = Result<Json, std::string>;

/// Suite is one row of the table.
struct Suite {
  std::string_view name;
  Verdict (*judge)(const Json& row);
};

/// all_suites is the table.
[[nodiscard]] std::span<const Suite> all_suites();
/// find_suite finds a row; null when there is none.
[[nodiscard]] const Suite* find_suite(std::string_view name);

/// judge_line answers one input line with one output line, without its line
/// feed: ASCII JSON with the case's id, if it has one. A case that cannot be read
/// is answered by {"id", "error"}.
[[nodiscard]] std::string judge_line(const Suite& suite, const std::string& line);

/// judge_lines answers every line of `in`, in order.
void judge_lines(const Suite& suite, std::istream& in, std::ostream& out);

/// text_member reads a member that must be there and be text.
[[nodiscard]] Result<std::string, std::string> text_member(const Json& row, const char* name);

}  // namespace meshcert::conformance
