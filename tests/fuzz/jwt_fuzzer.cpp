#include <string>

#include "input/jwt.hpp"
#include "input/spiffe_bundle.hpp"
#include "meshcert/input.hpp"
#include "tests/fuzz/fuzzer.hpp"
#include "tests/support/collector.hpp"

using namespace meshcert;
using fuzz::require;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto jwt = input::decode_jwt(text, Limits{});
  if (jwt)
    require(jwt->signed_text.size() < size && !jwt->is_json_form);
  else
    require(!jwt.error().empty());
  const auto set = input::read_key_set("fuzz", {data, size}, Limits{});
  if (set)
    for (const BundleKey& key : set->keys) require(!key.spki.empty());
  ReadOptions options;
  options.as = Format::jwt;
  const testing::Collector found = testing::read("fuzz", text, options);
  require(!found.artifacts.empty() || found.lost());
  return 0;
}
