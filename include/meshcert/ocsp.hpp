#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "meshcert/source_ref.hpp"
#include "meshcert/time.hpp"

namespace meshcert {

/// OcspAnswer is the first answer in an OCSP response (RFC 6960 4.2.1). Its signature is
/// not verified.
struct OcspAnswer {
  enum class Status : std::uint8_t { good, revoked, unknown };
  Status status = Status::unknown;
  std::vector<std::uint8_t> serial;  ///< contents octets, of the certificate that it speaks of
  Instant this_update{};
  std::optional<Instant> next_update;
};
[[nodiscard]] std::string_view to_string(OcspAnswer::Status status);  ///< "good"

/// OcspStaple is an answer that a server is given to send along with its certificate.
struct OcspStaple {
  OcspAnswer answer;
  SourceRef where;
};

}  // namespace meshcert
