#include "input/xfcc_grammar.hpp"

#include <algorithm>

#include "tests/conformance/suites.hpp"

namespace meshcert::conformance {

Verdict judge_xfcc(const Json& row) {
  const auto header = text_member(row, "header");
  if (!header) return fail(header.error());
  const auto elements = input::parse_xfcc(*header);
  // Envoy finds no key at all: to it the header is as good as none.
  if (!elements || std::ranges::none_of(*elements, input::knows_any)) return Json{{"valid", false}};
  Json list = Json::array();
  for (const input::XfccElement& element : *elements) {
    Json object = Json::object();
    for (const XfccField& field : element)
      if (field.key != XfccKey::unknown) object[std::string(to_string(field.key))].push_back(field.value);
    list.push_back(std::move(object));
  }
  return Json{{"valid", true}, {"elements", std::move(list)}};
}

}  // namespace meshcert::conformance
