#include "checks/trusted_roots.hpp"

#include <algorithm>
#include <functional>
#include <unordered_set>

#include "base/ascii.hpp"
#include "base/hex.hpp"
#include "base/words.hpp"
#include "checks/trust_domains.hpp"
#include "path/trust_settings.hpp"

namespace meshcert::checks {
namespace {

bool is_index(std::string_view segment) {
  return !segment.empty() && base::are_digits(segment);
}

// A file may hold several dumps, each with roots of its own.
std::string dump_of(const Artifact& artifact) {
  return artifact.source.file + '\0' + artifact.document;
}

// The dump, and in it the innermost entry of a list that something stands in.
std::string entry_of(const Artifact& artifact) {
  std::string_view pointer = artifact.source.pointer;
  while (!pointer.empty() && !is_index(pointer.substr(pointer.rfind('/') + 1)))
    pointer = pointer.substr(0, pointer.rfind('/'));
  return dump_of(artifact) + '\0' + std::string(pointer);
}

// A proxy has one current bundle of a name, and perhaps one on its way.
bool is_current(const Artifact& bundle) {
  return bundle.state != SecretState::warming;
}

bool holds_roots(const Artifact& artifact) {
  return artifact.kind == ArtifactKind::trust_bundle && !artifact.certificates.empty();
}

bool is_found_by_name(const Artifact& bundle) {
  return !bundle.trust_domain.empty() || (bundle.state != SecretState::none && is_of_the_mesh(bundle));
}

void append(Bundle& bundle, const Artifact& artifact) {
  if (bundle.first == nullptr) {
    bundle.first = &artifact;
    bundle.name = artifact.name;
  }
  for (const Certificate& certificate : artifact.certificates) {
    bundle.certificates.push_back(&certificate);
    bundle.settings.push_back(trust_octets_of(artifact, certificate));
  }
  bundle.crls.insert(bundle.crls.end(), artifact.crls.begin(), artifact.crls.end());
  bundle.leaf_crl_only = bundle.leaf_crl_only || artifact.leaf_crl_only;
  bundle.lossy = bundle.lossy || std::ranges::any_of(artifact.defects, &Defect::lost);
}

// A bundle fetched by the name of a foreign domain says nothing of the own one.
bool is_of_validator(const Artifact& bundle) {
  return !bundle.trust_domain.empty() && spiffe_trust_domain(bundle.name).empty();
}

std::string name_in(const Bundle& bundle) {
  const bool of_domain = bundle.first->trust_domain.empty() || bundle.first->trust_domain == bundle.name;
  return of_domain ? bundle.name : bundle.name + " of the trust domain " + bundle.first->trust_domain;
}

}  // namespace

ByteView trust_octets_of(const Artifact& artifact, const Certificate& certificate) {
  // Readers tell of such blocks, and few artifacts have one.
  if (std::ranges::find(artifact.defects, DefectKind::certificate_label, &Defect::kind) ==
      artifact.defects.end())
    return {};
  const std::less<> before;
  const std::uint8_t* end = certificate.der.data() + certificate.der.size();
  for (const auto& block : artifact.storage) {
    const std::uint8_t* last = block->data() + block->size();
    if (!before(certificate.der.data(), block->data()) && before(end, last))
      return path::settings_behind(ByteView(end, last));
  }
  return {};
}

bool is_istiod_root_name(const DistinguishedName& name) {
  const std::string text = to_rfc4514(name);
  return text.starts_with("O=") && text.find_first_of(",+") == std::string::npos;
}

std::string validation_context_of(const Artifact& artifact) {
  const std::string& pointer = artifact.source.pointer;
  std::size_t end = pointer.size();
  for (const std::string_view field :
       {"/customValidatorConfig", "/custom_validator_config", "/trustedCa", "/trusted_ca"})
    end = std::min(end, pointer.find(field));
  return dump_of(artifact) + '\0' + pointer.substr(0, end);
}

bool is_of_spiffe_validator(const Artifact& bundle) {
  return bundle.validator.find("ustomValidatorConfig") != std::string::npos ||
         bundle.validator.find("ustom_validator_config") != std::string::npos;
}

std::string key_words(ByteView key_id) {
  return key_id.empty() ? "" : " (key id " + base::to_hex(key_id) + ")";
}

std::string describe_bundle(const std::string& name, std::span<const Certificate* const> certificates) {
  return (name.empty() ? "the bundle" : name) + " holds " +
         base::some_of(certificates, "", 3, [](const Certificate* certificate) {
           return title_of(*certificate) + key_words(key_id_of(*certificate));
         });
}

std::string describe(const Scope& scope, const Artifact& chain) {
  if (scope.bundles.empty())
    return "the SPIFFE validator has bundles of " + std::string(scope.foreign_trust_domains) +
           ", none of the leaf's trust domain " + std::string(trust_domain_of(chain));
  return base::join_with(scope.bundles, "; ", [](const Bundle* bundle) {
    return describe_bundle(name_in(*bundle), bundle->certificates);
  });
}

std::string directory_of(const Artifact& artifact) {
  const std::string& file = artifact.source.file;
  return file.substr(0, file.find_last_of('/') + 1);
}

bool is_file(const Artifact& artifact, std::string_view name) {
  const std::string& file = artifact.source.file;
  return artifact.source.pointer.empty() && file.substr(file.find_last_of('/') + 1) == name;
}

bool has_sibling_roots(const Artifact& chain) {
  return is_file(chain, "cert-chain.pem");
}

bool is_of_the_mesh(const Artifact& artifact) {
  const std::string& name = artifact.name;
  const bool own = is_bundle(artifact.kind) ? name == "ROOTCA" || name == "ALL"
                                            : name == "default" || name == "builtin://";
  return artifact.state == SecretState::none || own || name.starts_with("spiffe://");
}

std::string_view spiffe_trust_domain(std::string_view uri) {
  constexpr std::string_view kScheme = "spiffe://";
  if (!uri.starts_with(kScheme)) return {};
  uri.remove_prefix(kScheme.size());
  return uri.substr(0, uri.find('/'));
}

std::string_view trust_domain_of(const Artifact& chain) {
  if (chain.certificates.empty()) return {};
  const auto& names = chain.certificates[chain.leaf].extensions.subject_alt_name;
  return names && names->uri_count == 1 ? spiffe_trust_domain(names->first_uri) : std::string_view{};
}

TrustedRoots::TrustedRoots(const std::vector<Artifact>& artifacts) {
  // Envoy's SPIFFE validator verifies against the bundles that it has for trust domains, and does
  // not look at the trusted_ca beside them (spiffe_validator.cc).
  std::unordered_set<std::string> validators;
  for (const Artifact& artifact : artifacts)
    if (is_of_validator(artifact)) validators.insert(validation_context_of(artifact));
  const auto is_used = [&](const Artifact& artifact) {
    return validators.empty() || is_of_validator(artifact) ||
           !validators.contains(validation_context_of(artifact));
  };
  const auto for_each_place = [&](auto visit) {
    for (const Artifact& artifact : artifacts) {
      if (!holds_roots(artifact) || !is_used(artifact)) continue;
      if (!artifact.source.pointer.empty()) visit(by_entry_[entry_of(artifact)], artifact);
      if (is_found_by_name(artifact)) visit(by_file_[dump_of(artifact)], artifact);
      if (is_file(artifact, "root-cert.pem")) visit(by_directory_[directory_of(artifact)], artifact);
    }
  };
  for_each_place([](Place& place, const Artifact& artifact) {
    place.has_current = place.has_current || is_current(artifact);
  });
  for_each_place([this](Place& place, const Artifact& artifact) {
    if (is_current(artifact) || !place.has_current) add(place, artifact);
  });
  add_crls_of_directories(artifacts);
  add_of_secrets(artifacts);
}

void TrustedRoots::add_crls_of_directories(const std::vector<Artifact>& artifacts) {
  for (const Artifact& artifact : artifacts) {
    if (!is_file(artifact, "ca-crl.pem")) continue;
    const auto beside = by_directory_.find(directory_of(artifact));
    if (beside == by_directory_.end()) continue;
    for (auto& [domain, bundle] : beside->second.by_domain)
      bundle.crls.insert(bundle.crls.end(), artifact.crls.begin(), artifact.crls.end());
  }
}

void TrustedRoots::add_of_secrets(const std::vector<Artifact>& artifacts) {
  const auto take_all = [&](std::string_view roots, std::string_view crls) {
    std::unordered_set<const KubernetesObject*> taken;
    for (const Artifact& artifact : artifacts)
      if (artifact.object != nullptr && artifact.name == roots && !artifact.certificates.empty() &&
          !by_secret_.contains(artifact.object.get())) {
        append(by_secret_[artifact.object.get()], artifact);
        taken.insert(artifact.object.get());
      }
    for (const Artifact& artifact : artifacts)
      if (artifact.name == crls && taken.contains(artifact.object.get()))
        by_secret_[artifact.object.get()].crls.insert(by_secret_[artifact.object.get()].crls.end(),
                                                      artifact.crls.begin(), artifact.crls.end());
  };
  take_all("root-cert.pem", "ca-crl.pem");
  take_all("ca.crt", "ca.crl");
}

Scope TrustedRoots::of_secret(const Artifact& chain) const {
  Scope scope;
  const auto own = by_secret_.find(chain.object.get());
  if (chain.object != nullptr && own != by_secret_.end()) scope.bundles.push_back(&own->second);
  return scope;
}

std::vector<const Bundle*> TrustedRoots::of_others(const Artifact& chain) const {
  std::vector<const Bundle*> others;
  const Place* place = place_of(chain);
  if (place == nullptr) return others;
  for (const auto& [domain, bundle] : place->by_domain)
    if (!domain.empty() && domain != trust_domain_of(chain)) others.push_back(&bundle);
  return others;
}

void TrustedRoots::add(Place& place, const Artifact& artifact) {
  constexpr std::size_t kLongestList = 200;
  const std::string domain(own_trust_domain(artifact));
  const auto [entry, added] = place.by_domain.try_emplace(domain);
  Bundle& bundle = entry->second;
  if (added) {
    std::string& domains = place.validator_domains;
    if (is_of_validator(artifact) && domains.size() < kLongestList)
      domains += (domains.empty() ? "" : ", ") + domain;
  }
  append(bundle, artifact);
}

const TrustedRoots::Place* TrustedRoots::place_of(const Artifact& chain) const {
  if (const auto same = by_entry_.find(entry_of(chain)); same != by_entry_.end()) return &same->second;
  const auto in_file = by_file_.find(dump_of(chain));
  if (in_file != by_file_.end()) return &in_file->second;
  const auto beside =
      has_sibling_roots(chain) ? by_directory_.find(directory_of(chain)) : by_directory_.end();
  return beside == by_directory_.end() ? nullptr : &beside->second;
}

Scope TrustedRoots::of(const Artifact& chain) const {
  Scope scope;
  const Place* place = place_of(chain);
  if (place == nullptr) return scope;
  const std::string_view domain = trust_domain_of(chain);
  const auto use = [&](std::string_view name) {
    const auto found = place->by_domain.find(name);
    if (found != place->by_domain.end()) scope.bundles.push_back(&found->second);
  };
  use("");
  if (domain.empty()) return scope;
  use(domain);
  if (scope.bundles.empty()) scope.foreign_trust_domains = place->validator_domains;
  return scope;
}

}  // namespace meshcert::checks

namespace meshcert {

bool holds_mesh_roots(const Artifact& artifact) {
  return is_bundle(artifact.kind) && !artifact.certificates.empty() && checks::is_of_the_mesh(artifact);
}

}  // namespace meshcert
