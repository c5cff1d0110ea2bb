#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/finding.hpp"
#include "meshcert/inventory.hpp"
#include "meshcert/policy.hpp"

namespace meshcert {

/// ServerReport is one server of a gateway, or one that connects to others with a
/// credential: what it presents, and whether that works.
struct ServerReport {
  enum class Status : std::uint8_t { works, warned, fails, unknown };

  std::string gateway;                   ///< "Gateway shop/public"
  std::string part;                      ///< "server https"
  std::string mode;                      ///< as Istio spells it
  std::vector<std::string> hosts;        ///< as they are written, namespaces apart
  std::vector<std::string> credentials;  ///< "Secret istio-system/shop-cert"
  std::optional<Instant> not_after;      ///< of the first of its certificates to end
  Status status = Status::works;         ///< unknown: what it names was not given
};
[[nodiscard]] std::string_view to_string(ServerReport::Status status);  ///< "works", "fails" ...

/// report_servers lists the servers of every gateway of the run, in order, with the worst
/// that the findings say of each and of what it uses.
[[nodiscard]] std::vector<ServerReport> report_servers(const Inventory& inventory, const Policy& policy,
                                                       const std::vector<Finding>& findings);

}  // namespace meshcert
