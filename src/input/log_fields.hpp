#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "input/log_line.hpp"
#include "meshcert/log.hpp"

namespace meshcert::input {

/// Whom a line of a log speaks of.
struct LogParties {
  std::vector<std::string> identities;  ///< SPIFFE IDs, each once; or kNoIdentity
  std::string peer;                     ///< address without its port; "" where none is named
};

/// What stands for the identity of a peer that presented no certificate.
inline constexpr std::string_view kNoIdentity = "(no client certificate)";

/// log_parties finds them in access logs, rbac's lines and messages of any format.
[[nodiscard]] LogParties log_parties(const LogLine& line);

/// captured is the value of a capture in a line; "" where it has none.
[[nodiscard]] std::string captured(std::string_view line, const LogCapture& capture);

/// log_example cuts a line around the place where its pattern stands.
[[nodiscard]] std::string log_example(std::string_view line, std::size_t at);

}  // namespace meshcert::input
