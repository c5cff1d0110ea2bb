// The Gateway API (istio pilot/pkg/config/kube/gateway/conversion.go, backend_policies.go).
#include <algorithm>
#include <iterator>
#include <utility>

#include "checks/gateway_judge.hpp"
#include "checks/gateway_kinds.hpp"

namespace meshcert::checks {
namespace {

constexpr std::string_view kNothing = "no certificate is presented, and handshakes fail";
constexpr std::string_view kTooMany = "istiod: TLS mode can only support up to 2 server certificates";

class ApiJudge {
 public:
  explicit ApiJudge(References& references) : references_(references), words_(references) {}

  void judge(const KubernetesObject& object, const ApiGateway& gateway) {
    for (const Listener& listener : gateway.listeners) judge(object, gateway, listener);
    for (const ApiGateway::Frontend& frontend : gateway.frontends) {
      Use use{&object, frontend.where,
              "spec.tls.frontend" + (frontend.port.empty() ? "" : " of port " + frontend.port)};
      use.by_reference = true;
      use.mode = "MUTUAL";
      if (frontend.cas.size() > 1 && references_.is_istios(gateway))
        references_.invalid(use, frontend.cas[1], std::to_string(frontend.cas.size()) + " caCertificateRefs",
                            "one", "only one caCertificateRef is supported",
                            "put all CAs into one ConfigMap");
      if (!frontend.cas.empty()) references_.verify(use, frontend.cas.front(), "its clients");
    }
    if (!gateway.backend_certificate) return;
    Use use{&object, gateway.backend_certificate->where, "spec.tls.backend"};
    use.by_reference = true;
    use.serves = false;
    references_.rows().begin(use);
    references_.present(use, {*gateway.backend_certificate});
  }

  void judge(const KubernetesObject& object, const BackendTlsPolicy& policy) {
    Use use{&object, policy.where, "spec.validation"};
    use.by_reference = true;
    use.serves = false;
    use.mode = "SIMPLE";
    if (!policy.cas.empty()) return references_.verify_backend(use, policy.cas.front());
    const bool is_prefixed = policy.well_known.find('/') != std::string::npos;  // another implementation's
    if (!policy.well_known.empty() && policy.well_known != "System" && !is_prefixed)
      references_.no_ca(
          use, "its backends",
          "wellKnownCACertificates is " + policy.well_known + ", and System is all that is known",
          "Unknown wellKnownCACertificates: " + policy.well_known);
    if (policy.well_known.empty())
      references_.no_ca(
          use, "its backends",
          "neither caCertificateRefs nor wellKnownCACertificates is set, and the API server refuses "
          "that (must specify either CACertificateRefs or WellKnownCACertificates)",
          "");
  }

 private:
  void judge(const KubernetesObject& object, const ApiGateway& gateway, const Listener& listener) {
    // Other controllers attach certificates in ways of their own: annotations, options, discovery.
    const bool istios = references_.is_istios(gateway);
    if (!listener.has_tls && !(istios && needs_certificate(listener))) return;
    Use use{&object, listener.where, "listener " + listener.name};
    use.by_reference = true;
    if (!listener.hostname.empty()) use.hosts.push_back(listener.hostname);
    use.mode = listener.mode.empty() || listener.mode == "Terminate" ? terminating(listener) : listener.mode;
    references_.rows().begin(use);
    if (is_plain(listener)) return plain(use, listener);
    if (listener.mode == "Passthrough") return passes(use, listener);
    if (!listener.mode.empty() && listener.mode != "Terminate")
      return words_.unknown_mode(use, "Terminate, Passthrough");
    if (istios && !is_known_terminate_mode(use.mode)) {
      words_.unknown_mode(
          use, "MUTUAL, OPTIONAL_MUTUAL, ISTIO_SIMPLE, ISTIO_MUTUAL (gateway.istio.io/tls-terminate-mode)",
          "istiod passes over it and terminates as SIMPLE, so no client is asked for a certificate");
      use.mode = "SIMPLE";
    }
    if (use.mode == "ISTIO_SIMPLE" || use.mode == "ISTIO_MUTUAL") return;
    if (listener.certificates.size() > 2 && istios)
      words_.too_many(use, listener.certificates.size(), "certificateRefs", kTooMany);
    if (!listener.has_tls) return without_tls(use, listener);
    if (listener.certificates.empty()) {
      if (istios) without_reference(use, listener);
      return;
    }
    references_.present(use, listener.certificates);
    const ApiGateway* whole = references_.gateway_of(gateway);
    if (is_mutual(use.mode) && whole != nullptr && !verifies_clients(*whole, listener.port))
      references_.verify_beside(use, listener.certificates.front(), "its clients");
  }

