#include "report/jwks.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/base64.hpp"
#include "meshcert/spiffe_bundle.hpp"
#include "x509/jwk.hpp"
#include "x509/private_key.hpp"

namespace meshcert {
namespace {

using Json = nlohmann::ordered_json;

void put_numbers(Json& entry, const PublicKey& key) {
  const x509::JwkText jwk = x509::spki_to_jwk(key);
  for (const auto& [name, value] :
       {std::pair{"kty", &jwk.kty}, std::pair{"crv", &jwk.crv}, std::pair{"n", &jwk.n},
        std::pair{"e", &jwk.e}, std::pair{"x", &jwk.x}, std::pair{"y", &jwk.y}})
    if (!value->empty()) entry[name] = *value;
}

Json authority(const Certificate& certificate) {
  Json entry{{"use", "x509-svid"}};
  put_numbers(entry, certificate.key);
  entry["x5c"] = Json::array({base::encode_base64(certificate.der)});
  return entry;
}

Json key_entry(const BundleKey& key) {
  Json entry = Json::object();
  if (!key.use.empty()) entry["use"] = key.use;
  if (const auto decoded = x509::public_key_of(key.spki)) put_numbers(entry, *decoded);
  if (!key.kid.empty()) entry["kid"] = key.kid;
  if (!key.alg.empty()) entry["alg"] = key.alg;
  return entry;
}

void put_metadata(Json& document, const SpiffeBundle& bundle) {
  for (const auto& [name, value] : {std::pair{"spiffe_sequence", &bundle.sequence},
                                    std::pair{"spiffe_refresh_hint", &bundle.refresh_hint}})
    if (!value->empty()) document[name] = Json::parse(*value);
}

Json document_of(const std::vector<const Artifact*>& bundles) {
  Json document = Json::object();
  if (bundles.size() == 1 && bundles.front()->bundle) put_metadata(document, *bundles.front()->bundle);
  Json& keys = document["keys"] = Json::array();
  std::set<std::string_view> seen;
  for (const Artifact* bundle : bundles) {
    for (const Certificate& certificate : bundle->certificates)
      if (seen.insert(as_text(certificate.der)).second) keys.push_back(authority(certificate));
    if (bundle->bundle == nullptr) continue;
    for (const BundleKey& key : bundle->bundle->keys) keys.push_back(key_entry(key));
  }
  return document;
}

}  // namespace

std::string render_jwks(const std::vector<const Artifact*>& bundles) {
  std::map<std::string, std::vector<const Artifact*>> domains;
  for (const Artifact* bundle : bundles) domains[bundle->trust_domain].push_back(bundle);
  Json document = Json::object();
  if (domains.size() == 1) {
    document = document_of(bundles);
  } else {
    for (const auto& [domain, members] : domains) document["trust_domains"][domain] = document_of(members);
  }
  return document.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace meshcert
