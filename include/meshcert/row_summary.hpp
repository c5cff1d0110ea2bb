#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "meshcert/artifact.hpp"
#include "meshcert/inspect.hpp"

namespace meshcert {

/// LostPart is octets of an input that could not be used.
struct LostPart {
  SourceRef where;
  std::string why;                   ///< exact; not escaped
  std::optional<ArtifactKind> kind;  ///< of its artifact; none outside any
  std::string name, resource;        ///< of its artifact; "" outside any

  /// place_name is Artifact::shown_name; "" outside any.
  [[nodiscard]] const std::string& place_name() const { return resource.empty() ? name : resource; }
};

/// Shard says which part of the objects a run judged, and what of its counts belongs to
/// none of them: each of the shards tells that.
struct Shard {
  std::size_t index = 0, of = 1;
  std::array<std::uint64_t, 3> findings{};  ///< by Severity
  std::uint64_t unread = 0;

  /// add adds the counts alone.
  void add(const Shard& more);
};

/// RowSummary counts what a run met: the end of every format with rows.
struct RowSummary {
  std::uint64_t inputs = 0, skipped = 0, artifacts = 0, certificates = 0;
  std::array<std::uint64_t, 3> findings{};  ///< by Severity
  std::uint64_t unread = 0;
  std::array<std::uint64_t, kValidityStatuses> statuses{};  ///< certificates by ValidityStatus
  std::map<std::string, std::uint64_t, std::less<>> kinds;  ///< certificates by kind of artifact
  std::string_view verdict;                                 ///< "pass", "fail", "incomplete"
  Shard shard;
  std::optional<std::uint64_t> lines;  ///< written before it; none where that is nobody's question

  void count(ArtifactKind kind, ValidityStatus status);  ///< one certificate
  /// add adds what a part of the run met. Verdict and lines are those of the whole.
  void add(const RowSummary& more);
};

}  // namespace meshcert
