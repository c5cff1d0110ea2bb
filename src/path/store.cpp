#include "path/store.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <tuple>

#include "x509/name_match.hpp"
#include "x509/titles.hpp"

namespace meshcert::path {
namespace {

bool is_likelier(const Store::Entry* a, const Store::Entry* b) {
  const auto rank = [](const Store::Entry* entry) {
    const Certificate& certificate = *entry->certificate;
    return std::tuple(!entry->trusted, !certificate.is_ca(),
                      -certificate.not_after.time_since_epoch().count());
  };
  return rank(a) < rank(b);
}

}  // namespace

void Store::Namesakes::sort() {
  likely = all;
  std::ranges::stable_sort(likely, is_likelier);
  by_key_id.clear();
  for (const Entry* entry : likely) by_key_id[as_text(key_id_of(*entry->certificate))].push_back(entry);
}

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
  Namesakes& namesakes = by_subject_[canonical(certificate.subject)];
  namesakes.all.push_back(known->second);
  namesakes.likely.clear();
  return *known->second;
}

void Store::trust(const Certificate& certificate, TrustSettings settings) {
  Entry& entry = add(certificate);
  if (std::exchange(entry.trusted, true)) return;
  entry.settings = std::move(settings);
  if (!entry.settings.trusted.empty() || !entry.settings.rejected.empty()) stated_.push_back(&entry);
  by_subject_[canonical(certificate.subject)].likely.clear();
}

void Store::offer(const Certificate& certificate) {
  if (below_ == nullptr || below_->find(certificate) == nullptr) add(certificate);
}

std::vector<const Store::Entry*> Store::issuers(const DistinguishedName& issuer) const {
  auto all = below_ == nullptr ? std::vector<const Entry*>() : below_->issuers(issuer);
  if (const auto found = by_subject_.find(canonical(issuer)); found != by_subject_.end())
    all.insert(all.end(), found->second.all.begin(), found->second.all.end());
  return all;
}

void Store::append_issuers_of(const Certificate& certificate, std::size_t most, Found& found) const {
  if (below_ != nullptr) below_->append_issuers_of(certificate, most, found);
  const auto named = by_subject_.find(canonical(certificate.issuer));
  if (named == by_subject_.end()) return;
  Namesakes& namesakes = named->second;
  if (namesakes.all.size() <= most) {
    found.insert(found.end(), namesakes.all.begin(), namesakes.all.end());
    return;
  }
  if (namesakes.likely.empty()) namesakes.sort();
  const ByteView wanted = authority_key_id_of(certificate);
  const auto same_id = namesakes.by_key_id.find(as_text(wanted));
  const bool known = !wanted.empty() && same_id != namesakes.by_key_id.end();
  if (known) std::ranges::copy(same_id->second | std::views::take(most), std::back_inserter(found));
  const auto is_new = [&](const Entry* entry) {
    return !known || !std::ranges::equal(key_id_of(*entry->certificate), wanted);
  };
  std::ranges::copy(namesakes.likely | std::views::filter(is_new) | std::views::take(most),
                    std::back_inserter(found));
}

std::vector<const Store::Entry*> Store::issuers_of(const Certificate& certificate, std::size_t most) const {
  Found found;
  append_issuers_of(certificate, most, found);
  return found;
}

const Store::Entry* Store::find(const Certificate& certificate) const {
  const auto found = by_octets_.find(as_text(certificate.der));
  if (found != by_octets_.end()) return found->second;
  return below_ == nullptr ? nullptr : below_->find(certificate);
}

std::vector<const Store::Entry*> Store::stated() const {
  auto found = below_ == nullptr ? std::vector<const Entry*>() : below_->stated();
  found.insert(found.end(), stated_.begin(), stated_.end());
  return found;
}

std::vector<const Certificate*> Store::anchors() const {
  auto found = below_ == nullptr ? std::vector<const Certificate*>() : below_->anchors();
  for (const auto& entry : entries_)
    if (entry->trusted) found.push_back(entry->certificate);
  return found;
}

}  // namespace meshcert::path
