#include "checks/gateway_rows.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace meshcert::checks {

void ServerRows::begin(const Use& use) {
  ServerRow& row = rows_.emplace_back();
  row.report = {use.object->title(), use.part, use.mode, use.hosts, {}, std::nullopt, {}};
  row.places.push_back(place_key(use.where, use.resource()));
}

void ServerRows::note(const Use& use, const CredentialName& named) {
  ServerRow* row = row_of(use);
  if (row == nullptr) return;
  row->report.credentials.push_back(named.written);
  row->unknown = row->unknown || named.kind == CredentialName::Kind::elsewhere;
}

void ServerRows::note(const Use& use, const Target& target, const Located& located) {
  ServerRow* row = row_of(use);
  if (row == nullptr) return;
  row->unknown = row->unknown || located.unknown;
  for (const KubernetesObject* object : located.found) row->report.credentials.push_back(object->title());
  if (!located.found.empty()) return;
  const std::string& space = located.missing.empty() ? target.space : located.missing.front();
  row->report.credentials.push_back(Target{target.kind, space, target.name, ""}.title());
}

void ServerRows::note(const Use& use, const Taken& taken, bool presented) {
  ServerRow* row = row_of(use);
  if (row == nullptr) return;
  std::ranges::move(places_used(taken), std::back_inserter(row->places));
  if (!presented || !taken.is_readable()) return;
  const Instant end = taken.part->certificates[taken.part->leaf].not_after;
  row->report.not_after = std::min(row->report.not_after.value_or(end), end);
}

void ServerRows::note_place(std::string key) {
  if (!rows_.empty()) rows_.back().places.push_back(std::move(key));
}

}  // namespace meshcert::checks
