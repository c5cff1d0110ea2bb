#include "tests/conformance/suite.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <ostream>

#include "base/escape.hpp"
#include "tests/conformance/suites.hpp"

namespace meshcert::conformance {
namespace {

// clang-format off: a row a line.
constexpr std::array kSuites{
    Suite{"certificate", judge_certificate},
    Suite{"chain", judge_chain},
    Suite{"dns-name", judge_dns_name},
    Suite{"jwt-svid", judge_jwt_svid},
    Suite{"spiffe-bundle", judge_spiffe_bundle},
    Suite{"spiffe-id", judge_spiffe_id},
    Suite{"svid", judge_svid},
    Suite{"svid-verify", judge_svid_verify},
    Suite{"trust-domain", judge_trust_domain},
    Suite{"xfcc", judge_xfcc},
};
// clang-format on

// The id of a line that is no JSON only because of octets that are not UTF-8.
Json salvaged_id(const std::string& line) {
  const Json row = Json::parse(base::to_valid_utf8(line), nullptr, false);
  return row.is_object() && row.contains("id") ? row["id"] : Json();
}

bool is_plain(const Json& id) {
  return id.is_string() || id.is_number() || id.is_boolean();
}

Verdict judge_row(const Suite& suite, const Json& row) {
  if (row.is_discarded()) return fail(std::string("not a JSON value in UTF-8"));
  if (!row.is_object()) return fail(std::string("not a JSON object"));
  if (row.contains("id") && row["id"].is_structured())
    return fail(std::string("id is an array or an object"));
  return suite.judge(row);
}

}  // namespace

std::span<const Suite> all_suites() {
  return kSuites;
}

const Suite* find_suite(std::string_view name) {
  const auto* found = std::ranges::find(kSuites, name, &Suite::name);
  return found == kSuites.end() ? nullptr : found;
}

std::string judge_line(const Suite& suite, const std::string& line) {
  const Json row = Json::parse(line, nullptr, false);
  const Verdict verdict = judge_row(suite, row);
  Json answer = verdict ? *verdict : Json{{"error", verdict.error()}};
  const Json id = row.is_object() && row.contains("id") ? row["id"] : salvaged_id(line);
  if (is_plain(id)) answer["id"] = id;
  return answer.dump(-1, ' ', true, Json::error_handler_t::replace);
}

void judge_lines(const Suite& suite, std::istream& in, std::ostream& out) {
  for (std::string line; std::getline(in, line);) out << judge_line(suite, line) << '\n';
}

Result<std::string, std::string> text_member(const Json& row, const char* name) {
  const auto member = row.find(name);
  if (member == row.end() || !member->is_string())
    return fail("member \"" + std::string(name) + "\" is missing or not text");
  return member->get<std::string>();
}

}  // namespace meshcert::conformance
