// What a SPIFFE bundle document or a JWKS says besides its certificates.

#include "checks/bundle_document.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/words.hpp"
#include "checks/trusted_roots.hpp"

namespace meshcert::checks {

namespace {

const FindingSpec& spec_of(BundleFaultKind kind) {
  switch (kind) {
    case BundleFaultKind::no_keys:
      return kNoKeys;
    case BundleFaultKind::bad_metadata:
      return kBadMetadata;
    case BundleFaultKind::metadata:
      return kBundleMetadata;
    case BundleFaultKind::bad_jwk:
    case BundleFaultKind::bad_kid:
      return kBadJwk;
    case BundleFaultKind::no_use:
      return kNoBundleUse;
    case BundleFaultKind::wrong_use:
      return kWrongUse;
    case BundleFaultKind::unknown_type:
      return kUnknownType;
    case BundleFaultKind::unexpected_kid:
      return kUnexpectedKid;
    case BundleFaultKind::extra_x5c:
      return kExtraX5c;
    case BundleFaultKind::key_disagrees:
      return kKeyDisagrees;
    case BundleFaultKind::incomplete_jwk:
      return kIncompleteJwk;
    case BundleFaultKind::duplicate_kid:
      return kDuplicateKid;
    case BundleFaultKind::no_kid:
      return kNoKid;
  }
  return kBadJwk;
}

// Of what metadata says, that is for nothing which stands elsewhere or is missing.
std::string effect_on_consumers(const SpiffeBundle& bundle) {
  constexpr std::string_view kNewest = "cannot tell which bundle is the newest",
                             kPoll = "poll every five minutes";
  if (bundle.sequence.empty() == bundle.refresh_hint.empty())
    return fmt::format("consumers {}, and {}", kNewest, kPoll);
  return fmt::format("consumers {}", bundle.sequence.empty() ? kNewest : kPoll);
}

void check_faults(const Artifact& artifact, const SpiffeBundle& bundle, FindingSink& sink) {
  for (const BundleFault& fault : bundle.faults)
    sink.report(
        spec_of(fault.kind), fault.where, artifact.name,
        {{"detail", fault.detail},
         {"_effect", effect_on_consumers(bundle)},
         {"_who",
          fault.kind == BundleFaultKind::bad_kid
              ? "whoever reads entries of that use refuses the whole document (go-spiffe those of jwt-svid), "
                "istiod passes over them"
              : "go-spiffe and istiod refuse the whole document"}});
}

bool has(const SpiffeBundle& bundle, BundleFaultKind kind) {
  return std::ranges::any_of(bundle.faults, [kind](const BundleFault& fault) { return fault.kind == kind; });
}

// A bundle by itself is given to other consumers; to Envoy it would come in a map.
void report_refused(const Artifact& artifact, const SpiffeBundle& bundle, FindingSink& sink) {
  const bool is_validators = is_of_spiffe_validator(artifact);
  std::vector<Fact> facts{
      {"count", bundle.not_x509},
      {"entries", bundle.entries},
      {"_what", std::to_string(bundle.not_x509) + " of " + std::to_string(bundle.entries) +
                    " entries of this bundle are not of use x509-svid"},
      {"_such",
       std::string("with such a bundle in it") +
           (is_validators ? ", and this is one: no peer of any trust domain verifies with it" : "")}};
  if (is_validators) return sink.report_at(Severity::error, kRefusedByEnvoy, artifact, std::move(facts));
  if (bundle.in_map) return sink.report(kRefusedByEnvoy, artifact, std::move(facts));
  sink.report_milder(kRefusedByEnvoy, artifact.source, artifact.name, std::move(facts));
}

// Lawful (5.1.1), and Envoy refuses it: where it stands in a validator of Envoy's, no peer gets in.
void report_empty_map(const Artifact& artifact, FindingSink& sink) {
  Fact fix{
      "_fix",
      std::string("put the bundle of each trust domain into the map, under the name of that; until there is "
                  "one, give Envoy no SPIFFE validator")};
  if (is_of_spiffe_validator(artifact))
    return sink.report(kEmptyBundle, artifact,
                       {{"detail",
                         "the map of Envoy's SPIFFE validator names no trust domain, and Envoy "
                         "refuses that (No trust domains found in SPIFFE bundle)"},
                        std::move(fix)});
  sink.report(kRefusedByEnvoy, artifact,
              {{"_what", "this bundle map names no trust domain, which SPIFFE allows"},
               {"_such", "without any (No trust domains found in SPIFFE bundle)"},
               std::move(fix)});
}

// "Effectively empty" is what is empty to a consumer (4.1.3).
void check_authorities(const Artifact& artifact, const SpiffeBundle& bundle, FindingSink& sink) {
  if (bundle.is_empty_map) return report_empty_map(artifact, sink);
  if (has(bundle, BundleFaultKind::no_keys)) return;
  if (bundle.x509_authorities == 0 && bundle.keys.empty()) {
    std::string detail = bundle.entries == 0
                             ? "its keys are empty"
                             : "none of its " + std::to_string(bundle.entries) + " entries is usable";
    if (bundle.entries == 0 && is_of_spiffe_validator(artifact))
      detail += fmt::format(
          ", for which Envoy refuses the map of all trust domains (No keys found in SPIFFE bundle for domain '{}')",
          artifact.trust_domain);
    return sink.report(kEmptyBundle, artifact, {{"detail", detail}});
  }
  if ((bundle.is_spiffe || bundle.is_asked_about) && bundle.x509_authorities == 0 &&
      bundle.entries == bundle.not_x509)
    sink.report(kNoX509Authority, artifact, {{"keys", base::counted(bundle.keys.size(), "key")}});
  if (bundle.is_spiffe && bundle.not_x509 != 0 && (bundle.in_map || bundle.is_asked_about))
    report_refused(artifact, bundle, sink);
}

}  // namespace

void check_bundle_document(const Artifact& artifact, const SpiffeBundle& bundle, FindingSink& sink) {
  check_faults(artifact, bundle, sink);
  // Of the keys of a rule for tokens, the family jwt-rule says it.
  if (artifact.jwt_rule == nullptr) check_authorities(artifact, bundle, sink);
}

}  // namespace meshcert::checks
