#include "input/json_fault.hpp"
#include "input/node.hpp"
#include "tests/fuzz/fuzzer.hpp"

using namespace meshcert;
using fuzz::require;

namespace {

std::size_t depth_of(const input::Node& node) {
  std::size_t inner = 0;
  for (const input::Node& item : node.items) inner = std::max(inner, depth_of(item));
  for (const auto& [key, value] : node.members) inner = std::max(inner, depth_of(value));
  return node.items.empty() && node.members.empty() ? 0 : inner + 1;
}

}  // namespace

// The fast parser and the explainer agree on what JSON is, but for the rules
// that only the reader has: duplicate keys and limits.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  Limits limits;
  limits.depth = 20;
  const auto root = input::read_json("f", as_bytes(text), limits);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto fault = input::find_json_fault(text);
  if (root) {
    require(!fault && depth_of(*root) <= limits.depth);
  } else {
    require(!root.error().message.empty() && root.error().where.line != 0);
    require(fault.has_value() ||
            root.error().message.find("the JSON could not be parsed") == std::string::npos);
  }
  return 0;
}
