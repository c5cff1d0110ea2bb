#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "meshcert/input.hpp"

namespace meshcert::input {

/// What is as large as this shows what it is; of other text only PEM is sought.
inline constexpr std::size_t kHeldText = std::size_t{4} << 20;

/// read_late_pem reads a text whose `head`, which it keeps, is of no format we know: it
/// is searched for a line of PEM in windows, and what stands from there on is read as PEM.
/// nullopt where there is none. Fails as read_input does; the limit holds for what is
/// searched too, though it is not held.
Result<std::optional<Format>, std::string> read_late_pem(const std::string& name, ByteView head,
                                                         ByteSource& rest, const ReadOptions& options,
                                                         ArtifactSink& sink);

}  // namespace meshcert::input
