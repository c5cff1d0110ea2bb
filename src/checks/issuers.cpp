#include "checks/issuers.hpp"

#include <algorithm>

#include "x509/name_match.hpp"

namespace meshcert::checks {
namespace {

std::string joined(std::string name, ByteView octets) {
  name += '\0';
  name += as_text(octets);
  return name;
}

}  // namespace

KeyGroup& IssuerIndex::group_of(const Certificate& certificate, const std::string& name) {
  const auto [entry, added] = groups_.try_emplace(joined(name, certificate.key.spki));
  KeyGroup& group = entry->second;
  if (added) {
    group.first = &certificate;
    by_name_[name].push_back(&group);
  }
  return group;
}

void IssuerIndex::add(const Certificate& certificate, std::size_t index) {
  const std::string name = x509::canonical_name(certificate.subject);
  KeyGroup& group = group_of(certificate, name);
  group.members.push_back(index);
  ders_.insert(as_text(certificate.der));
  const ByteView key_id = key_id_of(certificate);
  if (key_id.empty()) return;
  ++group.with_key_id;
  group.key_ids.insert(as_text(key_id));
  auto& same_id = by_key_id_[joined(name, key_id)];
  if (same_id.empty() || same_id.back() != &group) same_id.push_back(&group);
}

bool IssuerIndex::holds(const Certificate& certificate) const {
  return ders_.contains(as_text(certificate.der));
}

std::vector<const KeyGroup*> IssuerIndex::candidates(const Certificate& certificate) const {
  const std::string name = x509::canonical_name(certificate.issuer);
  std::vector<const KeyGroup*> found;
  const auto take = [&](const std::vector<const KeyGroup*>& groups) {
    for (const KeyGroup* group : groups) {
      if (found.size() > kMostKeys) return;  // one more than is tried tells that there are more
      if (std::ranges::find(found, group) == found.end()) found.push_back(group);
    }
  };
  if (const auto same_id = by_key_id_.find(joined(name, authority_key_id_of(certificate)));
      same_id != by_key_id_.end())
    take(same_id->second);
  if (const auto same_name = by_name_.find(name); same_name != by_name_.end()) take(same_name->second);
  return found;
}

IssuerSearch IssuerIndex::find(const Certificate& certificate, std::size_t self,
                               x509::SignatureVerifier& verifier) const {
  IssuerSearch search;
  const auto groups = candidates(certificate);
  for (std::size_t i = 0; i < std::min(groups.size(), kMostKeys); ++i) {
    const KeyGroup* group = groups[i];
    const auto verdict = verifier.verify(certificate, group->first->key);
    if (verdict == true) return IssuerSearch{group};
    const bool only_itself = group->members.size() == 1 && group->members.front() == self;
    // Without a name, being named alike says nothing.
    if (search.namesake != nullptr || only_itself || certificate.issuer.empty()) continue;
    search.namesake = group;
    search.undecided = !verdict;
  }
  search.gave_up = groups.size() > kMostKeys;
  return search;
}

}  // namespace meshcert::checks
