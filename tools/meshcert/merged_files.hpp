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
  std::uint64_t unread = 0;  ///< of objects, which no other shard tells
  std::uint64_t findings = 0;
  std::optional<std::uint64_t> lines;  ///< before it; not told by earlier versions
};

/// FileLines is what the lines of a file that was merged tell, but for summaries.
struct FileLines {
  std::uint64_t all = 0, certificates = 0;
  std::uint64_t findings = 0;         ///< of codes that this version knows
  std::uint64_t unread_left_out = 0;  ///< lost parts of what --kind, --namespace or --shard left out

  FileLines& operator+=(const FileLines& more);
};
using Lines = std::map<std::string, FileLines>;

/// Settled is what all shards of a merge told, counted once, and what is wrong with the files.
struct Settled {
  std::uint64_t inputs = 0, skipped = 0, unread = 0;
  struct Fault {
    std::string file, message;
  };
  std::vector<Fault> faults;
};

/// settle counts what is unread, and finds shards that are missing, files whose lines are not as many as
/// their summaries say, and files that are much older than the newest, or all of them than `now`; none: they
/// are judged by a time of somebody's choice, to which no file need be near.
[[nodiscard]] Settled settle(const std::vector<MergedFile>& files, const Lines& lines,
                             std::optional<Instant> now);

}  // namespace meshcert::cli
