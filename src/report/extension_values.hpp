#pragma once

#include <string>
#include <vector>

#include "meshcert/bytes.hpp"

namespace meshcert::report {

/// What extensions say that are shown, not judged. Each takes the contents
/// octets that decoding has checked (meshcert/extensions.hpp) and lists the
/// values in order, exact, not escaped; what cannot be read ends the list.

/// "OCSP http://...", "caIssuers http://..." (RFC 5280 4.2.2.1).
[[nodiscard]] std::vector<std::string> access_descriptions(ByteView authority_info_access);
/// The names of every distribution point (RFC 5280 4.2.1.13): "http://...".
[[nodiscard]] std::vector<std::string> distribution_points(ByteView crl_distribution_points);
/// Policy OIDs (RFC 5280 4.2.1.4).
[[nodiscard]] std::vector<std::string> policy_identifiers(ByteView certificate_policies);
/// "DNS example.com" for every subtree (RFC 5280 4.2.1.10).
[[nodiscard]] std::vector<std::string> subtrees(ByteView general_subtrees);

}  // namespace meshcert::report
