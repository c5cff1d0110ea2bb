#include "report/json_parts.hpp"

#include <type_traits>
#include <variant>

namespace meshcert::report {
namespace {

void put_fact(Json& facts, const Fact& fact) {
  const std::string name(fact.name);
  std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string>)
          put_text(facts, name, value);
        else if constexpr (std::is_same_v<T, Instant>)
          facts[name] = to_rfc3339(value);
        else if constexpr (std::is_same_v<T, Seconds>)
          facts[name] = value.count();
        else
          facts[name] = value;
      },
      fact.value);
}

}  // namespace

Json source_json(const SourceRef& where) {
  Json source;
  put_text(source, "file", where.file);
  source["line"] = where.line;
  put_text_or_null(source, "pointer", where.pointer);
  source["certificate"] = or_null(where.certificate);
  return source;
}

Json finding_json(const Finding& finding) {
  Json object;
  object["code"] = finding.spec->code;
  object["severity"] = to_string(finding.severity);
  put_text(object, "message", message_of(finding));
  object["source"] = source_json(finding.where);
  put_text_or_null(object, "resource", finding.resource);
  Json& facts = object["facts"] = Json::object();
  for (const Fact& fact : finding.facts)
    if (!fact.name.starts_with('_')) put_fact(facts, fact);  // turns of phrase are not data
  put_text(object, "fix", fix_of(finding));
  put_text_or_null(object, "reference", finding.spec->reference);
  return object;
}

Json error_json(const Error& error) {
  Json object;
  object["source"] = source_json(error.where);
  put_text(object, "message", error.message);
  return object;
}

}  // namespace meshcert::report
