#pragma once

#include <optional>
#include <string>

#include "checks/cluster.hpp"
#include "checks/webhook_call.hpp"
#include "checks/webhook_pairs.hpp"
#include "path/verify.hpp"

namespace meshcert::checks {

/// Serving is what a service presents, or who issued that.
struct Serving {
  const Artifact* chain = nullptr;
  bool is_issuer = false;  ///< the CA that signs istiod's own certificate

  [[nodiscard]] const Certificate& leaf() const { return chain->certificates[chain->leaf]; }
  [[nodiscard]] std::string title() const;
};

/// ServingJudge holds bundles against what the services present: found in their namespaces, or
/// given with --against.
class ServingJudge {
 public:
  ServingJudge(const Inventory& inventory, const Policy& policy, const Cluster& cluster, FindingSink& sink)
      : inventory_(inventory), policy_(policy), cluster_(cluster), sink_(sink) {}

  /// reports_hollow: what the service is to present is a Secret without a certificate in it, which
  /// is of no use whatever the bundle.
  bool reports_hollow(const WebhookCall& call);

  /// check reports what the API server will refuse, and notes in the call whether the bundle is to
  /// blame. Answers whether there was something to verify.
  bool check(WebhookCall& call);

 private:
  /// What is wrong with what is served, whatever the bundle, and what mends it.
  struct Trouble {
    std::string found, mend;
  };

  [[nodiscard]] Serving serving_of(const WebhookCall& call);
  [[nodiscard]] const Artifact* served_pair(const WebhookCall& call);
  [[nodiscard]] const Artifact* injected_pair(const WebhookCall& call) const;
  [[nodiscard]] path::Path way_to(const Artifact& bundle, const Serving& serving,
                                  const Certificate* between = nullptr);
  void offer_chain_file(const Serving& serving, path::Store& store) const;
  [[nodiscard]] const KubernetesObject* mounted_by(const WebhookCall& call) const;
  [[nodiscard]] std::optional<Trouble> trouble_of(const Serving& serving) const;
  [[nodiscard]] std::optional<Trouble> missing_link(const WebhookCall& call, const Serving& serving);
  [[nodiscard]] const Certificate* issuer_of(const Certificate& certificate);
  [[nodiscard]] bool stands_beside(const WebhookCall& call, const Serving& serving) const;
  void report_stale(const WebhookCall& call, const Serving& serving);
  [[nodiscard]] std::string twin_of(const Artifact& bundle, const Certificate& last);

  const Inventory& inventory_;
  const Policy& policy_;
  const Cluster& cluster_;
  FindingSink& sink_;
  x509::SignatureVerifier signatures_;
  std::optional<ServedPairs> pairs_;        ///< put together when it is needed
  std::optional<path::Store> authorities_;  ///< every CA of the run, likewise
};

}  // namespace meshcert::checks
