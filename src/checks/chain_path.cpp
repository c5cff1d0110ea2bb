#include "checks/chain_path.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_set>

#include "checks/signing_ca.hpp"
#include "checks/trust_domains.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/verification.hpp"
#include "path/first_path.hpp"
#include "path/trust_settings.hpp"
#include "x509/crypto.hpp"

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

/// A certificate takes OpenSSL 80 us to decode (docs/limits.md).
std::size_t most_decoded(const Policy& policy) {
  return policy.asks_for_path() ? 5000 : 500;
}

void append(const std::vector<Crl>& more, std::vector<Crl>& crls) {
  crls.insert(crls.end(), more.begin(), more.end());
}

/// Two files may hold one CRL, and the order of files is no matter.
void remove_repeats(std::vector<Crl>& crls) {
  std::unordered_set<std::string_view> seen;
  std::erase_if(crls, [&](const Crl& crl) { return !seen.insert(as_text(crl.der)).second; });
  std::ranges::sort(crls, {}, [](const Crl& crl) { return as_text(crl.der); });
}

std::optional<std::size_t> index_in(const Artifact& artifact, const Certificate& certificate) {
  const auto& all = artifact.certificates;
  const std::less<> before;
  if (all.empty() || before(&certificate, all.data()) || !before(&certificate, all.data() + all.size()))
    return std::nullopt;
  return static_cast<std::size_t>(&certificate - all.data());
}

bool states_domain(const Artifact& artifact) {
  return !artifact.certificates.empty() && !own_trust_domain(artifact).empty();
}

