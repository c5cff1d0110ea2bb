#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "input/archive_layer.hpp"
#include "meshcert/byte_source.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// ArchiveBudget is what the archives of one input may still cost (docs/limits.md). Sizes are counted as
/// octets come.
struct ArchiveBudget {
  const Limits& limits;
  std::uint64_t packed = 0, unpacked = 0;
  std::size_t entries = 0;

  /// exceeded is a sentence when there is too much of it.
  [[nodiscard]] std::optional<std::string> exceeded() const;
};

/// CountedSource counts what is read of it, if anybody asks.
class CountedSource final : public ByteSource {
 public:
  CountedSource(ByteSource& source, std::uint64_t* count) : source_(source), count_(count) {}
  [[nodiscard]] Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override;

 private:
  ByteSource& source_;
  std::uint64_t* count_;
};

/// EntrySource reads one entry, and fails where the budget ends.
class EntrySource final : public ByteSource {
 public:
  EntrySource(ArchiveLayer& archive, ArchiveBudget& budget) : archive_(archive), budget_(budget) {}
  [[nodiscard]] Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override;

 private:
  ArchiveLayer& archive_;
  ArchiveBudget& budget_;
};

}  // namespace meshcert::input
