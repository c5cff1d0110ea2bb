// What the services of webhooks present, and whether bundles verify it.

#include "checks/webhook_serving.hpp"

#include <algorithm>
#include <utility>

#include "checks/credentials.hpp"
#include "checks/signer.hpp"
#include "checks/trusted_roots.hpp"
#include "checks/webhook_judge.hpp"
#include "x509/name_match.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {
namespace {

constexpr std::string_view kNoName = "no DNS name";

std::string names_of(const Certificate& certificate) {
  std::string text;
  const auto& names = certificate.extensions.subject_alt_name;
  std::size_t count = 0;
  if (names) {
    for (const GeneralName& name : names->names) {
      if (name.type != GeneralName::Type::dns || ++count > 5) continue;
      text += (text.empty() ? "" : ", ") + to_string(name);
    }
  }
  return text.empty() ? std::string(kNoName) : text + (count > 5 ? ", ..." : "");
}

// The anchor itself is at fault, and stands in the bundle.
bool is_for_the_bundle_to_mend(const path::Path& way) {
  const std::size_t anchor = way.certificates.size() - 1;
  return anchor != 0 && std::ranges::any_of(way.faults, [anchor](const path::Fault& fault) {
           return fault.certificate == anchor && !path::is_note(fault.kind);
         });
}

std::string faults_of(const path::Path& way) {
  std::string text;
  for (const path::Fault& fault : way.faults)
    if (!path::is_note(fault.kind)) text += (text.empty() ? "" : "; ") + path::describe(fault);
  return text;
}

}  // namespace

std::string Serving::title() const {
  const std::string of =
      is_issuer ? "the CA with which istiod signs its own certificate, " : "the certificate of ";
  return of + (chain->resource.empty() ? chain->source.file : chain->resource + ' ' + chain->name);
}

// What the service presents: the Secret in its namespace with its name, or the one that the
// caBundle is written from, or istiod's; else the CA that istiod signs its own certificate with.
Serving ServingJudge::serving_of(const WebhookCall& call) {
  if (policy_.webhook_against != nullptr) {
    for (const Artifact& artifact : policy_.webhook_against->artifacts)
      if (!is_bundle(artifact.kind) && !artifact.certificates.empty())
        return {&artifact, artifact.kind == ArtifactKind::ca_secret};
    return {};
  }
  const std::string& space = call.entry->service_namespace;
  if (const Artifact* pair = served_pair(call)) return {pair};
  if (const Artifact* pair = injected_pair(call)) return {pair};
  if (!call.is_istiod()) return {};
  if (const Artifact* own = cluster_.part(cluster_.find("Secret", space, "istiod-tls"), "tls.crt");
      own != nullptr && !own->certificates.empty())
    return {own};
  for (const auto& [secret, key] : {std::pair{"cacerts", "ca-cert.pem"}, std::pair{"cacerts", "tls.crt"},
                                    std::pair{"istio-ca-secret", "ca-cert.pem"}}) {
    const Artifact* ca = cluster_.part(cluster_.find("Secret", space, secret), key);
    if (ca != nullptr && !ca->certificates.empty()) return {ca, true};
  }
  return {};
}

// Of several, which one is presented is not known: nothing is wrong where the bundle verifies one.
const Artifact* ServingJudge::served_pair(const WebhookCall& call) {
  const auto pairs = pairs_->find(call.entry->service_namespace, call.dns_name());
  if (pairs.empty()) return nullptr;
  if (pairs.size() == 1 || call.bundle == nullptr) return pairs.front();
  std::vector<path::Path> ways;
  for (const Artifact* pair : pairs) ways.push_back(way_to(*call.bundle, Serving{pair}));
  auto best = std::ranges::find_if(ways, [](const path::Path& way) { return way.holds(); });
  if (best == ways.end()) best = std::ranges::find_if(ways, &path::Path::anchored);
  return best == ways.end() ? pairs.front() : pairs[static_cast<std::size_t>(best - ways.begin())];
}

// Whoever has the bundle written from the Secret of a server in the same namespace takes it for the
// service's own; unless it is that of another, whose CA the two share.
const Artifact* ServingJudge::injected_pair(const WebhookCall& call) const {
  const KubernetesObject* secret = call.injection.secret;
  if (secret == nullptr || space_of(*secret) != call.entry->service_namespace) return nullptr;
  const Artifact* pair = cluster_.part(secret, "tls.crt");
  if (pair == nullptr || pair->certificates.empty()) return nullptr;
  const Certificate& leaf = pair->certificates[pair->leaf];
  const auto& usage = leaf.extensions.extended_key_usage;
  const bool is_servers = !leaf.is_ca() && (names_of(leaf) != kNoName || (usage && usage->server_auth));
  return is_servers && !pairs_->is_called(leaf) ? pair : nullptr;
}

