#include <string>

#include "meshcert/spiffe_id.hpp"
#include "tests/fuzz/fuzzer.hpp"

using namespace meshcert;
using fuzz::require;

namespace {

// The parts of an ID make up the ID, and its trust domain is one by itself.
void parse_id(std::string_view text) {
  const auto id = SpiffeId::parse(text);
  if (!id) return require(!id.error().empty() && !is_istio_canonical(text));
  const std::string_view name = id->trust_domain().name();
  require(id->uri() == text && "spiffe://" + std::string(name) + std::string(id->path()) == text);
  require(TrustDomain::parse(name) == id->trust_domain());
  require(id->path().empty() ||
          (id->path().front() == '/' && id->path().size() > 1 && id->path().back() != '/'));
  require(text.find_first_of("%?#@: \t\r\n", 9) == std::string_view::npos);
}

void parse_trust_domain(std::string_view text) {
  const auto name = TrustDomain::parse(text);
  require(name ? name->name() == text && text.size() <= 255 : !name.error().empty());
  const auto either = TrustDomain::parse_name_or_id(text);
  require(either ? name.has_value() || SpiffeId::parse(text).has_value() : !name.has_value());
}

void parse_istio(std::string_view text) {
  const auto identity = IstioIdentity::parse(text);
  if (!identity) return require(!is_istio_canonical(text));
  require("spiffe://" + std::string(identity->trust_domain) + "/ns/" + std::string(identity->namespace_name) +
              "/sa/" + std::string(identity->service_account) ==
          text);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  parse_id(text);
  parse_trust_domain(text);
  parse_istio(text);
  return 0;
}
