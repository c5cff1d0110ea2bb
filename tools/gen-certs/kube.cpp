#include "kube.hpp"

#include <fmt/format.h>

#include <functional>

#include "mesh.hpp"
#include "yaml.hpp"

namespace gencerts {
namespace {

/// uid is of the form of a UUID, the same in every run.
std::string uid(std::string_view name) {
  std::uint64_t hash = 1469598103934665603ULL;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  const std::string digits = fmt::format("{:016x}", hash);
  return fmt::format("{}-{}-4000-8000-{}{}", digits.substr(0, 8), digits.substr(8, 4), digits.substr(0, 8),
                     digits.substr(12, 4));
}

Json list_of(std::vector<Json> items) {
  return {{"apiVersion", "v1"},
          {"items", std::move(items)},
          {"kind", "List"},
          {"metadata", {{"resourceVersion", ""}}}};
}

}  // namespace

Json object(std::string_view api_version, std::string_view kind, std::string_view space,
            std::string_view name) {
  Json metadata{{"creationTimestamp", "2023-12-01T09:30:00Z"}, {"name", name}};
  if (!space.empty()) metadata["namespace"] = space;
  metadata["resourceVersion"] = "123456";
  metadata["uid"] = uid(fmt::format("{}/{}/{}", kind, space, name));
  return {{"apiVersion", api_version}, {"kind", kind}, {"metadata", std::move(metadata)}};
}

Json secret(std::string_view space, std::string_view name, std::string_view type,
            std::initializer_list<Entry> data) {
  Json json = object("v1", "Secret", space, name);
  json["data"] = Json::object();
  for (const auto& [key, text] : data) json["data"][std::string(key)] = base64(text);
  json["type"] = type;
  return json;
}

Json config_map(std::string_view space, std::string_view name, std::initializer_list<Entry> data) {
  Json json = object("v1", "ConfigMap", space, name);
  json["data"] = Json::object();
  for (const auto& [key, text] : data) json["data"][std::string(key)] = text;
  return json;
}

std::string key_pem(Workshop& workshop, std::string_view name) {
  return pem("PRIVATE KEY", pkcs8_of(workshop.key(name)));
}

std::string serving_chain(Workshop& w) {
  return pem({serving_leaf(w, "gateway/healthy").build(), the_web_intermediate(w)});
}

Json gateway_secret(Workshop& w) {
  return secret(kSystem, "shop-cert", kTls,
                {{"tls.crt", serving_chain(w)}, {"tls.key", key_pem(w, "workload")}});
}

Json istio_ca_secret(Workshop& w) {
  return secret(kSystem, "istio-ca-secret", "istio.io/ca-root",
                {{"ca-cert.pem", pem(the_root(w))},
                 {"ca-key.pem", key_pem(w, "root")},
                 {"cert-chain.pem", ""},
                 {"key.pem", ""},
                 {"root-cert.pem", pem(the_root(w))}});
}

Json root_config_map(std::string_view space, const std::string& roots) {
  return config_map(space, "istio-ca-root-cert", {{"root-cert.pem", roots}});
}

Json destination_rule(std::string_view host, Json tls) {
  Json json = object("networking.istio.io/v1", "DestinationRule", "shop", "bank");
  json["spec"] = {{"host", host}, {"trafficPolicy", {{"tls", std::move(tls)}}}};
  return json;
}

Sample kube_list(std::vector<Json> items, std::vector<Octets> certificates) {
  return bare_file(print_yaml(list_of(std::move(items))), std::move(certificates));
}

Sample kube_json(std::vector<Json> items, std::vector<Octets> certificates) {
  return bare_file(print(list_of(std::move(items))), std::move(certificates));
}

Sample manifests(std::vector<Json> objects, std::vector<Octets> certificates) {
  std::string text;
  for (const Json& json : objects) text += (text.empty() ? "" : "---\n") + print_yaml(json);
  return bare_file(std::move(text), std::move(certificates));
}

Json as_manifest(Json json) {
  for (const char* key : {"creationTimestamp", "resourceVersion", "uid"}) json["metadata"].erase(key);
  return json;
}

}  // namespace gencerts
