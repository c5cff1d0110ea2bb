#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "meshcert/policy.hpp"
#include "meshcert/source_ref.hpp"
#include "meshcert/time.hpp"

namespace meshcert {

/// Severity. Error: a peer, the API server, Envoy or istiod
/// refuses it, or it breaks a MUST that the profile applies. Warning: a SHOULD,
/// or it will break soon. Info: worth knowing.
enum class Severity : std::uint8_t { info, warning, error };
[[nodiscard]] std::string_view to_string(Severity severity);

/// FindingSpec is the constant half of a finding: one row of the catalogue.
/// `message` and `fix` name facts in braces ("expired {expired} ago"); the
/// facts of a finding include every one named; literal braces are doubled.
struct FindingSpec {
  std::string_view code;       ///< "validity.expired": the family is the file in src/checks/
  Severity istio;              ///< severity in profile istio
  Severity spiffe;             ///< severity in profile spiffe
  std::string_view message;    ///< both sides: what was found, what was required
  std::string_view fix;        ///< what to do next
  std::string_view reference;  ///< "RFC 5280 4.1.2.5"

  [[nodiscard]] Severity severity(Profile profile) const {
    return profile == Profile::istio ? istio : spiffe;
  }
  [[nodiscard]] std::string_view family() const { return code.substr(0, code.find('.')); }
};

/// Fact is one named value of a finding. Text keeps the exact octets of the
/// input; renderers escape. A name that begins with "_" is a turn of phrase for
/// the message or the fix and is no part of the JSON facts.
struct Fact {
  using Value = std::variant<std::string, std::int64_t, bool, Instant, Seconds>;

  template <class Text>
  requires std::convertible_to<Text, std::string_view> Fact(std::string_view fact, Text&& text)
      : name(fact), value(std::string(std::forward<Text>(text))) {}
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) Fact(std::string_view fact, Number number)
      : name(fact), value(static_cast<std::int64_t>(number)) {}
  Fact(std::string_view fact, Value any) : name(fact), value(std::move(any)) {}

  std::string_view name;
  Value value;
};

/// Finding is one verdict: the spec, where it holds, and the facts.
struct Finding {
  const FindingSpec* spec;
  Severity severity;
  SourceRef where;
  std::string resource;  ///< the artifact's resource or name
  std::vector<Fact> facts;

  /// fact finds a value by name; null when there is none.
  [[nodiscard]] const Fact::Value* fact(std::string_view name) const;
};

/// message_of and fix_of fill the spec's template with the facts. A fact "used_by", the
/// gateways that use a Secret, ends any message, with "_said", what istiod and Envoy say of it; a
/// fact "_fix" takes the place of the fix.
[[nodiscard]] std::string message_of(const Finding& finding);
[[nodiscard]] std::string fix_of(const Finding& finding);

/// fact_text renders one fact as messages do: times in RFC 3339, lengths of
/// time humanized.
[[nodiscard]] std::string fact_text(const Fact::Value& value);

}  // namespace meshcert