// By its name, or by the Certificate that keeps it, whatever is in it.
const KubernetesObject* ServingJudge::mounted_by(const WebhookCall& call) const {
  const std::string& space = call.entry->service_namespace;
  const std::string kept = pairs_->kept_for(space, call.dns_name());
  if (const auto* secret = cluster_.find("Secret", space, kept); secret != nullptr) return secret;
  return call.is_istiod() ? cluster_.find("Secret", space, "istiod-tls") : nullptr;
}

// Without tls.crt istiod goes by its CA (istio pilot/pkg/bootstrap/server.go hasCustomTLSCerts);
// others have nothing to present then. What a manifest leaves empty is to be filled in, and a Secret
// without any value was likely stripped of them.
bool ServingJudge::reports_hollow(const WebhookCall& call) {
  if (policy_.webhook_against != nullptr || !call.in_cluster()) return false;
  if (!pairs_) pairs_.emplace(inventory_);
  const KubernetesObject* secret = mounted_by(call);
  const auto* credential = secret == nullptr ? nullptr : secret->as<Credential>();
  if (credential == nullptr || !secret->live || credential->keys.empty()) return false;
  const bool is_absent = credential->find("tls.crt") == nullptr;
  if (is_absent ? call.is_istiod() || credential->find("cert") != nullptr
                : !is_empty_under(*secret, "tls.crt"))
    return false;
  report_call(
      kServingUnusable, call,
      {{"serving", secret->title()},
       {"_lead", "what stands in the caBundle of " + call.name() + " is of no use, whatever it is"},
       {"found",
        secret->title() + ", which its service is to present, has " + (is_absent ? "no" : "an empty") +
            " tls.crt, and no server loads that (tls: failed to find any PEM data in certificate input)"},
       {"_mend",
        "fill both halves: " + fill_command(*secret) +
            "; if cert-manager is to write it, see why it did not: kubectl describe certificate -n " +
            pasteable(space_of(*secret), "NAMESPACE")}},
      sink_);
  return true;
}

bool ServingJudge::check(WebhookCall& call) {
  if (!pairs_) pairs_.emplace(inventory_);
  const Serving serving = serving_of(call);
  if (serving.chain == nullptr) return false;
  if (call.in_cluster() && !serving.is_issuer &&
      !path::has_name(serving.leaf(), {path::PeerName::Kind::dns, call.dns_name()}))
    report_call(
        kServingNameNotCovered, call,
        {{"serving", serving.title()}, {"required", call.dns_name()}, {"found", names_of(serving.leaf())}},
        sink_);
  const path::Path way = way_to(*call.bundle, serving);
  // Which bundle is right does not depend on what else is wrong with what is served.
  call.stale = !way.anchored || is_for_the_bundle_to_mend(way) || (way.holds() && !way.holds_for_go());
  call.proven = !call.stale;
  std::optional<Trouble> trouble = call.stale ? missing_link(call, serving) : trouble_of(serving);
  if (!call.stale && !way.holds()) trouble = Trouble{faults_of(way), "have " + serving.title() + " reissued"};
  call.stale = call.stale && !trouble;
  if (call.stale) report_stale(call, serving);
  if (trouble)
    report_call(kServingUnusable, call,
                {{"serving", serving.title()},
                 {"_lead", "the caBundle of " + call.name() + " is the right one for " + serving.title() +
                               ", but that is of no use all the same"},
                 {"found", trouble->found},
                 {"_mend", "leave the caBundle as it is, and " + trouble->mend}},
                sink_);
  return true;
}

// What no server can load, so that nobody presents it.
std::optional<ServingJudge::Trouble> ServingJudge::trouble_of(const Serving& serving) const {
  constexpr std::string_view kGo = " (tls: private key does not match public key)";
  const Artifact& chain = *serving.chain;
  const std::string_view key = key_beside(chain.name);
  if (chain.object != nullptr && !serving.is_issuer && is_empty_under(*chain.object, key))
    return Trouble{std::string(key) +
                       " beside it is empty, and no server loads a certificate without its key (tls: "
                       "failed to find any PEM data in key input)",
                   "fill both halves: " + fill_command(*chain.object)};
  if (!chain.key) return std::nullopt;
  if (chain.key->matches_leaf == false)
    return Trouble{
        "its private key is that of another certificate, and no server loads such a pair" + std::string(kGo),
        "put the key beside the certificate that was issued for it, or have " + serving.title() +
            " reissued"};
  if (chain.leaf == 0 || serving.is_issuer) return std::nullopt;
  return Trouble{"it begins with " + title_of(chain.certificates.front()) +
                     ", which Go takes for the certificate of the private key, and does not load" +
                     std::string(kGo),
                 "write the leaf first, then each issuer in turn: cat leaf.pem intermediate.pem > tls.crt"};
}

