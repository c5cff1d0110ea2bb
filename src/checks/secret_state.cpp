// Family secret-state: where Envoy keeps a secret says whether the proxy can
// use it (envoy source/common/secret/secret_manager_impl.cc, sds_api.cc).

#include "checks/stale_secrets.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "base/ascii.hpp"
#include "checks/credential_names.hpp"
#include "checks/credentials.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kWarming{
    "secret-state.warming",
    warning,
    warning,
    "the secret {secret} is still warming: it holds data that is not in use yet; an active one is required",
    "take the dump again in a minute; if it stays, look for what the listener or cluster still waits "
    "for: istioctl proxy-status",
    "envoy admin.v3.SecretsConfigDump"};
constexpr FindingSpec kUninitialized{
    "secret-state.uninitialized",
    warning,
    warning,
    "the proxy has asked for the secret {secret} and received nothing yet; whatever needs it does "
    "not work",
    "{_next}",
    "envoy admin.v3.SecretsConfigDump"};
constexpr FindingSpec kErrorState{
    "secret-state.error-state",
    error,
    error,
    "the proxy reports an error for the secret {secret}: {details}; {_effect}",
    "correct what the proxy names, then check that the update is taken: istioctl proxy-config secret "
    "POD (of a ztunnel: istioctl ztunnel-config certificates)",
    "envoy admin.v3.UpdateFailureState"};

constexpr FindingSpec kListenerRefused{
    "secret-state.listener-refused",
    error,
    error,
    "the proxy refused an update of its {listener} for a certificate: {details}; the listener as it was before, if there was one, "
    "stays in use",
    "correct what the proxy names where the listener gets it from (a Gateway, an EnvoyFilter, files of the pod), then see that "
    "the update is taken: istioctl proxy-status; kubectl logs POD -c istio-proxy | grep 'error adding listener'",
    "envoy admin.v3.ListenersConfigDump.DynamicListener.error_state"};

}  // namespace

extern constexpr FindingSpec kStale{
    "secret-state.stale",
    warning,
    warning,
    "the proxy does not hold for {secret} what is in {object}: it has {found}; the object has {required}{_how}",
    "dump both again at the same time, for the proxy follows within seconds; if they still differ, look at istiod's "
    "pushes: istioctl proxy-status; kubectl logs -n istio-system deploy/istiod | grep -i sds; then restart the proxy",
    "istio pilot/pkg/xds/sds.go"};

