#include "checks/secret_uses.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/words.hpp"
#include "checks/gateway_judge.hpp"
#include "checks/trusted_roots.hpp"
#include "x509/extensions.hpp"

namespace meshcert::checks {
namespace {

constexpr std::size_t kShownUsers = 3;
constexpr std::string_view kAlone = "judged as a server's, as no gateway was given that says who presents it";
constexpr std::size_t kMostNamesakes = 16;

// Two of one name and one date differ in their fingerprints all the same.
std::string words_for(const Certificate& certificate) {
  return fmt::format("{} with {} until {}, SHA-256 {}...", title_of(certificate), to_string(certificate.key),
                     to_rfc3339(certificate.not_after), sha256_fingerprint(certificate).substr(0, 16));
}

// From the leaf on, each issued by the next, as far as the chain goes by names.
const Certificate& top_of(const Artifact& chain) {
  std::unordered_map<std::string_view, const Certificate*> by_subject;
  for (const Certificate& certificate : chain.certificates)
    by_subject.try_emplace(as_text(certificate.subject.rdns), &certificate);
  std::unordered_set<const Certificate*> seen;
  const Certificate* top = &chain.certificates[chain.leaf];
  while (!top->is_self_issued() && seen.insert(top).second) {
    const auto issuer = by_subject.find(as_text(top->issuer.rdns));
    if (issuer == by_subject.end()) break;
    top = issuer->second;
  }
  return *top;
}

// What istiod takes along with each value (istio pilot/pkg/credentials/kube/secrets.go).
struct Together {
  std::string_view key;
  std::array<std::string_view, 3> values;
};
constexpr std::array kTogether = {
    Together{"cert", {"cert", "key"}}, Together{"tls.crt", {"tls.crt", "tls.key", "tls.ocsp-staple"}},
    Together{"cacert", {"cacert", "crl"}}, Together{"ca.crt", {"ca.crt", "ca.crl"}}};

// What Envoy refuses of a credential although others read it.
constexpr std::array<std::string_view, 2> kRefusedInUse = {"input.double-base64", "chain.crl-expired"};

template <std::size_t N>
bool is_one_of(const Finding& finding, const std::array<std::string_view, N>& codes) {
  return std::ranges::find(codes, finding.spec->code) != codes.end();
}

// Whether it is said of the certificates that were taken, not of what is taken along.
bool is_of_certificates(const Finding& finding, const Taken& taken) {
  return finding.where.pointer.ends_with("/" + std::string(taken.key));
}

bool is_of_first(const Finding& finding, const Taken& taken) {
  return is_of_certificates(finding, taken) && finding.where.certificate.value_or(0) == 0;
}

// The first block, or all of it, is nothing that Go and Envoy can read.
bool is_unreadable(const Finding& finding, const Taken& taken) {
  constexpr std::array<std::string_view, 4> kUnreadable = {"input.malformed", "input.no-certificates",
                                                           "input.broken-pem-block", "input.double-base64"};
  return is_of_first(finding, taken) && is_one_of(finding, kUnreadable) &&
         (!taken.is_readable() || taken.part->first_lost || finding.spec->code == "input.double-base64");
}

bool is_of_dates(const Finding& finding) {
  constexpr std::array<std::string_view, 2> kDates = {"validity.expired", "validity.not-yet-valid"};
  return is_one_of(finding, kDates);
}

// ValidateCertificate looks at the first PEM block alone (istio pilot/pkg/xds/sds.go).
std::string what_istiod_finds(const Finding& finding, const Taken& taken) {
  if (is_of_first(finding, taken) && is_of_dates(finding)) return "certificate is expired or not yet valid";
  if (!is_unreadable(finding, taken)) return "";
  const bool is_block =
      taken.part != nullptr && taken.part->first_lost && finding.spec->code == "input.malformed";
  return is_block ? "x509: malformed certificate" : "pem decode failed";
}

// envoy source/common/tls/context_impl.cc
std::string what_envoy_says(const Finding& finding, const Taken& taken) {
  if (finding.spec->code == "key.mismatch")
    return "Failed to load private key from <inline>, Cause: ...KEY_VALUES_MISMATCH";
  if (finding.spec->code == "key.unparsable" && !is_of_certificates(finding, taken))
    return "Failed to load private key from <inline>";
  if (!is_unreadable(finding, taken)) return "";
  return taken.key == "cert" || taken.key == "tls.crt"
             ? "Failed to load certificate chain from <inline>"
             : "Failed to load trusted CA certificates from <inline>";
}

}  // namespace

std::string place_key(const SourceRef& where, std::string_view resource) {
  std::string key = where.file;
  return key.append(1, '\0').append(resource).append(1, '\0').append(where.pointer);
}

std::vector<std::string> places_used(const Taken& taken) {
  const std::string resource = taken.object->title();
  const auto row = std::ranges::find(kTogether, taken.key, &Together::key);
  if (row == kTogether.end()) return {place_key(taken.object->source, resource)};
  std::vector<std::string> places;
  for (const std::string_view field : {"/data/", "/stringData/", "/binaryData/"})
    for (const std::string_view value : row->values) {
      SourceRef where = taken.object->source;
      if (!value.empty())
        places.push_back(place_key((where.pointer.append(field).append(value), where), resource));
    }
  return places;
}

std::string SecretUses::Record::text() const {
  return base::join_with(users, "; ") + (!users.empty() && count > users.size()
                                             ? " and " + std::to_string(count - users.size()) + " more"
                                             : "");
}

void SecretUses::add(const Taken& taken, Role role, const std::string& user, const Name& name) {
  if (taken.object == nullptr) return;
  Record& record = records_.try_emplace({taken.object, taken.key}).first->second;
  if (record.taken.object == nullptr) record.taken = taken;
  record.served = record.served || role == Role::server;
  record.presented = record.presented || role != Role::verifier;
  if (record.name.says.empty()) record.name = name;
  if (user.empty() || (!record.users.empty() && record.users.back() == user)) return;
  ++record.count;
  if (record.users.size() < kShownUsers) record.users.push_back(user);
}

void SecretUses::report(const FindingSpec& spec, const Record& record, std::vector<Fact> facts) {
  const KubernetesObject& object = *record.taken.object;
  facts.push_back({"secret", object.title()});
  facts.push_back({"_name", pasteable(object.name, "NAME")});
  facts.push_back({"_space", pasteable(space_of(object), "NAMESPACE")});
  if (object.as<Credential>() != nullptr) facts.push_back({"_fill", fill_command(object)});
  if (const std::string users = record.text(); !users.empty()) facts.push_back({"used_by", users});
  const Artifact* part = record.taken.part;
  sink_.report(spec, part == nullptr ? object.source : part->source, object.title(), std::move(facts));
}

void SecretUses::judge(const Cluster& cluster) {
  for (const auto& [key, record] : records_) {
    if (record.taken.fault == Taken::Fault::empty_keys && record.presented)
      report(kEmptyKeys, record, {{"istiod", record.taken.why}});
    if (record.taken.fault == Taken::Fault::missing_keys && record.presented)
      report(kMissingKeys, record, {{"istiod", record.taken.why}});
    if (record.taken.ok()) {
      judge_values(record);
      judge_keys(record, cluster);
    }
    if (!record.taken.ok() || !record.presented) continue;
    // With a password that opens it here, Envoy has it no more than before.
    if (const Artifact* part = record.taken.part; part != nullptr && part->key && part->key->encrypted)
      report(kKeyEncrypted, record, {});
    if (!record.taken.is_readable()) continue;
    judge_purpose(record);
    if (record.served) judge_chain(record);
  }
  tell_users();
}

void SecretUses::judge_values(const Record& record) {
  const Stray* stray = stray_of(record.taken);
  if (stray == nullptr) return;
  const KubernetesObject& object = *record.taken.object;
  report(
      kValueNotRead, record,
      {{"found", stray->found},
       {"key", stray->key},
       {"required", stray->required},
       {"_effect", stray->effect},
       {"_rename", fmt::format("{}: kubectl edit {} {} -n {}", stray->rename,
                               object.kind == "ConfigMap" ? "configmap" : "secret",
                               pasteable(object.name, "NAME"), pasteable(space_of(object), "NAMESPACE"))}});
}

// istiod looks for the older names first.
void SecretUses::judge_keys(const Record& record, const Cluster& cluster) {
  const bool of_cas = record.taken.key == "cacert";
  if (!of_cas && record.taken.key != "cert") return;
  const std::string_view newer = of_cas ? "ca.crt" : "tls.crt";
  const Artifact* other = cluster.part(record.taken.object, newer);
  const bool both = record.taken.is_readable() && other != nullptr && !other->certificates.empty();
  if (!both || same_set(*record.taken.part, *other)) return;
  report(
      kKeyStylesDisagree, record,
      {{"found", words_for(record.taken.part->certificates.front())},
       {"required", words_for(other->certificates.front())},
       {"_used", record.taken.key},
       {"_unused", newer},
       {"_takes", of_cas ? "verifies with cacert" : "serves cert and key"},
       {"_keys", of_cas ? "key cacert" : "keys cert and key"},
       {"_patch", of_cas ? R"([{"op":"remove","path":"/data/cacert"}])"
                         : R"([{"op":"remove","path":"/data/cert"},{"op":"remove","path":"/data/key"}])"}});
}

void SecretUses::judge_purpose(const Record& record) {
  const Artifact& chain = *record.taken.part;
  const auto& usage = chain.certificates[chain.leaf].extensions.extended_key_usage;
  if (!usage || (record.served ? usage->server_auth || !usage->client_auth : usage->client_auth)) return;
  report(kWrongSecretPurpose, record,
         {{"_presented", record.users.empty() ? std::string(kAlone)
                         : record.served      ? std::string("presented to clients")
                                              : std::string("presented to servers")},
          {"found", base::join(extended_key_usage_names(*usage), "none")},
          {"required", record.served ? "serverAuth" : "clientAuth"}});
}

void SecretUses::judge_chain(const Record& record) {
  const Artifact& chain = *record.taken.part;
  const Certificate& leaf = chain.certificates[chain.leaf];
  if (leaf.is_self_issued()) {
    if (signatures_.verify(leaf, leaf.key).value_or(false))
      report(kSelfSignedServing, record,
             {{"found", title_of(leaf)},
              {"_alone", record.users.empty() ? "; it is " + std::string(kAlone) : ""}});
    return;
  }
  const Certificate& top = top_of(chain);
  if (top.is_self_issued()) return;
  const std::string evidence = missing_above(chain, top);
  if (evidence.empty()) return;
  const std::string found = &top == &leaf ? "the leaf alone" : "a chain that ends in " + title_of(top);
  report(kChainIncomplete, record,
         {{"found", found},
          {"issuer", name_of(top.issuer)},
          {"_evidence", evidence},
          {"key", record.taken.key}});
}

// How it is known that the issuer of the chain's end is no root; "" where it is not.
std::string SecretUses::missing_above(const Artifact& chain, const Certificate& top) {
  const auto& namesakes = cas_named(top.issuer);
  if (std::ranges::any_of(namesakes, [](const Ca& ca) { return ca.certificate->is_self_issued(); }))
    return "";
  for (const Ca& ca : namesakes) {
    if (!signatures_.verify(top, ca.certificate->key).value_or(false)) continue;
    const std::string& resource = ca.artifact->resource;
    return "it is in " + (resource.empty() ? ca.artifact->source.file : resource + ' ' + ca.artifact->name) +
           ", issued by " + name_of(ca.certificate->issuer);
  }
  const std::string address = &top == &chain.certificates[chain.leaf] ? x509::ca_issuers(top.extensions) : "";
  return address.empty()
             ? ""
             : "the leaf says that it is to be fetched from " + address + ", as leaves of public CAs do";
}

const std::vector<SecretUses::Ca>& SecretUses::cas_named(const DistinguishedName& name) {
  static const std::vector<Ca> kNone;
  for (std::size_t i = 0; !indexed_ && i < inventory_.artifacts.size(); ++i)
    for (const Certificate& certificate : inventory_.artifacts[i].certificates) {
      if (!certificate.is_ca() && !certificate.is_self_issued()) continue;
      std::vector<Ca>& same = cas_[as_text(certificate.subject.rdns)];
      if (same.size() < kMostNamesakes || certificate.is_self_issued())
        same.push_back({&certificate, &inventory_.artifacts[i]});
    }
  indexed_ = true;
  const auto found = cas_.find(as_text(name.rdns));
  return found == cas_.end() ? kNone : found->second;
}

// What istiod logs, which it sends all the same, and what Envoy refuses it with.
void SecretUses::tell_said(Finding& finding, const Record& record) {
  const bool is_sent = !record.name.is_loaded;
  const std::string istiod = is_sent || is_of_dates(finding) ? what_istiod_finds(finding, record.taken) : "";
  const std::string envoy = is_sent ? what_envoy_says(finding, record.taken) : "";
  std::string said;
  if (!istiod.empty()) {
    const KubernetesObject& object = *record.taken.object;
    const std::string text = fmt::format("invalid certificates: {}/{} \"{}\": {}", space_of(object),
                                         object.name, record.name.says, istiod);
    finding.facts.push_back({"istiod", text});
    said = "istiod: " + text;
  }
  if (!envoy.empty()) {
    finding.facts.push_back({"envoy", envoy});
    said += (said.empty() ? "Envoy: " : "; Envoy: ") + envoy;
  }
  if (!said.empty()) finding.facts.push_back({"_said", " (" + said + ')'});
}

void SecretUses::tell_users() {
  std::unordered_map<std::string, const Record*> by_place;
  for (const auto& [key, record] : records_) {
    if (record.users.empty()) continue;
    for (std::string& place : places_used(record.taken)) by_place.emplace(std::move(place), &record);
  }
  if (by_place.empty()) return;
  for (Finding& finding : sink_.so_far()) {
    if (finding.severity == Severity::info) continue;
    const auto user = by_place.find(place_key(finding.where, finding.resource));
    if (user == by_place.end() || finding.fact("used_by") != nullptr) continue;
    finding.facts.push_back({"used_by", user->second->text()});
    tell_said(finding, *user->second);
    if (is_one_of(finding, kRefusedInUse)) finding.severity = Severity::error;
  }
}

}  // namespace meshcert::checks
