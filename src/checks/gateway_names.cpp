// References, continued: credentials by name, and names by which istiod finds nothing.
#include <fmt/format.h>
#include <algorithm>
#include <utility>

#include "checks/gateway_judge.hpp"
#include "checks/gateway_references.hpp"

namespace meshcert::checks {
namespace {

using Kind = CredentialName::Kind;

constexpr std::string_view kCaSuffix = "-cacert";

std::string what_of(const Use& use) {
  return use.serves ? "its certificate" : "its client certificate";
}

// A client that is told of a credential by name is a DestinationRule's.
bool is_of_rule(const Use& use) {
  return !use.serves && use.object != nullptr;
}

std::string last_part(std::string_view name) {
  return std::string(name.substr(name.rfind('/') + 1));
}

std::string why_never(const CredentialName& named) {
  return named.kind == Kind::never ? "is served to nobody, on purpose" : named.why;
}

}  // namespace

Target References::target_of(const CredentialName& named) {
  return {named.kind == Kind::config_map ? "ConfigMap" : "Secret", named.space, named.name, named.resource};
}

void References::present(const Use& use, const std::vector<std::string>& credentials) {
  Presented presented;
  bool all = true;
  for (const std::string& credential : credentials)
    all = present(use, read_credential_name(credential), presented) && all;
  if (all) check_hosts(use, presented);
}

bool References::present(const Use& use, const CredentialName& named, Presented& presented) {
  const bool is_secret = named.kind == Kind::secret && named.is_right();
  if (!is_secret) rows_.note(use, named);
  if (named.kind == Kind::own || named.kind == Kind::elsewhere) return false;
  const Target target = target_of(named);
  if (named.kind == Kind::config_map)
    report_map_as_pair(use, named);
  else if (!is_secret)
    report_name(use, named);
  else if (is_foreign(use, target))
    report_foreign(use, target, what_of(use));
  else
    present(use, target, nullptr, presented);
  return true;
}

void References::report_name(const Use& use, const CredentialName& named) {
  const std::string name = pasteable(last_part(named.written), "NAME");
  report(kSecretMissing, use,
         {{"_what", what_of(use)},
          {"wanted", named.written},
          {"_which", why_never(named)},
          {"_effect", effect_of(use)},
          {"istiod", named.istiod},
          {"_istiod", named.istiod.empty() ? "" : " (istiod: " + named.istiod + ')'},
          {"_create", "write the name of the Secret alone, credentialName: " + name +
                          ", which is looked for in the namespace of " + std::string(pods_of(use))}});
}

void References::report_map_as_pair(const Use& use, const CredentialName& named) {
  report(
      kSuffixMisleads, use,
      {{"_what", what_of(use)},
       {"wanted", named.written},
       {"found", "a CA alone, of a ConfigMap"},
       {"required", "a certificate with its key"},
       {"_effect", use.serves ? "no certificate is presented" : "connections to the server fail"},
       {"istiod", named.is_right() ? "the ConfigMap " + named.resource + " is sent as a CA" : named.istiod},
       {"_fix_name",
        "put the certificate and its key into a Secret, and name that: kubectl create "
        "secret tls NAME -n NAMESPACE --cert=chain.pem --key=key.pem"}});
}

void References::report_ca_name(const Use& use, const Target& target, const Located& located) {
  const KubernetesObject& object = *located.found.front();
  const std::string says = target.resource();
  const Taken ca = take_ca(cluster_, object);
  const std::string better = target.name.substr(0, target.name.size() - kCaSuffix.size());
  report(kSuffixMisleads, use,
         {{"_what", use.serves ? "its certificate" : "its client certificate"},
          {"wanted", object.title()},
          {"found", "a CA alone"},
          {"required", "a certificate with its key"},
          {"_effect", use.serves ? "no certificate is presented" : "connections to the server fail"},
          {"istiod", ca.ok() ? "the Secret " + says + " is sent as a CA"
                             : "failed to fetch ca certificate for " + says + ": " + ca.why},
          {"_fix_name", "call the Secret otherwise, " + pasteable(better, "NAME") +
                            ", and name that: kubectl get secret " + pasteable(target.name, "NAME") + " -n " +
                            pasteable(space_of(object), "NAMESPACE") +
                            " -o yaml | sed 's/name: " + pasteable(target.name, "NAME") +
                            "$/name: " + pasteable(better, "NAME") + "/' | kubectl apply -f -"}});
}

void References::report_pair_name(const Use& use, const Target& target, const KubernetesObject& object) {
  const Taken pair = take_pair(cluster_, object);
  report(
      kSuffixMisleads, use,
      {{"_what", "the CA of its clients"},
       {"wanted", object.title()},
       {"found", "a certificate with its key"},
       {"required", "a CA"},
       {"_effect", "connections to it are refused"},
       {"istiod", pair.ok() ? "the Secret " + target.says + " is sent as a certificate with its key"
                            : "failed to fetch key and certificate for " + target.says + ": " + pair.why},
       {"_fix_name", "write caCertCredentialName: " + pasteable(target.name, "NAME") +
                         "-cacert; the Secret keeps its name: where none has the suffix, istiod takes the CA "
                         "of the one without"}});
}

bool References::is_foreign(const Use& use, const Target& target) {
  return target.kind == "Secret" && !target.space.empty() && use.spaces != nullptr && !use.spaces->empty() &&
         std::ranges::find(*use.spaces, target.space) == use.spaces->end();
}

void References::report_foreign(const Use& use, const Target& target, std::string_view what) {
  report(kSecretWrongNamespace, use,
         {{"_what", what},
          {"wanted", target.title()},
          {"required", shown_spaces(*use.spaces)},
          {"_pods", pods_of(use)},
          {"found", target.space},
          {"_effect", effect_of(use)},
          {"istiod", unauthorized(target.name)},
          {"_name", pasteable(target.name, "NAME")},
          {"_from", pasteable(target.space, "NAMESPACE")},
          {"_to", pasteable(use.spaces->front(), "NAMESPACE")}});
}

// The name that is right, and what makes the ConfigMap where there is none.
std::string References::right_map(const Use& use, const CredentialName& named) const {
  const auto spaces = cluster_.spaces("ConfigMap", named.name);
  const auto has = [&](std::string_view space) { return std::ranges::find(spaces, space) != spaces.end(); };
  const std::string& own = use.object->namespace_name;
  std::string space = use.spaces != nullptr && !use.spaces->empty() ? use.spaces->front() : own;
  if (is_of_rule(use))
    space = own;
  else if (!spaces.empty() && !has(space))
    space = spaces.front();
  const std::string in = pasteable(space, "NAMESPACE"), name = pasteable(named.name, "NAME");
  const std::string write = fmt::format("write configmap://{}/{}", in, name);
  if (has(space)) return write;
  if (spaces.empty()) return write + ", and create it: " + config_map_command(space, named.name);
  return fmt::format(
      "{}, and put the ConfigMap there too: kubectl get configmap {} -n {} -o yaml | sed 's/namespace: "
      ".*/namespace: {}/' | kubectl apply -f -",
      write, name, pasteable(spaces.front(), "NAMESPACE"), in);
}

std::string References::right_name(const Use& use, const CredentialName& named, bool is_own) const {
  CredentialName meant = named;
  meant.name = last_part(named.written);
  if (named.kind == Kind::config_map || !cluster_.spaces("ConfigMap", meant.name, 1).empty())
    return right_map(use, meant);
  return "write the name of a Secret alone, " +
         std::string(is_own ? "credentialName: " : "caCertCredentialName: ") + pasteable(meant.name, "NAME") +
         (is_own || meant.name.ends_with(kCaSuffix) ? "" : "-cacert") + ", or configmap://NAMESPACE/NAME";
}

void References::verify(const Use& use, const std::string& ca_credential, const std::string& beside,
                        std::string_view peers) {
  const bool is_own = ca_credential.empty();
  verify_named(use, read_credential_name(is_own ? beside : ca_credential), is_own, peers);
}

// Of the credential itself the proxy asks for the name with the suffix, which istiod takes off
// again where no Secret has it, and of a ConfigMap always.
void References::verify_named(const Use& use, const CredentialName& named, bool is_own,
                              std::string_view peers) {
  if (refuses(use, named, is_own, peers)) return;
  if (named.kind != Kind::secret && named.kind != Kind::config_map) return;
  Use here = use;
  here.pair_is_judged = is_own && (use.serves || use.mode == "MUTUAL");
  Target target = target_of(named);
  if (is_own) target.says += kCaSuffix;
  if (named.kind == Kind::config_map) {
    if (!is_own && target.name.ends_with(kCaSuffix))
      target.name.resize(target.name.size() - kCaSuffix.size());
    return verify(here, target, peers);
  }
  if (is_foreign(use, target)) {
    if (!here.pair_is_judged) report_foreign(use, target, is_own ? "its CA" : "the CA of its clients");
    return;
  }
  if (is_own) {
    target.name += kCaSuffix;
  } else if (!target.means_ca()) {
    const Located pair = locate(use, target);
    if (!pair.found.empty()) return report_pair_name(use, target, *pair.found.front());
  }
  verify(here, target, peers);
}

References::Refusal References::refusal_of(const Use& use, const CredentialName& named, bool is_own) const {
  const bool is_rules = named.kind == Kind::config_map && is_of_rule(use);
  const std::string invalid = "invalid configmap:// credentialName: ";
  if (named.kind == Kind::own && !is_own && !named.written.ends_with(kCaSuffix))
    return {"is the certificate of the workload itself, and builtin://-cacert, its roots, is required", "",
            "write caCertCredentialName: builtin://-cacert"};
  if (named.kind == Kind::never || !named.is_right())
    return {why_never(named), (is_rules ? invalid : "") + named.istiod, right_name(use, named, is_own)};
  const std::string& own = use.object->namespace_name;
  if (!is_rules || own.empty() || named.space == own) return {};
  return {"is of namespace " + named.space + ", and that of the DestinationRule, " + own + ", is required",
          fmt::format("{}namespace must match the configuration namespace \"{}\"", invalid, own),
          right_map(use, named)};
}

bool References::refuses(const Use& use, const CredentialName& named, bool is_own, std::string_view peers) {
  const bool is_map = named.kind == Kind::config_map;
  if (is_own && use.serves && is_map) return true;
  Refusal refusal = refusal_of(use, named, is_own);
  if (refusal.why.empty()) return false;
  const bool is_presented = is_own && !is_map && (use.serves || use.mode == "MUTUAL");
  if (!is_presented)
    no_ca(use, peers,
          (is_own ? "credentialName " : "caCertCredentialName ") + named.written + ' ' + refusal.why,
          refusal.istiod, std::move(refusal.fix));
  return true;
}

}  // namespace meshcert::checks
