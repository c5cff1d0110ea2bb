#include "checks/lineage.hpp"

#include <algorithm>

#include "checks/trust_domains.hpp"
#include "checks/validity.hpp"
#include "meshcert/verification.hpp"
#include "path/validate.hpp"

namespace meshcert::checks {
namespace {

constexpr std::size_t kLongestPath = 100;

bool is_same_key(const Certificate& a, const Certificate& b) {
  return std::ranges::equal(a.key.spki, b.key.spki);
}

bool is_own_issuer(const Certificate& certificate) {
  return certificate.is_self_issued() && path::key_ids_agree(certificate, certificate);
}

bool lasts(const Certificate& certificate, const Policy& policy) {
  return is_valid(certificate, policy) && !is_critical(certificate, policy);
}

/// Certificates of one name that are looked at (docs/limits.md).
constexpr std::size_t kMostNamed = 16;

std::string_view only_uri(const Certificate& certificate) {
  const auto& names = certificate.extensions.subject_alt_name;
  return names && names->uri_count == 1 ? names->first_uri : std::string_view{};
}

// Both are roots of one authority: of one name, or of the trust domain that both name.
bool is_succession(const Certificate& old_root, const Certificate& new_root) {
  const std::string_view id = only_uri(old_root);
  return old_root.subject == new_root.subject || (!id.empty() && id == only_uri(new_root));
}

}  // namespace

void NameIndex::add(const Certificate& certificate) {
  auto& same = by_name_[as_text(certificate.subject.rdns)];
  if (same.size() < kMostNamed) same.push_back(&certificate);
}

std::span<const Certificate* const> NameIndex::named(const DistinguishedName& name) const {
  const auto found = by_name_.find(as_text(name.rdns));
  return found == by_name_.end() || name.empty() ? std::span<const Certificate* const>() : found->second;
}

Lineage::Lineage(const Inventory& inventory, const Policy& policy)
    : policy_(policy), verifier_(inventory, policy) {
  if (policy.verification != nullptr)
    for (const Artifact& given : policy.verification->untrusted)
      for (const Certificate& certificate : given.certificates) given_.add(certificate);
  for (const Artifact& artifact : inventory.artifacts)
    if (!is_bundle(artifact.kind) && !artifact.certificates.empty()) follow(artifact);
}

Lineage::Home& Lineage::home_of(const Bundle* bundle, std::span<const Certificate* const> certificates) {
  const auto [entry, added] = homes_.try_emplace(bundle);
  Home& home = entry->second;
  if (!added) return home;
  for (const Certificate* certificate : certificates) {
    home.names.add(*certificate);
    home_of_.emplace(certificate, &home);
  }
  return home;
}

void Lineage::enter(const Artifact& artifact) {
  sent_ = {};
  trusted_.clear();
  first_to_end_ = nullptr;
  if (is_bundle(artifact.kind) || artifact.certificates.empty()) return;
  for (const Certificate& certificate : artifact.certificates) sent_.add(certificate);
  if (policy_.names_roots()) {
    std::vector<const Certificate*> told;
    for (const Artifact& bundle : policy_.verification->trusted)
      for (const Certificate& certificate : bundle.certificates) told.push_back(&certificate);
    trusted_.push_back(&home_of(nullptr, told));
  }
  for (const Bundle* bundle : verifier_.scope_of(artifact).bundles)
    trusted_.push_back(&home_of(bundle, bundle->certificates));
  for (const Certificate* certificate : path_from(artifact.certificates[artifact.leaf]))
    if (first_to_end_ == nullptr || certificate->not_after < first_to_end_->not_after)
      first_to_end_ = certificate;
}

void Lineage::follow(const Artifact& chain) {
  enter(chain);
  for (const Certificate* certificate : path_from(chain.certificates[chain.leaf])) {
    note_given(*certificate);
    for (Home* home : trusted_) mark(*certificate, *home);
  }
}

void Lineage::note_given(const Certificate& issued) {
  for (const Certificate* issuer : given_.named(issued.issuer))
    if (path::key_ids_agree(issued, *issuer)) used_.insert(issuer);
}

std::vector<Subject> Lineage::given_in_use() const {
  std::vector<Subject> subjects;
  if (used_.empty()) return subjects;
  for (const Artifact& given : policy_.verification->untrusted)
    for (std::size_t i = 0; i < given.certificates.size(); ++i) {
      if (!used_.contains(&given.certificates[i])) continue;
      Subject subject = Subject::of(given, i);
      subject.is_named_as_issuer = true;
      note_twins(subject, given_);
      subject.issuer = issuer_of(subject.certificate);
      subjects.push_back(subject);
    }
  return subjects;
}

// Which roots a chain leads to: of several with one name and key, the one that lasts.
void Lineage::mark(const Certificate& issued, Home& home) {
  std::vector<const Certificate*> roots;
  for (const Certificate* root : home.names.named(issued.issuer))
    if (path::key_ids_agree(issued, *root)) roots.push_back(root);
  const auto newer = [](const Certificate* a, const Certificate* b) { return a->not_before < b->not_before; };
  std::vector<const Certificate*> lasting;
  std::ranges::copy_if(roots, std::back_inserter(lasting),
                       [this](const Certificate* root) { return lasts(*root, policy_); });
  if (lasting.empty()) {
    in_use_.insert(roots.begin(), roots.end());
    return;
  }
  const Certificate* newest = *std::ranges::max_element(lasting, newer);
  if (home.led_to == nullptr || newer(home.led_to, newest)) home.led_to = newest;
}

// Of several that may have issued it, the one that is valid longest: so nothing is
// said of a certificate that only one of them makes end early.
const Certificate* Lineage::issuer_of(const Certificate& certificate) const {
  if (is_own_issuer(certificate)) return nullptr;
  const Certificate* best = nullptr;
  const auto consider = [&](const NameIndex& names) {
    for (const Certificate* issuer : names.named(certificate.issuer))
      if (!std::ranges::equal(issuer->der, certificate.der) && path::key_ids_agree(certificate, *issuer) &&
          (best == nullptr || issuer->not_after > best->not_after))
        best = issuer;
  };
  consider(sent_);
  consider(given_);
  for (const Home* home : trusted_) consider(home->names);
  return best;
}

std::vector<const Certificate*> Lineage::path_from(const Certificate& leaf) const {
  std::vector<const Certificate*> path;
  for (const Certificate* at = &leaf; at != nullptr && path.size() < kLongestPath; at = issuer_of(*at)) {
    if (std::ranges::find(path, at) != path.end()) break;
    path.push_back(at);
  }
  return path;
}

void Lineage::note_twins(Subject& subject, const NameIndex& names) const {
  const Certificate& certificate = subject.certificate;
  for (const Certificate* twin : names.named(certificate.subject)) {
    if (!is_same_key(*twin, certificate) || std::ranges::equal(twin->der, certificate.der)) continue;
    subject.has_valid_twin = subject.has_valid_twin || is_valid(*twin, policy_);
    subject.has_lasting_twin = subject.has_lasting_twin || lasts(*twin, policy_);
  }
}

void Lineage::note_root(Subject& subject) const {
  const Certificate& root = subject.certificate;
  const auto home = home_of_.find(&root);
  if (home == home_of_.end()) return;
  const bool in_use = in_use_.contains(&root);
  subject.bundle_lives_on = subject.bundle_lives_on && !in_use;
  const Certificate* led_to = home->second->led_to;
  subject.is_succeeded = !in_use && led_to != nullptr && led_to != &root &&
                         root.not_before < led_to->not_before && is_succession(root, *led_to);
}

void Lineage::note(Subject& subject) const {
  if (is_bundle(subject.artifact.kind)) return note_root(subject);
  if (subject.role == Role::leaf) {
    subject.first_to_end = first_to_end_;
  } else {
    note_twins(subject, sent_);
    note_twins(subject, given_);
  }
  for (const Home* home : trusted_)
    if (subject.role != Role::leaf) note_twins(subject, home->names);
  subject.issuer = issuer_of(subject.certificate);
}

}  // namespace meshcert::checks
