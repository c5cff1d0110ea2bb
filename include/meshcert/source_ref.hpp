#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace meshcert {

/// SourceRef says where something came from, precisely enough to find it again
/// in an editor or with jq. Ordered, so that reports are sorted and stable.
struct SourceRef {
  std::string file;        ///< name as given by the caller; "-" is stdin
  std::uint32_t line = 0;  ///< 1-based line in the file; 0 is unknown
  std::string pointer{};   ///< RFC 6901 JSON pointer into the document; "" when there is none
  std::optional<std::uint32_t> certificate{};  ///< 0-based index in the artifact's certificates

  auto operator<=>(const SourceRef&) const = default;
  bool operator==(const SourceRef&) const = default;
};

/// to_string renders "file:line pointer [certificate 1]" for messages; parts
/// that are unknown are left out.
[[nodiscard]] std::string to_string(const SourceRef& where);

}  // namespace meshcert
