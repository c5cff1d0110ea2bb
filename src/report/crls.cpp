#include "report/crls.hpp"

#include <fmt/format.h>

#include "base/hex.hpp"
#include "base/words.hpp"
#include "report/rows.hpp"
#include "x509/period.hpp"

namespace meshcert::report {
namespace {

Json or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

std::optional<std::string> base_number(const Crl& crl) {
  const auto& base = crl.extensions.base_crl_number;
  return base ? std::optional(crl_number_text(*base)) : std::nullopt;
}

ByteView key_id(const Crl& crl) {
  const auto& id = crl.extensions.authority_key_id;
  return id ? id->key_id : ByteView{};
}

std::string moment(Instant instant, const Policy& policy) {
  return fmt::format("{} ({})", to_rfc3339(instant), relative_time(instant, policy.at));
}

/// What of a CRL's scope is not everything that its issuer issued.
std::string scope_text(const Crl& crl) {
  const auto& point = crl.extensions.issuing_distribution_point;
  if (!point) return point.malformed() ? "malformed" : "";
  std::string text;
  const auto add = [&](bool says, std::string_view words) {
    if (says) text += (text.empty() ? "" : ", ") + std::string(words);
  };
  add(point->only_user_certificates, "end-entity certificates alone");
  add(point->only_ca_certificates, "CA certificates alone");
  add(point->only_attribute_certificates, "attribute certificates alone");
  add(point->only_some_reasons.has_value(), "some reasons alone");
  add(point->indirect, "of other issuers too");
  if (point->name) {
    for (const GeneralName& name : point->name->full_name)
      add(true, std::string(type_name(name.type)) + " " + to_string(name));
  }
  return text;
}

Json crl_json(const Crl& crl, Instant at) {
  Json object;
  put_text(object, "issuer", to_rfc4514(crl.issuer));
  object["number"] = or_null(crl_number_text(crl));
  object["base_number"] = or_null(base_number(crl));
  object["this_update"] = to_rfc3339(crl.this_update);
  object["next_update"] = crl.next_update ? Json(to_rfc3339(*crl.next_update)) : Json(nullptr);
  object["remaining_seconds"] = crl.next_update ? Json((*crl.next_update - at).count()) : Json(nullptr);
  object["entries"] = crl.entries.size();
  object["signature_algorithm"] = algorithm_name(crl.signature_algorithm);
  object["authority_key_id"] = key_id(crl).empty() ? Json(nullptr) : Json(base::to_hex(key_id(crl)));
  return object;
}

}  // namespace

Json crls_json(const std::vector<Crl>& crls, Instant at) {
  Json list = Json::array();
  for (const Crl& crl : crls) list.push_back(crl_json(crl, at));
  return list;
}

std::vector<std::pair<std::string_view, std::string>> crl_fields(const Crl& crl, const Policy& policy) {
  std::vector<std::pair<std::string_view, std::string>> fields;
  const auto add = [&](std::string_view label, std::string value) {
    if (!value.empty()) fields.emplace_back(label, std::move(value));
  };
  add("Issuer", to_rfc4514(crl.issuer));
  add("CRL number", crl_number_text(crl).value_or(""));
  add("Delta to CRL number", base_number(crl).value_or(""));
  add("This update", moment(crl.this_update, policy));
  add("Next update", crl.next_update ? moment(*crl.next_update, policy) : "not stated");
  add("Entries", revoked_count(crl));
  add("Scope", scope_text(crl));
  add("Signature algorithm", algorithm_name(crl.signature_algorithm));
  add("Authority key id", base::to_hex(key_id(crl)));
  return fields;
}

std::string revoked_count(const Crl& crl) {
  return base::counted(crl.entries.size(), "revoked certificate");
}

bool is_valid_at(const Crl& crl, const Policy& policy) {
  return x509::has_begun(crl.this_update, policy.at, policy.skew) &&
         !(crl.next_update && x509::has_ended(*crl.next_update, policy.at, policy.skew));
}

}  // namespace meshcert::report
