#include "path/first_path_crls.hpp"

#include <string>

#include "tests/unit/path/revocation_world.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

struct Expected {
  const char* what;
  const char* found;  ///< code and place of each fault
  void (*change)(RevocationWorld&);
};

std::string found_in(RevocationWorld& world) {
  std::string text;
  for (const path::Fault& fault : world.first_path_faults())
    text += (text.empty() ? "" : " ") + std::string(path::code_of(fault.kind)) + "@" +
            std::to_string(fault.certificate);
  return text;
}

/// A CRL of the CA's name, signed with this key.
Bytes crl_of_ca(std::uint8_t key, const Bytes& extensions = {}) {
  return signed_crl(ca_crl_with(extensions), key);
}

}  // namespace

TEST_CASE("BoringSSL looks for the signer of a CRL on the path alone") {
  constexpr Expected kRows[] = {
      {"as it should be", "", [](RevocationWorld&) {}},
      {"the leaf is listed", "chain.revoked@0",
       [](RevocationWorld& world) { world.ca_crl.entries = kListed; }},
      {"no CRL of the CA", "chain.crl-missing@0", [](RevocationWorld& world) { world.with_ca_crl = false; }},
      {"one by another key of its name, which leads to the same root", "chain.crl-bad-signature@0",
       [](RevocationWorld& world) {
         world.with_ca_crl = false;
         world.certificates = {crl_signer(named("ca"))};
         world.crls = {crl_of_ca(kSigner)};
       }},
      {"and its own beside it", "",
       [](RevocationWorld& world) {
         world.ca_crl.dates = join(utc("240110000000Z"), utc("240201000000Z"));
         world.certificates = {crl_signer(named("ca"))};
         world.crls = {crl_of_ca(kSigner)};
       }},
      {"which is the earlier of the two", "chain.crl-bad-signature@0",
       [](RevocationWorld& world) {
         world.ca_crl.dates = join(utc("231201000000Z"), utc("240201000000Z"));
         world.certificates = {crl_signer(named("ca"))};
         world.crls = {crl_of_ca(kSigner)};
       }},
      {"a CA that may not sign CRLs", "chain.crl-bad-signature@0",
       [](RevocationWorld& world) {
         world.ca.extensions = join(critical("551d13", seq(hex("0101ff"))), critical("551d0f", bits("0204")));
       }},
      {"a delta alone", "chain.crl-missing@0",
       [](RevocationWorld& world) {
         world.ca_crl.extensions = join(crl_number("05"), critical("551d1b", integer("04")));
       }},
      {"of the leaf alone", "",
       [](RevocationWorld& world) {
         world.scope = path::RevocationScope::leaf;
         world.root_crl.issuer = named("somebody else");
       }},
      {"the root without a CRL: of the CA and of the root itself", "chain.crl-missing@1 chain.crl-missing@2",
       [](RevocationWorld& world) { world.root_crl.issuer = named("somebody else"); }},
      {"the root lists itself", "chain.revoked@2",
       [](RevocationWorld& world) {
         world.root.serial = integer("77");
         world.root_crl.entries = crl_entry(integer("77"));
       }},
  };
  for (const Expected& row : kRows) {
    CAPTURE(std::string(row.what));
    RevocationWorld world;
    row.change(world);
    CHECK(found_in(world) == std::string(row.found));
  }
}
