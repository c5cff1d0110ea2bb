#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "checks/check.hpp"
#include "checks/cluster.hpp"
#include "checks/credential_names.hpp"
#include "checks/credentials.hpp"
#include "checks/gateway_grants.hpp"
#include "checks/gateway_not_given.hpp"
#include "checks/gateway_rows.hpp"
#include "checks/gateway_use.hpp"
#include "checks/host_names.hpp"
#include "checks/proxies.hpp"

namespace meshcert::checks {

/// References resolves what gateways name as istiod does (istio pilot/pkg/xds/sds.go,
/// pilot/pkg/config/kube/gateway/conversion.go), and reports where that fails.
class References {
 public:
  References(const Inventory& inventory, FindingSink& sink);

  [[nodiscard]] bool knows_pods() const { return proxies_.any(); }
  [[nodiscard]] const std::vector<std::string>& spaces_of(const KubernetesObject& object,
                                                          const IstioGateway& gateway) {
    return proxies_.spaces_of(gateway.selector, object.label("istio.io/rev"));
  }
  /// gateway_of a ListenerSet is the Gateway that it adds listeners to, null where that is not given; else
  /// itself.
  [[nodiscard]] const ApiGateway* gateway_of(const ApiGateway& gateway) const;
  /// is_istios: the Gateway is of a class that Istio looks after.
  [[nodiscard]] bool is_istios(const ApiGateway& gateway) const;
  void report(const FindingSpec& spec, const Use& use, std::vector<Fact> facts);

  /// rows lists the servers; not_given, what nobody gave. Both are for the gateway's kind to fill, too.
  [[nodiscard]] ServerRows& rows() { return rows_; }
  [[nodiscard]] const ServerRows& rows() const { return rows_; }
  [[nodiscard]] NotGiven& not_given() { return not_given_; }

  /// present looks at the certificates that are presented, by credentialName or by reference.
  void present(const Use& use, const std::vector<std::string>& credentials);
  void present(const Use& use, const std::vector<ObjectRef>& refs);

  /// present_file looks at a chain that stands alone in a file.
  void present_file(const Artifact& chain, const Use& use);

  /// verify looks at the CA that `peers` are verified with: a caCertCredentialName, else
  /// the one beside a credential.
  void verify(const Use& use, const std::string& ca_credential, const std::string& beside,
              std::string_view peers);
  void verify(const Use& use, const ObjectRef& ref, std::string_view peers);
  void verify_beside(const Use& use, const ObjectRef& pair, std::string_view peers);
  void verify_backend(const Use& use, const ObjectRef& ref);

  void no_ca(const Use& use, std::string_view peers, std::string found, std::string_view says,
             std::string fix = "");
  /// check_authority reports what clients are verified with and can have signed none.
  void check_authority(const Use& use, const Taken& taken, std::string_view peers);
  void invalid(const Use& use, const ObjectRef& ref, std::string found, std::string_view required,
               std::string says, std::string fix);

  /// finish reports what concerns Secrets whoever uses them, and what was not given.
  void finish();

 private:
  using Presented = std::vector<const Artifact*>;

  [[nodiscard]] static Target target_of(const CredentialName& named);
  [[nodiscard]] static Target target_of(const Use& use, const ObjectRef& ref);
  [[nodiscard]] Located locate(const Use& use, const Target& target);
  /// watched is the object of that name there, null where istiod knows of none.
  [[nodiscard]] const KubernetesObject* watched(const Target& target, std::string_view space) const;
  /// is_passed_over: there is one, of a type that istiod does not watch.
  [[nodiscard]] bool is_passed_over(const Target& target, std::string_view space) const;
  /// absence says how it comes that istiod knows of none there: "does not exist".
  [[nodiscard]] std::string absence(const Target& target, std::string_view space) const;
  [[nodiscard]] std::string guess_space(const Use& use, const Target& target) const;
  [[nodiscard]] bool may_refer(const Use& use, const ObjectRef& ref);
  [[nodiscard]] const KubernetesObject* manager_of(const Target& target, std::string_view space) const;

  /// namesakes says which namespaces have an object of that name; "" where none has.
  [[nodiscard]] std::string namesakes(const Target& target) const;
  void report_missing(const Use& use, const Target& target, const Located& located);
  void present(const Use& use, const Target& target, const ObjectRef* ref, Presented& presented);
  /// Answers whether all that is presented by that name was looked at.
  bool present(const Use& use, const CredentialName& named, Presented& presented);
  void report_name(const Use& use, const CredentialName& named);
  void report_map_as_pair(const Use& use, const CredentialName& named);
  [[nodiscard]] static bool is_foreign(const Use& use, const Target& target);
  void report_foreign(const Use& use, const Target& target, std::string_view what);
  void verify_named(const Use& use, const CredentialName& named, bool is_own, std::string_view peers);
  struct Refusal {
    std::string why, istiod, fix;
  };
  /// refusal_of says why no CA is taken by that name, whatever there is; nothing where it may be.
  [[nodiscard]] Refusal refusal_of(const Use& use, const CredentialName& named, bool is_own) const;
  /// refuses reports that, or leaves it to where the credential is presented.
  bool refuses(const Use& use, const CredentialName& named, bool is_own, std::string_view peers);
  [[nodiscard]] std::string right_name(const Use& use, const CredentialName& named, bool is_own) const;
  [[nodiscard]] std::string right_map(const Use& use, const CredentialName& named) const;
  void report_ca_name(const Use& use, const Target& target, const Located& located);
  void report_pair_name(const Use& use, const Target& target, const KubernetesObject& object);
  void check_pair(const Use& use, const ObjectRef& ref, const Taken& taken);
  void check_hosts(const Use& use, const Presented& presented);
  void check_any_name(const Use& use, const Presented& presented);
  void verify(const Use& use, const Target& target, std::string_view peers);
  void verify_with(const Use& use, const Target& target, const KubernetesObject* own,
                   const KubernetesObject* shadow, const std::string& says, std::string_view peers);
  [[nodiscard]] std::string fix_of_shadow(const KubernetesObject* own, const KubernetesObject& shadow) const;
  /// why_without_ca says why istiod takes no CA from an object that is there.
  [[nodiscard]] std::string why_without_ca(const KubernetesObject& object) const;
  [[nodiscard]] Taken take_beside(const Use& use, const KubernetesObject* own,
                                  const KubernetesObject* shadow);
  void report_crl_beside(const Use& use, const KubernetesObject& own, const KubernetesObject& shadow);
  void note_verifier(const Use& use, const Target& target, const Taken& taken);
  const HostNames& names_of_chain(const Artifact& chain);

  FindingSink& sink_;
  Cluster cluster_;
  Proxies proxies_;
  SecretUses uses_;
  Grants grants_;
  NotGiven not_given_;
  ServerRows rows_;
  std::map<std::string, std::vector<const KubernetesObject*>, std::less<>> managed_;  ///< by Secret
  std::unordered_map<const Artifact*, HostNames> host_names_;
};

}  // namespace meshcert::checks
