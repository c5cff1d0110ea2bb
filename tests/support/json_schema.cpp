#include "tests/support/json_schema.hpp"

#include <algorithm>
#include <map>
#include <regex>

namespace meshcert::testing {
namespace {

using Json = nlohmann::json;

class Validator {
 public:
  explicit Validator(const Json& root) : root_(root) {}
  std::vector<std::string> faults;

  void check(const Json& schema, const Json& value, const std::string& place) {
    for (const auto& [word, rule] : schema.items()) {
      const auto known = words().find(word);
      if (known == words().end())
        faults.push_back(place + ": the validator does not know the word " + word);
      else
        (this->*known->second)(schema, rule, value, place);
    }
  }

 private:
  using Rule = void (Validator::*)(const Json&, const Json&, const Json&, const std::string&);
  static const std::map<std::string, Rule>& words() {
    static const std::map<std::string, Rule> table{
        {"$schema", &Validator::note},          {"title", &Validator::note},
        {"description", &Validator::note},      {"$defs", &Validator::note},
        {"$ref", &Validator::reference},        {"type", &Validator::type},
        {"const", &Validator::constant},        {"enum", &Validator::enumeration},
        {"minimum", &Validator::minimum},       {"pattern", &Validator::pattern},
        {"items", &Validator::items},           {"required", &Validator::required},
        {"properties", &Validator::properties}, {"additionalProperties", &Validator::additional},
        {"anyOf", &Validator::any_of},          {"allOf", &Validator::all_of},
        {"minItems", &Validator::min_items},    {"propertyNames", &Validator::names}};
    return table;
  }

  void require(bool holds, const std::string& place, const std::string& what) {
    if (!holds) faults.push_back(place + ": " + what);
  }
  void note(const Json&, const Json&, const Json&, const std::string&) {}
  void reference(const Json&, const Json& rule, const Json& value, const std::string& place) {
    check(root_.at(Json::json_pointer(rule.get<std::string>().substr(1))), value, place);
  }
  static bool is(const std::string& type, const Json& value) {
    if (type == "integer") return value.is_number_integer();
    return type == value.type_name();
  }
  void type(const Json&, const Json& rule, const Json& value, const std::string& place) {
    const bool holds = rule.is_string()
                           ? is(rule, value)
                           : std::ranges::any_of(rule, [&](const Json& t) { return is(t, value); });
    require(holds, place, "is " + std::string(value.type_name()) + ", not " + rule.dump());
  }
  void constant(const Json&, const Json& rule, const Json& value, const std::string& place) {
    require(rule == value, place, value.dump() + " is not " + rule.dump());
  }
  void enumeration(const Json&, const Json& rule, const Json& value, const std::string& place) {
    require(std::ranges::find(rule, value) != rule.end(), place,
            value.dump() + " is not one of " + rule.dump());
  }
  void minimum(const Json&, const Json& rule, const Json& value, const std::string& place) {
    require(!value.is_number() || value >= rule, place, value.dump() + " is less than " + rule.dump());
  }
  void pattern(const Json&, const Json& rule, const Json& value, const std::string& place) {
    const bool holds = !value.is_string() ||
                       std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>()));
    require(holds, place, value.dump() + " does not match " + rule.dump());
  }
  void items(const Json&, const Json& rule, const Json& value, const std::string& place) {
    if (!value.is_array()) return;
    for (std::size_t i = 0; i < value.size(); ++i) check(rule, value[i], place + "/" + std::to_string(i));
  }
  void min_items(const Json&, const Json& rule, const Json& value, const std::string& place) {
    require(!value.is_array() || value.size() >= rule, place, "has too few items");
  }
  void required(const Json&, const Json& rule, const Json& value, const std::string& place) {
    if (!value.is_object()) return;
    for (const Json& key : rule) require(value.contains(key), place, "has no key " + key.dump());
  }
  void properties(const Json&, const Json& rule, const Json& value, const std::string& place) {
    if (!value.is_object()) return;
    for (const auto& [key, schema] : rule.items())
      if (value.contains(key)) check(schema, value[key], place + "/" + key);
  }
  void names(const Json&, const Json& rule, const Json& value, const std::string& place) {
    if (!value.is_object()) return;
    for (const auto& [key, member] : value.items()) check(rule, key, place + "/" + key);
  }
  void additional(const Json& schema, const Json& rule, const Json& value, const std::string& place) {
    if (!value.is_object()) return;
    for (const auto& [key, member] : value.items()) {
      if (schema.contains("properties") && schema["properties"].contains(key)) continue;
      if (rule.is_boolean())
        require(rule.get<bool>(), place, "has the unknown key " + key);
      else
        check(rule, member, place + "/" + key);
    }
  }
  void any_of(const Json&, const Json& rule, const Json& value, const std::string& place) {
    const bool holds = std::ranges::any_of(rule, [&](const Json& schema) {
      Validator one(root_);
      one.check(schema, value, place);
      return one.faults.empty();
    });
    require(holds, place, value.dump() + " is none of " + rule.dump());
  }

  void all_of(const Json&, const Json& rule, const Json& value, const std::string& place) {
    for (const Json& schema : rule) check(schema, value, place);
  }

  const Json& root_;
};

}  // namespace

std::vector<std::string> schema_faults(const nlohmann::json& schema, const nlohmann::json& document) {
  Validator validator(schema);
  validator.check(schema, document, "");
  return validator.faults;
}

}  // namespace meshcert::testing
