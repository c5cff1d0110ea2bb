#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kube.hpp"
#include "recipe.hpp"

/// Gateways of both APIs and what they name, in parts, for the recipes.
namespace gencerts {

[[nodiscard]] std::string chain_of(Workshop& w);
[[nodiscard]] Json tls_secret(Workshop& w, std::string_view space = kSystem,
                              std::string_view name = "shop-cert");
[[nodiscard]] Json clients_secret(Workshop& w, std::string_view name);
[[nodiscard]] Json clients_map(Workshop& w, std::string_view space);
[[nodiscard]] Json pod(std::string_view space = kSystem);
[[nodiscard]] Json server(Json tls, std::vector<std::string> hosts = {"shop.example.com"});
[[nodiscard]] Json simple(std::string_view credential = "shop-cert");
[[nodiscard]] Json mutual(std::string_view credential = "shop-cert");
[[nodiscard]] Json gateway(std::vector<Json> servers, std::string_view name = "public");
[[nodiscard]] Json reference(std::string_view kind, std::string_view name, std::string_view space = {});
[[nodiscard]] Json listener(Json refs, std::string_view hostname = "shop.example.com");
[[nodiscard]] Json api_gateway(std::vector<Json> listeners);
[[nodiscard]] Json grant(std::string_view space, std::string_view from_kind, std::string_view to_kind,
                         std::string_view name = {});
[[nodiscard]] Json backend_policy(Json ref);
/// managed is what has cert-manager write a Secret.
[[nodiscard]] Json managed(std::string_view space, std::string_view name);
/// shown is what of them the samples are about.
[[nodiscard]] std::vector<Octets> shown(Workshop& w);

}  // namespace gencerts
