#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "meshcert/row.hpp"

namespace meshcert::cli {

/// MergedFile is what the summary of a file says that was merged.
struct MergedFile {
  std::string file;
  std::optional<Instant> at;  ///< by which it was judged
  Shard shard;                ///< 0 of 1 where the run was whole
  std::uint64_t inputs = 0, skipped = 0, certificates = 0;
};

/// Lines are how many lines of certificates stand in each file that was merged.
using Lines = std::map<std::string, std::uint64_t>;

/// Settled is what all shards of a merge told, counted once, and what is wrong with the files.
struct Settled {
  std::uint64_t inputs = 0, skipped = 0, unread = 0;
  struct Fault {
    std::string file, message;
  };
  std::vector<Fault> faults;
};

/// settle finds shards that are missing, files whose lines are not as many as their summaries say, and files
/// that are much older than the newest.
[[nodiscard]] Settled settle(const std::vector<MergedFile>& files, const Lines& lines);

}  // namespace meshcert::cli
