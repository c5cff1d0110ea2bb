#include "meshcert/finding.hpp"

#include <algorithm>
#include <cassert>

namespace meshcert {
namespace {

struct TextOf {
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(Instant instant) const { return to_rfc3339(instant); }
  std::string operator()(Seconds duration) const { return humanize(duration); }
};

// A name in braces is a fact of the finding, or one of its own parts.
std::string value_of(const Finding& finding, std::string_view name) {
  if (const Fact::Value* value = finding.fact(name)) return fact_text(*value);
  if (name == "resource") return finding.resource;
  if (name == "file") return finding.where.file;
  assert(!"a message names a fact that the finding lacks");
  return {};
}

// Braces that are meant literally are doubled, as fmt has it.
std::string fill(std::string_view text, const Finding& finding) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const bool doubled = at + 1 < text.size() && text[at] == text[at + 1];
    if (text[at] == '{' && !doubled) {
      const auto close = text.find('}', at);
      assert(close != std::string_view::npos);
      out += value_of(finding, text.substr(at + 1, close - at - 1));
      at = close + 1;
      continue;
    }
    const bool brace = text[at] == '{' || text[at] == '}';
    out += text[at];
    at += brace && doubled ? 2 : 1;
  }
  return out;
}

}  // namespace

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::info:
      break;
  }
  return "info";
}

const Fact::Value* Finding::fact(std::string_view name) const {
  const auto found = std::ranges::find(facts, name, &Fact::name);
  return found == facts.end() ? nullptr : &found->value;
}

std::string fact_text(const Fact::Value& value) {
  return std::visit(TextOf{}, value);
}

// Of a finding that another run made its words alone may be known.
std::string message_of(const Finding& finding) {
  if (const Fact::Value* own = finding.fact("_message")) return fact_text(*own);
  const Fact::Value* users = finding.fact("used_by");
  const Fact::Value* said = finding.fact("_said");
  return fill(finding.spec->message, finding) + (users == nullptr ? "" : "; used by " + fact_text(*users)) +
         (said == nullptr ? "" : fact_text(*said));
}

std::string fix_of(const Finding& finding) {
  if (const Fact::Value* own = finding.fact("_fix")) return fact_text(*own);
  return fill(finding.spec->fix, finding);
}

}  // namespace meshcert
