#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/certificate.hpp"

/// Builds DER by hand, right or wrong, so that a test shows exactly what it is about.
namespace meshcert::testing {

using Bytes = std::vector<std::uint8_t>;

inline Bytes hex(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  Bytes bytes;
  std::string digits;
  for (const char c : text) {
    if (c != ' ') digits += c;
  }
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(digit(digits[i]) * 16 + digit(digits[i + 1])));
  }
  return bytes;
}

inline Bytes text(std::string_view characters) {
  return {characters.begin(), characters.end()};
}

template <class... Parts>
Bytes join(const Parts&... parts) {
  Bytes bytes;
  (bytes.insert(bytes.end(), parts.begin(), parts.end()), ...);
  return bytes;
}

inline Bytes tlv(unsigned identifier, const Bytes& contents) {
  Bytes head = {static_cast<std::uint8_t>(identifier)};
  if (contents.size() < 0x80) {
    head.push_back(static_cast<std::uint8_t>(contents.size()));
  } else if (contents.size() < 0x100) {
    head.insert(head.end(), {0x81, static_cast<std::uint8_t>(contents.size())});
  } else {
    head.insert(head.end(), {0x82, static_cast<std::uint8_t>(contents.size() >> 8),
                             static_cast<std::uint8_t>(contents.size())});
  }
  return join(head, contents);
}

template <class... Parts>
Bytes seq(const Parts&... parts) {
  return tlv(0x30, join(parts...));
}
template <class... Parts>
Bytes set(const Parts&... parts) {
  return tlv(0x31, join(parts...));
}
inline Bytes oid(std::string_view contents) {
  return tlv(0x06, hex(contents));
}
inline Bytes integer(std::string_view contents) {
  return tlv(0x02, hex(contents));
}
inline Bytes octets(const Bytes& contents) {
  return tlv(0x04, contents);
}
inline Bytes bits(std::string_view contents) {
  return tlv(0x03, hex(contents));
}
inline Bytes utf8(std::string_view value) {
  return tlv(0x0c, text(value));
}
inline Bytes printable(std::string_view value) {
  return tlv(0x13, text(value));
}
inline Bytes null() {
  return {0x05, 0x00};
}
/// The same element with an indefinite length.
inline Bytes indefinite(const Bytes& element) {
  const std::size_t header = element[1] < 0x80 ? 2 : 2 + (element[1] & 0x7fU);
  Bytes bytes = {element[0], 0x80};
  bytes.insert(bytes.end(), element.begin() + static_cast<std::ptrdiff_t>(header), element.end());
  return join(bytes, hex("0000"));
}

inline const char* const kCn = "550403";
inline const char* const kO = "55040a";

inline Bytes attribute(std::string_view type, const Bytes& value) {
  return seq(oid(type), value);
}
inline Bytes name(const Bytes& value, std::string_view type = kCn) {
  return seq(set(attribute(type, value)));
}

inline Bytes extension(std::string_view id, const Bytes& value) {
  return seq(oid(id), octets(value));
}
inline Bytes critical(std::string_view id, const Bytes& value) {
  return seq(oid(id), hex("0101ff"), octets(value));
}

inline Bytes sha256_with_rsa() {
  return seq(oid("2a864886f70d01010b"), null());
}
/// An RSA key that nobody has, its modulus of so many octets.
inline Bytes rsa_key(std::size_t octets = 256) {
  Bytes modulus(octets + 1, 0xc5);
  modulus[0] = 0;
  const Bytes key = seq(tlv(0x02, modulus), integer("010001"));
  return seq(seq(oid("2a864886f70d010101"), null()), tlv(0x03, join(hex("00"), key)));
}

/// Parts is a certificate before it is put together: right, until a test
/// replaces the part that it is about.
struct Parts {
  Bytes version = tlv(0xa0, integer("02"));
  Bytes serial = integer("1234");
  Bytes inner_algorithm = sha256_with_rsa();
  Bytes issuer = name(utf8("issuer"));
  Bytes validity = seq(tlv(0x17, text("240101000000Z")), tlv(0x17, text("250101000000Z")));
  Bytes subject = name(utf8("subject"));
  Bytes key = rsa_key();
  Bytes unique_ids;
  Bytes extensions;  ///< the members of the Extensions SEQUENCE; empty leaves the field out
  Bytes tbs_tail;
  Bytes outer_algorithm = sha256_with_rsa();
  Bytes signature = bits("00aabbcc");
  Bytes tail;

  [[nodiscard]] Bytes tbs_contents() const {
    const Bytes field = extensions.empty() ? Bytes() : tlv(0xa3, seq(extensions));
    return join(version, serial, inner_algorithm, issuer, validity, subject, key, unique_ids, field,
                tbs_tail);
  }
  [[nodiscard]] Bytes build() const { return seq(seq(tbs_contents()), outer_algorithm, signature, tail); }
};

/// Decoded keeps the octets alive that its certificate views.
struct Decoded {
  Bytes der;
  Result<Certificate, Reason> certificate;

  explicit Decoded(Bytes octets) : der(std::move(octets)), certificate(Certificate::decode(der)) {}
  explicit Decoded(const Parts& parts) : Decoded(parts.build()) {}
  explicit operator bool() const { return certificate.has_value(); }
  const Certificate* operator->() const { return &*certificate; }
  const Certificate& operator*() const { return *certificate; }
};

/// A certificate with one extension.
inline Parts with_extension(const Bytes& one) {
  Parts parts;
  parts.extensions = one;
  return parts;
}

}  // namespace meshcert::testing
