#pragma once

#include <optional>
#include <string>

#include "meshcert/input.hpp"

namespace meshcert::input {

/// What is as large as this is no chain: beyond it, a PEM text can be read in windows.
inline constexpr std::size_t kHeldPem = std::size_t{1} << 20;

/// read_pem_windows reads a PEM text of any size in bounded memory: it is cut behind
/// END lines into windows, each of them an artifact. Only a block larger than
/// limits.value_bytes is lost, with all that follows.
Result<std::optional<Format>, std::string> read_pem_windows(const std::string& name, ByteSource& source,
                                                            const ReadOptions& options, ArtifactSink& sink);

/// looks_like_json_lines: a whole JSON value on one of the first two lines that are not
/// blank, and another begins on the next (as `jq -c` and watches print them); or one of what
/// we wrote ourselves, be it the only one.
[[nodiscard]] bool looks_like_json_lines(std::string_view text);

/// read_json_lines reads each line as a document of its own (read_json_documents).
/// A bad line hides no other. Objects of Kubernetes are judged as elements of a list; that
/// there is nothing of ours is told once. Returns the format where one was of a shape we
/// know: from then on lines are pieces for later.
Result<std::optional<Format>, std::string> read_json_lines(const std::string& name, ByteSource& source,
                                                           const ReadOptions& options, ArtifactSink& sink);

}  // namespace meshcert::input