// The bundle may be right, and an intermediate CA is not sent along: one that is known here leads to
// the bundle; or nobody here has it, and the root beside the certificate is the bundle's.
std::optional<ServingJudge::Trouble> ServingJudge::missing_link(const WebhookCall& call,
                                                                const Serving& serving) {
  const Certificate& last = serving.chain->certificates.back();
  if (last.is_self_issued() || serving.is_issuer) return std::nullopt;
  const auto is_named = [&last](const Certificate& c) { return x509::same_name(c.subject, last.issuer); };
  if (std::ranges::any_of(call.bundle->certificates, is_named)) return std::nullopt;
  const Certificate* issuer = issuer_of(last);
  const bool is_so =
      issuer != nullptr ? way_to(*call.bundle, serving, issuer).anchored : stands_beside(call, serving);
  if (!is_so) return std::nullopt;
  const std::string name = name_of(last.issuer) + key_words(authority_key_id_of(last));
  return Trouble{
      "the intermediate CA that issued it, " + name + ", is not sent along, so there is no way to the root",
      "put that CA behind the certificate: cat leaf.pem intermediate.pem > tls.crt"};
}

const Certificate* ServingJudge::issuer_of(const Certificate& certificate) {
  if (!authorities_) {
    authorities_.emplace();
    for (const Artifact& artifact : inventory_.artifacts)
      for (const Certificate& other : artifact.certificates)
        if (other.is_ca()) authorities_->offer(other);
  }
  return signer_of(certificate, *authorities_, signatures_);
}

// The CA that whoever made the Secret put into it is one of the bundle's.
bool ServingJudge::stands_beside(const WebhookCall& call, const Serving& serving) const {
  if (serving.chain->object == nullptr) return false;
  const Artifact* roots = cluster_.part(serving.chain->object.get(), "ca.crt");
  return roots != nullptr && std::ranges::any_of(roots->certificates, [&](const Certificate& root) {
           return std::ranges::any_of(call.bundle->certificates, [&root](const Certificate& member) {
             return member.subject == root.subject && std::ranges::equal(member.key.spki, root.key.spki);
           });
         });
}

void ServingJudge::report_stale(const WebhookCall& call, const Serving& serving) {
  const Certificate& last = serving.chain->certificates.back();
  report_call(kDoesNotVerifyServing, call,
              {{"serving", serving.title()},
               {"found", contents_of(*call.bundle, policy_)},
               {"issuer", name_of(last.issuer) +
                              key_words(last.is_self_issued() ? key_id_of(last) : authority_key_id_of(last))},
               {"_twin", twin_of(*call.bundle, last)}},
              sink_);
}

path::Path ServingJudge::way_to(const Artifact& bundle, const Serving& serving, const Certificate* between) {
  path::Store store;
  for (const Certificate& anchor : bundle.certificates) store.trust(anchor);
  for (const Certificate& sent : serving.chain->certificates) store.offer(sent);
  if (between != nullptr) store.offer(*between);
  offer_chain_file(serving, store);
  path::Settings settings;
  settings.at = policy_.at;
  settings.skew = policy_.skew;
  settings.mesh_algorithms = true;
  settings.purpose = serving.is_issuer ? path::Purpose::any : path::Purpose::server;
  const path::Verdict verdict = path::verify(serving.leaf(), store, settings, signatures_);
  return verdict.best();
}

// istiod sends cert-chain.pem along.
void ServingJudge::offer_chain_file(const Serving& serving, path::Store& store) const {
  if (!serving.is_issuer || serving.chain->object == nullptr) return;
  for (const char* key : {"cert-chain.pem", "root-cert.pem", "ca.crt"})
    if (const Artifact* more = cluster_.part(serving.chain->object.get(), key))
      for (const Certificate& certificate : more->certificates) store.offer(certificate);
}

std::string ServingJudge::twin_of(const Artifact& bundle, const Certificate& last) {
  const auto same = [&last](const Certificate& c) { return c.subject == last.issuer; };
  const auto alike = [&last](const Certificate& c) { return x509::same_name(c.subject, last.issuer); };
  if (std::ranges::none_of(bundle.certificates, alike))
    return "; where that is an intermediate CA, the service has to send it too";
  const auto twin = std::ranges::find_if(bundle.certificates, same);
  if (twin == bundle.certificates.end())
    return "; the one of that name writes it with other octets, and Go (the API server) compares octets";
  return signatures_.verify(last, twin->key).value_or(false)
             ? ""
             : "; the one of that name has another key: the CA was created anew, and the bundle is of the "
               "old one";
}

}  // namespace meshcert::checks
