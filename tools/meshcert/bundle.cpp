// `meshcert bundle`: trust bundles shown, converted and compared.

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "base/words.hpp"
#include "meshcert/deliver.hpp"
#include "meshcert/gather.hpp"
#include "meshcert/glob.hpp"
#include "meshcert/judge_inputs.hpp"
#include "meshcert/messages.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/report.hpp"
#include "meshcert/spiffe_bundle.hpp"
#include "meshcert/spiffe_id.hpp"
#include "meshcert/verbs.hpp"
#include "meshcert/words.hpp"
#include "report/jwks.hpp"

namespace meshcert::cli {
namespace {

constexpr const char* kGroup = "Bundles";

constexpr std::array<Word<BundleForm>, 2> kForms{{{"pem", BundleForm::pem}, {"jwks", BundleForm::jwks}}};

bool holds_authorities(const Artifact& artifact) {
  return is_bundle(artifact.kind) || artifact.kind == ArtifactKind::jwks;
}

/// domain_of is the trust domain that a bundle is for: stated, or its name, as SPIRE has it; "" for any.
std::string domain_of(const Artifact& bundle) {
  if (!bundle.trust_domain.empty() || !bundle.name.starts_with("spiffe://")) return bundle.trust_domain;
  const auto named = TrustDomain::parse_name_or_id(bundle.name);
  return named ? std::string(named->name()) : "";
}

/// narrow leaves the bundles alone, and of those the ones of the trust domain that
/// was asked for; a bundle of no stated trust domain may be anybody's.
void narrow(Inventory& inventory, const std::string& trust_domain) {
  const auto is_left_out = [&](const Artifact& artifact) {
    if (!holds_authorities(artifact)) return true;
    const std::string domain = domain_of(artifact);
    return !trust_domain.empty() && !domain.empty() && domain != trust_domain;
  };
  const std::vector<Artifact>& all = inventory.artifacts;
  for (GivenInput& given : inventory.given)
    given.end -= static_cast<std::size_t>(
        std::count_if(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(given.end), is_left_out));
  std::erase_if(inventory.artifacts, is_left_out);
}

/// note_missing: an input without a bundle is no empty one.
void note_missing(const std::string& trust_domain, bool compared, Inventory& inventory) {
  if (!inventory.errors.empty() || (!compared && trust_domain.empty())) return;
  std::size_t begin = 0;
  for (const GivenInput& given : inventory.given) {
    const auto first = inventory.artifacts.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = inventory.artifacts.begin() + static_cast<std::ptrdiff_t>(given.end);
    begin = given.end;
    if (std::any_of(first, last, holds_authorities)) continue;
    inventory.errors.push_back(
        {SourceRef{given.name}, "no trust bundle in it" +
                                    (trust_domain.empty() ? "" : " of the trust domain " + trust_domain) +
                                    (compared ? " to compare" : "")});
  }
}

/// take_for_bundles: what stands by itself in a file that is named was given as a bundle.
void take_for_bundles(const Options& options, Env&, Inventory& inventory) {
  for (Artifact& artifact : inventory.artifacts) {
    if (artifact.bundle != nullptr && !options.policy.compare_bundles) {
      auto bundle = std::make_shared<SpiffeBundle>(*artifact.bundle);
      bundle->is_asked_about = true;
      artifact.bundle = std::move(bundle);
    }
    const bool chain =
        artifact.kind == ArtifactKind::certificate_chain || artifact.kind == ArtifactKind::workload_chain;
    const bool named = std::ranges::find(options.inputs, artifact.source.file) != options.inputs.end();
    if (chain && named && artifact.object == nullptr && artifact.state == SecretState::none &&
        !artifact.certificates.empty())
      artifact.kind = ArtifactKind::trust_bundle;
  }
  const std::string trust_domain = options.policy.identity.trust_domain.value_or("");
  if (!trust_domain.empty()) narrow(inventory, trust_domain);
  note_missing(trust_domain, options.policy.compare_bundles, inventory);
}

/// tell says on stderr what the octets of a conversion cannot.
void tell(const Report& report, Env& env) {
  for (const Error& error : report.inventory.errors)
    write_error(env, to_string(error.where) + ": " + error.message);
  for (const Finding& finding : report.findings)
    if (finding.severity != Severity::info)
      write_note(
          env, std::string(finding.spec->code) + " " + to_string(finding.where) + ": " + message_of(finding));
}

/// what_else names the first thing in the input that has certificates and is no bundle; "" without.
std::string what_else(const Inventory& inventory) {
  const auto found = std::ranges::find_if(inventory.artifacts, [](const Artifact& artifact) {
    return !holds_authorities(artifact) && !artifact.certificates.empty();
  });
  if (found == inventory.artifacts.end()) return "";
  return ", " + to_string(found->source) + " is of kind " + std::string(to_string(found->kind)) +
         " (give the certificates of its CAs alone)";
}

/// domains_of is a list of the trust domains of the bundles that PEM would put into one file.
std::string domains_of(const std::vector<const Artifact*>& bundles, std::size_t& count) {
  std::set<std::string> domains;
  for (const Artifact* bundle : bundles)
    if (!bundle->certificates.empty()) domains.insert(domain_of(*bundle));
  count = domains.size();
  return base::join(domains, "",
                    [](const std::string& domain) { return domain.empty() ? "none stated" : domain; });
}

std::vector<const Artifact*> pointers_to(const std::vector<Artifact>& artifacts) {
  std::vector<const Artifact*> all;
  for (const Artifact& artifact : artifacts) all.push_back(&artifact);
  return all;
}

/// fits_in_pem refuses what PEM would make one bundle of (SPIFFE Federation: bundles of different trust
/// domains must not be merged), unless one was picked, and tells of what it has no place for.
bool fits_in_pem(const std::vector<const Artifact*>& bundles, bool picked, Env& env) {
  std::size_t domains = 0, keys = 0;
  const std::string list = domains_of(bundles, domains);
  if (domains > 1 && !picked) {
    write_error(
        env, "PEM states no trust domain, and the roots of one must not be trusted for another: here are " +
                 std::to_string(domains) + " (" + list +
                 "); --trust-domain TD picks one, --to jwks writes a map of all: nothing is written");
    return false;
  }
  for (const Artifact* bundle : bundles) keys += bundle->bundle == nullptr ? 0 : bundle->bundle->keys.size();
  if (keys != 0)
    write_note(env, "PEM holds certificates alone: " + std::to_string(keys) +
                        (keys == 1 ? " key (jwt-svid, wit-svid) is" : " keys (jwt-svid, wit-svid) are") +
                        " left out; --to jwks keeps " + (keys == 1 ? "it" : "them"));
  return true;
}

int convert(Options& options, Env& env) {
  Inventory inventory = gather(options, env);
  const std::string other = what_else(inventory);
  const std::string domain = options.policy.identity.trust_domain.value_or("");
  narrow(inventory, "");
  std::size_t domains = 0;
  const std::string had = domains_of(pointers_to(inventory.artifacts), domains);
  narrow(inventory, domain);
  if (inventory.artifacts.empty() && (domains != 0 || !other.empty())) {
    write_error(env, domains != 0 ? "no trust bundle of the trust domain " + domain +
                                        " in the input, which has those of " + had + ": nothing is written"
                                  : "no trust bundle in the input" + other + ": nothing is written");
    return static_cast<int>(ExitStatus::incomplete);
  }
  options.policy.at = options.at.value_or(env.now());
  const Report report =
      make_report("bundle", std::move(inventory), options.policy,
                  {.only = {"bundle", "input", "key"}, .ignore = options.ignore}, options.fail_on);
  tell(report, env);
  if (report.inventory.artifacts.empty()) {
    write_error(env, "no trust bundle in the input: nothing is written");
    return static_cast<int>(ExitStatus::incomplete);
  }
  const std::vector<const Artifact*> bundles = pointers_to(report.inventory.artifacts);
  const bool pem = options.to == BundleForm::pem;
  const auto holds_nothing = [pem](const Artifact* bundle) {
    return bundle->certificates.empty() && (pem || bundle->bundle == nullptr || bundle->bundle->keys.empty());
  };
  if (std::ranges::all_of(bundles, holds_nothing)) {
    write_error(
        env,
        pem ? "no certificate in the bundle that PEM could hold: nothing is written"
            : "no authority in the bundle, and an empty one revokes its trust domain: nothing is written");
    return std::max(static_cast<int>(exit_status(report)), static_cast<int>(ExitStatus::findings));
  }
  const bool picked = options.policy.identity.trust_domain.has_value();
  if (pem && !fits_in_pem(bundles, picked, env)) return static_cast<int>(ExitStatus::usage);
  const std::string text = pem ? render_pem(report, render_options(options, env)) : render_jwks(bundles);
  if (!deliver(text, options, env)) return static_cast<int>(ExitStatus::incomplete);
  return static_cast<int>(exit_status(report));
}

}  // namespace

void add_bundle(OptionSet& set, Options& options) {
  set.add_value(
      {"--to", "FORM", "convert to pem or jwks (a SPIFFE bundle; several trust domains: a map)", kGroup},
      store(options.to, parse_word(kForms)));
  add_trust_domain_option(set, options, kGroup);
  add_common_options(set, options);
}

int run_bundle(Options& options, Env& env) {
  if (options.inputs.size() > 2)
    throw UsageError{"bundle takes one INPUT to show or convert, or two to compare"};
  if (options.to != BundleForm::none) {
    options.inputs = inputs_to_read(options.inputs, env);
    return convert(options, env);
  }
  options.policy.compare_bundles = options.inputs.size() == 2;
  return judge_inputs(
      {"bundle",
       {"bundle", "root.not-self-signed", "root.shared-between-trust-domains", "root.twin-subject"}},
      options, env, take_for_bundles);
}

}  // namespace meshcert::cli
