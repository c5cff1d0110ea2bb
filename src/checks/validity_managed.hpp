#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/check.hpp"

/// What cert-manager says of the certificates that it keeps (Certificate status: renewalTime, conditions).
namespace meshcert::checks {

extern const FindingSpec kIssuanceFailed;
extern const FindingSpec kSecretShared;

/// is_renewal_missed: the Certificate that keeps the leaf was to renew it an hour ago or more, by its own
/// word.
[[nodiscard]] bool is_renewal_missed(const Subject& subject, const Policy& policy);
/// rule_of_keeper: "cert-manager was to renew it at ..., by Certificate shop/web", or is to; "" where nobody
/// says so.
[[nodiscard]] std::string rule_of_keeper(const Subject& subject, const Policy& policy);
/// how_to_ask_keeper is what to type to learn why it was not renewed, or to have it renewed before its time.
[[nodiscard]] std::string how_to_ask_keeper(const KubernetesObject& certificate, const Policy& policy);

/// StatedTerm is the dates of a certificate of which there are no octets.
struct StatedTerm {
  SourceRef where;
  std::string resource;
  std::optional<Instant> not_before, not_after;
  bool is_ca = false;
  std::string what;       ///< "leaf certificate listed", as messages begin
  std::string renew;      ///< what to do
  std::string rule = {};  ///< who is to renew it when; "" where nobody says
  bool missed = false;    ///< and has not
};
/// terms_of_keepers are those of Certificates whose Secret was not given, or holds no certificate.
[[nodiscard]] std::vector<StatedTerm> terms_of_keepers(const Inventory& inventory, const Policy& policy);

/// check_issuance reports what the conditions of Certificates say.
void check_issuance(const Inventory& inventory, const Policy& policy, FindingSink& sink);
/// check_rivals reports Certificates that are to keep one Secret.
void check_rivals(const Inventory& inventory, FindingSink& sink);

}  // namespace meshcert::checks
