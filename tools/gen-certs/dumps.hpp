#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "sample.hpp"

namespace gencerts {

using Json = nlohmann::ordered_json;

/// The DataSource forms of Envoy (config.core.v3.DataSource).
[[nodiscard]] Json inline_bytes(std::string_view octets);
[[nodiscard]] Json inline_string(std::string_view text);

/// chain_secret is a tls.v3.Secret with a certificate chain and the
/// placeholder that Envoy prints for a private key.
[[nodiscard]] Json chain_secret(std::string_view name, Json chain);
/// root_secret is one with a trust bundle.
[[nodiscard]] Json root_secret(std::string_view name, Json trusted_ca);
/// bare_secret holds a name alone: not delivered yet.
[[nodiscard]] Json bare_secret(std::string_view name);

/// dynamic wraps a secret as the lists of dynamic secrets hold it.
[[nodiscard]] Json dynamic(Json secret, std::string_view version = "2024-01-01T00:00:03Z",
                           std::string_view updated = "2024-01-01T00:00:03.482Z");

/// Dump is what `istioctl proxy-config secret -o json` prints: the
/// SecretsConfigDump, lists that are empty left out.
struct Dump {
  std::vector<Json> active, warming, fixed;
  [[nodiscard]] Json document() const;
};

/// dump is a file of that document, or of any other JSON.
[[nodiscard]] Sample dump(const Json& json, std::vector<Octets> certificates);
/// workload_dump has the two secrets of every sidecar: default and ROOTCA.
[[nodiscard]] Sample workload_dump(const std::vector<Octets>& chain, const std::vector<Octets>& roots);
/// spiffe_validator is the configuration of Envoy's SPIFFE validator: of each trust domain, its PEM.
[[nodiscard]] Json spiffe_validator(const std::vector<std::pair<std::string_view, std::string>>& bundles);

/// spire_dump has Envoy's SPIFFE validator, with the anchors of each trust domain,
/// and, where it is given, a trusted_ca beside it.
struct DomainRoots {
  DomainRoots(std::string_view name, const Octets& root) : trust_domain(name), roots{root} {}
  DomainRoots(std::string_view name, std::vector<Octets> anchors)
      : trust_domain(name), roots(std::move(anchors)) {}
  std::string_view trust_domain;
  std::vector<Octets> roots;
};
[[nodiscard]] Sample spire_dump(const Octets& leaf, const std::vector<DomainRoots>& roots,
                                const Octets& trusted_ca = {});

/// snake_case spells every key as Envoy's admin endpoint does.
[[nodiscard]] Json snake_case(const Json& json);
/// print writes JSON with four spaces, as protojson does.
[[nodiscard]] std::string print(const Json& json);

}  // namespace gencerts
