#include "checks/validity_advice.hpp"

#include "checks/validity_managed.hpp"

namespace meshcert::checks {
namespace {

constexpr std::string_view kRenewIntermediate =
    "reissue this CA under its root (the root and the trust bundles stay), put it where the CA runs (of istiod: "
    "ca-cert.pem and cert-chain.pem of the Secret cacerts), restart istiod, then the workloads";

}  // namespace

std::string_view how_to_renew(bool is_ca, const Artifact& artifact) {
  if (is_ca)
    return "rotate this CA: issue its successor, let every trust bundle hold both, then switch signers";
  if (artifact.kind == ArtifactKind::workload_chain && artifact.name.starts_with("spiffe://"))
    return "see why it is no longer renewed: kubectl logs -n istio-system daemonset/ztunnel, or with SPIRE the "
           "log of the agent on that node";
  if (artifact.kind == ArtifactKind::workload_chain)
    return "restart the pod, or kubectl logs POD -c istio-proxy | grep -iE 'sign|citadelclient|cache' to see "
           "why its agent no longer renews";
  if (artifact.kind == ArtifactKind::xfcc)
    return "the client's own pod is the one to look at: kubectl logs POD -c istio-proxy | grep -iE 'sign|citadelclient'; "
           "of an old header, say --at when it was sent";
  if (artifact.kind == ArtifactKind::tls_secret)
    return "renew the credential (with cert-manager: kubectl get certificate -A, cmctl renew), then check "
           "that the proxy received it: istioctl proxy-config secret POD";
  return "renew it with its issuer and replace it where it is deployed";
}

std::string how_to_renew(const Subject& subject, const Policy& policy) {
  if (subject.keeper != nullptr) return how_to_ask_keeper(*subject.keeper, policy);
  if (subject.certificate.is_ca() && !subject.certificate.is_self_issued())
    return std::string(kRenewIntermediate);
  return std::string(how_to_renew(subject.certificate.is_ca(), subject.artifact));
}

std::string_view how_to_replace_copy() {
  return "put the renewed certificate in its place where the chain is put together (a plugged-in CA: cert-chain.pem of "
         "the Secret cacerts), then restart istiod; peers that lack the renewed one refuse the chain";
}

}  // namespace meshcert::checks
