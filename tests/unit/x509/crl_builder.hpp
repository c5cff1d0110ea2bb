#pragma once

#include "meshcert/crl.hpp"
#include "tests/unit/x509/der_builder.hpp"

/// Builds CRLs by hand, as der_builder.hpp does certificates.
namespace meshcert::testing {

inline Bytes utc(std::string_view text_) {
  return tlv(0x17, text(text_));
}

/// One entry of revokedCertificates; extensions are the members of the SEQUENCE.
inline Bytes crl_entry(const Bytes& serial, const Bytes& extensions = {},
                       const Bytes& revoked_at = utc("240105000000Z")) {
  return seq(serial, revoked_at, extensions.empty() ? Bytes() : seq(extensions));
}

inline Bytes reason_code(std::string_view code) {
  return extension("551d15", tlv(0x0a, hex(code)));
}
inline Bytes certificate_issuer(const Bytes& issuer_name) {
  return critical("551d1d", seq(tlv(0xa4, issuer_name)));
}
inline Bytes crl_number(std::string_view number) {
  return extension("551d14", integer(number));
}
/// The contents are the fields of IssuingDistributionPoint.
inline Bytes issuing_distribution_point(const Bytes& fields) {
  return critical("551d1c", seq(fields));
}
/// [0] { fullName [0] { URI } }
inline Bytes uri_point(std::string_view uri) {
  return tlv(0xa0, tlv(0xa0, tlv(0x86, text(uri))));
}

/// CrlParts is a CRL before it is put together: right, until a test replaces the
/// part that it is about.
struct CrlParts {
  Bytes version = integer("01");
  Bytes inner_algorithm = sha256_with_rsa();
  Bytes issuer = name(utf8("issuer"));
  Bytes dates = join(utc("240101000000Z"), utc("240201000000Z"));
  Bytes entries = crl_entry(integer("1234"));  ///< members; empty leaves the field out
  Bytes extensions = crl_number("05");         ///< likewise
  Bytes tbs_tail;
  Bytes outer_algorithm = sha256_with_rsa();
  Bytes signature = bits("00aabbcc");
  Bytes tail;

  [[nodiscard]] Bytes tbs() const {
    const Bytes list = entries.empty() ? Bytes() : seq(entries);
    const Bytes field = extensions.empty() ? Bytes() : tlv(0xa0, seq(extensions));
    return seq(version, inner_algorithm, issuer, dates, list, field, tbs_tail);
  }
  [[nodiscard]] Bytes build() const { return seq(tbs(), outer_algorithm, signature, tail); }
};

/// DecodedCrl keeps the octets alive that its CRL views.
struct DecodedCrl {
  Bytes der;
  Result<Crl, Reason> crl;

  explicit DecodedCrl(Bytes octets) : der(std::move(octets)), crl(Crl::decode(der)) {}
  explicit DecodedCrl(const CrlParts& parts) : DecodedCrl(parts.build()) {}
  explicit operator bool() const { return crl.has_value(); }
  const Crl* operator->() const { return &*crl; }
  const Crl& operator*() const { return *crl; }
};

}  // namespace meshcert::testing
