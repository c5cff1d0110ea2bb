#include "tests/support/json_oracle.hpp"

#include <simdjson.h>

#include "input/json_fault.hpp"
#include "input/json_reader.hpp"

namespace meshcert::testing {
namespace {

using input::Node;
namespace dom = simdjson::dom;

bool is_same(const Node& node, const dom::element& element);

bool is_same(const Node& node, const dom::array& array) {
  std::size_t at = 0;
  for (const dom::element& item : array)
    if (at == node.items.size() || !is_same(node.items[at++], item)) return false;
  return at == node.items.size();
}

bool is_same(const Node& node, const dom::object& object) {
  std::size_t at = 0;
  for (const auto& [key, value] : object) {
    if (at == node.members.size() || node.members[at].key != key) return false;
    if (!is_same(node.members[at++].value, value)) return false;
  }
  return at == node.members.size();
}

bool is_same(const Node& node, const dom::element& element) {
  switch (element.type()) {
    case dom::element_type::ARRAY:
      return node.is(Node::Kind::sequence) && is_same(node, element.get_array().value_unsafe());
    case dom::element_type::OBJECT:
      return node.is(Node::Kind::mapping) && is_same(node, element.get_object().value_unsafe());
    case dom::element_type::STRING:
      return node.is(Node::Kind::text) && node.text == element.get_string().value_unsafe();
    case dom::element_type::BOOL:
      return node.is(Node::Kind::boolean) && (node.text == "true") == element.get_bool().value_unsafe();
    case dom::element_type::NULL_VALUE:
      return node.is(Node::Kind::null);
    default:
      return node.is(Node::Kind::number);
  }
}

bool is_of_one_alone(simdjson::error_code error) {
  return error == simdjson::NUMBER_ERROR || error == simdjson::DEPTH_ERROR || error == simdjson::CAPACITY;
}

}  // namespace

std::string disagreement(std::string_view text) {
  dom::parser parser;
  dom::element element;
  const simdjson::padded_string padded(text);
  const simdjson::error_code error = parser.parse(padded).get(element);
  if (is_of_one_alone(error)) return {};
  const auto fault = input::find_json_fault(text);
  if (fault.has_value() != (error != simdjson::SUCCESS))
    return std::string("simdjson: ") + simdjson::error_message(error) +
           "; ours: " + (std::string(fault ? fault->what : "no fault"));
  const auto root = input::read_json("text", as_bytes(text), Limits{});
  if (root && fault) return "taken, with a fault: " + std::string(fault->what);
  if (root && !is_same(*root, element)) return "taken by both, and understood in two ways";
  return {};
}

}  // namespace meshcert::testing
