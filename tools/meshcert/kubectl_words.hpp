#pragma once

#include <string>
#include <vector>

namespace meshcert::cli {

/// kubectl_words takes the words of --kubectl apart and adds what is missing ("-o json").
/// Throws UsageError for a verb that does not only read, and for one that never ends.
[[nodiscard]] std::vector<std::string> kubectl_words(const std::string& text);

}  // namespace meshcert::cli
