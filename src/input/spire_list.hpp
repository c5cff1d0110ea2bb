#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meshcert::input {

/// SpireBundle is the bundle of one trust domain in what `spire-server bundle list` prints.
struct SpireBundle {
  std::string_view trust_domain, text;
  std::uint32_t line;  ///< of the file, where the text begins
};

/// has_spire_heading: a trust domain's name between two rows of asterisks stands in the text.
[[nodiscard]] bool has_spire_heading(std::string_view text);

/// split_spire_list cuts a text that begins with such a heading before each of them (spire
/// cmd/spire-server/cli/bundle/common.go); empty where it does not. Of more than `most` the last holds the
/// rest.
[[nodiscard]] std::vector<SpireBundle> split_spire_list(std::string_view text, std::size_t most);

}  // namespace meshcert::input