namespace {

constexpr const FindingSpec* kSpecs[] = {&kWarming, &kUninitialized, &kErrorState, &kListenerRefused,
                                         &kStale};

struct NextStep {
  std::string_view prefix, step;
  bool of_istiod = false;  ///< it names a resource that istiod looks for
};

// By the scheme of the name (istio pilot/pkg/model/credentials/resource.go,
// security/pkg/nodeagent/cache/secretcache.go).
constexpr NextStep kNextSteps[] = {
    {"kubernetes-gateway://",
     "does the Secret exist, and does a ReferenceGrant allow it? kubectl get secret{name} -n {space}; kubectl get "
     "referencegrant -n {space}; kubectl logs -n istio-system deploy/istiod | grep 'failed to fetch {half}'",
     true},
    {"kubernetes://",
     "does the Secret exist in the gateway's namespace? kubectl get secret{name} -n {space}; kubectl logs -n istio-system "
     "deploy/istiod | grep 'failed to fetch {half}'",
     true},
    {"configmap://",
     "does the ConfigMap exist with a ca.crt or cacert key? kubectl get configmap{name} -n {space}; kubectl logs -n "
     "istio-system deploy/istiod | grep 'failed to fetch ca certificate'",
     true},
    {"invalid://",
     "istiod serves nothing by this name, on purpose: it stands for a reference that it refused; see which: kubectl get "
     "gateways.gateway.networking.k8s.io,backendtlspolicies -A -o yaml (status.conditions), or give them to meshcert gateway"},
    {"sds://",
     "it comes from the SDS provider of the pod (/var/run/secrets/credential-uds/socket), not from istiod: see that provider's "
     "log, and kubectl logs POD -c istio-proxy | grep -i sds"},
    {"file-root:system",
     "the agent takes the roots of its own image for it: kubectl logs POD -c istio-proxy | grep -iE 'file-root|ca cert'"},
    {"file-",
     "does the file exist in the proxy's container? kubectl exec POD -c istio-proxy -- ls -l {path}"},
    {"spiffe://",
     "of a ztunnel: kubectl logs -n istio-system daemonset/ztunnel | grep -iE 'csr|identity|certificate'; "
     "with SPIRE: is an entry registered for the workload?"},
    {"",
     "kubectl logs POD -c istio-proxy | grep -iE 'sds|sign|warm'; then istiod's log for 'CSR signing error'"},
};

// file-root:PATH, file-cert:PATH~PATH. A path that a shell would read otherwise stays out of the command.
std::string paths_in(std::string_view secret) {
  std::string paths(secret.substr(secret.find(':') + 1));
  const auto is_plain = [](char c) {
    return base::is_alphanumeric(c) || std::string_view("/._-~").find(c) != std::string_view::npos;
  };
  if (!paths.starts_with('/') || !std::ranges::all_of(paths, is_plain)) return "the paths in its name";
  std::ranges::replace(paths, '~', ' ');
  return paths;
}

std::string next_step(const std::string& secret) {
  const auto next =
      std::ranges::find_if(kNextSteps, [&](const NextStep& row) { return secret.starts_with(row.prefix); });
  const CredentialName named = read_credential_name(secret);
  if (next->of_istiod && !named.is_right())
    return fmt::format("the name {}: correct it where it is stated (istiod: {})", named.why, named.istiod);
  std::string name = pasteable(named.name, "");
  constexpr std::string_view kCa = "-cacert";
  const bool is_ca = named.name.ends_with(kCa);
  // Of a CA, istiod also takes the Secret without the suffix.
  if (is_ca && !name.empty()) name += ' ' + name.substr(0, name.size() - kCa.size());
  return fmt::format(fmt::runtime(next->step), fmt::arg("name", name.empty() ? name : ' ' + name),
                     fmt::arg("space", pasteable(named.space, "NAMESPACE")),
                     fmt::arg("half", is_ca ? "ca certificate" : "key and certificate"),
                     fmt::arg("path", paths_in(secret)));
}

void check_artifact(const Artifact& artifact, const Policy&, FindingSink& sink) {
  switch (artifact.state) {
    case SecretState::warming:
      return sink.report(kWarming, artifact, {{"secret", artifact.name}});
    case SecretState::uninitialized:
      return sink.report(kUninitialized, artifact,
                         {{"secret", artifact.name}, {"_next", next_step(artifact.name)}});
    case SecretState::error:
      // Outside Kubernetes a listener alone is more than its name.
      if (!artifact.resource.empty())
        return sink.report(kListenerRefused, artifact,
                           {{"listener", artifact.resource}, {"details", artifact.error_details}});
      return sink.report(
          kErrorState, artifact,
          {{"secret", artifact.name},
           {"details", artifact.error_details.empty() ? "no details given" : artifact.error_details},
           {"_effect",
            std::string(
                artifact.name.starts_with("spiffe://") && artifact.certificates.empty()
                    ? "nothing is in use for it, for a ztunnel whose older certificate still serves says Available"
                    : "an older version, if any, stays in use")}});
    case SecretState::none:
    case SecretState::active:
    case SecretState::static_secret:
      return;
  }
}

}  // namespace

extern const Check k_secret_state_check;
const Check k_secret_state_check{"secret-state", kSpecs, nullptr, &check_artifact, &check_stale_secrets};

}  // namespace meshcert::checks
