#include "crls.hpp"

#include "mutate.hpp"

namespace gencerts {

using std::chrono::days;

CertificateBuilder signer_of_crls(CertificateBuilder builder) {
  return builder.key_usage({ku::kKeyCertSign, ku::kCrlSign});
}
Octets plugin_root_ca(Workshop& w) {
  return signer_of_crls(plugin_root(w, "chain/crl-plugin-root")).build();
}
Octets intermediate_ca(Workshop& w) {
  return signer_of_crls(plugin_intermediate(w, "chain/crl-intermediate")).build();
}

Octets former_plugin_root(Workshop& w) {
  return signer_of_crls(plugin_root(w, "chain/crl-plugin-namesake")).key("root").signer("root").build();
}

Octets serial_of(const Octets& certificate) {
  return decode(certificate).children.at(0).children.at(kSerial).contents;
}

namespace {

Octets revoked_entries(const Crl& crl) {
  if (crl.revoked_serial.empty()) return "";
  const Octets reason = sequence(oid("2.5.29.21") + octet_string(tlv(0x0a, Octets(1, crl.reason))));
  return sequence(
      sequence(integer_of(crl.revoked_serial) + time(kEpoch + std::chrono::hours{3}) + sequence(reason)));
}

}  // namespace

Octets crl_of(Workshop& w, const Crl& crl) {
  Octets number = sequence(oid("2.5.29.20") + octet_string(integer(crl.number)));
  if (crl.base != 0) number += sequence(oid("2.5.29.27") + boolean(true) + octet_string(integer(crl.base)));
  if (!crl.reasons.empty())
    number += sequence(oid("2.5.29.28") + boolean(true) + octet_string(sequence(tlv(0x83, crl.reasons))));
  if (crl.critical) number += sequence(oid("1.2.3.4") + boolean(true) + octet_string(tlv(tag::kNull, "")));
  const Octets extensions = tlv(tag::constructed_context(0), sequence(number));
  return w.certify(
      sequence((crl.old ? Octets() : integer(1)) + w.signature_algorithm(crl.signer, SignatureScheme::usual) +
               crl.issuer + time(crl.this_update) + time(crl.next_update) + revoked_entries(crl) +
               (crl.old ? Octets() : extensions)),
      crl.signer);
}

Octets crl_block(Workshop& w, const Crl& crl) {
  return pem("X509 CRL", crl_of(w, crl));
}

Crl of_root() {
  return {istio_root_name(), "root"};
}
Crl of_plugin_root() {
  return {plugin_root_name(), "other-root"};
}
Crl of_intermediate() {
  return {plugin_intermediate_name(), "intermediate"};
}

Crl that_revokes(Crl crl, const Octets& certificate, char reason) {
  crl.reason = reason;
  crl.revoked_serial = serial_of(certificate);
  return crl;
}

Crl that_is_old(Crl crl) {
  crl.old = true;
  return crl;
}

Crl that_is_over(Crl crl) {
  crl.this_update = kEpoch - days{31};
  crl.next_update = kEpoch - days{1};
  return crl;
}

Crl that_is_early(Crl crl) {
  crl.this_update = kEpoch + days{1};
  return crl;
}

}  // namespace gencerts
