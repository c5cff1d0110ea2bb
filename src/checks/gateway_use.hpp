#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checks/secret_uses.hpp"
#include "meshcert/kubernetes.hpp"

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

  std::string effect = {};  ///< that a certificate fails, where it is not the usual one

  bool alone = false;  ///< nobody uses it in the input: what was asked about it

  std::string file = {};  ///< where that is no Secret: the name of a chain

  /// resource is what a report names; title, the user of what is used here.
  [[nodiscard]] std::string resource() const { return object == nullptr ? file : object->title(); }
  [[nodiscard]] std::string title() const { return alone ? "" : object->title() + ", " + part; }
};

/// pods_of says whose pods take what is named: those of a gateway, or the clients that a DestinationRule is
/// for.
[[nodiscard]] std::string_view pods_of(const Use& use);

/// effect_of says what comes of it that a proxy gets nothing.
[[nodiscard]] std::string effect_of(const Use& use);

/// what_is says of what kind an object that is referred to is: "it is a ConfigMap".
[[nodiscard]] std::string what_is(const ObjectRef& ref);

/// shown_spaces lists the first namespaces of many.
inline constexpr std::size_t kShownSpaces = 3;
[[nodiscard]] std::string shown_spaces(const std::vector<std::string>& spaces);

/// Target is what a reference names.
struct Target {
  std::string kind = "Secret", space = {}, name = {};
  std::string says = {};  ///< how istiod's text about it begins
  [[nodiscard]] std::string title() const {
    return (kind.empty() ? "" : kind + ' ') + (space.empty() ? "" : space + '/') + name;
  }
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

}  // namespace meshcert::checks
