// The JSON report, key by key as docs/report.schema.json has
// it: every key is always there, null where there is nothing to say.

#include "base/hex.hpp"
#include "meshcert/report.hpp"
#include "meshcert/spiffe_bundle.hpp"
#include "meshcert/spiffe_id.hpp"
#include "report/crls.hpp"
#include "report/hops.hpp"
#include "report/json_parts.hpp"
#include "report/json_text.hpp"
#include "report/jwt_rules.hpp"
#include "report/log_block.hpp"
#include "report/paths.hpp"
#include "report/probe_block.hpp"
#include "report/servers.hpp"
#include "report/tokens.hpp"
#include "x509/private_key.hpp"

namespace meshcert {
namespace {

using report::error_json;
using report::finding_json;
using report::Json;
using report::or_null;
using report::put_text;
using report::put_text_or_null;
using report::source_json;

template <class T, class Make>
Json decoded_or_null(const Extension<T>& extension, Make make) {
  return extension ? Json(make(*extension)) : Json(nullptr);
}

Json san_json(const Extension<SubjectAltName>& extension) {
  Json list = Json::array();
  if (!extension) return list;
  for (const GeneralName& name : extension->names) {
    Json entry;
    entry["type"] = type_name(name.type);
    put_text(entry, "value", to_string(name));
    list.push_back(std::move(entry));
  }
  return list;
}

Json spiffe_id_json(const Extension<SubjectAltName>& extension) {
  if (!extension || extension->uri_count != 1) return nullptr;
  const auto id = SpiffeId::parse(extension->first_uri);
  if (!id) return nullptr;
  const auto istio = IstioIdentity::parse(id->uri());
  Json identity;
  identity["id"] = id->uri();
  identity["trust_domain"] = id->trust_domain().name();
  identity["path"] = id->path();
  identity["namespace"] = istio ? Json(istio->namespace_name) : Json(nullptr);
  identity["service_account"] = istio ? Json(istio->service_account) : Json(nullptr);
  return identity;
}

Json public_key_json(const PublicKey& key) {
  Json object;
  object["algorithm"] = algorithm_name(key);
  object["bits"] = key.bits;
  object["curve"] = or_null(curve_name(key));
  return object;
}

Json path_length_json(const Extension<BasicConstraints>& constraints) {
  return constraints ? or_null(constraints->path_length) : Json(nullptr);
}

void put_times(Json& object, const Certificate& certificate, Instant at) {
  object["not_before"] = to_rfc3339(certificate.not_before);
  object["not_after"] = to_rfc3339(certificate.not_after);
  object["remaining_seconds"] = (certificate.not_after - at).count();
  object["lifetime_seconds"] = certificate.lifetime().count();
}

void put_usages(Json& object, const Extensions& extensions) {
  object["key_usage"] = decoded_or_null(extensions.key_usage, key_usage_names);
  object["key_usage_critical"] = extensions.key_usage.critical();
  object["extended_key_usage"] = decoded_or_null(extensions.extended_key_usage, extended_key_usage_names);
}

void put_names(Json& object, const Extensions& extensions) {
  object["san"] = san_json(extensions.subject_alt_name);
  object["san_critical"] = extensions.subject_alt_name.critical();
  object["malformed"] = malformed_extensions(extensions);
  object["spiffe_id"] = spiffe_id_json(extensions.subject_alt_name);
}

void put_key_ids(Json& object, const Extensions& extensions) {
  object["subject_key_id"] = decoded_or_null(extensions.subject_key_id, base::to_hex);
  const bool has_key_id = extensions.authority_key_id && !extensions.authority_key_id->key_id.empty();
  object["authority_key_id"] =
      has_key_id ? Json(base::to_hex(extensions.authority_key_id->key_id)) : Json(nullptr);
}

Json certificate_json(const Artifact& artifact, std::size_t index, Instant at) {
  const Certificate& certificate = artifact.certificates[index];
  Json object;
  object["index"] = index;
  object["role"] = to_string(role_of(artifact, index));
  object["version"] = certificate.version;
  put_text(object, "subject", to_rfc4514(certificate.subject));
  put_text(object, "issuer", to_rfc4514(certificate.issuer));
  object["serial"] = serial_hex(certificate);
  put_times(object, certificate, at);
  object["is_ca"] = certificate.is_ca();
  object["path_length"] = path_length_json(certificate.extensions.basic_constraints);
  object["self_signed"] = or_null(certificate.self_signed);
  object["key"] = public_key_json(certificate.key);
  object["signature_algorithm"] = algorithm_name(certificate.signature_algorithm);
  put_usages(object, certificate.extensions);
  put_names(object, certificate.extensions);
  put_key_ids(object, certificate.extensions);
  object["sha256"] = sha256_fingerprint(certificate);
  return object;
}

/// key_json says what is known of a private key; of the key itself nothing is kept.
Json key_json(const std::optional<KeyFacts>& key) {
  if (!key) return nullptr;
  const PublicHalf* half = key->half();
  Json object;
  object["present"] = key->present;
  object["redacted"] = key->redacted;
  object["encrypted"] = key->encrypted;
  object["algorithm"] = half == nullptr ? Json(nullptr) : Json(algorithm_name(half->key));
  object["bits"] = half == nullptr || half->key.bits == 0 ? Json(nullptr) : Json(half->key.bits);
  object["matches_leaf"] = key->matches_leaf ? Json(*key->matches_leaf) : Json(nullptr);
  return object;
}

/// put_listed adds what is only listed; the key is absent where nothing is.
void put_listed(Json& object, const Artifact& artifact) {
  const auto time = [](const std::optional<Instant>& instant) {
    return instant ? Json(to_rfc3339(*instant)) : Json(nullptr);
  };
  for (const Listed& listed : artifact.listed) {
    if (listed.certificate) continue;
    Json entry;
    entry["source"] = source_json(listed.where);
    entry["is_ca"] = listed.is_ca;
    put_text_or_null(entry, "serial", listed.serial);
    entry["not_before"] = time(listed.not_before);
    entry["not_after"] = time(listed.not_after);
    entry["uris"] = listed.uris;
    object["listed"].push_back(std::move(entry));
  }
}

/// bundle_json is what a SPIFFE bundle or a JWKS says besides its certificates.
Json bundle_json(const SpiffeBundle& bundle) {
  const auto number = [](const std::string& text) {
    return text.empty() ? Json(nullptr) : Json::parse(text);
  };
  Json object;
  object["sequence"] = number(bundle.sequence);
  object["refresh_hint"] = number(bundle.refresh_hint);
  Json& keys = object["keys"] = Json::array();
  for (const BundleKey& key : bundle.keys) {
    Json entry;
    put_text_or_null(entry, "use", key.use);
    put_text_or_null(entry, "kid", key.kid);
    const auto decoded = x509::public_key_of(key.spki);
    entry["key"] = decoded ? public_key_json(*decoded) : Json(nullptr);
    keys.push_back(std::move(entry));
  }
  return object;
}

Json artifact_json(const Artifact& artifact, const Report& report) {
  const Instant at = report.policy.at;
  Json object;
  object["kind"] = to_string(artifact.kind);
  put_text(object, "name", artifact.name);
  put_text_or_null(object, "resource", artifact.resource);
  object["source"] = source_json(artifact.source);
  put_text_or_null(object, "state", to_string(artifact.state));
  put_text_or_null(object, "trust_domain", artifact.trust_domain);
  Json& certificates = object["certificates"] = Json::array();
  for (std::size_t index = 0; index < artifact.certificates.size(); ++index)
    certificates.push_back(certificate_json(artifact, index, at));
  object["key"] = key_json(artifact.key);
  put_listed(object, artifact);
  if (artifact.bundle != nullptr) object["bundle"] = bundle_json(*artifact.bundle);
  if (!artifact.crls.empty()) object["crls"] = report::crls_json(artifact.crls, at);
  if (artifact.xfcc != nullptr) object["xfcc"] = report::xfcc_json(*artifact.xfcc);
  if (artifact.probe) object["probe"] = report::probe_json(*artifact.probe);
  if (artifact.jwt != nullptr) object["jwt"] = report::jwt_json(*artifact.jwt, report);
  if (artifact.jwt_rule != nullptr) object["jwt_rule"] = report::rule_json(*artifact.jwt_rule);
  if (artifact.log) object["log"] = report::log_json(*artifact.log, at);
  return object;
}

Json summary_json(const Report& report) {
  Json summary;
  summary["inputs"] = report.inventory.inputs;
  summary["skipped"] = report.inventory.skipped;
  summary["artifacts"] = report.inventory.artifacts.size();
  summary["certificates"] = report.certificates();
  summary["findings"] = {{"error", report.count(Severity::error)},
                         {"warning", report.count(Severity::warning)},
                         {"info", report.count(Severity::info)}};
  summary["unread"] = report.unread;
  return summary;
}

}  // namespace

std::string render_json(const Report& report, const RenderOptions& /*options*/) {
  Json document;
  document["schema"] = "meshcert/report/v1";
  document["tool"] = {{"name", "meshcert"}, {"version", MESHCERT_VERSION}};
  document["at"] = to_rfc3339(report.policy.at);
  document["verb"] = report.verb;
  document["profile"] = to_string(report.policy.profile);
  document["verdict"] = verdict(report);
  document["summary"] = summary_json(report);
  Json& artifacts = document["artifacts"] = Json::array();
  for (std::size_t index = 0; index < report.inventory.artifacts.size(); ++index) {
    artifacts.push_back(artifact_json(report.inventory.artifacts[index], report));
    if (Json paths = report::paths_json(report, index); !paths.is_null())
      artifacts.back()["paths"] = std::move(paths);
  }
  if (report.policy.serving.asked) document["servers"] = report::servers_json(report);
  Json& findings = document["findings"] = Json::array();
  for (const Finding& finding : report.findings) findings.push_back(finding_json(finding));
  Json& errors = document["errors"] = Json::array();
  for (const Error& error : report.inventory.errors) errors.push_back(error_json(error));
  return report::dumped(document);
}

}  // namespace meshcert
