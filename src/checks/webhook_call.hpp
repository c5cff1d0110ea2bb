#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/check.hpp"
#include "checks/webhook_injection.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {

/// WebhookCall is one entry with its bundle. It borrows.
struct WebhookCall {
  const KubernetesObject* object;
  const WebhookEntry* entry;
  const Artifact* bundle = nullptr;  ///< null where there is none to read
  Injection injection = {};          ///< who writes it, where that is cert-manager
  bool stale = false;                ///< it does not verify what is known to be presented
  bool proven = false;               ///< it does
  /// tested: there was something to hold it against; unknown where it is not as far as that.
  std::optional<bool> tested = std::nullopt;

  [[nodiscard]] bool is_usable() const { return bundle != nullptr && !bundle->certificates.empty(); }
  [[nodiscard]] std::string name() const {
    return object->title() + (entry->name.empty() ? "" : ", " + entry->name);
  }
  [[nodiscard]] std::string dns_name() const {
    return entry->service_name + "." + entry->service_namespace + ".svc";
  }
  /// is_bare: the value alone was given, without the object it is of.
  [[nodiscard]] bool is_bare() const { return object->kind == "file" || object->kind == "standard"; }
  [[nodiscard]] bool in_cluster() const { return !entry->service_name.empty(); }
  [[nodiscard]] bool is_istiod() const {
    return entry->service_name.starts_with("istiod") || entry->service_name == "istio-pilot";
  }
};

/// report_call reports a finding about an entry, with the words that all of them share: whom it
/// calls, what follows, who owns the object, and how it is filled.
void report_call(const FindingSpec& spec, const WebhookCall& call, std::vector<Fact> more, FindingSink& sink);

}  // namespace meshcert::checks
