#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meshcert/crl.hpp"
#include "meshcert/policy.hpp"
#include "report/json_text.hpp"

/// Certificate revocation lists as reports show them.
namespace meshcert::report {

/// crls_json makes the member "crls" of an artifact.
[[nodiscard]] Json crls_json(const std::vector<Crl>& crls, Instant at);

/// crl_fields are the lines of one CRL: label and value, not escaped.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string>> crl_fields(const Crl& crl,
                                                                               const Policy& policy);

/// revoked_count: "3 revoked certificates".
[[nodiscard]] std::string revoked_count(const Crl& crl);

/// is_valid_at: thisUpdate <= at <= nextUpdate, both ends widened by the skew;
/// without a nextUpdate there is no end.
[[nodiscard]] bool is_valid_at(const Crl& crl, const Policy& policy);

}  // namespace meshcert::report
