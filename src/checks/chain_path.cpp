#include "checks/chain_path.hpp"

#include <algorithm>

#include "meshcert/verification.hpp"

namespace meshcert::checks {
namespace {

path::Purpose purpose_of(ChainPurpose purpose) {
  switch (purpose) {
    case ChainPurpose::any:
      return path::Purpose::any;
    case ChainPurpose::workload:
      return path::Purpose::workload;
    case ChainPurpose::server:
      return path::Purpose::server;
    case ChainPurpose::client:
      return path::Purpose::client;
    case ChainPurpose::ca:
      return path::Purpose::ca;
  }
  return path::Purpose::any;
}

bool is_told_roots(const Policy& policy) {
  return policy.verification != nullptr && !policy.verification->trusted.empty();
}

}  // namespace

ChainVerifier::ChainVerifier(const Inventory& inventory, const Policy& policy)
    : policy_(policy),
      must_hold_(policy.verification != nullptr && policy.verification->asked &&
                 std::ranges::none_of(inventory.artifacts,
                                      [](const Artifact& artifact) { return is_bundle(artifact.kind); })),
      roots_(inventory.artifacts) {}

path::Settings ChainVerifier::settings() const {
  path::Settings settings;
  settings.at = policy_.at;
  settings.skew = policy_.skew;
  settings.refuse_sha1 = false;  // Envoy takes it
  settings.min_rsa_bits = 0;     // the family key's
  if (policy_.verification == nullptr) return settings;
  const Verification& told = *policy_.verification;
  settings.purpose = purpose_of(told.purpose);
  settings.partial_chain = !told.strict_anchors;
  for (const auto& [names, kind] : {std::pair{&told.dns_names, path::PeerName::Kind::dns},
                                    {&told.addresses, path::PeerName::Kind::ip},
                                    {&told.ids, path::PeerName::Kind::uri}})
    for (const std::string& name : *names) settings.names.push_back({kind, name});
  return settings;
}

std::string ChainPath::describe(const Artifact& chain) const {
  if (!scope.bundles.empty() || !scope.foreign_trust_domains.empty()) return checks::describe(scope, chain);
  return trusted.empty() ? "nothing is (name the roots with --trust FILE)"
                         : describe_bundle("--trust", trusted);
}

Scope ChainVerifier::scope_of(const Artifact& chain) const {
  const bool of_the_mesh = chain.kind == ArtifactKind::workload_chain && is_of_the_mesh(chain);
  return !is_told_roots(policy_) && (of_the_mesh || has_sibling_roots(chain)) ? roots_.of(chain) : Scope{};
}

ChainPath ChainVerifier::verify(const Artifact& chain, std::size_t leaf, path::Explain explain) {
  ChainPath found;
  const bool told = is_told_roots(policy_);
  found.scope = scope_of(chain);
  found.held = told || must_hold_ || found.scope.known();
  if (told)
    for (const Artifact& bundle : policy_.verification->trusted)
      for (const Certificate& certificate : bundle.certificates) found.trusted.push_back(&certificate);
  for (const Bundle* bundle : found.scope.bundles)
    found.trusted.insert(found.trusted.end(), bundle->certificates.begin(), bundle->certificates.end());
  path::Store store;
  for (const Certificate* certificate : found.trusted) store.trust(*certificate);
  for (const Certificate& certificate : chain.certificates) store.offer(certificate);
  if (policy_.verification != nullptr)
    for (const Artifact& more : policy_.verification->untrusted)
      for (const Certificate& certificate : more.certificates) store.offer(certificate);
  found.verdict = path::verify(chain.certificates[leaf], store, settings(), signatures_, explain);
  return found;
}

std::optional<std::size_t> place_in(const Artifact& chain, const Certificate& certificate) {
  const auto found = std::ranges::find_if(chain.certificates, [&](const Certificate& other) {
    return std::ranges::equal(other.der, certificate.der);
  });
  if (found == chain.certificates.end()) return std::nullopt;
  return static_cast<std::size_t>(found - chain.certificates.begin());
}

std::size_t place_of(const Artifact& chain, const path::Path& path, std::size_t on_path, std::size_t leaf) {
  for (std::size_t i = on_path + 1; i-- > 0;)
    if (const auto index = place_in(chain, *path.certificates[i])) return *index;
  return leaf;
}

}  // namespace meshcert::checks
