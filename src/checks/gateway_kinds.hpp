#pragma once

#include <string>
#include <string_view>

#include "checks/gateway_references.hpp"

/// The gateways and their kin, one kind each: what of them is to be looked at, and what
/// is wrong with them whatever they name.
namespace meshcert::checks {

void judge_istio_gateway(const KubernetesObject& object, const IstioGateway& gateway, References& references);
void judge_api_gateway(const KubernetesObject& object, const ApiGateway& gateway, References& references);
void judge_backend_policy(const KubernetesObject& object, const BackendTlsPolicy& policy,
                          References& references);
void judge_destination_rule(const KubernetesObject& object, const DestinationRule& rule,
                            References& references);

/// is_mutual: the mode verifies clients, by a CA that has to be named.
[[nodiscard]] inline bool is_mutual(std::string_view mode) {
  return mode == "MUTUAL" || mode == "OPTIONAL_MUTUAL";
}

/// GatewayWords reports what is wrong with the settings of a server themselves.
class GatewayWords {
 public:
  explicit GatewayWords(References& references) : references_(references) {}

  void forbids(const Use& use, std::string found, std::string_view required, std::string_view says,
               std::string_view fix) const;
  void unknown_mode(const Use& use, std::string_view known,
                    std::string_view effect = "the object is refused, and no certificate is presented") const;
  void no_certificate(const Use& use, std::string found, std::string required, std::string says) const;
  void too_many(const Use& use, std::size_t found, std::string_view what, std::string_view says) const;
  void passes(const Use& use, std::string wanted, std::string mode, std::string fix) const;

 private:
  References& references_;
};

}  // namespace meshcert::checks
