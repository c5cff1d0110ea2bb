#pragma once

#include <string_view>

namespace meshcert::checks {

/// kNamesNobody: why a SPIFFE ID without a path is none of a workload, as messages say it (JWT-SVID 3.1,
/// X509-SVID 5.2).
inline constexpr std::string_view kNamesNobody = "it names a trust domain, and must name a workload in it";

}  // namespace meshcert::checks
