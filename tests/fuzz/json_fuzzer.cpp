#include <utility>

#include "input/json_fault.hpp"
#include "input/json_reader.hpp"
#include "input/node.hpp"
#include "tests/fuzz/fuzzer.hpp"
#include "tests/support/json_oracle.hpp"

using namespace meshcert;
using fuzz::require;

namespace {

std::size_t depth_of(const input::Node& node) {
  std::size_t inner = 0;
  for (const input::Node& item : node.items) inner = std::max(inner, depth_of(item));
  for (const auto& [key, value] : node.members) inner = std::max(inner, depth_of(value));
  return node.items.empty() && node.members.empty() ? 0 : inner + 1;
}

constexpr input::ListRule kRules[] = {{"configs", true}, {"list"}};

// Composes each part of a document that is split.
struct Parts final : input::JsonPartSink {
  explicit Parts(const Limits& limits) : reader(file, limits) {}
  void list(std::string_view) override {}
  void part(const input::JsonPart& part) override {
    taken = taken && reader.read(part.text, part.lines).has_value();
  }
  void lost(Error why) override {
    require(!why.message.empty() && why.where.line != 0);
    taken = false;
  }
  void end(std::optional<Error> fault) override {
    require(!fault || (!fault->message.empty() && fault->where.line != 0));
    taken = taken && !fault && !std::exchange(ended, true);
  }
  std::string file = "f";
  input::JsonReader reader;
  bool taken = true;
  bool ended = false;
};

// Whether the text is taken part by part.
bool is_taken_in_parts(std::string_view text, const Limits& limits) {
  Parts parts(limits);
  MemorySource source(as_bytes(text));
  input::split_json(parts.file, source, kRules, limits, parts);
  return parts.taken;
}

}  // namespace

// The fast parser and the explainer agree on what JSON is, but for the rules
// that only the reader has: duplicate keys and limits. Split or whole is the same.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  Limits limits;
  limits.depth = 20;
  const auto root = input::read_json("f", as_bytes(text), limits);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  require(testing::disagreement(text).empty());
  const auto fault = input::find_json_fault(text);
  if (root) {
    require(!fault && depth_of(*root) <= limits.depth);
    require(is_taken_in_parts(text, limits));
  } else {
    require(!root.error().message.empty() && root.error().where.line != 0);
    require(fault.has_value() ||
            root.error().message.find("the JSON could not be parsed") == std::string::npos);
    if (fault) require(!is_taken_in_parts(text, limits));
  }
  return 0;
}
