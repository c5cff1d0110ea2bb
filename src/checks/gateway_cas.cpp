// References, continued: what gateways verify their peers with.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

#include "checks/gateway_judge.hpp"
#include "checks/gateway_references.hpp"
#include "checks/trusted_roots.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {
namespace {

constexpr std::string_view kCaSuffix = "-cacert";

constexpr const char* kIntoConfigMap =
    "put the CA's certificate under ca.crt of a ConfigMap, and refer to that";

std::string unreadable(const Taken& taken) {
  return fmt::format(
      "no certificate can be read from {} of {}, and Envoy refuses it (Failed to load trusted CA certificates from "
      "<inline>)",
      taken.key, taken.object->title());
}

std::string contents(const Artifact& bundle) {
  constexpr std::size_t kMost = 3;
  const std::size_t size = bundle.certificates.size();
  std::string text;
  for (std::size_t i = 0; i < std::min(size, kMost); ++i) {
    const Certificate& certificate = bundle.certificates[i];
    text += (i == 0 ? "" : "; ") + title_of(certificate) + key_words(key_id_of(certificate));
  }
  return text + (size > kMost ? fmt::format(" and {} more", size - kMost) : "");
}

// Of version 1 nothing says CA:TRUE; Envoy takes one that signed itself as a CA.
bool is_without_authority(const Artifact& bundle) {
  return std::ranges::none_of(bundle.certificates, [](const Certificate& certificate) {
    return certificate.is_ca() || (certificate.version == 1 && certificate.is_self_issued());
  });
}

std::string put_into_config_map(std::string_view space, std::string_view name) {
  return "put the CA's certificate under ca.crt in data of that ConfigMap: " +
         config_map_command(space, name) + " --dry-run=client -o yaml | kubectl apply -f -";
}

// Of a Secret whose name has no suffix istiod reads a pair.
std::string put_into_secret(std::string_view space, const std::string& name, bool is_suffixed) {
  const std::string suffixed =
      pasteable(name.ends_with(kCaSuffix) ? name : name + std::string(kCaSuffix), "NAME");
  return std::string(is_suffixed ? "" : "write caCertCredentialName: " + suffixed + ", and ") +
         "put the CA's certificate into a Secret of that name: kubectl create secret generic " + suffixed +
         " -n " + pasteable(space, "NAMESPACE") + " --from-file=cacert=ca.pem";
}

std::string fix_of(const KubernetesObject& object) {
  return object.kind == "ConfigMap" ? put_into_config_map(space_of(object), object.name) : "";
}

}  // namespace

std::string References::why_without_ca(const KubernetesObject& object) const {
  const bool is_binary = object.kind == "ConfigMap" && (cluster_.part(&object, "ca.crt") != nullptr ||
                                                        cluster_.part(&object, "cacert") != nullptr);
  return object.title() +
         (is_binary
              ? " has its CA certificate under binaryData, and it is required under data, where istiod looks"
              : " has no CA certificate");
}

void References::no_ca(const Use& use, std::string_view peers, std::string found, std::string_view says,
                       std::string fix) {
  if (fix.empty())
    fix =
        use.part.starts_with("listener ")
            ? "put the CA's certificate under ca.crt of a ConfigMap, and refer to that in "
              "spec.tls.frontend.default.validation.caCertificateRefs of the Gateway (where perPort has the port, in "
              "tls.validation there, which counts alone); or put it under ca.crt of the Secret"
        : use.by_reference
            ? std::string(kIntoConfigMap)
            : "put the CA's certificate under ca.crt of the same Secret (cacert beside cert and "
              "key), or into a Secret of that name with the suffix -cacert";
  report(kCaMissing, use,
         {{"_peers", peers},
          {"mode", use.mode},
          {"found", std::move(found)},
          {"_effect", use.serves ? "connections to it are refused" : "connections to it fail"},
          {"_istiod", says.empty() ? "" : " (istiod: " + std::string(says) + ')'},
          {"istiod", says},
          {"_add_ca", std::move(fix)}});
}

void References::note_verifier(const Use& use, const Target& target, const Taken& taken) {
  uses_.add(taken, SecretUses::Role::verifier, use.title(), target.named());
  if (use.serves && taken.object != nullptr) rows_.note(use, taken, false);
}

