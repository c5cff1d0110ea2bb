// TLS settings of DestinationRules (istio pkg/config/validation/agent/validation.go ValidateTLS).
#include <algorithm>
#include <iterator>
#include <utility>

#include "checks/gateway_judge.hpp"
#include "checks/gateway_kinds.hpp"

namespace meshcert::checks {
namespace {

// A service of the cluster, or a name under a domain that belongs to nobody: no public CA
// issues for it (CA/Browser Forum Baseline Requirements 4.2.2, RFC 6762).
bool is_internal(std::string_view host) {
  constexpr std::string_view kNobodys[] = {".svc", ".local", ".internal"};
  return host.find('.') == std::string_view::npos || host.find(".svc.") != std::string_view::npos ||
         std::ranges::any_of(kNobodys, [&](std::string_view end) { return host.ends_with(end); });
}

class RuleJudge {
 public:
  explicit RuleJudge(References& references) : references_(references), words_(references) {}

  void judge(const KubernetesObject& object, const DestinationRule& rule) {
    const std::vector<std::string> own{std::string(space_of(object))};
    for (const ClientTls& tls : rule.tls) {
      Use use{&object, tls.where, "trafficPolicy.tls" + (tls.port.empty() ? "" : " of port " + tls.port)};
      use.mode = tls.mode.empty() ? "DISABLE" : tls.mode;
      use.serves = false;
      if (rule.has_workload_selector) use.spaces = &own;
      judge(use, tls);
      judge_verification(use, tls, rule);
    }
  }

 private:
  void judge(const Use& use, const ClientTls& tls) {
    const bool credential = !tls.credential_name.empty();
    const bool files = !tls.client_certificate.empty() || !tls.private_key.empty() ||
                       !tls.ca_certificates.empty() || !tls.ca_crl.empty();
    if (use.mode == "DISABLE" || use.mode == "ISTIO_MUTUAL") {
      if (credential || files) unused(use, tls);
      return;
    }
    if (use.mode != "SIMPLE" && use.mode != "MUTUAL")
      return words_.unknown_mode(use, "DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL", "the object is refused");
    if (credential && files)
      return words_.forbids(
          use, "credentialName " + tls.credential_name + " and files", "one of the two is required",
          "cannot specify client certificates or CA certificate or CA CRL If credentialName is set",
          "keep one of them");
    if (use.mode == "SIMPLE" && tls.skips_verification &&
        (credential || !tls.ca_certificates.empty() || !tls.subject_alt_names.empty()))
      words_.forbids(
          use, "insecureSkipVerify with something to verify with", "one of the two is required",
          "cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify "
          "is set true",
          "take insecureSkipVerify out");
    if (use.mode == "MUTUAL" && tls.skips_verification &&
        (!tls.ca_certificates.empty() || !tls.subject_alt_names.empty()))
      words_.forbids(use, "insecureSkipVerify with something to verify with", "one of the two is required",
                     "cannot specify CaCertificates or SubjectAltNames when InsecureSkipVerify is set true",
                     "take insecureSkipVerify out");
    if (credential) return client_credential(use, tls);
    if (use.mode != "MUTUAL") return;
    if (tls.client_certificate.empty())
      return words_.no_certificate(use, "has mode MUTUAL", "a client certificate is required",
                                   "client certificate required for mutual tls");
    if (tls.private_key.empty())
      words_.no_certificate(use, "has a clientCertificate without its privateKey", "both are required",
                            "private key required for mutual tls");
  }

  // DISABLE is what a mode that is left out means.
  void unused(const Use& use, const ClientTls& tls) {
    references_.report(
        kCredentialUnused, use,
        {{"wanted", tls.credential_name.empty() ? std::string("certificates of its own")
                                                : "credentialName " + tls.credential_name},
         {"mode", use.mode},
         {"_mode", tls.mode.empty() ? "leaves mode out, which is DISABLE" : "has mode " + tls.mode},
         {"_effect", use.mode == "DISABLE" ? "connections are made in plain text"
                                           : "the certificate of the workload's identity is presented"}});
  }

  // That the client verifies the server, and with what.
  void judge_verification(const Use& use, const ClientTls& tls, const DestinationRule& rule) {
    const bool simple = use.mode == "SIMPLE";
    if (!simple && use.mode != "MUTUAL") return;
    if (simple && tls.credential_name.empty() && !tls.client_certificate.empty())
      references_.report(kClientCertificateUnused, use,
                         {{"mode", use.mode}, {"found", "clientCertificate " + tls.client_certificate}});
    if (tls.skips_verification)
      return not_verified(use, rule, "with insecureSkipVerify, so that it takes any server",
                          "to know whom it talks to it needs a CA", "",
                          "take insecureSkipVerify out, and set caCertificates to the CA of that server");
    // A ConfigMap is sent to every proxy (istio pilot/pkg/networking/core/cluster_tls.go).
    const bool for_all = rule.has_workload_selector || tls.credential_name.starts_with("configmap://");
    const bool verifies = !tls.ca_certificates.empty() || (!tls.credential_name.empty() && for_all);
    if (verifies || rule.host.empty() || !is_internal(rule.host)) return;
    const std::string found =
        tls.credential_name.empty()
            ? "without caCertificates, and verifies it with the CAs of the operating system (before Istio "
              "1.21: not at all)"
            : "with credentialName " + tls.credential_name +
                  ", which without a workloadSelector counts for gateways alone: sidecars verify it with the "
                  "CAs of the operating system (before Istio 1.21: not at all)";
    not_verified(
        use, rule, found, "no public CA issues for such a name, so no server passes",
        tls.port.empty() ? " (istioctl analyze: IST0128)" : " (istioctl analyze: IST0129)",
        tls.credential_name.empty()
            ? "for a workload of the mesh set mode ISTIO_MUTUAL; otherwise set caCertificates, or "
              "credentialName with a workloadSelector, to the CA that issued for that server"
            : "set spec.workloadSelector to the pods that connect; where gateways alone connect, it is right as it is");
  }

  void not_verified(const Use& use, const DestinationRule& rule, std::string found, std::string_view required,
                    std::string_view istioctl, std::string_view fix) {
    references_.report(kServerNotVerified, use,
                       {{"mode", use.mode},
                        {"host", rule.host},
                        {"found", std::move(found)},
                        {"required", required},
                        {"_istioctl", istioctl},
                        {"_fix_tls", fix}});
  }

  void client_credential(const Use& use, const ClientTls& tls) {
    references_.rows().begin(use);
    if (use.mode == "MUTUAL") references_.present(use, std::vector<std::string>{tls.credential_name});
    if (!tls.skips_verification) references_.verify(use, "", tls.credential_name, "the server");
  }

  References& references_;
  GatewayWords words_;
};

}  // namespace

void judge_destination_rule(const KubernetesObject& object, const DestinationRule& rule,
                            References& references) {
  RuleJudge(references).judge(object, rule);
}

}  // namespace meshcert::checks
