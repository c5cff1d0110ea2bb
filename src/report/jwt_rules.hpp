#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meshcert/artifact.hpp"
#include "report/json_text.hpp"

namespace meshcert::report {

/// rule_fields says what a rule for tokens says, a label and a value each. Not escaped.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string>> rule_fields(const JwtRule& rule);

/// rule_issuer is whom the rule is for, in words. Not escaped.
[[nodiscard]] std::string rule_issuer(const JwtRule& rule);

/// rule_json is member `jwt_rule` of an artifact.
[[nodiscard]] Json rule_json(const JwtRule& rule);

}  // namespace meshcert::report
