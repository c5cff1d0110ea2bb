#include "checks/gateway_judge.hpp"

#include <algorithm>
#include <unordered_map>

#include "checks/gateway_kinds.hpp"
#include "checks/signing_ca.hpp"

namespace meshcert::checks {

extern const Check k_gateway_check;
extern const FindingSpec kNoGateway;

namespace {

bool is_of_gateways(const KubernetesObject& object) {
  return object.as<IstioGateway>() != nullptr || object.as<ApiGateway>() != nullptr ||
         object.as<BackendTlsPolicy>() != nullptr || object.as<DestinationRule>() != nullptr;
}

class GatewayJudge {
 public:
  GatewayJudge(const Inventory& inventory, const Policy& policy, FindingSink& sink)
      : inventory_(inventory), policy_(policy), sink_(sink), references_(inventory, sink) {}

  void judge() {
    for (const auto& object : inventory_.objects) {
      if (const auto* istio = object->as<IstioGateway>()) judge_istio_gateway(*object, *istio, references_);
      if (const auto* api = object->as<ApiGateway>()) judge_api_gateway(*object, *api, references_);
      if (const auto* policy = object->as<BackendTlsPolicy>())
        judge_backend_policy(*object, *policy, references_);
      if (const auto* rule = object->as<DestinationRule>())
        judge_destination_rule(*object, *rule, references_);
    }
    const bool alone = policy_.serving.asked && !any_gateway();
    if (alone || policy_.serving.any()) {
      const bool any_secret = judge_secrets(), any_file = judge_files();
      if (alone && !any_secret && !any_file) report_none();
    }
    references_.finish();
  }

  [[nodiscard]] const std::vector<ServerRow>& rows() const { return references_.rows().list(); }

 private:
  [[nodiscard]] bool any_gateway() const {
    return std::ranges::any_of(inventory_.objects,
                               [](const auto& object) { return is_of_gateways(*object); });
  }

  // What could not be read may hold one.
  void report_none() {
    if (inventory_.errors.empty() && std::ranges::none_of(inventory_.defects, &Defect::lost))
      sink_.report(kNoGateway, first_input(inventory_), "");
  }

  // --- Secrets and files, for a server that was asked about ---

  // They answer whether there was anything that a gateway could present.

  bool judge_secrets() {
    const auto is_secret = [](const auto& object) { return object->kind == "Secret"; };
    const bool one = std::ranges::count_if(inventory_.objects, is_secret) == 1;
    bool any = false;
    for (const auto& object : inventory_.objects) {
      const auto* credential = object->template as<Credential>();
      if (credential == nullptr || !is_secret(object) || !(one || has_pair_key(*credential))) continue;
      if (is_ca_secret(*object)) continue;
      any = true;
      Use use = use_alone(object.get(), object->source);
      const std::vector<std::string> own{std::string(space_of(*object))};
      use.spaces = &own;
      references_.present(use, std::vector<std::string>{object->name});
      if (is_mutual(use.mode)) references_.verify(use, "", object->name, "its clients");
    }
    return any;
  }

  bool judge_files() {
    bool any = false;
    for (const Artifact& artifact : inventory_.artifacts) {
      if (artifact.object != nullptr || artifact.certificates.empty()) continue;
      any = true;  // be it a certificate that signed itself, and looks like a CA
      if (!is_bundle(artifact.kind)) judge_file(artifact);
    }
    return any;
  }

  void judge_file(const Artifact& chain) {
    Use use = use_alone(nullptr, chain.source);
    use.file = chain.name;
    references_.present_file(chain, use);
  }

  [[nodiscard]] Use use_alone(const KubernetesObject* object, const SourceRef& where) const {
    const std::string mode = policy_.serving.mode.empty() ? "SIMPLE" : policy_.serving.mode;
    Use use{object, where,
            std::string("a server with this ") + (object == nullptr ? "certificate" : "Secret")};
    use.mode = mode;
    use.hosts = policy_.serving.hosts;
    use.alone = true;
    return use;
  }

  const Inventory& inventory_;
  const Policy& policy_;
  FindingSink& sink_;
  References references_;
};

}  // namespace

void judge_gateways(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  const auto relevant = [](const auto& object) { return is_of_gateways(*object); };
  const bool alone = policy.serving.asked || policy.serving.any();
  if (alone || std::ranges::any_of(inventory.objects, relevant))
    GatewayJudge(inventory, policy, sink).judge();
}

}  // namespace meshcert::checks

namespace meshcert {

std::string_view to_string(ServerReport::Status status) {
  switch (status) {
    case ServerReport::Status::works:
      return "works";
    case ServerReport::Status::warned:
      return "warned";
    case ServerReport::Status::fails:
      return "fails";
    case ServerReport::Status::unknown:
      break;
  }
  return "unknown";
}

std::vector<ServerReport> report_servers(const Inventory& inventory, const Policy& policy,
                                         const std::vector<Finding>& findings) {
  std::unordered_map<std::string, Severity> worst;
  for (const Finding& finding : findings) {
    Severity& severity =
        worst.try_emplace(checks::place_key(finding.where, finding.resource), Severity::info).first->second;
    severity = std::max(severity, finding.severity);
  }
  std::vector<Finding> unread;
  const Selection everything;
  checks::FindingSink sink(checks::k_gateway_check.may_report, policy, everything, unread);
  checks::GatewayJudge judge(inventory, policy, sink);
  judge.judge();
  std::vector<ServerReport> servers;
  for (const checks::ServerRow& row : judge.rows()) {
    Severity severity = Severity::info;
    for (const std::string& place : row.places)
      if (const auto found = worst.find(place); found != worst.end())
        severity = std::max(severity, found->second);
    ServerReport& server = servers.emplace_back(row.report);
    server.status = severity == Severity::error     ? ServerReport::Status::fails
                    : severity == Severity::warning ? ServerReport::Status::warned
                    : row.unknown                   ? ServerReport::Status::unknown
                                                    : ServerReport::Status::works;
  }
  return servers;
}

}  // namespace meshcert
