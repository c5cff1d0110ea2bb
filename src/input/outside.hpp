#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "input/pem.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// Outsider is evidence outside of all blocks, which nobody reads there.
struct Outsider {
  DefectKind kind;
  std::uint32_t line;  ///< of the text, counted from 1
  std::string_view what, fix;
};

/// find_outsiders looks through the text outside of blocks for what is evidently
/// evidence: octets that are no text, a dump, base64 of certificates, and BEGIN
/// lines that are nearly right. The first of each kind is told. Linear.
[[nodiscard]] std::vector<Outsider> find_outsiders(std::span<const PemGap> gaps);

/// has_dump_key: a key of a dump of secrets stands in this line, as JSON or YAML
/// writes keys.
[[nodiscard]] bool has_dump_key(std::string_view line);

/// is_nearly_begin: a BEGIN line of a certificate in all but its dashes, blanks or
/// case, or one that was percent-encoded.
[[nodiscard]] bool is_nearly_begin(std::string_view line);

}  // namespace meshcert::input