// A gateway that is a client may pin the certificate of its server; clients are many.
void References::check_authority(const Use& use, const Taken& taken, std::string_view peers) {
  if (!use.serves || !taken.is_readable() || !is_without_authority(*taken.part)) return;
  no_ca(use, peers,
        fmt::format("{} of {} holds {}, but needs a certificate with CA:TRUE: any other verifies nothing "
                    "but itself",
                    taken.key, taken.object->title(), contents(*taken.part)),
        "");
}

void References::invalid(const Use& use, const ObjectRef& ref, std::string found, std::string_view required,
                         std::string says, std::string fix) {
  sink_.report(kInvalidCertificateRef, ref.where, use.object->title(),
               {{"server", use.part},
                {"wanted", target_of(use, ref).title()},
                {"found", std::move(found)},
                {"required", required},
                {"_effect", effect_of(use)},
                {"istiod", std::move(says)},
                {"_fix_ref", std::move(fix)}});
}

// While it is there, what the other holds counts for nothing.
std::string References::fix_of_shadow(const KubernetesObject* own, const KubernetesObject& shadow) const {
  const Taken hidden = own == nullptr ? Taken{} : take_ca(cluster_, *own);
  if (!hidden.ok()) return "";
  const std::string name = pasteable(shadow.name, "NAME"), space = pasteable(space_of(shadow), "NAMESPACE");
  return fmt::format(
      "put the CA that is meant into that Secret: kubectl patch secret {0} -n {1} -p "
      "\"{{\\\"data\\\":{{\\\"cacert\\\":\\\"$(base64 -w0 ca.pem)\\\"}}}}\"; or, if {2} of {3} is that CA, delete the former, "
      "so that the latter counts: kubectl delete secret {0} -n {1}",
      name, space, hidden.key, own->title());
}

// X-cacert is looked for first; while it exists, the CA beside the pair counts for nothing.
Taken References::take_beside(const Use& use, const KubernetesObject* own, const KubernetesObject* shadow) {
  if (shadow == nullptr) return take_ca(cluster_, *own);
  Taken taken = take_ca(cluster_, *shadow);
  const Taken other = own == nullptr ? Taken{} : take_ca(cluster_, *own);
  if (taken.is_readable() && other.is_readable() && !same_set(*taken.part, *other.part))
    report(kCacertSecretShadows, use,
           {{"wanted", shadow->title()},
            {"other", own->title()},
            {"key", other.key},
            {"found", contents(*taken.part)},
            {"required", contents(*other.part)}});
  if (own != nullptr) report_crl_beside(use, *own, *shadow);
  return taken;
}

// The list goes with the CA, and not with the pair.
void References::report_crl_beside(const Use& use, const KubernetesObject& own,
                                   const KubernetesObject& shadow) {
  constexpr std::array<std::string_view, 2> kLists = {"ca.crl", "crl"};
  const auto holds = [](const KubernetesObject& object, std::string_view key) {
    const auto* credential = object.as<Credential>();
    return credential != nullptr && credential->find(key) != nullptr && !is_empty_under(object, key);
  };
  const auto list = std::ranges::find_if(kLists, [&](std::string_view key) { return holds(own, key); });
  if (list == kLists.end() ||
      std::ranges::any_of(kLists, [&](std::string_view key) { return holds(shadow, key); }))
    return;
  report(kValueNotRead, use,
         {{"secret", own.title()},
          {"found", *list},
          {"key", "the pair"},
          {"required", "that of the CA's own " + shadow.title()},
          {"_effect", "nobody is refused for being in that list of revoked certificates"},
          {"_rename",
           "move the list to the CA, as ca.crl beside ca.crt or crl beside cacert: kubectl edit secret " +
               pasteable(shadow.name, "NAME") + " -n " + pasteable(space_of(shadow), "NAMESPACE")}});
}

void References::verify_with(const Use& use, const Target& target, const KubernetesObject* own,
                             const KubernetesObject* shadow, const std::string& says,
                             std::string_view peers) {
  const Taken taken = take_beside(use, own, shadow);
  note_verifier(use, target, taken);
  if (!taken.ok())
    no_ca(use, peers,
          why_without_ca(*taken.object) + (target.means_ca() && shadow == nullptr ? namesakes(target) : ""),
          says + taken.why, shadow == nullptr ? fix_of(*taken.object) : fix_of_shadow(own, *shadow));
  else if (!taken.is_readable() && !taken.withheld)
    no_ca(use, peers, unreadable(taken), "");
  check_authority(use, taken, peers);
}

