#include <string>

#include "input/xfcc_grammar.hpp"
#include "meshcert/input.hpp"
#include "tests/fuzz/fuzzer.hpp"
#include "tests/support/collector.hpp"

using namespace meshcert;
using fuzz::require;

namespace {

/// quoted writes a value as Envoy does, so that it must come back as it was.
std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (const char c : value) text += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return text + "\"";
}

void write_and_read(std::string_view value) {
  const auto elements = input::parse_xfcc("By=a;Subject=" + quoted(value) + ",URI=b");
  require(elements && elements->size() == 2 && elements->front().size() == 2);
  require(elements->front()[1].value == value && !elements->front()[1].stray_quote);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto elements = input::parse_xfcc(text);
  if (elements)
    require(!elements->empty());
  else
    require(elements.error() < size && text[elements.error()] == '"');
  write_and_read(text);
  ReadOptions options;
  options.as = Format::xfcc;
  testing::Collector found = testing::read("fuzz", text, options);
  require(!found.artifacts.empty() || found.lost());
  return 0;
}
