// Which CRLs answer for which certificates: RFC 5280 6.3.3 (b) to (e), 5.3.3.
#include "tests/unit/path/revocation_world.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using enum path::RevocationStatus;

TEST_CASE("the scope of a CRL has to take in the certificate") {
  const Row rows[] = {
      {"users", good, [](RevocationWorld& w) { w.ca_crl = ca_crl_with(scope_of(hex("8101ff"))); }},
      {"users, for a CA", crl_missing,
       [](RevocationWorld& w) {
         w.ca_crl = ca_crl_with(scope_of(hex("8101ff")));
         w.leaf.extensions = ca_extensions();
       }},
      {"CAs", crl_missing, [](RevocationWorld& w) { w.ca_crl = ca_crl_with(scope_of(hex("8201ff"))); }},
      {"attributes", crl_missing,
       [](RevocationWorld& w) { w.ca_crl = ca_crl_with(scope_of(hex("8501ff"))); }},
      {"a place, which the certificate does not name", crl_missing,
       [](RevocationWorld& w) { w.ca_crl = ca_crl_with(scope_of(uri_point("http://a"))); }},
      {"a place, which it names", good,
       [](RevocationWorld& w) {
         w.ca_crl = ca_crl_with(scope_of(uri_point("http://a")));
         w.leaf.extensions = point(uri_point("http://a"));
       }},
      {"another place", crl_missing,
       [](RevocationWorld& w) {
         w.ca_crl = ca_crl_with(scope_of(uri_point("http://a")));
         w.leaf.extensions = point(uri_point("http://b"));
       }},
      {"places in no order, one of which it names", good,
       [](RevocationWorld& w) {
         w.ca_crl = ca_crl_with(
             scope_of(tlv(0xa0, tlv(0xa0, join(tlv(0x86, text("http://b")), tlv(0x86, text("http://a")))))));
         w.leaf.extensions = point(uri_point("http://b"));
       }},
      {"a place, which is one of several in no order", good,
       [](RevocationWorld& w) {
         w.ca_crl = ca_crl_with(scope_of(uri_point("http://b")));
         w.leaf.extensions =
             point(tlv(0xa0, tlv(0xa0, join(tlv(0x86, text("http://b")), tlv(0x86, text("http://a"))))));
       }},
      {"no place, and the certificate names one", good,
       [](RevocationWorld& w) { w.leaf.extensions = point(uri_point("http://a")); }},
      {"the issuer by name", good,
       [](RevocationWorld& w) { w.ca_crl = ca_crl_with(scope_of(directory_point(named("CA")))); }},
      {"a name relative to the issuer", good,
       [](RevocationWorld& w) {
         w.ca_crl = ca_crl_with(scope_of(tlv(0xa0, tlv(0xa1, attribute(kO, utf8("part"))))));
         w.leaf.extensions =
             point(directory_point(seq(set(attribute(kCn, utf8("ca"))), set(attribute(kO, utf8("part"))))));
       }},
      {"another name relative to the issuer", crl_missing,
       [](RevocationWorld& w) {
         w.ca_crl = ca_crl_with(scope_of(tlv(0xa0, tlv(0xa1, attribute(kO, utf8("part"))))));
         w.leaf.extensions = point(tlv(0xa0, tlv(0xa1, attribute(kO, utf8("other")))));
       }},
      {"some reasons", crl_missing,
       [](RevocationWorld& w) { w.ca_crl = ca_crl_with(scope_of(hex("83020640"))); }},
      {"some reasons, and it is listed", revoked,
       [](RevocationWorld& w) { w.ca_crl = ca_crl_with(scope_of(hex("83020640")), kListed); }},
      {"some reasons, and the others", good,
       [](RevocationWorld& w) {
         w.ca_crl = ca_crl_with(scope_of(hex("83020640")));
         w.crls.push_back(signed_crl(ca_crl_with(scope_of(hex("8303073f80"))), kCa));
       }},
      {"some reasons, and the others list it", revoked,
       [](RevocationWorld& w) {
         w.ca_crl = ca_crl_with(scope_of(hex("83020640")));
         w.crls.push_back(signed_crl(ca_crl_with(scope_of(hex("8303073f80")), kListed), kCa));
       }},
      {"a scope that is malformed", crl_unusable,
       [](RevocationWorld& w) { w.ca_crl = ca_crl_with(scope_of(hex("8601ff"))); }},
  };
  check_rows(rows);
}

TEST_CASE("an indirect CRL answers for other issuers") {
  // The leaf names the issuer of CRLs; that issuer has its own key and certificate.
  const auto indirect = [](RevocationWorld& w, const Bytes& entries, const Bytes& fields) {
    w.with_ca_crl = false;
    w.leaf.extensions = point(join(uri_point("http://a"), crl_issuer(named("revoker"))));
    w.certificates.push_back(crl_signer(named("revoker")));
    CrlParts parts = ca_crl_with(scope_of(join(uri_point("http://a"), fields)), entries);
    parts.issuer = named("revoker");
    w.crls.push_back(signed_crl(parts, kSigner));
  };
  static const auto make = indirect;
  static const Bytes kIndirect = hex("8401ff");
  const Row rows[] = {
      {"not listed", good, [](RevocationWorld& w) { make(w, crl_entry(integer("99")), kIndirect); }},
      {"its serial, of the CRL's issuer", good, [](RevocationWorld& w) { make(w, kListed, kIndirect); }},
      {"listed", revoked,
       [](RevocationWorld& w) {
         make(w, crl_entry(integer("1234"), certificate_issuer(named("ca"))), kIndirect);
       }},
      {"listed below another entry of its issuer", revoked,
       [](RevocationWorld& w) {
         make(w, join(crl_entry(integer("98"), certificate_issuer(named("CA"))), kListed), kIndirect);
       }},
      {"its serial, below an entry of another issuer", good,
       [](RevocationWorld& w) {
         make(w, join(crl_entry(integer("98"), certificate_issuer(named("cb"))), kListed), kIndirect);
       }},
      {"a CRL that is not indirect", crl_missing,
       [](RevocationWorld& w) { make(w, crl_entry(integer("99")), {}); }},
  };
  check_rows(rows);
}
