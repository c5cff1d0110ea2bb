#pragma once

#include <span>

#include "meshcert/row.hpp"

namespace meshcert::cli {

/// artifact_of makes of the rows of one artifact, in their order, as much of it as judge_dates looks at:
/// names, dates, the CA flag, alternative names that are text, and places. Its octets are no certificate's.
[[nodiscard]] Artifact artifact_of(std::span<const CertificateRow> rows);

}  // namespace meshcert::cli
