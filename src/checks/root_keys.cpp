#include "checks/root_keys.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/words.hpp"
#include "checks/trust_domains.hpp"
#include "checks/trusted_roots.hpp"

namespace meshcert::checks {

// The same key in the bundles of two trust domains of one dump; said once for a key.
void check_shared_keys(const Inventory& inventory, FindingSink& sink) {
  struct First {
    std::string_view trust_domain;
    bool told = false;
  };
  std::map<std::pair<std::string_view, std::string_view>, First> seen;  // by file and key
  for (const Artifact& artifact : inventory.artifacts) {
    const std::string_view domain = own_trust_domain(artifact);
    if (!is_bundle(artifact.kind) || domain.empty()) continue;
    for (std::size_t i = 0; i < artifact.certificates.size(); ++i) {
      const Certificate& root = artifact.certificates[i];
      const auto [entry, added] =
          seen.try_emplace({artifact.source.file, as_text(root.key.spki)}, First{domain});
      First& first = entry->second;
      if (added || first.told || first.trust_domain == domain) continue;
      first.told = true;
      sink.report(
          kSharedBetweenTrustDomains, Subject::of(artifact, i),
          {{"subject", to_rfc4514(root.subject)}, {"trust_domain", domain}, {"other", first.trust_domain}});
    }
  }
}

// Istio renews its own root with the same key; said once for a key, of those in one bundle.
void check_rotated_keys(const Artifact& artifact, const Policy&, FindingSink& sink) {
  if (!is_bundle(artifact.kind) || artifact.certificates.size() < 2) return;
  std::map<std::pair<std::string_view, std::string_view>, const Certificate*> seen;  // by name and key
  for (std::size_t i = 0; i < artifact.certificates.size(); ++i) {
    const Certificate& root = artifact.certificates[i];
    if (!root.is_self_issued()) continue;
    const auto [entry, added] = seen.try_emplace({as_text(root.subject.rdns), as_text(root.key.spki)}, &root);
    if (added || entry->second == nullptr || as_text(entry->second->der) == as_text(root.der)) continue;
    sink.report(kRotatedSameKey, Subject::of(artifact, i),
                {{"subject", to_rfc4514(root.subject)},
                 {"not_after", entry->second->not_after},
                 {"other_not_after", root.not_after}});
    entry->second = nullptr;
  }
}

namespace {

std::string_view key_id_text(const Certificate& certificate) {
  return as_text(key_id_of(certificate));
}

/// Namesakes are the roots of one name in a bundle, one of each key.
struct Namesakes {
  std::size_t second = 0;  ///< index of the first whose key is another's
  std::vector<const Certificate*> roots;
  std::set<std::string_view> keys, key_ids;

  [[nodiscard]] bool can_be_told_apart() const {
    return key_ids.size() == keys.size() && !key_ids.contains("");
  }
};

// Which names a file's certificates call their issuer without saying which key.
using Unaided = std::set<std::pair<std::string_view, std::string_view>>;

Unaided unaided_issuers(const Inventory& inventory) {
  Unaided names;
  for (const Artifact& artifact : inventory.artifacts)
    for (const Certificate& certificate : artifact.certificates)
      if (!certificate.is_self_issued() && authority_key_id_of(certificate).empty())
        names.emplace(artifact.source.file, as_text(certificate.issuer.rdns));
  return names;
}

std::map<std::string_view, Namesakes> namesakes_in(const Artifact& bundle) {
  std::map<std::string_view, Namesakes> by_name;
  for (std::size_t i = 0; i < bundle.certificates.size(); ++i) {
    const Certificate& root = bundle.certificates[i];
    if (!root.is_self_issued() || root.subject.empty()) continue;
    Namesakes& same = by_name[as_text(root.subject.rdns)];
    if (!same.keys.insert(as_text(root.key.spki)).second) continue;
    if (same.roots.size() == 1) same.second = i;
    same.roots.push_back(&root);
    same.key_ids.insert(key_id_text(root));
  }
  return by_name;
}

// A file of anchors comes without those that use it, so that it says what it holds.
bool is_loose_file(const Artifact& bundle) {
  return bundle.object == nullptr && bundle.state == SecretState::none && bundle.source.pointer.empty() &&
         bundle.bundle == nullptr;
}

std::string ends_of(const Namesakes& same) {
  return base::some_of(same.roots, "", 3, [](const Certificate* root) {
    return to_rfc3339(root->not_after) + key_words(key_id_of(*root));
  });
}

void report_twins(const Artifact& bundle, const Namesakes& same, bool told_apart, FindingSink& sink) {
  const Certificate& root = bundle.certificates[same.second];
  const Subject subject = Subject::of(bundle, same.second);
  std::vector<Fact> facts{
      {"subject", to_rfc4514(root.subject)}, {"keys", same.keys.size()}, {"_ends", ends_of(same)}};
  if (!told_apart) return sink.report(kTwinSubject, subject, std::move(facts));
  facts.push_back({"_message", "the bundle holds " + std::to_string(same.keys.size()) +
                                   " roots that are called " + to_rfc4514(root.subject) +
                                   ", each with another key, until " + ends_of(same) +
                                   "; their key identifiers tell them apart for what states its issuer's"});
  facts.push_back({"_fix",
                   "nothing to do during a rotation; take out what nothing chains to any more, and "
                   "issue nothing under them without authorityKeyIdentifier"});
  sink.report_at(Severity::info, kTwinSubject, subject, std::move(facts));
}

}  // namespace

// Key identifiers tell namesakes apart, where both the roots and what they issued have them: so it
// is in every rotation. Without, OpenSSL and BoringSSL take the first of that name and try no other.
void check_twins(const Inventory& inventory, FindingSink& sink) {
  if (!sink.wants(kTwinSubject.code)) return;
  const Unaided unaided = unaided_issuers(inventory);
  for (const Artifact& bundle : inventory.artifacts) {
    if (!is_bundle(bundle.kind)) continue;
    for (const auto& [name, same] : namesakes_in(bundle)) {
      const bool told_apart = same.can_be_told_apart() && !unaided.contains({bundle.source.file, name});
      if (same.roots.size() >= 2 && (!told_apart || is_loose_file(bundle)))
        report_twins(bundle, same, told_apart, sink);
    }
  }
}

}  // namespace meshcert::checks
