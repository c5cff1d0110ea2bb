// `meshcert chain`: does this chain verify, link by link, to these anchors?

#include "meshcert/chain_options.hpp"

#include <algorithm>
#include <array>

#include "base/words.hpp"
#include "meshcert/anchors.hpp"
#include "meshcert/judge_inputs.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/spiffe_id.hpp"
#include "meshcert/verbs.hpp"
#include "meshcert/verification.hpp"
#include "meshcert/words.hpp"

namespace meshcert::cli {
namespace {

constexpr const char* kGroup = "What it is verified against, and for";

constexpr std::array<Word<ChainPurpose>, 5> kPurposes{{{"workload", ChainPurpose::workload},
                                                       {"server", ChainPurpose::server},
                                                       {"client", ChainPurpose::client},
                                                       {"ca", ChainPurpose::ca},
                                                       {"any", ChainPurpose::any}}};

const Defect* first_lost(const std::vector<Defect>& defects) {
  const auto lost = std::ranges::find_if(defects, &Defect::lost);
  return lost == defects.end() ? nullptr : &*lost;
}

std::string words_of(const Defect& defect) {
  return defect.fix.empty() ? defect.detail : defect.detail + "; " + defect.fix;
}

enum class Wanted : std::uint8_t { anchors, certificates, crls };

/// what_is_none says why a file has nothing of what its option takes.
std::string what_is_none(Wanted wanted, const std::string& chain) {
  if (wanted == Wanted::crls) return "holds no CRL";
  if (chain.empty()) return "holds no certificate";
  return "holds no bundle of roots (ROOTCA, ca.crt, root-cert.pem), but " + chain +
         ", which is what it shows and not what it trusts; name the roots, as PEM or in a dump that has them";
}

/// first_chain names the first thing with certificates; "" without.
std::string first_chain(const std::vector<Artifact>& artifacts) {
  for (const Artifact& artifact : artifacts)
    if (!artifact.certificates.empty())
      return std::string(to_string(artifact.kind)) + " " + artifact.shown_name();
  return "";
}

/// read_all takes every anchor, every certificate, or every CRL, of a file. Anything less is
/// fatal: what cannot be read might have been the one that matters.
void read_all(Wanted wanted, const char* option, const std::string& path, const Options& options, Env& env,
              std::vector<Artifact>& out) {
  const auto refuse = [&](const std::string& why) {
    throw UsageError{std::string(option) + " " + path + ": " + why};
  };
  const auto refuse_for = [&](const Defect& defect) {
    throw UsageError{std::string(option) + " " + to_string(defect.where) + ": " + words_of(defect)};
  };
  if (path == "-") refuse("stdin is for INPUT; write it to a file first");
  const auto source = env.open_file(path);
  if (!source) refuse(source.error());
  InventorySink sink;
  ReadOptions read;
  read.limits = options.read.limits;
  read.password = options.read.password;
  if (const auto format = read_input(path, **source, read, sink); !format) refuse(format.error());
  if (const Defect* defect = first_lost(sink.inventory.defects)) refuse_for(*defect);
  std::size_t found = 0;
  const std::string chain = first_chain(sink.inventory.artifacts);
  if (wanted == Wanted::anchors) {
    keep_anchors(sink.inventory.artifacts);
    if (const std::string twice = repeated_domain(sink.inventory.artifacts); !twice.empty())
      refuse(
          "the trust domain " + twice +
          " has two bundles in it, and must have one: SPIFFE tells consumers to refuse such a map, Envoy takes its last or "
          "refuses the list; put the anchors of both into one bundle, if both are trusted");
  }
  for (Artifact& artifact : sink.inventory.artifacts) {
    if (const Defect* defect = first_lost(artifact.defects)) refuse_for(*defect);
    found += wanted == Wanted::crls ? artifact.crls.size() : artifact.certificates.size();
    out.push_back(std::move(artifact));
  }
  if (found == 0) refuse(what_is_none(wanted, chain));
}

auto take_valid(std::vector<std::string>& list, std::string (*complaint)(const std::string&)) {
  return [&list, complaint](const std::string& value) {
    list.push_back(value);
    return complaint(value);
  };
}

auto take_into(std::vector<std::string>& list, const char* what) {
  return [&list, what](const std::string& value) {
    list.push_back(value);
    return value.empty() ? std::string(what) + " is empty" : std::string{};
  };
}

/// prepare: CRLs and bundles alone, in which all is well, are no chain that verifies.
void prepare(const Options& options, Env&, Inventory& inventory) {
  take_for_chains(options, inventory);
  const auto is_verified = [](const Artifact& artifact) {
    return !artifact.certificates.empty() && !is_bundle(artifact.kind);
  };
  const auto tells = [](const Artifact& artifact) {
    return std::ranges::any_of(artifact.defects, &Defect::lost);
  };
  const auto& all = inventory.artifacts;
  if (!inventory.errors.empty() || std::ranges::any_of(inventory.defects, &Defect::lost) ||
      std::ranges::any_of(all, is_verified) || std::ranges::any_of(all, tells))
    return;
  const auto crls = std::ranges::count(all, ArtifactKind::crl, &Artifact::kind);
  const auto bundles = std::ranges::count_if(all, [](const Artifact& a) { return is_bundle(a.kind); });
  inventory.errors.push_back(
      {SourceRef{options.inputs.front()},
       "no certificate to verify in it: " +
           (bundles != 0 ? base::counted(static_cast<std::uint64_t>(bundles), "bundle") +
                               ", which is what others are held against (--trust FILE)"
            : crls != 0 ? "CRLs alone, which --crl FILE takes; name the chain as INPUT"
                        : "name the file of the chain as INPUT")});
}

/// has_issued: something else at hand names it as its issuer.
bool has_issued(const Certificate& ca, const Inventory& inventory) {
  return std::ranges::any_of(inventory.artifacts, [&ca](const Artifact& artifact) {
    return std::ranges::any_of(artifact.certificates, [&ca](const Certificate& other) {
      return other.issuer == ca.subject && other.subject != ca.subject;
    });
  });
}

bool names_a_host(const Certificate& certificate) {
  const auto& names = certificate.extensions.subject_alt_name;
  return names && std::ranges::any_of(names->names, [](const GeneralName& name) {
           return name.type == GeneralName::Type::dns || name.type == GeneralName::Type::ip;
         });
}

/// serves_nothing: what it says of itself allows no server, whatever it has issued.
bool serves_nothing(const Certificate& certificate) {
  const auto& usage = certificate.extensions.key_usage;
  return !names_a_host(certificate) && usage && !usage->has(KeyUsage::digital_signature);
}

/// is_issuer: a CA and no server, of what is at hand. A root that bears the name of a host is one that
/// somebody called a CA.
bool is_issuer(const Certificate& certificate, const Inventory& inventory) {
  if (certificate.is_self_issued() && names_a_host(certificate)) return false;
  return serves_nothing(certificate) || has_issued(certificate, inventory);
}

bool are_issuers(const Artifact& artifact, const Inventory& inventory) {
  return std::ranges::all_of(artifact.certificates, [&inventory](const Certificate& certificate) {
    return is_issuer(certificate, inventory);
  });
}

Verification& verification_of(Options& options) {
  if (options.verification == nullptr) options.verification = std::make_shared<Verification>();
  return *options.verification;
}

}  // namespace

void take_for_chains(const Options& options, Inventory& inventory) {
  Verification* told = options.verification.get();
  const bool named = told != nullptr && told->names_somebody();
  const bool has_leaf = std::ranges::any_of(inventory.artifacts, [](const Artifact& artifact) {
    return !artifact.certificates.empty() && !is_bundle(artifact.kind);
  });
  for (Artifact& artifact : inventory.artifacts) {
    const std::string& file = artifact.source.file;
    const bool asked = std::ranges::find(options.inputs, file) != options.inputs.end() ||
                       file.substr(file.find_last_of('/') + 1) == "cert-chain.pem";
    if (!asked || artifact.kind != ArtifactKind::ca_bundle || artifact.object != nullptr ||
        artifact.state != SecretState::none || !artifact.source.pointer.empty())
      continue;
    const bool issuers = named && has_leaf && are_issuers(artifact, inventory);
    if (issuers) told->issuer_files.insert(file);
    if (!issuers || told->asked) artifact.kind = ArtifactKind::certificate_chain;
  }
}

void add_chain_options(OptionSet& set, Options& options) {
  Verification& told = verification_of(options);
  set.add_values({"--trust", "FILE", "trust the certificates in it and no others (repeatable)", kGroup},
                 take_into(options.trust_files, "the name"));
  set.add_values(
      {"--untrusted", "FILE", "certificates that may stand between leaf and root (repeatable)", kGroup},
      take_into(options.untrusted_files, "the name"));
  set.add_values(
      {"--crl", "FILE", "CRLs; once there is one, every CA of a path needs one (repeatable)", kGroup},
      take_into(options.crl_files, "the name"));
  set.add_value({"--purpose", "WHAT",
                 "workload (the default of a workload's chain), server, client, ca or any", kGroup},
                store(told.purpose, parse_word(kPurposes)));
  set.add_values({"--dns", "NAME", "a DNS name that the leaf should have; of several, one is enough", kGroup},
                 take_valid(told.dns_names, complaint_of_dns_name));
  set.add_values(
      {"--ip", "ADDR", "an IP address that it should have; of several, one; besides a --dns, both", kGroup},
      take_valid(told.addresses, complaint_of_address));
  set.add_flag({"--strict-anchors", "", "only self-signed certificates end a path (trusted_ca: any)", kGroup},
               told.strict_anchors);
}

void load_verification(Options& options, Env& env) {
  Verification& told = verification_of(options);
  for (const std::string& path : options.trust_files)
    read_all(Wanted::anchors, "--trust", path, options, env, told.trusted);
  for (const std::string& path : options.untrusted_files)
    read_all(Wanted::certificates, "--untrusted", path, options, env, told.untrusted);
  for (const std::string& path : options.crl_files)
    read_all(Wanted::crls, "--crl", path, options, env, told.crls);
  options.policy.verification = options.verification;
}

void add_chain(OptionSet& set, Options& options) {
  add_chain_options(set, options);
  Verification& told = verification_of(options);
  set.add_values({"--id", "SPIFFE-ID", "a SPIFFE ID that it should have; of several, one", kGroup},
                 [&told](const std::string& uri) {
                   const auto id = SpiffeId::parse(uri);
                   if (!id) return "'" + uri + "' is no SPIFFE ID: " + std::string(id.error());
                   told.ids.push_back(uri);
                   return std::string{};
                 });
  add_common_options(set, options);
}

int run_chain(Options& options, Env& env) {
  verification_of(options).asked = true;
  load_verification(options, env);
  return judge_inputs({"chain", {"chain", "validity"}}, options, env, prepare);
}

}  // namespace meshcert::cli
