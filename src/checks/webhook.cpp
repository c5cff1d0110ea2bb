// Family webhook: will the API server trust whom it calls? Each caBundle against
// the chain that its service presents, as far as the inputs hold that (istio
// pkg/webhooks/webhookpatch.go; Kubernetes apiserver/pkg/util/webhook).

#include <algorithm>
#include <deque>
#include <optional>

#include "checks/cluster.hpp"
#include "checks/trusted_roots.hpp"
#include "checks/validity.hpp"
#include "path/verify.hpp"
#include "x509/name_match.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kNoCaBundle{
    "webhook.no-ca-bundle",
    error,
    error,
    "{entry} has no caBundle, so the API server verifies {_whom} with its system roots, which hold no CA of a "
    "cluster; {_effect}{_owner}",
    "{_fill}",
    "Kubernetes admissionregistration.k8s.io/v1 WebhookClientConfig"};
constexpr FindingSpec kEmptyCaBundle{
    "webhook.empty-ca-bundle",
    error,
    error,
    "the caBundle of {entry} is empty, where the CA of {_whom} belongs; {_effect}{_owner}",
    "{_fill}",
    "Kubernetes admissionregistration.k8s.io/v1 WebhookClientConfig"};
constexpr FindingSpec kPlaceholderCaBundle{
    "webhook.placeholder-ca-bundle",
    error,
    error,
    "the caBundle of {entry} is a placeholder, white space alone, that nobody has replaced by the CA of {_whom}; "
    "{_effect}{_owner}",
    "{_fill}",
    "Kubernetes admissionregistration.k8s.io/v1 WebhookClientConfig"};
constexpr FindingSpec kUnparsableCaBundle{
    "webhook.unparsable-ca-bundle",
    error,
    error,
    "no certificate can be read from the caBundle of {entry}, where base64 of PEM is required; {_effect}{_owner}",
    "{_fill}",
    "istio pkg/webhooks/util/util.go VerifyCABundle"};
constexpr FindingSpec kFirstBlockUnusable{
    "webhook.first-block-unusable",
    warning,
    warning,
    "the first PEM block in the caBundle of {entry} is {found}, but must be CERTIFICATE; the API server uses the others, but "
    "istiod looks at the first alone and refuses such a bundle (patching webhook failed: cert contains wrong pem type; cert "
    "contains invalid x509 certificate){_owner}",
    "put a certificate first: meshcert inspect -o pem FILE writes the certificates alone",
    "istio pkg/webhooks/util/util.go VerifyCABundle"};
constexpr FindingSpec kExpiredCaBundle{
    "webhook.expired-ca-bundle",
    error,
    error,
    "no certificate in the caBundle of {entry} is valid at {at}: {found}; {_effect}{_owner}",
    "{_fill}",
    "RFC 5280 6.1.3 (a)(2)"};
constexpr FindingSpec kDoesNotVerifyServing{
    "webhook.does-not-verify-serving",
    error,
    error,
    "no certificate in the caBundle of {entry} verifies {serving}: it holds {found}; the certificate was issued by {issuer}{_twin}; "
    "{_effect}{_owner}",
    "{_fill}",
    "Kubernetes admissionregistration.k8s.io/v1 WebhookClientConfig"};
constexpr FindingSpec kServingUnusable{
    "webhook.serving-unusable",
    error,
    error,
    "the caBundle of {entry} is the right one for {serving}, but the API server refuses that all the same: {found}; {_effect}",
    "leave the caBundle as it is, and have {serving} reissued",
    "Kubernetes apiserver/pkg/util/webhook; RFC 5280 6.1.3, 4.2.1.12"};
constexpr FindingSpec kServingNameNotCovered{
    "webhook.serving-name-not-covered",
    error,
    error,
    "the API server calls {entry} as {required}, but {serving} is for {found} only; {_effect}",
    "reissue the serving certificate with the DNS name {required}",
    "RFC 9525 6.3; Kubernetes apiserver/pkg/util/webhook"};
constexpr FindingSpec kDiffersFromRoot{
    "webhook.differs-from-root",
    error,
    error,
    "the caBundle of {entry} holds {found}, none of which is a root of the mesh: {root} holds {required}; "
    "{_effect}{_owner}",
    "{_fill}",
    "istio pkg/webhooks/webhookpatch.go"};
