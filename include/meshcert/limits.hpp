#pragma once

#include <cstddef>
#include <cstdint>

namespace meshcert {

/// Limits bound the work that one input can cause. Every number is a default
/// that the caller may raise; docs/limits.md says where each comes from.
struct Limits {
  std::uint64_t input_bytes = 1ULL << 30;    ///< one input that is held whole (all but JSON, YAML)
  std::size_t value_bytes = 64ULL << 20;     ///< one value of a JSON or YAML document that is held whole
  std::size_t depth = 200;                   ///< nesting of a JSON or YAML document
  std::size_t values = 10'000'000;           ///< values of a JSON or YAML document held at once
  std::size_t alias_nodes = 100'000;         ///< values that the aliases of a YAML stream stand for
  std::size_t private_keys = 100;            ///< of one text that are decoded; none in a sweep
  std::size_t pem_blocks = 1'000'000;        ///< PEM blocks in one text
  std::uint64_t archive_bytes = 1ULL << 40;  ///< what the archives of one input unpack to
  std::uint64_t archive_ratio = 200;         ///< how many times its own size, beyond 64 MiB
  std::size_t archive_entries = 1'000'000;   ///< files in the archives of one input
  std::size_t archive_depth = 3;             ///< archives within archives
  std::size_t defects = 1000;       ///< unusable blocks of one text told one by one; the rest are counted
  std::size_t artifacts = 200'000;  ///< artifacts, objects and defects that one run keeps together
  std::size_t findings = 100'000;   ///< findings that one run keeps
  std::size_t log_names = 64;       ///< peers, and identities, that are kept for one cause in a log
};

}  // namespace meshcert
