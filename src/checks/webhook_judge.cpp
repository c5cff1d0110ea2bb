// The rules of family webhook: each entry by itself, and entries against each other.

#include "checks/webhook_judge.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "base/words.hpp"
#include "checks/cluster.hpp"
#include "checks/trusted_roots.hpp"
#include "checks/validity.hpp"
#include "checks/webhook_compare.hpp"
#include "checks/webhook_serving.hpp"

namespace meshcert::checks {
namespace {

class WebhookJudge {
 public:
  WebhookJudge(const Inventory& inventory, const Policy& policy, FindingSink& sink)
      : inventory_(inventory),
        policy_(policy),
        sink_(sink),
        cluster_(inventory),
        serving_(inventory, policy, cluster_, sink) {}

  void judge() {
    for (const auto& object : inventory_.objects)
      if (const auto* carrier = object->as<CaBundleCarrier>()) collect(*object, *carrier);
    if (policy_.webhook_asked) collect_bare();
    for (WebhookCall& call : calls_) judge(call);
    compare_calls(calls_, policy_, sink_);
    if (!policy_.webhook_asked) return;
    report_none();
    report_not_applied();
    report_untested();
  }

 private:
  void collect(const KubernetesObject& object, const CaBundleCarrier& carrier) {
    std::map<std::string_view, const Artifact*> bundles;
    for (const Artifact* part : cluster_.parts(object)) bundles[part->source.pointer] = part;
    const Injection injection = injection_of(object, cluster_);
    for (const WebhookEntry& entry : carrier.entries) {
      if (entry.deactivated) continue;  // it calls nobody, so nobody needs its bundle
      const auto bundle = bundles.find(entry.where.pointer);
      calls_.push_back({&object, &entry, bundle == bundles.end() ? nullptr : bundle->second, injection});
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
    for (WebhookCall& call : calls_)
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

  void report(const FindingSpec& spec, const WebhookCall& call, std::vector<Fact> more = {}) {
    report_call(spec, call, std::move(more), sink_);
  }

  // It is decoded here; the API server finds base64 where PEM belongs.
  static bool is_encoded_twice(const Artifact& bundle) {
    return std::ranges::any_of(bundle.defects,
                               [](const Defect& defect) { return defect.kind == DefectKind::double_base64; });
  }

  void judge(WebhookCall& call) {
    if (call.entry->skips_verification) return report(kVerificationSkipped, call);
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
    if (!call.is_usable() || is_encoded_twice(*call.bundle)) return report(kUnparsableCaBundle, call);
    if (!call.entry->first_block.empty())
      report(kFirstBlockUnusable, call, {{"found", call.entry->first_block}});
    const auto& certificates = call.bundle->certificates;
    if (std::ranges::none_of(certificates, [this](const Certificate& c) { return is_valid(c, policy_); }))
      report(kExpiredCaBundle, call, {{"at", policy_.at}, {"found", contents_of(*call.bundle, policy_)}});
    const bool known = call.in_cluster() || policy_.webhook_against != nullptr;
    const bool is_hollow = known && serving_.reports_hollow(call);
    call.tested = (known && !is_hollow && serving_.check(call)) || check_root(call) || is_hollow;
  }

  /// Roots are those that a bundle is of, where no serving chain says so.
  struct Roots {
    const Artifact* bundle = nullptr;
    std::string title;
    std::string whose = "a root of the mesh";
  };

  [[nodiscard]] Roots roots_against() const {
    Roots roots;
    for (const Artifact& artifact : policy_.webhook_against->artifacts)
      if (is_bundle(artifact.kind) && !artifact.certificates.empty()) roots.bundle = &artifact;
    if (roots.bundle != nullptr)
      roots.title = roots.bundle->resource.empty() ? roots.bundle->source.file : roots.bundle->resource;
    return roots;
  }

  [[nodiscard]] Roots roots_of(const WebhookCall& call) const {
    if (policy_.webhook_against != nullptr) return roots_against();
    const Injection& injection = call.injection;
    if (const Artifact* ca = cluster_.part(injection.secret, "ca.crt"))
      return {ca, "ca.crt of " + injection.secret->title(),
              "the CA that its annotation " + std::string(injection.annotation) + " names"};
    if (!call.is_istiod()) return {};
    const KubernetesObject* map =
        cluster_.find("ConfigMap", call.entry->service_namespace, "istio-ca-root-cert");
    return {cluster_.part(map, "root-cert.pem"), map == nullptr ? "" : map->title()};
  }

  // Without a serving chain: does the bundle hold a CA that it has to be of?
  bool check_root(WebhookCall& call) {
    const Roots roots = roots_of(call);
    if (roots.bundle == nullptr || roots.bundle->certificates.empty()) return false;
    const auto is_root = [&roots](const Certificate& c) {
      return std::ranges::any_of(roots.bundle->certificates, [&c](const Certificate& root) {
        return root.subject == c.subject && std::ranges::equal(root.key.spki, c.key.spki);
      });
    };
    call.proven = std::ranges::any_of(call.bundle->certificates, is_root);
    call.stale = !call.proven;
    if (call.stale)
      report(kDiffersFromRoot, call,
             {{"found", contents_of(*call.bundle, policy_)},
              {"_whose", roots.whose},
              {"root", roots.title},
              {"required", contents_of(*roots.bundle, policy_)}});
    return true;
  }

  // What could not be read may hold one.
  void report_none() {
    const bool any = std::ranges::any_of(inventory_.objects, [](const auto& object) {
      return object->template as<CaBundleCarrier>() != nullptr;
    });
    if (!any && calls_.empty() && inventory_.errors.empty() &&
        std::ranges::none_of(inventory_.defects, &Defect::lost))
      sink_.report(kNoWebhook, first_input(inventory_), "");
  }

  void report_not_applied() {
    const WebhookCall* first = nullptr;
    std::set<std::string> whom;
    for (const WebhookCall& call : calls_) {
      const bool empty = call.entry->ca_bundle != WebhookEntry::CaBundle::given;
      if (!empty || call.object->live || !call.entry->url.empty()) continue;
      if (first == nullptr) first = &call;
      whom.insert(call.name());
    }
    if (first != nullptr) report(kNotApplied, *first, {{"found", base::some_of(whom)}});
  }

  // Of other services than istiod's it is told where nothing else was tested: few keep in a Secret what
  // they present.
  void report_untested() {
    const bool any_tested =
        std::ranges::any_of(calls_, [](const WebhookCall& call) { return call.tested == true; });
    const WebhookCall* first = nullptr;
    std::set<std::string> whom;
    for (const WebhookCall& call : calls_) {
      if (call.tested != false || (any_tested && !call.is_istiod())) continue;
      if (first == nullptr) first = &call;
      whom.insert(call.in_cluster() ? call.dns_name() : call.name());
    }
    if (first == nullptr) return;
    report(kBundlesAlone, *first, {{"found", base::some_of(whom)}});
  }

  const Inventory& inventory_;
  const Policy& policy_;
  FindingSink& sink_;
  Cluster cluster_;
  ServingJudge serving_;
  std::vector<WebhookCall> calls_;
  std::deque<KubernetesObject> bare_;
};

}  // namespace

void judge_webhooks(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  WebhookJudge(inventory, policy, sink).judge();
}

}  // namespace meshcert::checks
