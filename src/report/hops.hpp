#pragma once

#include <string>

#include "meshcert/artifact.hpp"
#include "meshcert/report.hpp"
#include "report/json_text.hpp"

namespace meshcert::report {

/// hops_block shows X-Forwarded-Client-Cert headers hop by hop, the oldest first, each with
/// who called and who received it. "" where there are none.
[[nodiscard]] std::string hops_block(const Report& report, const RenderOptions& options);

/// xfcc_json is what one hop states: by, hash, subject, uri, dns, and others by their keys.
[[nodiscard]] Json xfcc_json(const XfccHop& hop);

}  // namespace meshcert::report
