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
  if (below_ == nullptr || below_->find(certificate) == nullptr) add(certificate);
}

std::vector<const Store::Entry*> Store::issuers(const DistinguishedName& issuer) const {
  auto all = below_ == nullptr ? std::vector<const Entry*>() : below_->issuers(issuer);
  if (const auto found = by_subject_.find(canonical(issuer)); found != by_subject_.end())
    all.insert(all.end(), found->second.begin(), found->second.end());
  return all;
}

const Store::Entry* Store::find(const Certificate& certificate) const {
  const auto found = by_octets_.find(as_text(certificate.der));
  if (found != by_octets_.end()) return found->second;
  return below_ == nullptr ? nullptr : below_->find(certificate);
}

std::vector<const Store::Entry*> Store::stated() const {
  auto found = below_ == nullptr ? std::vector<const Entry*>() : below_->stated();
  for (const auto& entry : entries_)
    if (!entry->settings.trusted.empty() || !entry->settings.rejected.empty()) found.push_back(entry.get());
  return found;
}

std::vector<const Certificate*> Store::anchors() const {
  auto found = below_ == nullptr ? std::vector<const Certificate*>() : below_->anchors();
  for (const auto& entry : entries_)
    if (entry->trusted) found.push_back(entry->certificate);
  return found;
}

}  // namespace meshcert::path
