#pragma once

#include <string>
#include <string_view>

#include "checks/check.hpp"

/// What to do about certificates that end, as the family validity says it.
namespace meshcert::checks {

/// how_to_renew goes by what a certificate is for; the first form, by where it is listed.
[[nodiscard]] std::string_view how_to_renew(bool is_ca, const Artifact& artifact);
[[nodiscard]] std::string how_to_renew(const Subject& subject, const Policy& policy);
/// how_to_replace_copy: of an expired copy, where the renewed certificate is known.
[[nodiscard]] std::string_view how_to_replace_copy();

}  // namespace meshcert::checks
