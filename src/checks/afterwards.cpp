#include "checks/afterwards.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {
namespace {

// The verb `gateway` is about what gateways use, and what could not be read.
bool concerns_gateways(const Finding& finding) {
  const std::string_view family = finding.spec->family();
  return family == "gateway" || family == "input" || family == "secret-state" ||
         finding.fact("used_by") != nullptr;
}

}  // namespace

void keep_of_gateways(const Inventory& inventory, const Policy& policy, std::vector<Finding>& findings) {
  const auto names_credentials = [](const auto& object) {
    return object->template as<IstioGateway>() != nullptr || object->template as<ApiGateway>() != nullptr;
  };
  if (policy.serving.asked && !policy.serving.any() &&
      std::ranges::any_of(inventory.objects, names_credentials))
    std::erase_if(findings, [](const Finding& finding) { return !concerns_gateways(finding); });
}

void say_once(std::vector<Finding>& findings) {
  std::set<std::string, std::less<>> presented;
  for (const Finding& finding : findings)
    if (finding.spec->code == "gateway.empty-keys") presented.insert(finding.resource);
  if (!presented.empty())
    std::erase_if(findings, [&presented](const Finding& finding) {
      return finding.spec->code == "key.missing" && presented.contains(finding.resource);
    });
}

}  // namespace meshcert::checks
