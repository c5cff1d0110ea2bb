// Revocation by RFC 5280 6.3: what CRLs say of the leaf of root -> CA -> leaf.
#include "tests/unit/path/revocation_world.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using enum path::RevocationStatus;

TEST_CASE("a certificate is revoked, or not, or nothing is known") {
  RevocationWorld healthy;
  const auto answers = healthy.answers();
  REQUIRE(answers.size() == 3);
  CHECK(answers[0].status == good);
  CHECK(answers[1].status == good);
  CHECK(answers[2].status == not_checked);

  RevocationWorld listed;
  listed.ca_crl.entries = kListed;
  const auto answer = listed.leaf_answer();
  CHECK(answer.status == revoked);
  CHECK(answer.reason == RevocationReason::key_compromise);
  CHECK(to_rfc3339(answer.revoked_at) == "2024-01-05T00:00:00Z");
  REQUIRE(answer.crl != nullptr);
  CHECK(to_rfc4514(answer.crl->issuer) == "CN=ca");

  RevocationWorld revoked_ca;
  revoked_ca.root_crl.entries = crl_entry(integer("1234"));
  CHECK(revoked_ca.answers()[1].status == revoked);
  RevocationWorld leaf_only;
  leaf_only.scope = path::RevocationScope::leaf;
  leaf_only.root_crl.entries = crl_entry(integer("1234"));
  CHECK(leaf_only.answers()[1].status == not_checked);
}

TEST_CASE("of two CRLs of one number, the one that lists the certificate counts") {
  for (const bool listed_first : {true, false}) {
    RevocationWorld world;
    CrlParts other = world.ca_crl;
    (listed_first ? world.ca_crl : other).entries = kListed;
    world.crls.push_back(signed_crl(other, kCa));
    CHECK(world.leaf_answer().status == revoked);
  }
  // A later one takes the place of the earlier, which listed it.
  RevocationWorld renewed;
  CrlParts earlier = renewed.ca_crl;
  earlier.entries = kListed;
  earlier.dates = join(utc("231201000000Z"), utc("240201000000Z"));
  earlier.extensions = crl_number("04");
  renewed.crls.push_back(signed_crl(earlier, kCa));
  CHECK(renewed.leaf_answer().status == good);
}

TEST_CASE("what a CRL of now says comes before what one of tomorrow does") {
  RevocationWorld both, tomorrow, alone;
  both.ca_crl.entries = kListed;
  CrlParts later = both.ca_crl;
  later.dates = join(utc("240116000000Z"), utc("240301000000Z"));
  later.extensions = crl_number("06");
  both.crls.push_back(signed_crl(later, kCa));
  CHECK(both.leaf_answer().status == revoked);
  CHECK_FALSE(both.leaf_answer().early);
  tomorrow.crls.push_back(signed_crl(later, kCa));
  CHECK(tomorrow.leaf_answer().status == good);
  alone.ca_crl = later;
  CHECK((alone.leaf_answer().status == revoked && alone.leaf_answer().early));
}

TEST_CASE("a complete CRL is told before a delta that is over") {
  RevocationWorld world;
  CrlParts delta = ca_crl_with(join(crl_number("06"), critical("551d1b", integer("05"))), kListed);
  delta.dates = join(utc("240101000000Z"), utc("240114000000Z"));
  world.ca_crl = ca_crl_with(crl_number("05"), kListed);
  world.crls.push_back(signed_crl(delta, kCa));
  const Crl* told = world.leaf_answer().crl;
  CHECK((told != nullptr && !told->is_delta()));
}

