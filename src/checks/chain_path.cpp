#include "checks/chain_path.hpp"

#include <algorithm>

#include "checks/signing_ca.hpp"
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

/// A certificate takes OpenSSL 80 us to decode (docs/limits.md).
std::size_t most_decoded(const Policy& policy) {
  return policy.verification != nullptr && policy.verification->asked ? 5000 : 500;
}

bool is_told_roots(const Policy& policy) {
  return policy.verification != nullptr && !policy.verification->trusted.empty();
}

}  // namespace

ChainVerifier::ChainVerifier(const Inventory& inventory, const Policy& policy)
    : policy_(policy),
      must_hold_(policy.verification != nullptr && policy.verification->asked),
      roots_(inventory.artifacts),
      settings_(settings()) {}

path::Settings ChainVerifier::settings() const {
  path::Settings settings;
  settings.at = policy_.at;
  settings.skew = policy_.skew;
  settings.refuse_sha1 = false;  // Envoy takes it
  settings.min_rsa_bits = 0;     // the family key's
  if (policy_.verification == nullptr) return settings;
  const Verification& told = *policy_.verification;
  settings.purpose = purpose_of(told.purpose);
  settings.usage_reading = path::UsageReading::literal;
  settings.partial_chain = !told.strict_anchors;
  for (const auto& [names, kind] : {std::pair{&told.dns_names, path::PeerName::Kind::dns},
                                    {&told.addresses, path::PeerName::Kind::ip},
                                    {&told.ids, path::PeerName::Kind::uri}})
    for (const std::string& name : *names) settings.names.push_back({kind, name});
  return settings;
}

std::string ChainPath::describe(const Artifact& chain) const {
  if (!scope.bundles.empty() || !scope.foreign_trust_domains.empty()) return checks::describe(scope, chain);
  return trust->trusted.empty() ? "nothing is (name the roots with --trust FILE)"
                                : describe_bundle("--trust", trust->trusted);
}

Scope ChainVerifier::scope_of(const Artifact& chain) const {
  const bool of_the_mesh = (chain.kind == ArtifactKind::workload_chain && is_of_the_mesh(chain)) ||
                           (must_hold_ && is_signing_ca(chain));
  return !is_told_roots(policy_) && (of_the_mesh || has_sibling_roots(chain)) ? roots_.of(chain) : Scope{};
}

void ChainVerifier::gather(const Scope& scope, Trust& trust) const {
  const auto take_all = [](const std::vector<Artifact>& artifacts, auto take) {
    for (const Artifact& artifact : artifacts)
      for (const Certificate& certificate : artifact.certificates) take(certificate);
  };
  const Verification* told = policy_.verification.get();
  if (is_told_roots(policy_))
    take_all(told->trusted, [&](const Certificate& root) { trust.trusted.push_back(&root); });
  for (const Bundle* bundle : scope.bundles) {
    trust.trusted.insert(trust.trusted.end(), bundle->certificates.begin(), bundle->certificates.end());
    trust.crls.insert(trust.crls.end(), bundle->crls.begin(), bundle->crls.end());
    trust.leaf_crl_only = trust.leaf_crl_only || bundle->leaf_crl_only;
  }
  for (const Certificate* certificate : trust.trusted) trust.store.trust(*certificate);
  if (told == nullptr) return;
  take_all(told->untrusted, [&](const Certificate& more) { trust.store.offer(more); });
  for (const auto* artifacts : {&told->trusted, &told->untrusted, &told->crls})
    for (const Artifact& artifact : *artifacts)
      trust.crls.insert(trust.crls.end(), artifact.crls.begin(), artifact.crls.end());
}

Trust& ChainVerifier::trust_of(const Scope& scope) {
  const auto [entry, added] = trusts_.try_emplace(scope.bundles);
  Trust& trust = entry->second;
  if (!added) return trust;
  gather(scope, trust);
  if (!trust.crls.empty())
    trust.revocation = std::make_unique<path::RevocationChecker>(
        trust.crls, trust.leaf_crl_only ? path::RevocationScope::leaf : path::RevocationScope::chain,
        trust.store, settings_, signatures_);
  return trust;
}

ChainPath ChainVerifier::verify(const Artifact& chain, std::size_t leaf, path::Explain explain) {
  ChainPath found;
  found.scope = scope_of(chain);
  found.held = is_told_roots(policy_) || must_hold_ || found.scope.known();
  found.trust = &trust_of(found.scope);
  path::Store store = path::Store::over(found.trust->store);
  for (const Certificate& certificate : chain.certificates) store.offer(certificate);
  found.verdict = path::verify(chain.certificates[leaf], store, settings_, signatures_, explain,
                               found.trust->revocation.get());
  return found;
}

std::optional<x509::Opinion> ChainVerifier::ask_openssl(const Artifact& chain, std::size_t leaf,
                                                        const ChainPath& path) {
  const path::Purpose purpose = settings_.purpose;
  Trust& trust = trust_of(path.scope);
  if (!path.held || trust.trusted.empty() || path.verdict.gave_up || purpose == path::Purpose::ca)
    return std::nullopt;
  std::vector<const Certificate*> untrusted;
  for (const Certificate& certificate : chain.certificates) untrusted.push_back(&certificate);
  if (policy_.verification != nullptr)
    for (const Artifact& more : policy_.verification->untrusted)
      for (const Certificate& certificate : more.certificates) untrusted.push_back(&certificate);
  const std::size_t work = untrusted.size() + (trust.openssl ? 0 : trust.trusted.size() + trust.crls.size());
  if (decoded_ + work > most_decoded(policy_)) return std::nullopt;
  decoded_ += work;
  if (!trust.openssl) trust.openssl = std::make_unique<x509::SecondOpinion>(trust.trusted, trust.crls);
  x509::OpinionQuestion question;
  question.leaf = &chain.certificates[leaf];
  question.untrusted = untrusted;
  if (policy_.skew == Seconds{0}) question.at = policy_.at;
  question.partial_chain = settings_.partial_chain;
  question.only_leaf_crl = trust.leaf_crl_only;
  if (purpose == path::Purpose::any) return trust.openssl->ask(question);
  question.purpose =
      purpose == path::Purpose::client ? x509::OpinionPurpose::client : x509::OpinionPurpose::server;
  auto opinion = trust.openssl->ask(question);
  if (purpose != path::Purpose::workload || !opinion || !opinion->accepts) return opinion;
  question.purpose = x509::OpinionPurpose::client;
  return trust.openssl->ask(question);
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
