#include "checks/chain_path.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

#include "checks/signing_ca.hpp"
#include "checks/trust_domains.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/verification.hpp"
#include "path/first_path.hpp"

namespace meshcert::checks {
namespace {

path::Purpose purpose_of(ChainPurpose purpose, bool of_host) {
  switch (purpose) {
    case ChainPurpose::unstated:
      return of_host ? path::Purpose::server : path::Purpose::any;
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

std::optional<std::size_t> index_in(const Artifact& artifact, const Certificate& certificate) {
  const auto& all = artifact.certificates;
  const std::less<> before;
  if (all.empty() || before(&certificate, all.data()) || !before(&certificate, all.data() + all.size()))
    return std::nullopt;
  return static_cast<std::size_t>(&certificate - all.data());
}

path::Settings settings_of(const Policy& policy) {
  path::Settings settings;
  settings.at = policy.at;
  settings.skew = policy.skew;
  settings.refuse_sha1 = false;  // Envoy takes it
  settings.min_rsa_bits = 0;     // chain_peers.cpp says who takes less than RSA 2048
  settings.mesh_algorithms = true;
  if (policy.verification == nullptr) return settings;
  const Verification& told = *policy.verification;
  settings.purpose = purpose_of(told.purpose, !told.dns_names.empty() || !told.addresses.empty());
  settings.usage_reading = path::UsageReading::literal;
  settings.partial_chain = !told.strict_anchors;
  for (const auto& [names, kind] : {std::pair{&told.dns_names, path::PeerName::Kind::dns},
                                    {&told.addresses, path::PeerName::Kind::ip},
                                    {&told.ids, path::PeerName::Kind::uri}})
    if (!names->empty()) {
      auto& wanted = settings.names.emplace_back();
      for (const std::string& name : *names) wanted.push_back({kind, name});
    }
  return settings;
}

/// What a workload's chain is used for, where nobody said otherwise: both ends of mutual TLS.
/// Of its leaf the family usage tells, where it runs.
path::Settings of_workload(path::Settings settings, bool leaf_usage) {
  settings.purpose = path::Purpose::workload;
  settings.usage_reading = path::UsageReading::literal;
  settings.leaf_usage = leaf_usage;
  return settings;
}

}  // namespace

ChainVerifier::ChainVerifier(const Inventory& inventory, const Policy& policy)
    : policy_(policy),
      must_hold_(policy.asks_for_path()),
      roots_(inventory.artifacts),
      settings_(settings_of(policy)),
      workload_settings_(of_workload(settings_, must_hold_)),
      trusts_(inventory, policy, settings_, signatures_),
      opinions_(policy, settings_.partial_chain) {
  if (!must_hold_) return;
  for (const Artifact& artifact : inventory.artifacts)
    if (artifact.object != nullptr && artifact.name == "cert-chain.pem" && is_ca_secret(*artifact.object))
      chains_of_cas_.emplace(artifact.object.get(), &artifact);
  any_is_held_ = std::ranges::any_of(inventory.artifacts, [this](const Artifact& artifact) {
    return !is_bundle(artifact.kind) && !artifact.certificates.empty() && scope_of(artifact).known();
  });
}

std::string ChainPath::describe(const Artifact& chain) const {
  if (!scope.bundles.empty() || !scope.foreign_trust_domains.empty()) return checks::describe(scope, chain);
  if (trust->trusted.empty() && told != nullptr && !told->trusted.empty())
    return "--trust has bundles of " + told_domains(*told) + ", none of the leaf's trust domain " +
           std::string(trust_domain_of(chain));
  if (trust->trusted.empty()) return "nothing is (name the roots with --trust FILE)";
  const bool set_aside = told != nullptr && told->strict_anchors &&
                         !std::ranges::all_of(trust->trusted, &Certificate::is_self_issued);
  return describe_bundle("--trust", trust->trusted) +
         (set_aside ? "; with --strict-anchors only those of them that are self-signed end a path" : "");
}

// What cert-manager keeps has its issuer's CA in ca.crt, and so have a workload's Secret and istiod's own; in
// another, ca.crt may be the CA of a gateway's clients (istio pilot/pkg/credentials/kube/secrets.go).
bool ChainVerifier::is_held_against_own_ca(const Artifact& chain) const {
  if (chain.object == nullptr) return false;
  if (must_hold_) return true;
  const bool managed = !chain.object->annotation("cert-manager.io/certificate-name").empty();
  const bool istiods = chain.object->kind == "Secret" && chain.object->name == "istiod-tls";
  return (managed || istiods || chain.kind == ArtifactKind::workload_chain) && !is_signing_ca(chain);
}

Scope ChainVerifier::scope_of(const Artifact& chain) const {
  if (policy_.names_roots()) return {};
  if (is_held_against_own_ca(chain))
    if (Scope own = roots_.of_secret(chain); own.known()) return own;
  const bool of_the_mesh = (chain.kind == ArtifactKind::workload_chain && is_of_the_mesh(chain)) ||
                           (must_hold_ && is_signing_ca(chain));
  return of_the_mesh || has_sibling_roots(chain) ? roots_.of(chain) : Scope{};
}

bool ChainVerifier::is_for_others(const Artifact& chain) const {
  const bool workload = chain.kind == ArtifactKind::workload_chain && is_of_the_mesh(chain);
  const bool in_dump =
      chain.state != SecretState::none || (chain.object == nullptr && !chain.source.pointer.empty());
  return must_hold_ && any_is_held_ && !policy_.names_roots() && in_dump && !workload &&
         !scope_of(chain).known();
}

std::string ChainVerifier::other_holder(const Artifact& chain, const Certificate& certificate) {
  std::size_t tries = 0;
  const auto issued = [&](const Certificate& anchor) {
    return std::ranges::equal(anchor.der, certificate.der) ||
           (anchor.subject == certificate.issuer && ++tries <= path::Budget{}.namesakes &&
            signatures_.verify(certificate, anchor.key) == true);
  };
  const std::string_view own = trust_domain_of(chain);
  if (own.empty()) return {};
  if (policy_.names_roots()) {
    for (const Artifact& artifact : policy_.verification->trusted)
      if (states_domain(artifact) && own_trust_domain(artifact) != own &&
          std::ranges::any_of(artifact.certificates, issued))
        return std::string(own_trust_domain(artifact));
    return {};
  }
  for (const Bundle* bundle : roots_.of_others(chain))
    if (std::ranges::any_of(bundle->certificates, [&](const Certificate* c) { return issued(*c); }))
      return std::string(own_trust_domain(*bundle->first));
  return {};
}

// Behind the certificate of a CA istiod sends its cert-chain.pem.
std::vector<const Certificate*> ChainVerifier::sent_with(const Artifact& chain) const {
  std::vector<const Certificate*> sent;
  for (const Certificate& certificate : chain.certificates) sent.push_back(&certificate);
  const auto more = is_signing_ca(chain) ? chains_of_cas_.find(chain.object.get()) : chains_of_cas_.end();
  if (more == chains_of_cas_.end()) return sent;
  for (const Certificate& certificate : more->second->certificates) sent.push_back(&certificate);
  return sent;
}

ChainPath ChainVerifier::verify(const Artifact& chain, std::size_t leaf, path::Explain explain) {
  ChainPath found;
  found.scope = scope_of(chain);
  found.held = policy_.names_roots() || (must_hold_ && !is_for_others(chain)) || found.scope.known();
  found.trust = &trusts_.of(chain, found.scope);
  found.told = policy_.verification.get();
  path::Store store = path::Store::over(found.trust->store);
  for (const Certificate* certificate : sent_with(chain)) store.offer(*certificate);
  found.verdict = path::verify(chain.certificates[leaf], store, settings_for(chain, *found.trust),
                               signatures_, explain, found.trust->revocation.get());
  return found;
}

path::Settings ChainVerifier::settings_for(const Artifact& chain, const Trust& trust) const {
  const Verification* told = policy_.verification.get();
  const bool stated = must_hold_ && told->purpose != ChainPurpose::unstated;
  path::Settings settings = is_workload_chain(chain) && !stated ? workload_settings_ : settings_;
  settings.partial_chain = settings.partial_chain && !trust.of_spiffe_validator;
  if (told == nullptr || told->names_somebody_of(chain.source.file)) return settings;
  settings.names.clear();
  if (!stated && !is_workload_chain(chain)) settings.purpose = path::Purpose::any;
  if (told->issuer_files.contains(chain.source.file)) settings.purpose = path::Purpose::any;
  return settings;
}

path::Path ChainVerifier::first_path(const Artifact& chain, std::size_t leaf, const ChainPath& found,
                                     path::Namesake namesake) {
  std::vector<const Certificate*> sent = sent_with(chain);
  add_untrusted(policy_, sent);
  return path::first_path(chain.certificates[leaf], sent, found.trust->store,
                          settings_for(chain, *found.trust), namesake, signatures_,
                          found.trust->revocation.get());
}

std::vector<path::Path> ChainVerifier::holding_paths(const Artifact& chain, std::size_t leaf) {
  std::vector<path::Path> paths = verify(chain, leaf, path::Explain::every_path).verdict.paths;
  std::erase_if(paths, [](const path::Path& path) { return !path.holds(); });
  return paths;
}

std::optional<x509::Opinion> ChainVerifier::ask_openssl(const Artifact& chain, std::size_t leaf,
                                                        const ChainPath& path) {
  if (!path.held || path.verdict.gave_up || settings_.purpose == path::Purpose::ca) return std::nullopt;
  const bool issuer = policy_.verification && policy_.verification->issuer_files.contains(chain.source.file);
  const path::Purpose purpose = issuer ? path::Purpose::any : settings_.purpose;
  return opinions_.ask(sent_with(chain), leaf, purpose, trusts_.of(chain, path.scope));
}

bool is_whole(const Artifact& chain) {
  return std::ranges::none_of(chain.defects, &Defect::lost);
}

bool is_held(const Artifact& chain, const ChainPath& path) {
  return path.held && is_whole(chain) && std::ranges::none_of(path.scope.bundles, &Bundle::lossy);
}

std::optional<std::size_t> place_in(const Artifact& chain, const Certificate& certificate) {
  const auto found = std::ranges::find_if(chain.certificates, [&](const Certificate& other) {
    return std::ranges::equal(other.der, certificate.der);
  });
  if (found == chain.certificates.end()) return std::nullopt;
  return static_cast<std::size_t>(found - chain.certificates.begin());
}

bool is_given(const ChainPath& path, const Certificate& certificate) {
  return path.told != nullptr && std::ranges::any_of(path.told->untrusted, [&](const Artifact& artifact) {
           return index_in(artifact, certificate).has_value();
         });
}

Subject subject_at(const Artifact& chain, const ChainPath& path, std::size_t on_path, std::size_t leaf) {
  const auto& certificates = path.best().certificates;
  if (const auto index = place_in(chain, *certificates[on_path])) return Subject::of(chain, *index);
  if (path.told != nullptr)
    for (const auto* artifacts : {&path.told->untrusted, &path.told->trusted})
      for (const Artifact& artifact : *artifacts)
        if (const auto index = index_in(artifact, *certificates[on_path]))
          return Subject::of(artifact, *index);
  for (std::size_t i = on_path; i-- > 0;)
    if (const auto index = place_in(chain, *certificates[i])) return Subject::of(chain, *index);
  return Subject::of(chain, leaf);
}

}  // namespace meshcert::checks
