#include "checks/chain_trust.hpp"

#include <algorithm>
#include <unordered_set>

#include "checks/trust_domains.hpp"
#include "meshcert/verification.hpp"
#include "path/trust_settings.hpp"

namespace meshcert::checks {
namespace {

void append(const std::vector<Crl>& more, std::vector<Crl>& crls) {
  crls.insert(crls.end(), more.begin(), more.end());
}

/// Two files may hold one CRL, and the order of files is no matter.
void remove_repeats(std::vector<Crl>& crls) {
  std::unordered_set<std::string_view> seen;
  std::erase_if(crls, [&](const Crl& crl) { return !seen.insert(as_text(crl.der)).second; });
  std::ranges::sort(crls, {}, [](const Crl& crl) { return as_text(crl.der); });
}

}  // namespace

bool states_domain(const Artifact& artifact) {
  return !artifact.certificates.empty() && !own_trust_domain(artifact).empty();
}

std::string told_domains(const Verification& told) {
  StatedDomains::Names names;
  for (const Artifact& artifact : told.trusted)
    if (states_domain(artifact)) names.insert(own_trust_domain(artifact));
  return list_of(names, ", ");
}

void add_untrusted(const Policy& policy, std::vector<const Certificate*>& sent) {
  if (policy.verification == nullptr) return;
  for (const Artifact& artifact : policy.verification->untrusted)
    for (const Certificate& certificate : artifact.certificates) sent.push_back(&certificate);
}

Trusts::Trusts(const Inventory& inventory, const Policy& policy, const path::Settings& settings,
               x509::SignatureVerifier& signatures)
    : policy_(policy), settings_(settings), signatures_(signatures) {
  if (!policy.asks_for_path()) return;
  for (const Artifact& artifact : inventory.artifacts)
    if (!is_bundle(artifact.kind) && artifact.object == nullptr && artifact.state == SecretState::none)
      append(artifact.crls, loose_crls_);
}

// A bundle of a trust domain is for that one alone. A chain that states none may be of any.
std::string_view Trusts::told_domain_of(const Artifact& chain) const {
  if (!policy_.names_roots()) return {};
  return std::ranges::any_of(policy_.verification->trusted, &states_domain) ? trust_domain_of(chain) : "";
}

void Trusts::gather(const Scope& scope, std::string_view domain, Trust& trust) const {
  const Verification* told = policy_.verification.get();
  const auto take = [&](const Certificate& root, ByteView settings) {
    trust.trusted.push_back(&root);
    trust.settings.push_back(settings);
    trust.store.trust(root, path::read_trust_settings(settings).value_or(path::TrustSettings{}));
  };
  bool others = false;
  if (policy_.names_roots())
    for (const Artifact& artifact : told->trusted) {
      if (!domain.empty() && states_domain(artifact) && own_trust_domain(artifact) != domain) continue;
      for (const Certificate& root : artifact.certificates) take(root, trust_octets_of(artifact, root));
      others = others || !(artifact.certificates.empty() || is_of_spiffe_validator(artifact));
    }
  for (const Bundle* bundle : scope.bundles) {
    for (std::size_t i = 0; i < bundle->certificates.size(); ++i)
      take(*bundle->certificates[i], bundle->settings[i]);
    others = others || !is_of_spiffe_validator(*bundle->first);
    trust.leaf_crl_only = trust.leaf_crl_only || bundle->leaf_crl_only;
  }
  trust.of_spiffe_validator = !others && !trust.trusted.empty();
  if (told == nullptr) return;
  for (const Artifact& artifact : told->untrusted)
    for (const Certificate& certificate : artifact.certificates) trust.store.offer(certificate);
}

void Trusts::gather_crls(const Scope& scope, Trust& trust) const {
  for (const Bundle* bundle : scope.bundles) append(bundle->crls, trust.crls);
  append(loose_crls_, trust.crls);
  if (const Verification* told = policy_.verification.get())
    for (const auto* artifacts : {&told->trusted, &told->untrusted, &told->crls})
      for (const Artifact& artifact : *artifacts) append(artifact.crls, trust.crls);
  remove_repeats(trust.crls);
}

Trust& Trusts::of(const Artifact& chain, const Scope& scope) {
  const std::string_view domain = told_domain_of(chain);
  const auto [entry, added] = all_.try_emplace({scope.bundles, domain});
  Trust& trust = entry->second;
  if (!added) return trust;
  gather(scope, domain, trust);
  gather_crls(scope, trust);
  if (!trust.crls.empty())
    trust.revocation = std::make_unique<path::RevocationChecker>(
        trust.crls, trust.leaf_crl_only ? path::RevocationScope::leaf : path::RevocationScope::chain,
        trust.store, settings_, signatures_);
  return trust;
}

}  // namespace meshcert::checks