TEST_CASE("a CRL has to be there, in time, signed and understood") {
  const Row rows[] = {
      {"none", crl_missing, [](RevocationWorld& w) { w.with_ca_crl = false; }},
      {"of another issuer", crl_missing, [](RevocationWorld& w) { w.ca_crl.issuer = named("cb"); }},
      {"of the issuer in other letters", good,
       [](RevocationWorld& w) { w.ca_crl.issuer = name(printable(" CA")); }},
      {"over", crl_expired,
       [](RevocationWorld& w) { w.ca_crl.dates = join(utc("240101000000Z"), utc("240114235959Z")); }},
      {"to the second", good,
       [](RevocationWorld& w) { w.ca_crl.dates = join(utc("240101000000Z"), utc("240115000000Z")); }},
      {"not begun", crl_expired,
       [](RevocationWorld& w) { w.ca_crl.dates = join(utc("240115000001Z"), utc("240201000000Z")); }},
      {"not begun, and lists it", revoked,
       [](RevocationWorld& w) {
         w.ca_crl.dates = join(utc("240115000001Z"), utc("240201000000Z"));
         w.ca_crl.entries = kListed;
       }},
      {"not begun, and has it on hold", crl_expired,
       [](RevocationWorld& w) {
         w.ca_crl.dates = join(utc("240115000001Z"), utc("240201000000Z"));
         w.ca_crl.entries = crl_entry(integer("1234"), reason_code("06"));
       }},
      {"begun this second", good,
       [](RevocationWorld& w) { w.ca_crl.dates = join(utc("240115000000Z"), utc("240201000000Z")); }},
      {"without an end", good, [](RevocationWorld& w) { w.ca_crl.dates = utc("240101000000Z"); }},
      {"over, and lists it", revoked,
       [](RevocationWorld& w) {
         w.ca_crl.dates = join(utc("240101000000Z"), utc("240114235959Z"));
         w.ca_crl.entries = kListed;
       }},
      {"over, and has it on hold", crl_expired,
       [](RevocationWorld& w) {
         w.ca_crl.dates = join(utc("240101000000Z"), utc("240114235959Z"));
         w.ca_crl.entries = crl_entry(integer("1234"), reason_code("06"));
       }},
      {"on hold", revoked,
       [](RevocationWorld& w) { w.ca_crl.entries = crl_entry(integer("1234"), reason_code("06")); }},
      {"signed by somebody", crl_bad_signature, [](RevocationWorld& w) { w.ca_crl_key = kOther; }},
      {"signed by one who may not", crl_bad_signature,
       [](RevocationWorld& w) {
         w.ca.extensions = join(critical("551d13", seq(hex("0101ff"))), critical("551d0f", bits("0204")));
       }},
      {"signed by one who does not say", good,
       [](RevocationWorld& w) { w.ca.extensions = critical("551d13", seq(hex("0101ff"))); }},
      {"no such reason", revoked,
       [](RevocationWorld& w) { w.ca_crl.entries = crl_entry(integer("1234"), reason_code("07")); }},
      {"no such reason, of another", good,
       [](RevocationWorld& w) { w.ca_crl.entries = crl_entry(integer("99"), reason_code("0b")); }},
      {"critical extension", crl_unusable,
       [](RevocationWorld& w) { w.ca_crl.extensions = critical("2a03", null()); }},
      {"extension", good, [](RevocationWorld& w) { w.ca_crl.extensions = extension("2a03", null()); }},
      {"critical number", crl_unusable,
       [](RevocationWorld& w) { w.ca_crl.extensions = critical("551d14", integer("05")); }},
      {"no number", good, [](RevocationWorld& w) { w.ca_crl.extensions = {}; }},
      {"critical extension of another entry", crl_unusable,
       [](RevocationWorld& w) { w.ca_crl.entries = crl_entry(integer("99"), critical("2a03", null())); }},
      {"another entry without a date", crl_unusable,
       [](RevocationWorld& w) { w.ca_crl.entries = seq(integer("99")); }},
      {"two, one of which is signed by somebody", good,
       [](RevocationWorld& w) { w.crls.push_back(signed_crl(w.ca_crl, kOther)); }},
      {"two, one of which lists it", revoked,
       [](RevocationWorld& w) {
         w.ca_crl.dates = join(utc("240102000000Z"), utc("240201000000Z"));
         w.ca_crl.entries = kListed;
         w.crls.push_back(signed_crl(ca_crl_with(crl_number("04")), kCa));
       }},
  };
  check_rows(rows);
}

