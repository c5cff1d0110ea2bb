#include "checks/gateway_references.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "checks/gateway_judge.hpp"

namespace meshcert::checks {
namespace {

// More namespaces with pods of one gateway than anybody has (docs/limits.md).
constexpr std::size_t kMostSpaces = 100;

// As istiod names a reference in its conditions: group/kind/name.namespace, the
// namespace where it was stated.
std::string reference_text(const Use& use, const ObjectRef& ref) {
  const bool own = ref.namespace_name == use.object->namespace_name;
  return fmt::format("{}/{}/{}.{}", ref.group, ref.kind, ref.name, own ? "" : ref.namespace_name);
}

// Of a Secret the type cannot be changed.
std::string create_otherwise(std::string_view space) {
  return "put the certificate and its key into a Secret of another name, and name that: kubectl create secret tls NAME "
         "-n " +
         pasteable(space, "NAMESPACE") + " --cert=chain.pem --key=key.pem";
}

std::string pair_word(const Use& use) {
  return use.serves ? "certificate reference" : "clientCertificateRef";
}

std::string create_command(const std::string& kind, std::string_view space, const std::string& name,
                           const Use& use) {
  const std::string in = pasteable(space, "NAMESPACE"), called = pasteable(name, "NAME");
  if (kind == "ConfigMap") return config_map_command(space, name);
  return "correct the name, or create it" +
         (use.by_reference ? "" : " in the namespace of " + std::string(pods_of(use))) +
         ": kubectl create secret tls " + called + " -n " + in + " --cert=chain.pem --key=key.pem";
}

std::string describe_command(const KubernetesObject& certificate) {
  return "see why it is not issued: kubectl describe certificate " + pasteable(certificate.name, "NAME") +
         " -n " + pasteable(space_of(certificate), "NAMESPACE");
}

}  // namespace

// The group is said where there is one: Secrets and ConfigMaps are of none.
std::string what_is(const ObjectRef& ref) {
  if (ref.kind.empty()) return "it is a reference without kind";
  return "it is a " + ref.kind + (ref.group.empty() ? "" : " of the API group " + ref.group);
}

// Of more than are shown, only that there are more is known.
std::string shown_spaces(const std::vector<std::string>& spaces) {
  std::string out;
  for (std::size_t i = 0; i < std::min(spaces.size(), kShownSpaces); ++i)
    out += (i == 0 ? "" : ", ") + spaces[i];
  return out + (spaces.size() > kShownSpaces ? " and others" : "");
}

std::string_view pods_of(const Use& use) {
  return use.serves ? "the gateway's pods" : "the pods that connect";
}

std::string effect_of(const Use& use) {
  if (!use.effect.empty()) return use.effect;
  if (!use.serves) return "connections to the server fail";
  return use.by_reference ? "the listener is not programmed"
                          : "Envoy waits for it, and refuses connections until it comes";
}

References::References(const Inventory& inventory, FindingSink& sink)
    : sink_(sink), cluster_(inventory), proxies_(inventory), uses_(inventory, sink), grants_(inventory) {
  for (const auto& object : inventory.objects)
    if (const auto* managed = object->as<ManagedCertificate>())
      managed_[managed->secret_name].push_back(object.get());
}

// The class says whose it is, of a ListenerSet that of its Gateway. Where the class was not given, Istio's
// are istio, istio-remote, istio-waypoint. OpenShift runs an istiod for its own.
const ApiGateway* References::gateway_of(const ApiGateway& gateway) const {
  if (!gateway.parent) return &gateway;
  const KubernetesObject* parent =
      cluster_.find("Gateway", gateway.parent->namespace_name, gateway.parent->name);
  const auto* its_gateway = parent == nullptr ? nullptr : parent->as<ApiGateway>();
  return its_gateway == nullptr || its_gateway->parent ? nullptr : its_gateway;
}

bool References::is_istios(const ApiGateway& gateway) const {
  if (gateway.parent) {
    const ApiGateway* its_gateway = gateway_of(gateway);
    return its_gateway != nullptr && is_istios(*its_gateway);
  }
  const KubernetesObject* stated = cluster_.find("GatewayClass", "", gateway.class_name);
  const auto* its_class = stated == nullptr ? nullptr : stated->as<GatewayClass>();
  if (its_class != nullptr && !its_class->controller.empty())
    return its_class->controller.starts_with("istio.io/") ||
           its_class->controller.starts_with("openshift.io/gateway-controller");
  return gateway.class_name.empty() || gateway.class_name.starts_with("istio");
}

void References::report(const FindingSpec& spec, const Use& use, std::vector<Fact> facts) {
  facts.push_back({"server", use.part});
  sink_.report(spec, use.where, use.resource(), std::move(facts));
}

void References::finish() {
  not_given_.report(sink_);
  uses_.judge(cluster_);
}

Target References::target_of(const Use& use, const ObjectRef& ref) {
  const std::string space(ref.namespace_name.empty() ? space_of(*use.object) : ref.namespace_name);
  return {ref.kind, space, ref.name, ""};
}

// Where the gateway's pods run is not known: where such an object is, and gateways
// usually are.
std::string References::guess_space(const Use& use, const Target& target) const {
  for (const std::string_view usual :
       {space_of(*use.object), std::string_view("istio-system"), std::string_view("istio-ingress")})
    if (watched(target, usual) != nullptr) return std::string(usual);
  const auto others = cluster_.spaces(target.kind, target.name, 1);
  return others.empty() ? "" : others.front();
}

const KubernetesObject* References::watched(const Target& target, std::string_view space) const {
  const KubernetesObject* object = space.empty() ? nullptr : cluster_.find(target.kind, space, target.name);
  return object != nullptr && is_watched(*object) ? object : nullptr;
}

bool References::is_passed_over(const Target& target, std::string_view space) const {
  return watched(target, space) == nullptr && !space.empty() &&
         cluster_.find(target.kind, space, target.name) != nullptr;
}

std::string References::absence(const Target& target, std::string_view space) const {
  if (!is_passed_over(target, space)) return "does not exist" + namesakes(target);
  const KubernetesObject* object = cluster_.find(target.kind, space, target.name);
  return "is of type " + object->as<Credential>()->type + ", and istiod watches no Secret of that type";
}

Located References::locate(const Use& use, const Target& target) {
  Located located;
  if (!cluster_.holds(target.kind)) {
    not_given_.object(use, target);
    located.unknown = true;
    return located;
  }
  std::vector<std::string> spaces{target.space};
  if (target.space.empty() && use.spaces != nullptr && !use.spaces->empty())
    spaces.assign(use.spaces->begin(), use.spaces->begin() + static_cast<std::ptrdiff_t>(
                                                                 std::min(use.spaces->size(), kMostSpaces)));
  if (spaces.front().empty()) {
    spaces.front() = guess_space(use, target);
    if (!knows_pods()) not_given_.pods(use, target, spaces.front(), cluster_);
  }
  for (const std::string& space : spaces) {
    const KubernetesObject* object = watched(target, space);
    if (object == nullptr)
      located.missing.push_back(space);
    else
      located.found.push_back(object);
  }
  return located;
}

const KubernetesObject* References::manager_of(const Target& target, std::string_view space) const {
  const auto found = managed_.find(target.name);
  if (found == managed_.end() || target.kind != "Secret") return nullptr;
  const auto is_there = [space](const KubernetesObject* object) {
    return space.empty() || space_of(*object) == space;
  };
  const auto manager = std::ranges::find_if(found->second, is_there);
  return manager == found->second.end() ? nullptr : *manager;
}

std::string References::namesakes(const Target& target) const {
  const auto spaces = cluster_.spaces(target.kind, target.name, kShownSpaces + 1);
  return spaces.empty() ? ""
                        : "; namespace " + shown_spaces(spaces) + " has " + target.kind + ' ' + target.name;
}

void References::report_missing(const Use& use, const Target& target, const Located& located) {
  const std::string& space = located.missing.front();
  const KubernetesObject* manager = manager_of(target, space);
  if (manager != nullptr && !manager->live) return;  // applied, it will be written
  const Taken none = absent(target.kind, space, target.name);
  const std::string says = target.says.empty()
                               ? none.why
                               : "failed to fetch key and certificate for " + target.says + ": " + none.why;
  std::vector<Fact> facts{{"_what", use.serves ? "its certificate" : "its client certificate"},
                          {"wanted", Target{target.kind, space, target.name, ""}.title()},
                          {"_effect", effect_of(use)},
                          {"istiod", says},
                          {"_istiod", " (istiod: " + says + ')'},
                          {"_name", pasteable(target.name, "NAME")}};
  if (is_passed_over(target, space)) {
    facts.insert(facts.end(), {{"_which", absence(target, space)}, {"_create", create_otherwise(space)}});
    return report(kSecretMissing, use, std::move(facts));
  }
  const auto others = cluster_.spaces(target.kind, target.name, kShownSpaces + 1);
  if (!use.by_reference && !others.empty()) {
    facts.insert(facts.end(), {{"found", shown_spaces(others)},
                               {"required", shown_spaces(located.missing)},
                               {"_pods", pods_of(use)},
                               {"_from", pasteable(others.front(), "NAMESPACE")},
                               {"_to", pasteable(space, "NAMESPACE")}});
    return report(kSecretWrongNamespace, use, std::move(facts));
  }
  const std::string managed =
      manager == nullptr ? namesakes(target) : "; cert-manager is to write it, from " + manager->title();
  facts.push_back({"_which", "does not exist among the objects given" + managed});
  facts.push_back({"_create", manager == nullptr ? create_command(target.kind, space, target.name, use)
                                                 : describe_command(*manager)});
  report(kSecretMissing, use, std::move(facts));
}

void References::present(const Use& use, const Target& target, const ObjectRef* ref, Presented& presented) {
  const Located located = locate(use, target);
  rows_.note(use, target, located);
  if (!located.missing.empty()) report_missing(use, target, located);
  if (target.means_ca() && !located.found.empty()) return report_ca_name(use, target, located);
  for (const KubernetesObject* object : located.found) {
    const Taken taken = take_pair(cluster_, *object);
    uses_.add(taken, use.serves ? SecretUses::Role::server : SecretUses::Role::client, use.title(),
              target.named());
    rows_.note(use, taken, true);
    if (taken.ok() && ref != nullptr) check_pair(use, *ref, taken);
    if (taken.is_readable()) presented.push_back(taken.part);
  }
}

void References::present(const Use& use, const std::vector<ObjectRef>& refs) {
  Presented presented;
  for (const ObjectRef& ref : refs) {
    Use here = use;
    // With one good reference of two istiod says nothing, and takes the name at the first place.
    if (refs.size() == 2)
      here.effect = &ref == &refs.front()
                        ? "istiod presents neither of the two certificates"
                        : "istiod presents the first certificate alone, and none where that fails too";
    rows_.note_place(place_key(ref.where, use.resource()));
    const std::string name = reference_text(use, ref);
    if (ref.kind != "Secret" || !ref.group.empty()) {
      invalid(here, ref, what_is(ref), "a Secret",
              "invalid " + pair_word(use) + ' ' + name + ", only secret is allowed",
              "refer to a Secret of type kubernetes.io/tls");
      continue;
    }
    if (may_refer(use, ref)) present(here, target_of(use, ref), &ref, presented);
  }
  check_hosts(use, presented);
}

// This path, unlike that of credentialName, has istiod load the pair (Go tls.X509KeyPair).
void References::check_pair(const Use& use, const ObjectRef& ref, const Taken& taken) {
  std::string found, go;
  const Artifact* part = taken.part;
  const bool loads_key =
      part != nullptr && part->key && part->key->half() != nullptr && !part->key->encrypted;
  const bool no_key_here = taken.is_readable() && (!part->key || part->key->redacted);
  if (taken.withheld || no_key_here) return;
  if (!taken.is_readable()) {
    found = "no certificate can be read from " + std::string(taken.key);
    go = "tls: failed to find any PEM data in certificate input";
  } else if (!loads_key) {
    found = "its private key cannot be read";
    go = "tls: failed to parse private key";
  } else if (part->leaf != 0 || !part->key->matches_leaf.value_or(true)) {
    found = "its private key does not belong to its first certificate";
    go = "tls: private key does not match public key";
  } else {
    return;
  }
  invalid(use, ref, found, "a certificate with its private key",
          fmt::format("invalid {} {}, the certificate is malformed: {}", pair_word(use),
                      reference_text(use, ref), go),
          "put a pair that belongs together into it: " + fill_command(*taken.object));
}

}  // namespace meshcert::checks
