#include "path/store.hpp"

#include "x509/name_match.hpp"

namespace meshcert::path {

const std::string& Store::canonical(const DistinguishedName& name) const {
  const auto [entry, added] = canonical_.try_emplace(as_text(name.rdns));
  if (added) entry->second = x509::canonical_name(name);
  return entry->second;
}

Store::Entry& Store::add(const Certificate& certificate) {
  const auto [known, added] = by_octets_.try_emplace(as_text(certificate.der), nullptr);
  if (!added) return *known->second;
  entries_.push_back(std::make_unique<Entry>(Entry{&certificate}));
  known->second = entries_.back().get();
  by_subject_[canonical(certificate.subject)].push_back(known->second);
  return *known->second;
}

void Store::trust(const Certificate& certificate, TrustSettings settings) {
  Entry& entry = add(certificate);
  entry.trusted = true;
  entry.settings = std::move(settings);
}

void Store::offer(const Certificate& certificate) {
  add(certificate);
}

std::span<const Store::Entry* const> Store::issuers(const DistinguishedName& issuer) const {
  const auto found = by_subject_.find(canonical(issuer));
  if (found == by_subject_.end()) return {};
  return found->second;
}

const Store::Entry* Store::find(const Certificate& certificate) const {
  const auto found = by_octets_.find(as_text(certificate.der));
  return found == by_octets_.end() ? nullptr : found->second;
}

std::vector<const Store::Entry*> Store::stated() const {
  std::vector<const Entry*> found;
  for (const auto& entry : entries_)
    if (!entry->settings.trusted.empty() || !entry->settings.rejected.empty()) found.push_back(entry.get());
  return found;
}

std::vector<const Certificate*> Store::anchors() const {
  std::vector<const Certificate*> found;
  for (const auto& entry : entries_)
    if (entry->trusted) found.push_back(entry->certificate);
  return found;
}

}  // namespace meshcert::path
