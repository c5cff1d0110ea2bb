#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace meshcert::cli {

/// SweepOptions is what the verb `sweep` alone is told.
struct SweepOptions {
  std::size_t top = 10;     ///< --top: how many of those that end soonest
  std::size_t threads = 0;  ///< -j; 0: as many as there are processors
  std::optional<std::string> state_file;
  std::vector<std::string> files_from;  ///< files with names of files; "-" is stdin
  bool nul = false;                     ///< -0: names end in NUL
  std::vector<std::string> kubectl;     ///< what to run kubectl with
  std::string cluster;                  ///< what stands before the places of stdin and kubectl
  std::vector<std::string> kinds;       ///< kinds of artifact; empty is every one
  std::vector<std::string> namespaces;  ///< of Kubernetes; empty is every one
  bool merge = false;                   ///< --merge: INPUT is what `sweep -o ndjson` printed
  std::string shard_text;               ///< --shard as it was given
  std::size_t shard = 0, shards = 1;
};

}  // namespace meshcert::cli
