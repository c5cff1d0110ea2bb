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
#include "checks/host_names.hpp"
#include "checks/proxies.hpp"
#include "checks/secret_uses.hpp"
#include "meshcert/server_report.hpp"

namespace meshcert::checks {

/// Use is one place of an object that presents certificates or verifies with them.
struct Use {
  const KubernetesObject* object = nullptr;  ///< a Secret, where one stands alone
  SourceRef where;
  std::string part;  ///< "server https"
  std::string mode = "SIMPLE";
  std::vector<std::string> hosts = {};               ///< that clients ask a server for
  const std::vector<std::string>* spaces = nullptr;  ///< of its pods; null or none: not known
  bool by_reference = false;    ///< the Gateway API's: an object is named, not a credential
  bool serves = true;           ///< to clients; otherwise it is a client itself
  bool pair_is_judged = false;  ///< of a CA beside a pair: that this is missing is said already

  bool alone = false;  ///< nobody uses it in the input: what was asked about it

  std::string file = {};  ///< where that is no Secret: the name of a chain

  /// resource is what a report names; title, the user of what is used here.
  [[nodiscard]] std::string resource() const { return object == nullptr ? file : object->title(); }
  [[nodiscard]] std::string title() const { return alone ? "" : object->title() + ", " + part; }
};

/// effect_of says what comes of it that a proxy gets nothing.
[[nodiscard]] std::string effect_of(const Use& use);

/// shown_spaces lists the first namespaces of many.
inline constexpr std::size_t kShownSpaces = 3;
[[nodiscard]] std::string shown_spaces(const std::vector<std::string>& spaces);

/// ServerRow is a server of a gateway as a report lists it, and the places that findings
/// about it and about what it uses have.
struct ServerRow {
  ServerReport report;
  std::vector<std::string> places;
  bool unknown = false;  ///< of what it names nothing was given
};

/// References resolves what gateways name as istiod does (istio pilot/pkg/xds/sds.go,
/// pilot/pkg/config/kube/gateway/conversion.go), and reports where that fails.
class References {
 public:
  References(const Inventory& inventory, FindingSink& sink);

  [[nodiscard]] bool knows_pods() const { return proxies_.any(); }
  [[nodiscard]] const std::vector<std::string>& spaces_of(const KubernetesObject::Labels& selector) {
    return proxies_.spaces_of(selector);
  }
  /// is_istios: the Gateway is of a class that Istio looks after.
  [[nodiscard]] bool is_istios(const ApiGateway& gateway) const;
  void report(const FindingSpec& spec, const Use& use, std::vector<Fact> facts);

  /// begin opens the row of a server: what is presented from here on is its.
  void begin(const Use& use);
  [[nodiscard]] const std::vector<ServerRow>& rows() const { return rows_; }

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

  /// note_without_pods: a Gateway's selector selects none of the pods given.
  void note_without_pods(const KubernetesObject& object, const std::string& labels);

  /// finish reports what concerns Secrets whoever uses them, and what was not given.
  void finish();

 private:
  /// Target is what a reference names.
  struct Target {
    std::string kind = "Secret", space = {}, name = {};
    std::string says = {};  ///< how istiod's text about it begins
    [[nodiscard]] std::string title() const { return kind + ' ' + (space.empty() ? "" : space + '/') + name; }
    /// resource is how istiod names it to a proxy.
    [[nodiscard]] std::string resource() const {
      if (!says.empty()) return says;
      return (kind == "ConfigMap" ? "configmap://" : "kubernetes-gateway://") + space + '/' + name;
    }
    /// named is how it is used. What is referred to, istiod loads itself, and sends nothing that
    /// it cannot.
    [[nodiscard]] SecretUses::Name named() const { return {resource(), says.empty()}; }
    /// means_ca: istiod reads no pair from a Secret of such a name.
    [[nodiscard]] bool means_ca() const { return kind == "Secret" && name.ends_with("-cacert"); }
  };
  /// Located is the objects of that name, one for each namespace of the gateway's pods.
  struct Located {
    std::vector<const KubernetesObject*> found;
    std::vector<std::string> missing;  ///< namespaces; "" for "in none"
    bool unknown = false;              ///< nothing of the kind was given
  };
  struct Grants {
    bool all = false;
    std::set<std::string, std::less<>> names;
  };
  using GrantKey = std::vector<std::string>;
  using Presented = std::vector<const Artifact*>;

  void index_grants(const KubernetesObject& object, const ReferenceGrant& grant);
  [[nodiscard]] static Target target_of(const CredentialName& named);
  [[nodiscard]] static Target target_of(const Use& use, const ObjectRef& ref);
  [[nodiscard]] Located locate(const Use& use, const Target& target);
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
  void verify(const Use& use, const Target& target, std::string_view peers);
  /// why_without_ca says why istiod takes no CA from an object that is there.
  [[nodiscard]] std::string why_without_ca(const KubernetesObject& object) const;
  [[nodiscard]] Taken take_beside(const Use& use, const KubernetesObject* own,
                                  const KubernetesObject* shadow);
  void report_crl_beside(const Use& use, const KubernetesObject& own, const KubernetesObject& shadow);
  void note_in_row(const Use& use, const CredentialName& named);
  void note_in_row(const Use& use, const Target& target, const Located& located);
  void note_in_row(const Use& use, const Taken& taken, bool presented);
  void note_verifier(const Use& use, const Target& target, const Taken& taken);
  void note_unknown(const Use& use, const Target& target);
  const HostNames& names_of_chain(const Artifact& chain);
  void report_unknown();
  /// note_guess: an Istio Gateway's Secret was looked for without knowing where its pods are.
  void note_guess(const Use& use, const Target& target, const std::string& space);
  void report_guesses();

  FindingSink& sink_;
  Cluster cluster_;
  Proxies proxies_;
  SecretUses uses_;
  std::vector<ServerRow> rows_;
  std::map<GrantKey, Grants> grants_;
  std::map<std::string, std::vector<const KubernetesObject*>, std::less<>> managed_;  ///< by Secret
  std::unordered_map<const Artifact*, HostNames> host_names_;
  struct Unknown {
    SourceRef where;
    std::string resource, first;
    std::set<std::string> names;
    bool by_reference = false;
  };
  std::map<std::string, Unknown> unknown_;  ///< by kind
  struct WithoutPods {
    const KubernetesObject* object;
    std::size_t others;
  };
  std::map<std::string, WithoutPods> without_pods_;  ///< by labels
  struct Guess {
    const KubernetesObject* object;
    std::string labels, name;
    std::vector<std::string> spaces;  ///< that which was taken, then others that have the name
    std::set<std::string> names;
  };
  std::map<std::pair<std::string, std::string>, Guess>
      guesses_;  ///< by labels, and name where several have it
};

}  // namespace meshcert::checks