TEST_CASE("a CRL that may not be used still says whether it lists the certificate") {
  for (const auto& [serial, listed] : {std::pair("1234", true), {"99", false}}) {
    RevocationWorld world;
    world.ca_crl.extensions = critical("2a03", null());
    world.ca_crl.entries = crl_entry(integer(serial));
    CHECK(world.leaf_answer().status == crl_unusable);
    CHECK(world.leaf_answer().listed == listed);
  }
}

TEST_CASE("a delta CRL brings a complete one up to date") {
  const auto with_delta = [](RevocationWorld& w, const Bytes& complete, const Bytes& entries,
                             const Bytes& extensions, std::uint8_t key) {
    w.ca_crl = ca_crl_with(crl_number("05"), complete);
    w.crls.push_back(signed_crl(ca_crl_with(extensions, entries), key));
  };
  static const auto make = with_delta;
  static const Bytes kNone = crl_entry(integer("99"));
  static const Bytes kDelta = join(crl_number("06"), critical("551d1b", integer("05")));
  static const Bytes kRemoved = crl_entry(integer("1234"), reason_code("08"));
  static const Bytes kHeld = crl_entry(integer("1234"), reason_code("06"));
  static const auto over = [](RevocationWorld& w, const Bytes& entries) {
    CrlParts delta = ca_crl_with(kDelta, entries);
    delta.dates = join(utc("240101000000Z"), utc("240114000000Z"));
    w.ca_crl = ca_crl_with(crl_number("05"), kNone);
    w.crls.push_back(signed_crl(delta, kCa));
  };
  const Row rows[] = {
      {"revokes", revoked, [](RevocationWorld& w) { make(w, kNone, kListed, kDelta, kCa); }},
      {"says nothing", good, [](RevocationWorld& w) { make(w, kNone, kNone, kDelta, kCa); }},
      {"says nothing of what is listed", revoked,
       [](RevocationWorld& w) { make(w, kListed, kNone, kDelta, kCa); }},
      {"takes it off", good, [](RevocationWorld& w) { make(w, kHeld, kRemoved, kDelta, kCa); }},
      {"is signed by another", good, [](RevocationWorld& w) { make(w, kNone, kListed, kDelta, kOther); }},
      {"is for a later one", good,
       [](RevocationWorld& w) {
         make(w, kNone, kListed, join(crl_number("07"), critical("551d1b", integer("06"))), kCa);
       }},
      {"is for an earlier one, too", revoked,
       [](RevocationWorld& w) {
         make(w, kNone, kListed, join(crl_number("06"), critical("551d1b", integer("03"))), kCa);
       }},
      {"is as old", good,
       [](RevocationWorld& w) {
         make(w, kNone, kListed, join(crl_number("05"), critical("551d1b", integer("04"))), kCa);
       }},
      {"is of another scope", good,
       [](RevocationWorld& w) {
         make(w, kNone, kListed, join(kDelta, issuing_distribution_point(hex("8101ff"))), kCa);
       }},
      {"stands alone", crl_missing,
       [](RevocationWorld& w) {
         make(w, kNone, kNone, kDelta, kCa);
         w.with_ca_crl = false;
       }},
      {"updates one that is over", good,
       [](RevocationWorld& w) {
         make(w, kNone, kNone, kDelta, kCa);
         w.ca_crl.dates = join(utc("240101000000Z"), utc("240102000000Z"));
       }},
      {"is over, and revokes", revoked, [](RevocationWorld& w) { over(w, kListed); }},
      {"is over, and holds", good, [](RevocationWorld& w) { over(w, kHeld); }},
      {"is over, and lists another", good, [](RevocationWorld& w) { over(w, kNone); }},
      {"is over, beside one that is not and says nothing", good,
       [](RevocationWorld& w) {
         make(w, kNone, kNone, join(crl_number("07"), critical("551d1b", integer("05"))), kCa);
         over(w, kListed);
       }},
  };
  check_rows(rows);
}