constexpr FindingSpec kDiffersBetweenRevisions{
    "webhook.differs-between-revisions",
    warning,
    warning,
    "{entry} and {other} call istiods of one mesh with different caBundles: {found} here, {required} there",
    "find out which is stale: compare both with kubectl get cm istio-ca-root-cert -n istio-system; the istiod of a "
    "revision writes only what is labelled istio.io/rev with that revision",
    "istio pkg/webhooks/webhookpatch.go"};
constexpr FindingSpec kDiffersBetweenEntries{
    "webhook.differs-between-entries",
    warning,
    warning,
    "{entry} and {other} call the same service with different caBundles: {found} here, {required} there",
    "write the same bundle to every entry; istiod does so itself for entries whose name ends in "
    "sidecar-injector.istio.io",
    "istio pkg/webhooks/webhookpatch.go"};

constexpr const FindingSpec* kSpecs[] = {
    &kNoCaBundle,           &kEmptyCaBundle,           &kPlaceholderCaBundle,
    &kUnparsableCaBundle,   &kFirstBlockUnusable,      &kExpiredCaBundle,
    &kDoesNotVerifyServing, &kServingUnusable,         &kServingNameNotCovered,
    &kDiffersFromRoot,      &kDiffersBetweenRevisions, &kDiffersBetweenEntries};

/// Call is one entry with its bundle.
struct Call {
  const KubernetesObject* object;
  const WebhookEntry* entry;
  const Artifact* bundle = nullptr;  ///< null where there is none to read
  bool stale = false;                ///< it does not verify what is known to be presented

  [[nodiscard]] bool is_usable() const { return bundle != nullptr && !bundle->certificates.empty(); }
  [[nodiscard]] std::string name() const {
    return object->title() + (entry->name.empty() ? "" : ", " + entry->name);
  }
  [[nodiscard]] std::string dns_name() const {
    return entry->service_name + "." + entry->service_namespace + ".svc";
  }
  /// is_bare: the value alone was given, without the object it is of.
  [[nodiscard]] bool is_bare() const { return object->kind == "file" || object->kind == "standard"; }
  [[nodiscard]] bool in_cluster() const { return !entry->service_name.empty(); }
  [[nodiscard]] bool is_istiod() const {
    return entry->service_name.starts_with("istiod") || entry->service_name == "istio-pilot";
  }
};

std::string effect_of(const Call& call) {
  const std::string& kind = call.object->kind;
  if (kind == "CustomResourceDefinition") return "its objects cannot be read in other versions";
  if (call.is_bare()) return "every server that is verified with it is refused";
  if (kind == "APIService") return "its API is unavailable";
  if (!call.entry->fails_closed)
    return std::string("failurePolicy is Ignore, so its calls fail in silence") +
           (call.is_istiod() && kind == "MutatingWebhookConfiguration" ? ": pods start without sidecars"
                                                                       : "");
  return kind == "MutatingWebhookConfiguration"
             ? "failurePolicy is Fail, so pods that it selects are no longer created"
             : "failurePolicy is Fail, so what it selects can no longer be changed";
}

// Who writes the object again and again, and so may be the one who made it stale.
std::string owner_of(const KubernetesObject& object) {
  if (const auto from = object.annotation("cert-manager.io/inject-ca-from"); !from.empty())
    return "; cert-manager's cainjector is to write it, from the Certificate " + std::string(from);
  if (const auto from = object.annotation("cert-manager.io/inject-ca-from-secret"); !from.empty())
    return "; cert-manager's cainjector is to write it, from the Secret " + std::string(from);
  const bool argo = !object.annotation("argocd.argoproj.io/tracking-id").empty() ||
                    !object.label("argocd.argoproj.io/instance").empty();
  if (argo) return "; Argo CD owns the object and may write an old bundle back (ignoreDifferences)";
  const bool helm = !object.annotation("meta.helm.sh/release-name").empty() ||
                    object.label("app.kubernetes.io/managed-by") == "Helm";
  return helm ? "; Helm installed the object, and an upgrade may write an old bundle back" : "";
}

std::string fill_of(const Call& call) {
  const KubernetesObject& object = *call.object;
  if (owner_of(object).find("cainjector") != std::string::npos)
    return "see why it was not injected: kubectl logs -n cert-manager deploy/cert-manager-cainjector";
  if (call.is_istiod())
    return "let istiod write it: is it running, with the revision of the label istio.io/rev? kubectl logs -n " +
           call.entry->service_namespace +
           " deploy/istiod | grep -iE 'patching webhook|CA bundle'; then restart it: kubectl rollout restart -n " +
           call.entry->service_namespace + " deploy/istiod";
  return "write the CA of the service's certificate there, base64 of its PEM";
}

