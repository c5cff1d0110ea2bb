#include <algorithm>

#include "input/yaml_reader.hpp"
#include "tests/fuzz/fuzzer.hpp"
#include "tests/support/trickle.hpp"

using namespace meshcert;
using fuzz::require;

namespace {

struct Size {
  std::size_t values = 1;
  std::size_t depth = 0;
};

Size size_of(const input::Node& node, std::size_t lines) {
  require(node.line >= 1 && node.line <= lines);
  Size size;
  const auto add = [&](const input::Node& inner) {
    const Size part = size_of(inner, lines);
    size.values += part.values;
    size.depth = std::max(size.depth, part.depth);
  };
  for (const input::Node& item : node.items) add(item);
  for (const input::Node::Member& member : node.members) add(member.value);
  if (node.is(input::Node::Kind::sequence) || node.is(input::Node::Kind::mapping)) ++size.depth;
  return size;
}

bool has_twins(const input::Node& node) {
  std::vector<std::string_view> keys;
  for (const input::Node::Member& member : node.members) keys.push_back(member.key);
  std::ranges::sort(keys);
  return std::ranges::adjacent_find(keys) != keys.end();
}

// What is said of a stream whose lists are taken apart, read so many octets at a time.
class Told final : public input::YamlSink {
 public:
  void list(std::string_view key) override { (text += "list ") += key; }
  void part(std::string_view, const input::Place& place) override { (text += " part ") += place.pointer; }
  void document(const input::Node&, bool is_whole) override { text += is_whole ? " whole" : " cut"; }
  void fault(const Error& error, bool) override { (text += " fault ") += error.message; }
  void lost(const Error& error, bool) override { (text += " lost ") += error.message; }

  std::string text;
};

std::string told_of(std::string_view text, std::size_t step, const Limits& limits) {
  constexpr input::ListRule kRules[] = {{"items"}, {"a"}};
  testing::Trickle source(text, step);
  Told told;
  static_cast<void>(input::split_yaml("f", source, kRules, limits, told));
  return told.text;
}

}  // namespace

// Whatever the octets: documents within the limits, with lines that exist, and
// a reason with its line where one could not be read to its end; and the same is said of
// them, wherever windows end.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Limits limits;
  limits.depth = 20;
  limits.values = 2000;
  limits.alias_nodes = 200;
  bool whole = true;
  const auto result =
      input::read_yaml("f", {data, size}, limits, [&](const input::Node& root, bool is_whole) {
        whole = whole && is_whole;
        const Size found = size_of(root, size + 1);
        require(found.depth <= limits.depth && found.values <= limits.values + limits.alias_nodes);
        require(!has_twins(root));
      });
  require(result.has_value() || (!result.error().message.empty() && result.error().where.line != 0));
  require(whole || !result);
  const std::string_view text = fuzz::text_of(data, size);
  require(told_of(text, 1, limits) == told_of(text, 100'000, limits));
  return 0;
}