TEST_CASE("who signs a CRL with another key has to hold as well") {
  static const auto make = [](RevocationWorld& w, const Bytes& signer) {
    w.certificates.push_back(signer);
    w.ca_crl_key = kSigner;
  };
  const Row rows[] = {
      {"of the issuer's name", good, [](RevocationWorld& w) { make(w, crl_signer(named("ca"))); }},
      {"of the CA above, whose name is another", crl_bad_signature,
       [](RevocationWorld& w) { w.ca_crl_key = kRoot; }},
      {"that may not sign CRLs", crl_bad_signature,
       [](RevocationWorld& w) { make(w, crl_signer(named("ca"), "77", "0204")); }},
      {"of another name", crl_bad_signature, [](RevocationWorld& w) { make(w, crl_signer(named("cb"))); }},
      {"that is revoked", crl_bad_signature,
       [](RevocationWorld& w) {
         make(w, crl_signer(named("ca")));
         w.root_crl.entries = crl_entry(integer("77"));
       }},
      {"that leads to no anchor", crl_bad_signature,
       [](RevocationWorld& w) {
         Parts parts;
         parts.issuer = parts.subject = named("ca");
         parts.extensions = ca_extensions();
         make(w, signed_certificate(parts, kSigner, kSigner));
       }},
      {"that only its own CRL answers for", good,
       [](RevocationWorld& w) {
         Parts parts;
         parts.issuer = parts.subject = named("ca");
         parts.serial = integer("78");
         parts.extensions = critical("551d0f", bits("0102"));
         make(w, signed_certificate(parts, kSigner, kCa));
       }},
      {"that its own CRL lists", crl_bad_signature,
       [](RevocationWorld& w) {
         Parts parts;
         parts.issuer = parts.subject = named("ca");
         parts.serial = integer("78");
         parts.extensions = critical("551d0f", bits("0102"));
         make(w, signed_certificate(parts, kSigner, kCa));
         w.ca_crl.entries = crl_entry(integer("78"));
       }},
  };
  check_rows(rows);
}

// A signs the CRL of the CA that issued B, and B the CRL of the CA that issued A.
TEST_CASE("of two that sign each other's CRLs neither counts where one does not hold, in any order") {
  constexpr std::uint8_t kSecondCa = 6;
  const auto below = [](std::string_view subject, std::string_view issuer, std::string_view serial,
                        const Bytes& extensions, std::uint8_t key, std::uint8_t issuer_key) {
    Parts parts;
    parts.subject = named(subject);
    parts.issuer = named(issuer);
    parts.serial = integer(serial);
    parts.extensions = extensions;
    return signed_certificate(parts, key, issuer_key);
  };
  const Bytes signs_crls = critical("551d0f", bits("0102"));
  const Bytes second_ca = below("second", "root", "50", ca_extensions(), kSecondCa, kRoot);
  const Decoded ca(second_ca), leaf(below("leaf", "second", "51", {}, kLeaf, kSecondCa));
  const auto statuses = [&](bool is_revoked, bool in_order) {
    RevocationWorld world;
    world.certificates = {second_ca, below("ca", "second", "52", signs_crls, kSigner, kSecondCa),
                          below("second", "ca", "53", signs_crls, kOther, kCa)};
    world.ca_crl_key = kSigner;
    CrlParts second_crl = world.ca_crl;
    second_crl.issuer = named("second");
    world.crls.push_back(signed_crl(second_crl, kOther));
    if (is_revoked) world.root_crl.entries = crl_entry(integer("50"));
    return world.with_checker([&](path::RevocationChecker& checker, const auto& chain) {
      const std::vector<const Certificate*> other = {&*leaf, &*ca, chain.back()};
      const auto first = checker.check(in_order ? chain : other).front().status;
      const auto second = checker.check(in_order ? other : chain).front().status;
      return std::pair(in_order ? first : second, in_order ? second : first);
    });
  };
  for (const bool in_order : {true, false}) {
    CAPTURE(in_order);
    CHECK(statuses(true, in_order) == std::pair(crl_bad_signature, crl_bad_signature));
    CHECK(statuses(false, in_order) == std::pair(good, good));
  }
}
