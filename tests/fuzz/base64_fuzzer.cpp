#include <algorithm>
#include <string>

#include "base/base64.hpp"
#include "base/hex.hpp"
#include "tests/fuzz/fuzzer.hpp"

using namespace meshcert;
using fuzz::require;

namespace {

std::string without_space(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out),
                       [](char c) { return c != ' ' && (c < '\t' || c > '\r'); });
  return out;
}

// What decodes is canonical: encoding gives the same text.
void decode(std::string_view text) {
  const auto octets = base::decode_base64(text);
  if (octets) return require(base::encode_base64(*octets) == without_space(text));
  require(octets.error().offset <= text.size());
  require(!base::describe(octets.error().reason).empty());
  std::vector<std::uint8_t> kept{1, 2, 3};
  require(base::append_base64(text, kept).has_value() && kept.size() == 3);
}

void decode_hex(std::string_view text) {
  const auto octets = base::parse_hex(text);
  require(octets ? base::to_hex(*octets).size() == text.size() : !octets.error().empty());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView octets{data, size};
  decode(as_text(octets));
  decode_hex(as_text(octets));
  const auto back = base::decode_base64(base::encode_base64(octets));
  require(back && std::ranges::equal(*back, octets));
  require(std::ranges::equal(*base::parse_hex(base::to_hex(octets)), octets));
  return 0;
}
