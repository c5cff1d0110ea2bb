#include "dumps.hpp"

#include <cctype>

namespace gencerts {
namespace {

constexpr std::string_view kSecretType =
    "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";
constexpr std::string_view kRedacted = "[redacted]";

std::string snake_case_key(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0) out += '_';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

}  // namespace

Json inline_bytes(std::string_view octets) {
  return {{"inlineBytes", base64(octets)}};
}
Json inline_string(std::string_view text) {
  return {{"inlineString", text}};
}

Json bare_secret(std::string_view name) {
  return {{"@type", kSecretType}, {"name", name}};
}

Json chain_secret(std::string_view name, Json chain) {
  Json secret = bare_secret(name);
  secret["tlsCertificate"] = {{"certificateChain", std::move(chain)},
                              {"privateKey", inline_bytes(kRedacted)}};
  return secret;
}

Json root_secret(std::string_view name, Json trusted_ca) {
  Json secret = bare_secret(name);
  secret["validationContext"] = {{"trustedCa", std::move(trusted_ca)}};
  return secret;
}

Json dynamic(Json secret, std::string_view version, std::string_view updated) {
  Json entry{{"name", secret["name"]}, {"versionInfo", version}, {"lastUpdated", updated}};
  entry["secret"] = std::move(secret);
  return entry;
}

Json Dump::document() const {
  Json json = Json::object();
  if (!fixed.empty()) json["staticSecrets"] = fixed;
  if (!active.empty()) json["dynamicActiveSecrets"] = active;
  if (!warming.empty()) json["dynamicWarmingSecrets"] = warming;
  return json;
}

Sample dump(const Json& json, std::vector<Octets> certificates) {
  return bare_file(print(json), std::move(certificates));
}

Sample workload_dump(const std::vector<Octets>& chain, const std::vector<Octets>& roots) {
  Dump secrets;
  secrets.active = {dynamic(chain_secret("default", inline_bytes(pem(chain)))),
                    dynamic(root_secret("ROOTCA", inline_bytes(pem(roots))))};
  std::vector<Octets> all = chain;
  all.insert(all.end(), roots.begin(), roots.end());
  return dump(secrets.document(), all);
}

Json spiffe_validator(const std::vector<std::pair<std::string_view, std::string>>& bundles) {
  Json config{
      {"@type", "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig"}};
  for (const auto& [trust_domain, text] : bundles)
    config["trustDomains"].push_back({{"name", trust_domain}, {"trustBundle", inline_bytes(text)}});
  return {{"name", "envoy.tls.cert_validator.spiffe"}, {"typedConfig", config}};
}

Sample spire_dump(const Octets& leaf, const std::vector<DomainRoots>& roots, const Octets& trusted_ca) {
  std::vector<std::pair<std::string_view, std::string>> bundles;
  std::vector<Octets> all{leaf};
  for (const DomainRoots& row : roots) {
    bundles.emplace_back(row.trust_domain, pem(row.roots));
    all.insert(all.end(), row.roots.begin(), row.roots.end());
  }
  Json secret = bare_secret("ROOTCA");
  secret["validationContext"]["customValidatorConfig"] = spiffe_validator(bundles);
  if (!trusted_ca.empty()) {
    secret["validationContext"]["trustedCa"] = inline_bytes(pem(trusted_ca));
    all.push_back(trusted_ca);
  }
  Dump secrets;
  secrets.active = {dynamic(chain_secret("default", inline_bytes(pem(leaf)))), dynamic(secret)};
  return dump(secrets.document(), all);
}

Json snake_case(const Json& json) {
  if (json.is_array()) {
    Json out = Json::array();
    for (const Json& item : json) out.push_back(snake_case(item));
    return out;
  }
  if (!json.is_object()) return json;
  Json out = Json::object();
  for (const auto& [key, value] : json.items()) out[snake_case_key(key)] = snake_case(value);
  return out;
}

std::string print(const Json& json) {
  return json.dump(4) + "\n";
}

}  // namespace gencerts
