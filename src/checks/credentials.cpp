#include "checks/credentials.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <tuple>

#include "base/kubectl.hpp"

namespace meshcert::checks {
namespace {

struct PairKeys {
  std::string_view certificates, key;
};
// In the order in which istiod looks for them.
constexpr std::array<PairKeys, 2> kPairs{{{"cert", "key"}, {"tls.crt", "tls.key"}}};
constexpr PairKeys kWorkloads{"cert-chain.pem", "key.pem"};
constexpr std::array<std::string_view, 2> kCas{"cacert", "ca.crt"};

constexpr std::string_view kNobodyRefused =
    "nobody is refused for being in that list of revoked certificates";
constexpr std::array kStrays = {
    Stray{"cacert", "ca.crl", "crl", kNobodyRefused, "store the list under crl, or the CA under ca.crt"},
    Stray{"ca.crt", "crl", "ca.crl", kNobodyRefused, "store the list under ca.crl, or the CA under cacert"},
    Stray{"cert", "tls.ocsp-staple", "no staple", "no response is stapled",
          "store the pair under tls.crt and tls.key, or take tls.ocsp-staple out"}};

bool has_value(const Credential& credential, std::string_view name) {
  const Credential::Key* key = credential.find(name);
  return key != nullptr && !key->empty;
}

bool has_both(const Credential& credential, const PairKeys& pair) {
  return credential.find(pair.certificates) != nullptr && credential.find(pair.key) != nullptr;
}

const Credential& credential_of(const KubernetesObject& object) {
  static const Credential kNone;
  const auto* credential = object.as<Credential>();
  return credential == nullptr ? kNone : *credential;
}

Taken taken(const Cluster& cluster, const KubernetesObject& object, std::string_view key) {
  const Credential::Key* value = credential_of(object).find(key);
  return {
      Taken::Fault::none, "", &object, key, cluster.part(&object, key), value != nullptr && value->withheld};
}

// The API server takes none of that type without tls.key: it was taken out of what was read there. Of a
// manifest it is missing.
bool is_without_key(const KubernetesObject& object, const Credential& credential) {
  return object.live && credential.type == "kubernetes.io/tls" && has_value(credential, "tls.crt") &&
         std::ranges::none_of(credential.keys, [](const Credential::Key& key) {
           return key.name.find("key") != std::string::npos;
         });
}

Taken fault(Taken::Fault kind, const KubernetesObject& object, std::string why) {
  return {kind, std::move(why), &object, "", nullptr};
}

}  // namespace

std::string pasteable(std::string_view name, std::string_view otherwise) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789.-";
  const bool plain =
      !name.empty() && name.front() != '-' && name.find_first_not_of(kAllowed) == std::string_view::npos;
  return std::string(plain ? name : otherwise);
}

std::string config_map_command(std::string_view space, std::string_view name) {
  return "kubectl create configmap " + pasteable(name, "NAME") + " -n " + pasteable(space, "NAMESPACE") +
         " --from-file=ca.crt=ca.pem";
}

std::string_view key_beside(std::string_view certificates) {
  if (certificates == kWorkloads.certificates) return kWorkloads.key;
  const auto* pair = std::ranges::find(kPairs, certificates, &PairKeys::certificates);
  return pair == kPairs.end() ? "" : pair->key;
}

bool is_empty_under(const KubernetesObject& object, std::string_view key) {
  const Credential::Key* value = credential_of(object).find(key);
  return value != nullptr && value->empty;
}

std::string fill_command(const KubernetesObject& object) {
  const std::string name = pasteable(object.name, "NAME"), space = pasteable(space_of(object), "NAMESPACE");
  const Credential& credential = credential_of(object);
  base::SecretPair pair{name, space, credential.type};
  const auto* used = std::ranges::find_if(
      kPairs, [&credential](const PairKeys& keys) { return has_both(credential, keys); });
  if (used != kPairs.end()) std::tie(pair.certificates, pair.key) = std::tie(used->certificates, used->key);
  return base::fill_secret_command(pair);
}

std::string key_list(const Credential& credential) {
  constexpr std::size_t kShown = 3;
  const std::size_t size = credential.keys.size();
  std::string text;
  for (std::size_t i = 0; i < std::min(size, kShown); ++i)
    text += (i == 0 ? "" : ", ") + credential.keys[i].name;
  return size < kShown ? text : fmt::format("{}, and {} more...", text, size - kShown);
}

bool has_pair_key(const Credential& credential) {
  return credential.type == "kubernetes.io/tls" ||
         std::ranges::any_of(kPairs, [&](const PairKeys& pair) { return has_both(credential, pair); });
}

bool is_watched(const KubernetesObject& object) {
  constexpr std::array<std::string_view, 2> kPassedOver = {"helm.sh/release.v1",
                                                           "kubernetes.io/service-account-token"};
  return object.kind != "Secret" ||
         std::ranges::find(kPassedOver, credential_of(object).type) == kPassedOver.end();
}

Taken take_pair(const Cluster& cluster, const KubernetesObject& object) {
  const Credential& credential = credential_of(object);
  for (const auto& [certificates, key] : kPairs)
    if (has_value(credential, certificates) && has_value(credential, key))
      return taken(cluster, object, certificates);
  for (const auto& [certificates, key] : kPairs)
    if (has_both(credential, {certificates, key}))
      return fault(Taken::Fault::empty_keys, object,
                   fmt::format("found keys \"{}\" and \"{}\", but they were empty", certificates, key));
  if (is_without_key(object, credential)) return taken(cluster, object, "tls.crt");
  return fault(
      Taken::Fault::missing_keys, object,
      "found secret, but didn't have expected keys (cert and key) or (tls.crt and tls.key); found: " +
          key_list(credential));
}

Taken take_ca(const Cluster& cluster, const KubernetesObject& object) {
  const Credential& credential = credential_of(object);
  for (const std::string_view key : kCas)
    if (has_value(credential, key)) return taken(cluster, object, key);
  for (const std::string_view key : kCas)
    if (credential.find(key) != nullptr)
      return fault(Taken::Fault::empty_keys, object, fmt::format("found key \"{}\", but it was empty", key));
  return fault(
      Taken::Fault::missing_keys, object,
      "found secret, but didn't have expected keys cacert or ca.crt; found: " + key_list(credential));
}

const Stray* stray_of(const Taken& taken) {
  const auto row = std::ranges::find(kStrays, taken.key, &Stray::key);
  if (row == kStrays.end() || taken.object == nullptr) return nullptr;
  const Credential& credential = credential_of(*taken.object);
  return has_value(credential, row->found) && !has_value(credential, row->required) ? &*row : nullptr;
}

Taken absent(std::string_view kind, std::string_view space, std::string_view name) {
  const std::string_view what = kind == "ConfigMap" ? "configmap" : "secret";
  return {Taken::Fault::absent,
          space.empty() ? fmt::format("{} {} not found", what, name)
                        : fmt::format("{} {}/{} not found", what, space, name),
          nullptr, "", nullptr};
}

}  // namespace meshcert::checks