std::string whom(const Call& call) {
  return call.in_cluster() ? call.dns_name() : call.entry->url.empty() ? "its service" : call.entry->url;
}

std::vector<Fact> facts_of(const Call& call) {
  return {{"entry", call.name()},
          {"_whom", whom(call)},
          {"_effect", effect_of(call)},
          {"_owner", owner_of(*call.object)},
          {"_fill", fill_of(call)}};
}

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
  return text.empty() ? "no DNS name" : text + (count > 5 ? ", ..." : "");
}

/// Serving is what a service presents, or who issued that.
struct Serving {
  const Artifact* chain = nullptr;
  bool is_issuer = false;  ///< the CA that signs istiod's own certificate
};

class WebhookJudge {
 public:
  WebhookJudge(const Inventory& inventory, const Policy& policy, FindingSink& sink)
      : inventory_(inventory), policy_(policy), sink_(sink), cluster_(inventory) {}

  void judge() {
    for (const auto& object : inventory_.objects)
      if (const auto* carrier = object->as<CaBundleCarrier>()) collect(*object, *carrier);
    if (policy_.webhook_asked) collect_bare();
    for (Call& call : calls_) judge(call);
    compare();
  }

 private:
  void collect(const KubernetesObject& object, const CaBundleCarrier& carrier) {
    for (const WebhookEntry& entry : carrier.entries) {
      Call call{&object, &entry};
      for (const Artifact* part : cluster_.parts(object))
        if (part->source.pointer == entry.where.pointer) call.bundle = part;
      calls_.push_back(call);
    }
  }

  // What `kubectl -o jsonpath` prints of a caBundle: the value alone, or nothing.
  void collect_bare() {
    for (const Artifact& artifact : inventory_.artifacts) {
      const bool bare =
          artifact.kind == ArtifactKind::ca_bundle || artifact.kind == ArtifactKind::certificate_chain;
      if (artifact.object != nullptr || !bare) continue;
      calls_.push_back({&bare_object(artifact.source, WebhookEntry::CaBundle::given), nullptr, &artifact});
    }
    for (const Defect& defect : inventory_.defects)
      if (defect.kind == DefectKind::empty)
        calls_.push_back({&bare_object(defect.where, WebhookEntry::CaBundle::absent), nullptr, nullptr});
    for (Call& call : calls_)
      if (call.entry == nullptr) call.entry = &call.object->as<CaBundleCarrier>()->entries.front();
  }

  const KubernetesObject& bare_object(const SourceRef& where, WebhookEntry::CaBundle ca_bundle) {
    KubernetesObject& object = bare_.emplace_back();
    object.kind = where.file == "-" ? "standard" : "file";
    object.name = where.file == "-" ? "input" : where.file;
    object.source = where;
    object.live = true;
    WebhookEntry entry;
    entry.where = where;
    entry.ca_bundle = ca_bundle;
    object.spec.emplace<CaBundleCarrier>().entries.push_back(std::move(entry));
    return object;
  }

  void report(const FindingSpec& spec, const Call& call, std::vector<Fact> more = {}) {
    std::vector<Fact> facts = facts_of(call);
    facts.insert(facts.end(), more.begin(), more.end());
    sink_.report(spec, call.entry->where, call.object->title(), std::move(facts));
  }

  void judge(Call& call) {
    using enum WebhookEntry::CaBundle;
    // Before it is applied and patched, a manifest may lack it.
    const bool missing = call.object->live && (call.entry->url.empty() || call.entry->ca_bundle != absent);
    switch (call.entry->ca_bundle) {
      case absent:
        if (missing) report(kNoCaBundle, call);
        return;
      case empty:
        if (missing) report(kEmptyCaBundle, call);
        return;
      case placeholder:
        if (missing) report(kPlaceholderCaBundle, call);
        return;
      case given:
        break;
    }
    if (!call.is_usable()) return report(kUnparsableCaBundle, call);
    if (!call.entry->first_block.empty())
      report(kFirstBlockUnusable, call, {{"found", call.entry->first_block}});
    const auto& certificates = call.bundle->certificates;
    if (std::ranges::none_of(certificates, [this](const Certificate& c) { return is_valid(c, policy_); }))
      report(kExpiredCaBundle, call, {{"at", policy_.at}, {"found", contents_of(*call.bundle, policy_)}});
    const bool known = call.in_cluster() || policy_.webhook_against != nullptr;
    if (known && !check_serving(call)) check_root(call);
  }

