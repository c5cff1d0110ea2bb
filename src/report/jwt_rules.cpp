#include "report/jwt_rules.hpp"

#include "meshcert/jwt_rule.hpp"

namespace meshcert::report {

std::string rule_issuer(const JwtRule& rule) {
  return rule.issuer.empty() ? "(any issuer)" : rule.issuer;
}

std::vector<std::pair<std::string_view, std::string>> rule_fields(const JwtRule& rule) {
  std::vector<std::pair<std::string_view, std::string>> fields{{"Issuer", rule_issuer(rule)}};
  for (const std::string& audience : rule.audiences) fields.emplace_back("Audience", audience);
  if (rule.audiences.empty()) fields.emplace_back("Audience", "(any)");
  for (const std::string& location : rule.locations) fields.emplace_back("Token in", location);
  if (!rule.keys_uri.empty()) fields.emplace_back("Keys at", rule.keys_uri);
  if (rule.has_keys)
    fields.emplace_back("Keys", rule.not_fetched.empty() ? "in the rule" : "made up by istiod");
  return fields;
}

Json rule_json(const JwtRule& rule) {
  Json object;
  object["of_proxy"] = rule.of_proxy;
  put_text_or_null(object, "issuer", rule.issuer);
  object["audiences"] = rule.audiences;
  object["locations"] = rule.locations;
  put_text_or_null(object, "keys_uri", rule.keys_uri);
  object["has_keys"] = rule.has_keys;
  put_text_or_null(object, "not_fetched", rule.not_fetched);
  return object;
}

}  // namespace meshcert::report
