// TLS settings of DestinationRules (istio pkg/config/validation/agent/validation.go ValidateTLS).
#include <algorithm>
#include <iterator>
#include <utility>

#include "checks/gateway_kinds.hpp"

namespace meshcert::checks {
namespace {

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
    }
  }

 private:
  void judge(const Use& use, const ClientTls& tls) {
    const bool credential = !tls.credential_name.empty();
    const bool files = !tls.client_certificate.empty() || !tls.private_key.empty() ||
                       !tls.ca_certificates.empty() || !tls.ca_crl.empty();
    if (use.mode == "ISTIO_MUTUAL" && (credential || files))
      return words_.forbids(use,
                            credential ? "credentialName " + tls.credential_name : "certificates of its own",
                            "it presents the certificate of the workload's identity, and takes no other",
                            "ISTIO_MUTUAL TLS cannot have associated credentialName or certificates",
                            "take it out, or set mode SIMPLE or MUTUAL");
    if (use.mode != "SIMPLE" && use.mode != "MUTUAL") return;
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
    if (credential) return client_credential(use, tls);
    if (use.mode != "MUTUAL") return;
    if (tls.client_certificate.empty())
      return words_.no_certificate(use, "has mode MUTUAL", "a client certificate is required",
                                   "client certificate required for mutual tls");
    if (tls.private_key.empty())
      words_.no_certificate(use, "has a clientCertificate without its privateKey", "both are required",
                            "private key required for mutual tls");
  }

  void client_credential(const Use& use, const ClientTls& tls) {
    references_.begin(use);
    if (use.mode == "MUTUAL") references_.present(use, std::vector<std::string>{tls.credential_name});
    references_.verify(use, "", tls.credential_name, "the server");
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