  // What the service presents: the Secret in its namespace with its name, or
  // istiod's; else the CA that istiod signs its own certificate with.
  [[nodiscard]] Serving serving_of(const Call& call) const {
    if (policy_.webhook_against != nullptr) {
      for (const Artifact& artifact : policy_.webhook_against->artifacts)
        if (!is_bundle(artifact.kind) && !artifact.certificates.empty())
          return {&artifact, artifact.kind == ArtifactKind::ca_secret};
      return {};
    }
    for (const Artifact& artifact : inventory_.artifacts)
      if (is_served_there(artifact, call) &&
          path::has_name(artifact.certificates.front(), {path::PeerName::Kind::dns, call.dns_name()}))
        return {&artifact};
    if (!call.is_istiod()) return {};
    const std::string& space = call.entry->service_namespace;
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

  static bool is_served_there(const Artifact& artifact, const Call& call) {
    const bool pair =
        artifact.kind == ArtifactKind::tls_secret || artifact.kind == ArtifactKind::workload_chain;
    return pair && artifact.object != nullptr && !artifact.certificates.empty() &&
           space_of(*artifact.object) == call.entry->service_namespace;
  }

  // Answers whether there was something to verify.
  bool check_serving(Call& call) {
    const Serving serving = serving_of(call);
    if (serving.chain == nullptr) return false;
    const Artifact& chain = *serving.chain;
    const Certificate& leaf = chain.certificates[chain.leaf];
    const std::string of =
        serving.is_issuer ? "the CA with which istiod signs its own certificate, " : "the certificate of ";
    const std::string what =
        of + (chain.resource.empty() ? chain.source.file : chain.resource + ' ' + chain.name);
    if (call.in_cluster() && !serving.is_issuer &&
        !path::has_name(leaf, {path::PeerName::Kind::dns, call.dns_name()}))
      report(kServingNameNotCovered, call,
             {{"serving", what}, {"required", call.dns_name()}, {"found", names_of(leaf)}});
    const path::Path way = way_to(*call.bundle, serving);
    // Which bundle is right does not depend on what else is wrong with what is served.
    call.stale = !way.anchored || is_for_the_bundle_to_mend(way) || (way.holds() && !way.holds_for_go());
    if (call.stale) report_stale(call, what, *serving.chain);
    if (!call.stale && !way.holds())
      report(kServingUnusable, call, {{"serving", what}, {"found", faults_of(way)}});
    return true;
  }

  void report_stale(const Call& call, const std::string& serving, const Artifact& chain) {
    const Certificate& last = chain.certificates.back();
    report(kDoesNotVerifyServing, call,
           {{"serving", serving},
            {"found", contents_of(*call.bundle, policy_)},
            {"issuer", name_of(last.issuer) +
                           key_words(last.is_self_issued() ? key_id_of(last) : authority_key_id_of(last))},
            {"_twin", twin_of(*call.bundle, last)}});
  }

  [[nodiscard]] path::Path way_to(const Artifact& bundle, const Serving& serving) {
    path::Store store;
    for (const Certificate& anchor : bundle.certificates) store.trust(anchor);
    for (const Certificate& sent : serving.chain->certificates) store.offer(sent);
    offer_chain_file(serving, store);
    path::Settings settings;
    settings.at = policy_.at;
    settings.skew = policy_.skew;
    settings.purpose = serving.is_issuer ? path::Purpose::any : path::Purpose::server;
    const path::Verdict verdict =
        path::verify(serving.chain->certificates[serving.chain->leaf], store, settings, signatures_);
    return verdict.best();
  }

  // The anchor itself is at fault, and stands in the bundle.
  static bool is_for_the_bundle_to_mend(const path::Path& way) {
    const std::size_t anchor = way.certificates.size() - 1;
    return anchor != 0 && std::ranges::any_of(way.faults, [anchor](const path::Fault& fault) {
             return fault.certificate == anchor && !path::is_note(fault.kind);
           });
  }

  static std::string faults_of(const path::Path& way) {
    std::string text;
    for (const path::Fault& fault : way.faults)
      if (!path::is_note(fault.kind)) text += (text.empty() ? "" : "; ") + path::describe(fault);
    return text;
  }

  // istiod sends cert-chain.pem along.
  void offer_chain_file(const Serving& serving, path::Store& store) const {
    if (!serving.is_issuer || serving.chain->object == nullptr) return;
    for (const char* key : {"cert-chain.pem", "root-cert.pem", "ca.crt"})
      if (const Artifact* more = cluster_.part(serving.chain->object.get(), key))
        for (const Certificate& certificate : more->certificates) store.offer(certificate);
  }

  std::string twin_of(const Artifact& bundle, const Certificate& last) {
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

  // Without a serving chain: does the bundle hold a root that the mesh has?
  void check_root(Call& call) {
    if (!call.is_istiod() && policy_.webhook_against == nullptr) return;
    const Artifact* roots = nullptr;
    std::string title;
    if (policy_.webhook_against != nullptr) {
      for (const Artifact& artifact : policy_.webhook_against->artifacts)
        if (is_bundle(artifact.kind) && !artifact.certificates.empty()) roots = &artifact;
      if (roots != nullptr) title = roots->resource.empty() ? roots->source.file : roots->resource;
    } else {
      const KubernetesObject* map =
          cluster_.find("ConfigMap", call.entry->service_namespace, "istio-ca-root-cert");
      roots = cluster_.part(map, "root-cert.pem");
      if (map != nullptr) title = map->title();
    }
    if (roots == nullptr || roots->certificates.empty()) return;
    const auto is_root = [roots](const Certificate& c) {
      return std::ranges::any_of(roots->certificates, [&c](const Certificate& root) {
        return root.subject == c.subject && std::ranges::equal(root.key.spki, c.key.spki);
      });
    };
    call.stale = std::ranges::none_of(call.bundle->certificates, is_root);
    if (!call.stale) return;
    report(kDiffersFromRoot, call,
           {{"found", contents_of(*call.bundle, policy_)},
            {"root", title},
            {"required", contents_of(*roots, policy_)}});
  }

  using Chosen = std::map<std::string, const Call*>;

  // The first, or the first that is not known to be stale.
  static void choose(Chosen& all, const std::string& key, const Call& call) {
    const auto [entry, first] = all.emplace(key, &call);
    if (!first && entry->second->stale && !call.stale) entry->second = &call;
  }

  // Each entry is held against one of its service, and that against one that calls an
  // istiod there, of whatever configuration.
  void compare() {
    Chosen by_service, by_mesh;
    const auto counts = [](const Call& call) { return call.is_usable() && call.in_cluster(); };
    for (const Call& call : calls_)
      if (counts(call)) choose(by_service, call.dns_name(), call);
    const auto is_chosen = [&](const Call& call) {
      return counts(call) && by_service.at(call.dns_name()) == &call;
    };
    for (const Call& call : calls_)
      if (is_chosen(call) && call.is_istiod()) choose(by_mesh, call.entry->service_namespace, call);
    for (const Call& call : calls_) {
      if (!counts(call)) continue;
      if (!is_chosen(call))
        differ(kDiffersBetweenEntries, call, *by_service.at(call.dns_name()));
      else if (call.is_istiod() && by_mesh.at(call.entry->service_namespace) != &call)
        differ(kDiffersBetweenRevisions, call, *by_mesh.at(call.entry->service_namespace));
    }
  }

  void differ(const FindingSpec& spec, const Call& call, const Call& other) {
    if (same_set(*call.bundle, *other.bundle)) return;
    report(spec, call,
           {{"other", other.name()},
            {"found", contents_of(*call.bundle, policy_)},
            {"required", contents_of(*other.bundle, policy_)}});
  }

  const Inventory& inventory_;
  const Policy& policy_;
  FindingSink& sink_;
  Cluster cluster_;
  std::vector<Call> calls_;
  std::deque<KubernetesObject> bare_;
  x509::SignatureVerifier signatures_;
};

void check_inventory(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  if (inventory.objects.empty() && !policy.webhook_asked) return;
  WebhookJudge(inventory, policy, sink).judge();
}

}  // namespace

extern const Check k_webhook_check;
const Check k_webhook_check{"webhook", kSpecs, nullptr, nullptr, &check_inventory};

}  // namespace meshcert::checks
