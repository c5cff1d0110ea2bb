#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "input/archive_layer.hpp"
#include "meshcert/byte_source.hpp"
#include "meshcert/input.hpp"

namespace meshcert::input {

/// Budget is what the archives of one input may still cost.
struct Budget {
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
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    const auto got = source_.read(into);
    if (got && count_ != nullptr) *count_ += *got;
    return got;
  }

 private:
  ByteSource& source_;
  std::uint64_t* count_;
};

/// EntrySource reads one entry, and stops where the budget ends.
class EntrySource final : public ByteSource {
 public:
  EntrySource(ArchiveLayer& archive, Budget& budget) : archive_(archive), budget_(budget) {}
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    if (auto sentence = budget_.exceeded()) return fail(std::move(*sentence));
    const auto got = archive_.read(into);
    if (got) budget_.unpacked += *got;
    return got;
  }

 private:
  ArchiveLayer& archive_;
  Budget& budget_;
};

}  // namespace meshcert::input