  static bool is_known_terminate_mode(std::string_view mode) {
    constexpr std::string_view kKnown[] = {"SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL", "ISTIO_SIMPLE",
                                           "ISTIO_MUTUAL"};
    return std::ranges::find(kKnown, mode) != std::end(kKnown);
  }

  // What is said of a port takes the place of the default, be it nothing (resolveGatewayTLS).
  static bool verifies_clients(const ApiGateway& gateway, const std::string& port) {
    const auto said = std::ranges::find_if(gateway.frontends, [&](const ApiGateway::Frontend& frontend) {
      return frontend.port.empty() || frontend.port == port;
    });
    return said != gateway.frontends.end() && !said->cas.empty();
  }

  static std::string terminating(const Listener& listener) {
    return listener.terminate_mode.empty() ? "SIMPLE" : listener.terminate_mode;
  }

  void passes(const Use& use, const Listener& listener) {
    if (listener.certificates.empty()) return;
    words_.passes(use, "certificateRefs " + listener.certificates.front().name, "its mode is Passthrough",
                  "set mode: Terminate, or take certificateRefs out");
  }

  static bool is_plain(const Listener& listener) {
    constexpr std::string_view kPlain[] = {"HTTP", "TCP", "UDP"};
    return listener.has_tls && std::ranges::find(kPlain, listener.protocol) != std::end(kPlain);
  }

  void plain(const Use& use, const Listener& listener) {
    references_.report(kModeForbidsCredential, use,
                       {{"mode", use.mode},
                        {"found", "tls with protocol " + listener.protocol},
                        {"required", "such a listener has none"},
                        {"_who", "the API server"},
                        {"_says", "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']"},
                        {"_fix_mode", "set protocol HTTPS, or take tls out"}});
  }

  static bool needs_certificate(const Listener& listener) {
    return listener.protocol == "HTTPS" || listener.protocol == "TLS";
  }

  // The API server takes it, and istiod says nothing.
  void without_tls(const Use& use, const Listener& listener) {
    references_.report(kNoCertificate, use,
                       {{"found", "has protocol " + listener.protocol + " without tls"},
                        {"required", "tls with certificateRefs is required"},
                        {"_effect", kNothing}});
  }

  void without_reference(const Use& use, const Listener& listener) {
    if (!needs_certificate(listener)) return;
    const bool is_refused = listener.terminate_mode.empty();
    references_.report(
        kNoCertificate, use,
        {{"found", "terminates " + listener.protocol},
         {"required", "certificateRefs are required"},
         {"_effect", is_refused ? "the API server refuses the object (certificateRefs or options must "
                                  "be specified when mode is Terminate)"
                                : kNothing}});
  }

  References& references_;
  GatewayWords words_;
};

}  // namespace

void judge_api_gateway(const KubernetesObject& object, const ApiGateway& gateway, References& references) {
  ApiJudge(references).judge(object, gateway);
}

void judge_backend_policy(const KubernetesObject& object, const BackendTlsPolicy& policy,
                          References& references) {
  ApiJudge(references).judge(object, policy);
}

}  // namespace meshcert::checks
