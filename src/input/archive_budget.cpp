#include "input/archive_budget.hpp"

#include <fmt/format.h>
#include <utility>

namespace meshcert::input {
namespace {

constexpr std::uint64_t kAnyRatio = std::uint64_t{64} << 20;  // what may come of any archive, however small

}  // namespace

std::optional<std::string> ArchiveBudget::exceeded() const {
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

Result<std::size_t, std::string> CountedSource::read(std::span<std::uint8_t> into) {
  const auto got = source_.read(into);
  if (got && count_ != nullptr) *count_ += *got;
  return got;
}

Result<std::size_t, std::string> EntrySource::read(std::span<std::uint8_t> into) {
  if (auto sentence = budget_.exceeded()) return fail(std::move(*sentence));
  const auto got = archive_.read(into);
  if (got) budget_.unpacked += *got;
  return got;
}

}  // namespace meshcert::input
