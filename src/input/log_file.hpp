#pragma once

#include <string>
#include <string_view>

#include "meshcert/input.hpp"

namespace meshcert::input {

/// read_log reads a log of istiod, istio-proxy, ztunnel or the API server, line by
/// line in bounded memory, whatever its size: one artifact of kind `log`, or a
/// `no_certificates` defect where no line is of a log. Fails when the octets cannot
/// be had.
Result<void, std::string> read_log(const std::string& name, ByteSource& source, const ReadOptions& options,
                                   ArtifactSink& sink);

/// read_held_log does the same for octets in memory.
void read_held_log(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink);

/// looks_like_log: its first lines have the times of a log, and something in it is of
/// the mesh: a known line, or the form of istiod's, Envoy's, ztunnel's or klog's lines.
[[nodiscard]] bool looks_like_log(std::string_view text);

/// looks_like_json_log: the text begins with a line that is one entry of a log in JSON.
[[nodiscard]] bool looks_like_json_log(std::string_view text);

}  // namespace meshcert::input
