// What the agent writes in the istio-proxy container: istio security/pkg/nodeagent/**,
// pkg/istio-agent/**.

#include <array>

#include "input/log_advice.hpp"
#include "input/log_rows.hpp"

namespace meshcert::input {
namespace {

using enum LogCause;
using enum LogSource;

constexpr std::array kRows = {
    LogPattern{unknown_authority, agent, "x509: certificate signed by unknown authority", "xdsproxy",
               "the proxy does not trust istiod's certificate: its root is not istiod's", kRoots},
    LogPattern{signing_failed, agent, "failed to sign CSR: ", "", "the proxy got no certificate from its CA",
               kIstiodSigning},
    LogPattern{signing_failed, agent, "failed to warm certificate: ", "",
               "the proxy could not get its certificate before it was asked for", kIstiodSigning},
    LogPattern{signing_failed, agent, "failed to warm root certificate", "",
               "the proxy could not get the root before it was asked for", kIstiodSigning},
    LogPattern{signing_failed, agent, "failed to generate workload certificate: ", "",
               "the proxy has no certificate to give to Envoy", kIstiodSigning},
    LogPattern{signing_failed, agent, " failed to sign: ", "", "the proxy got no certificate from its CA",
               kIstiodSigning},
    LogPattern{
        signing_failed, istiod, "CSR signing error: ", "", "istiod could not sign a certificate",
        "is the CA near its end, or a longer lifetime asked than it gives? kubectl get secret cacerts -n "
        "istio-system -o yaml | meshcert expiry"},
    LogPattern{chain_unusable, agent, "failed to parse root certs from file", "",
               "a file of root certificates could not be read",
               "kubectl exec POD -c istio-proxy -- cat FILE | meshcert inspect"},
    LogPattern{chain_unusable, agent, "failed to parse some certs from file", "",
               "some certificates of a file could not be read and are left out",
               "kubectl exec POD -c istio-proxy -- cat FILE | meshcert inspect"},
    LogPattern{chain_unusable, agent, "failed to extract expiration time in the certificate loaded from file",
               "", "a certificate of a file could not be read",
               "kubectl exec POD -c istio-proxy -- cat FILE | meshcert inspect"},
    LogPattern{healthy, agent, "generated new workload certificate", "", "a workload certificate was issued",
               kNothing},
};

}  // namespace

std::span<const LogPattern> agent_rows() {
  return kRows;
}

}  // namespace meshcert::input
