#include "meshcert/row_summary.hpp"

namespace meshcert {
namespace {

template <std::size_t N>
void add_each(const std::array<std::uint64_t, N>& more, std::array<std::uint64_t, N>& sums) {
  for (std::size_t i = 0; i < N; ++i) sums[i] += more[i];
}

}  // namespace

void Shard::add(const Shard& more) {
  add_each(more.findings, findings);
  unread += more.unread;
}

void RowSummary::count(ArtifactKind kind, ValidityStatus status) {
  ++certificates;
  ++statuses[static_cast<std::size_t>(status)];
  const std::string_view name = to_string(kind);
  if (const auto known = kinds.find(name); known != kinds.end())
    ++known->second;
  else
    kinds.emplace(name, 1);
}

void RowSummary::add(const RowSummary& more) {
  inputs += more.inputs;
  skipped += more.skipped;
  artifacts += more.artifacts;
  certificates += more.certificates;
  unread += more.unread;
  add_each(more.findings, findings);
  add_each(more.statuses, statuses);
  for (const auto& [kind, certificates_of_it] : more.kinds) kinds[kind] += certificates_of_it;
  shard.add(more.shard);
}

}  // namespace meshcert
