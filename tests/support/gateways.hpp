#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "meshcert/inspect.hpp"
#include "meshcert/kubernetes.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

/// Gateways and what they name, as manifests of a few lines.
namespace meshcert::testing {

/// Objects are read and judged as the program does it.
class Objects final : public InventorySink {
 public:
  explicit Objects(const std::string& text) {
    REQUIRE(read_input("f.yaml", as_bytes(text), {}, *this));
    policy.at = *parse_rfc3339("2024-01-01T06:00:00Z");
  }

  /// codes is without that of Secrets found while no pods are there, as in most tests.
  [[nodiscard]] std::vector<std::string> codes() const {
    std::vector<std::string> all = all_codes();
    std::erase(all, "pods-not-given");
    return all;
  }
  [[nodiscard]] std::vector<std::string> all_codes() const {
    std::vector<std::string> all;
    for (const Finding& finding : judge(inventory, policy, Selection{{"gateway"}, {}}))
      all.emplace_back(finding.spec->code.substr(8));
    return all;
  }
  /// message is that of the first finding, of a guess about namespaces where there is no other.
  [[nodiscard]] std::string message() const {
    std::string guess;
    for (const Finding& finding : judge(inventory, policy, Selection{{"gateway"}, {}})) {
      if (finding.spec->code != "gateway.pods-not-given") return message_of(finding);
      guess = message_of(finding);
    }
    return guess;
  }

  Policy policy;
};

using Codes = std::vector<std::string>;

inline std::string indented(const std::string& text) {
  std::string out;
  for (const auto& line : split_lines(text)) out += "    " + std::string(line) + "\n";
  return out;
}

inline std::string pem(const std::string& path) {
  const std::string text = read_source("certs/" + path);
  return indented(text.substr(text.find("-----BEGIN")));
}

inline std::string object(const std::string& kind, const std::string& space, const std::string& name,
                          const std::string& rest) {
  const std::string version =
      kind == "Gateway" || kind == "DestinationRule" ? "networking.istio.io/v1" : "v1";
  return "---\napiVersion: " + version + "\nkind: " + kind + "\nmetadata: {name: " + name +
         ", namespace: " + space + "}\n" + rest;
}

inline std::string pair(const std::string& space, const std::string& name,
                        const std::string& certificate = "tls.crt", const std::string& key = "tls.key") {
  return object("Secret", space, name,
                "stringData:\n  " + certificate + ": |\n" + pem("gateway/healthy.pem") + "  " + key +
                    ": |\n" + pem("keys/workload.pem"));
}

inline std::string ca(const std::string& kind, const std::string& space, const std::string& name,
                      const std::string& key = "ca.crt", const std::string& file = "pki/root.pem") {
  return object(kind, space, name,
                (kind == "Secret" ? "stringData:\n  " : "data:\n  ") + key + ": |\n" + pem(file));
}

inline std::string gateway(const std::string& tls, const std::string& hosts = "[shop.example.com]",
                           const std::string& name = "g") {
  return object("Gateway", "shop", name,
                "spec:\n  selector: {istio: ingress}\n  servers:\n  - port: {name: https, protocol: HTTPS}\n"
                "    hosts: " +
                    hosts + "\n    tls: " + tls + "\n");
}

inline std::string pod(const std::string& space, const std::string& labels = "{istio: ingress, app: x}") {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: " + space + ", labels: " + labels +
         "}\n";
}

inline std::string service(const std::string& space,
                           const std::string& selector = "{istio: ingress, app: x}") {
  return object("Service", space, "s", "spec: {selector: " + selector + "}\n");
}

// Its own labels are not those of its pods.
inline std::string deployment(const std::string& space, int replicas) {
  return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: " + space +
         ", labels: {istio: other}}\nspec:\n  replicas: " + std::to_string(replicas) +
         "\n  template: {metadata: {labels: {istio: ingress, app: x}}}\n";
}

inline std::string simple(const std::string& name) {
  return "{mode: SIMPLE, credentialName: \"" + name + "\"}";
}

inline std::string mutual(const std::string& name) {
  return "{mode: MUTUAL, credentialName: \"" + name + "\"}";
}

}  // namespace meshcert::testing
