#include "input/archive_budget.hpp"

#include <fmt/format.h>

namespace meshcert::input {

std::optional<std::string> Budget::exceeded() const {
  constexpr std::uint64_t kAnyRatio = std::uint64_t{64} << 20;  // what may come of any archive, however small
  if (unpacked > limits.archive_bytes)
    return fmt::format("the archive unpacks to more than {} octets, the limit; raise it with --max-archive",
                       limits.archive_bytes);
  if (unpacked > kAnyRatio && unpacked / limits.archive_ratio > packed)
    return fmt::format("the archive unpacks to more than {} times its size: it looks made to fill a disk",
                       limits.archive_ratio);
  if (entries > limits.archive_entries)
    return fmt::format("the archive has more than {} files, the limit; raise it with --max-archive-entries",
                       limits.archive_entries);
  return std::nullopt;
}

}  // namespace meshcert::input
