#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "checks/cluster.hpp"

/// What istiod takes out of Secrets and ConfigMaps that gateways name (istio
/// pilot/pkg/credentials/kube/secrets.go). Of what it watches it looks at keys alone, and at no type.
namespace meshcert::checks {

/// Taken is what istiod takes out of one, or why it takes nothing.
struct Taken {
  enum class Fault : std::uint8_t { none, absent, empty_keys, missing_keys };
  Fault fault = Fault::absent;
  std::string why;                           ///< of a fault: istiod's own words
  const KubernetesObject* object = nullptr;  ///< null where there is none
  std::string_view key;                      ///< under which the certificates stand: "tls.crt"
  const Artifact* part = nullptr;            ///< the certificates; null where none could be read

  bool withheld = false;  ///< or because a placeholder stands there

  [[nodiscard]] bool ok() const { return fault == Fault::none; }
  [[nodiscard]] bool is_readable() const { return part != nullptr && !part->certificates.empty(); }
};

/// is_watched: istiod knows of the object. To it there are no Secrets of two types, whatever is in them
/// (SecretsFieldSelector).
[[nodiscard]] bool is_watched(const KubernetesObject& object);

/// take_pair takes a certificate with its key: cert and key, else tls.crt and tls.key.
[[nodiscard]] Taken take_pair(const Cluster& cluster, const KubernetesObject& object);

/// take_ca takes CA certificates: cacert, else ca.crt.
[[nodiscard]] Taken take_ca(const Cluster& cluster, const KubernetesObject& object);

/// Stray is a value that belongs to keys of the other style, so that istiod does not look for it
/// beside those that it takes.
struct Stray {
  std::string_view key;              ///< under which the certificates stand
  std::string_view found, required;  ///< where it is, and where istiod reads it
  std::string_view effect, rename;   ///< what comes of it, and what mends it
};
[[nodiscard]] const Stray* stray_of(const Taken& taken);  ///< null where there is none

/// absent says in istiod's words that an object is not there.
[[nodiscard]] Taken absent(std::string_view kind, std::string_view space, std::string_view name);

/// key_beside names the key of a Secret with the private key of the certificate under another
/// ("tls.key" for "tls.crt"); "" where there is none of the kind.
[[nodiscard]] std::string_view key_beside(std::string_view certificates);

/// is_empty_under: a Secret has that key, and no value under it. One that is absent may have been
/// taken out by whoever gave the Secret away.
[[nodiscard]] bool is_empty_under(const KubernetesObject& object, std::string_view key);

/// has_pair_key: one of the keys of a pair is in it, so it is meant as a credential.
[[nodiscard]] bool has_pair_key(const Credential& credential);

/// pasteable is a name as a command may have it: what is no name of Kubernetes stays out
/// of commands that people paste.
[[nodiscard]] std::string pasteable(std::string_view name, std::string_view otherwise);

/// config_map_command makes the ConfigMap of a CA.
[[nodiscard]] std::string config_map_command(std::string_view space, std::string_view name);

/// fill_command writes both halves of a pair into a Secret, under the keys that istiod reads them from.
[[nodiscard]] std::string fill_command(const KubernetesObject& object);

/// key_list is how istiod lists the keys that it found instead: "a, b, c, and 2 more...".
[[nodiscard]] std::string key_list(const Credential& credential);

}  // namespace meshcert::checks