std::string told_domains(const Verification& told) {
  StatedDomains::Names names;
  for (const Artifact& artifact : told.trusted)
    if (states_domain(artifact)) names.insert(own_trust_domain(artifact));
  return list_of(names, ", ");
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

// Proxies of a mesh are sent the same, and trust the same: what OpenSSL was asked once is
// known by these. What --untrusted gives is the same for all chains of a run.
std::string fingerprint_of(const Trust& trust) {
  std::string octets(1, trust.leaf_crl_only ? '1' : '0');
  for (std::size_t i = 0; i < trust.trusted.size(); ++i)
    (octets += as_text(trust.trusted[i]->der)) += as_text(trust.settings[i]);
  for (const Crl& crl : trust.crls) octets += as_text(crl.der);
  return x509::sha256_hex(as_bytes(octets));
}

std::string fingerprint_of(std::span<const Certificate* const> sent, std::size_t leaf, const Trust& trust) {
  std::string octets = trust.fingerprint + ' ' + std::to_string(leaf) + ' ';
  for (const Certificate* certificate : sent) octets += as_text(certificate->der);
  return x509::sha256_hex(as_bytes(octets));
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
      workload_settings_(of_workload(settings_, must_hold_)) {
  if (!must_hold_) return;
  for (const Artifact& artifact : inventory.artifacts)
    if (artifact.object != nullptr && artifact.name == "cert-chain.pem" && is_ca_secret(*artifact.object))
      chains_of_cas_.emplace(artifact.object.get(), &artifact);
  any_is_held_ = std::ranges::any_of(inventory.artifacts, [this](const Artifact& artifact) {
    return !is_bundle(artifact.kind) && !artifact.certificates.empty() && scope_of(artifact).known();
  });
  for (const Artifact& artifact : inventory.artifacts)
    if (!is_bundle(artifact.kind) && artifact.object == nullptr && artifact.state == SecretState::none)
      append(artifact.crls, loose_crls_);
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

// A bundle of a trust domain is for that one alone. A chain that states none may be of any.
std::string_view ChainVerifier::told_domain_of(const Artifact& chain) const {
  if (!policy_.names_roots()) return {};
  return std::ranges::any_of(policy_.verification->trusted, &states_domain) ? trust_domain_of(chain) : "";
}

void ChainVerifier::gather(const Scope& scope, std::string_view domain, Trust& trust) const {
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

void ChainVerifier::gather_crls(const Scope& scope, Trust& trust) const {
  for (const Bundle* bundle : scope.bundles) append(bundle->crls, trust.crls);
  append(loose_crls_, trust.crls);
  if (const Verification* told = policy_.verification.get())
    for (const auto* artifacts : {&told->trusted, &told->untrusted, &told->crls})
      for (const Artifact& artifact : *artifacts) append(artifact.crls, trust.crls);
  remove_repeats(trust.crls);
}

Trust& ChainVerifier::trust_of(const Artifact& chain, const Scope& scope) {
  const std::string_view domain = told_domain_of(chain);
  const auto [entry, added] = trusts_.try_emplace({scope.bundles, domain});
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
  found.trust = &trust_of(chain, found.scope);
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
  if (found.told != nullptr)
    for (const Artifact& artifact : found.told->untrusted)
      for (const Certificate& certificate : artifact.certificates) sent.push_back(&certificate);
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
  Trust& trust = trust_of(chain, path.scope);
  if (!path.held || trust.trusted.empty() || path.verdict.gave_up || settings_.purpose == path::Purpose::ca)
    return std::nullopt;
  if (trust.fingerprint.empty()) trust.fingerprint = fingerprint_of(trust);
  const std::string question = fingerprint_of(sent_with(chain), leaf, trust);
  if (const auto known = opinions_.find(question); known != opinions_.end()) return known->second;
  const std::size_t decoded = decoded_;
  const auto opinion = decode_and_ask(chain, leaf, trust);
  if (decoded_ != decoded) opinions_.emplace(question, opinion);
  return opinion;
}

std::optional<x509::Opinion> ChainVerifier::decode_and_ask(const Artifact& chain, std::size_t leaf,
                                                           Trust& trust) {
  const bool issuer = policy_.verification && policy_.verification->issuer_files.contains(chain.source.file);
  const path::Purpose purpose = issuer ? path::Purpose::any : settings_.purpose;
  std::vector<const Certificate*> untrusted = sent_with(chain);
  if (policy_.verification != nullptr)
    for (const Artifact& more : policy_.verification->untrusted)
      for (const Certificate& certificate : more.certificates) untrusted.push_back(&certificate);
  const std::size_t work = untrusted.size() + (trust.openssl ? 0 : trust.trusted.size() + trust.crls.size());
  if (decoded_ + work > most_decoded(policy_)) return std::nullopt;
  decoded_ += work;
  if (!trust.openssl) {
    std::vector<x509::Anchor> anchors;
    for (std::size_t i = 0; i < trust.trusted.size(); ++i)
      anchors.push_back({trust.trusted[i], trust.settings[i]});
    trust.openssl = std::make_unique<x509::SecondOpinion>(anchors, trust.crls);
  }
  x509::OpinionQuestion question;
  question.leaf = &chain.certificates[leaf];
  question.untrusted = untrusted;
  if (policy_.skew == Seconds{0}) question.at = policy_.at;
  question.partial_chain = settings_.partial_chain && !trust.of_spiffe_validator;
  question.only_leaf_crl = trust.leaf_crl_only;
  if (purpose == path::Purpose::any) return trust.openssl->ask(question);
  question.purpose =
      purpose == path::Purpose::client ? x509::OpinionPurpose::client : x509::OpinionPurpose::server;
  auto opinion = trust.openssl->ask(question);
  if (purpose != path::Purpose::workload || !opinion || !opinion->accepts) return opinion;
  question.purpose = x509::OpinionPurpose::client;
  return trust.openssl->ask(question);
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
  const auto subject = [](const Artifact& artifact, std::size_t index) {
    return Subject::of(artifact, index);
  };
  const auto& certificates = path.best().certificates;
  if (const auto index = place_in(chain, *certificates[on_path])) return subject(chain, *index);
  if (path.told != nullptr)
    for (const auto* artifacts : {&path.told->untrusted, &path.told->trusted})
      for (const Artifact& artifact : *artifacts)
        if (const auto index = index_in(artifact, *certificates[on_path])) return subject(artifact, *index);
  for (std::size_t i = on_path; i-- > 0;)
    if (const auto index = place_in(chain, *certificates[i])) return subject(chain, *index);
  return subject(chain, leaf);
}

}  // namespace meshcert::checks