void References::verify(const Use& use, const Target& target, std::string_view peers) {
  const bool suffixed = target.means_ca();
  const bool is_ca = suffixed || target.kind == "ConfigMap";
  const std::string says = std::string("failed to fetch ") +
                           (is_ca ? "ca certificate" : "key and certificate") + " for " + target.says + ": ";
  Target own = target;
  if (suffixed) own.name.resize(own.name.size() - kCaSuffix.size());
  const Located owns = locate(use, own);
  if (owns.unknown) return;
  const auto shadow_in = [&](std::string_view space) { return suffixed ? watched(target, space) : nullptr; };
  for (const KubernetesObject* object : owns.found)
    verify_with(use, target, object, shadow_in(space_of(*object)), says, peers);
  std::optional<std::string> lacking;
  for (const std::string& missing : owns.missing) {
    const KubernetesObject* shadow = shadow_in(missing.empty() ? guess_space(use, target) : missing);
    if (shadow == nullptr)
      lacking = missing;
    else
      verify_with(use, target, nullptr, shadow, says, peers);
  }
  // A pair that is missing is said where it is presented.
  if (!lacking || (suffixed && use.pair_is_judged)) return;
  no_ca(use, peers,
        Target{own.kind, *lacking, own.name, ""}.title() + ' ' + absence(own, *lacking) +
            (suffixed ? namesakes(target) : ""),
        says + absent(own.kind, *lacking, own.name).why,
        own.kind == "ConfigMap" ? put_into_config_map(*lacking, own.name)
                                : put_into_secret(*lacking, own.name, suffixed));
}

void References::verify_beside(const Use& use, const ObjectRef& pair, std::string_view peers) {
  if (pair.kind != "Secret" || !pair.group.empty()) return;
  Target target = target_of(use, pair);
  target.name += kCaSuffix;
  target.says = "kubernetes-gateway://" + target.space + '/' + target.name;
  Use here = use;
  here.pair_is_judged = true;
  if (watched(target_of(use, pair), target.space) != nullptr) verify(here, target, peers);
}

void References::verify(const Use& use, const ObjectRef& ref, std::string_view peers) {
  const Target target = target_of(use, ref);
  const std::string name =
      fmt::format("{}/{}/{}.{}", ref.group, ref.kind, ref.name,
                  ref.namespace_name == use.object->namespace_name ? "" : ref.namespace_name);
  if (!ref.group.empty() || (ref.kind != "Secret" && ref.kind != "ConfigMap"))
    return invalid(use, ref, what_is(ref), "a ConfigMap or a Secret",
                   "invalid CA certificate reference " + name + ", only secret and configmap are allowed",
                   kIntoConfigMap);
  if (!may_refer(use, ref)) return;
  const Located located = locate(use, target);
  if (located.unknown) return;
  if (located.found.empty())
    return no_ca(use, peers, target.title() + ' ' + absence(target, target.space),
                 use.serves
                     ? fmt::format("invalid CA certificate reference {}, {} {}/{} not found", name,
                                   ref.kind == "Secret" ? "secret" : "configmap", target.space, target.name)
                     : fmt::format("Certificate reference not found: reference {}/{} (of kind {}) not found",
                                   target.space, target.name, target.kind));
  const Taken taken = take_ca(cluster_, *located.found.front());
  note_verifier(use, target, taken);
  check_authority(use, taken, peers);
  if (!taken.ok())
    return no_ca(use, peers, why_without_ca(*taken.object),
                 (use.serves ? "invalid CA certificate reference " + name + ", " : "Certificate invalid: ") +
                     taken.why,
                 fix_of(*taken.object));
  if (taken.is_readable() || taken.withheld) return;
  // Of a backend it sends the ConfigMap as it is.
  if (!use.serves)
    no_ca(use, peers, unreadable(taken), "", fix_of(*taken.object));
  else
    invalid(use, ref, "no certificate can be read from " + std::string(taken.key),
            "PEM of the CA's certificate",
            "invalid CA certificate reference " + name + ", the bundle is malformed",
            "put the CA's certificate there, whole: " + config_map_command(target.space, ref.name));
}

void References::verify_backend(const Use& use, const ObjectRef& ref) {
  if (ref.kind != "ConfigMap" || !ref.group.empty())
    return invalid(use, ref, what_is(ref), "a ConfigMap",
                   ref.kind == "Secret" ? "Certificate reference invalid: unsupported reference kind: Secret"
                                        : "Certificate reference not supported: unsupported kind " + ref.kind,
                   kIntoConfigMap);
  verify(use, ref, "its backends");
}

}  // namespace meshcert::checks
