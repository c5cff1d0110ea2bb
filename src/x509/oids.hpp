#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "meshcert/bytes.hpp"

namespace meshcert::x509 {

/// Oid is an object identifier known in advance, written as people write it and
/// kept as the contents octets that stand in certificates.
class Oid {
 public:
  consteval explicit Oid(std::string_view dotted) {
    std::uint64_t first = take_arc(dotted);
    append(first * 40 + take_arc(dotted));
    while (!dotted.empty()) append(take_arc(dotted));
  }
  [[nodiscard]] constexpr ByteView octets() const { return {octets_.data(), size_}; }
  friend bool operator==(const Oid& oid, ByteView octets) {
    return oid.size_ == octets.size() && std::equal(octets.begin(), octets.end(), oid.octets_.begin());
  }

 private:
  consteval std::uint64_t take_arc(std::string_view& dotted) {
    std::uint64_t arc = 0;
    while (!dotted.empty() && dotted.front() != '.') {
      arc = arc * 10 + static_cast<std::uint64_t>(dotted.front() - '0');
      dotted.remove_prefix(1);
    }
    if (!dotted.empty()) dotted.remove_prefix(1);
    return arc;
  }
  consteval void append(std::uint64_t arc) {
    int groups = 1;
    while ((arc >> (7 * groups)) != 0) ++groups;
    for (int group = groups - 1; group >= 0; --group) {
      const auto seven_bits = static_cast<std::uint8_t>((arc >> (7 * group)) & 0x7f);
      octets_.at(size_++) = static_cast<std::uint8_t>(seven_bits | (group > 0 ? 0x80 : 0));
    }
  }

  std::array<std::uint8_t, 15> octets_{};
  std::uint8_t size_ = 0;
};

/// NamedOid is a row of a table of names.
struct NamedOid {
  Oid oid;
  std::string_view name;
};

/// find_name returns the name of an OID in a small table; "" when it is not there.
[[nodiscard]] std::string_view find_name(std::span<const NamedOid> table, ByteView oid);

/// Attribute types of names, by the short names of RFC 4514 and, for others,
/// those that OpenSSL prints.
[[nodiscard]] std::string_view attribute_short_name(ByteView oid);

/// RFC 5280 4.2.1.12 and others in common use ("serverAuth").
[[nodiscard]] std::string_view key_purpose_name(ByteView oid);

inline constexpr Oid kCommonName{"2.5.4.3"};
inline constexpr Oid kOrganization{"2.5.4.10"};
inline constexpr Oid kEmailAddress{"1.2.840.113549.1.9.1"};

inline constexpr Oid kServerAuth{"1.3.6.1.5.5.7.3.1"};
inline constexpr Oid kClientAuth{"1.3.6.1.5.5.7.3.2"};
inline constexpr Oid kCodeSigning{"1.3.6.1.5.5.7.3.3"};
inline constexpr Oid kTimeStamping{"1.3.6.1.5.5.7.3.8"};
inline constexpr Oid kOcspSigning{"1.3.6.1.5.5.7.3.9"};
inline constexpr Oid kAnyExtendedKeyUsage{"2.5.29.37.0"};

inline constexpr Oid kSubjectKeyId{"2.5.29.14"};
inline constexpr Oid kKeyUsage{"2.5.29.15"};
inline constexpr Oid kSubjectAltName{"2.5.29.17"};
inline constexpr Oid kIssuerAltName{"2.5.29.18"};
inline constexpr Oid kBasicConstraints{"2.5.29.19"};
inline constexpr Oid kNameConstraints{"2.5.29.30"};
inline constexpr Oid kCrlDistributionPoints{"2.5.29.31"};
inline constexpr Oid kFreshestCrl{"2.5.29.46"};
inline constexpr Oid kCertificatePolicies{"2.5.29.32"};
inline constexpr Oid kPolicyMappings{"2.5.29.33"};
inline constexpr Oid kAuthorityKeyId{"2.5.29.35"};
inline constexpr Oid kPolicyConstraints{"2.5.29.36"};
inline constexpr Oid kExtendedKeyUsage{"2.5.29.37"};
inline constexpr Oid kInhibitAnyPolicy{"2.5.29.54"};
inline constexpr Oid kAuthorityInfoAccess{"1.3.6.1.5.5.7.1.1"};

inline constexpr Oid kCrlNumber{"2.5.29.20"};
inline constexpr Oid kReasonCode{"2.5.29.21"};
inline constexpr Oid kHoldInstructionCode{"2.5.29.23"};
inline constexpr Oid kInvalidityDate{"2.5.29.24"};
inline constexpr Oid kDeltaCrlIndicator{"2.5.29.27"};
inline constexpr Oid kIssuingDistributionPoint{"2.5.29.28"};
inline constexpr Oid kCertificateIssuer{"2.5.29.29"};

inline constexpr Oid kAnyPolicy{"2.5.29.32.0"};
inline constexpr Oid kCpsPointer{"1.3.6.1.5.5.7.2.1"};
inline constexpr Oid kUserNotice{"1.3.6.1.5.5.7.2.2"};

inline constexpr Oid kRsaEncryption{"1.2.840.113549.1.1.1"};
inline constexpr Oid kRsassaPss{"1.2.840.113549.1.1.10"};
inline constexpr Oid kMgf1{"1.2.840.113549.1.1.8"};
inline constexpr Oid kEcPublicKey{"1.2.840.10045.2.1"};
inline constexpr Oid kPrimeField{"1.2.840.10045.1.1"};
inline constexpr Oid kDsa{"1.2.840.10040.4.1"};
inline constexpr Oid kDhKeyAgreement{"1.2.840.113549.1.3.1"};
inline constexpr Oid kDhPublicNumber{"1.2.840.10046.2.1"};
inline constexpr Oid kX25519{"1.3.101.110"};
inline constexpr Oid kX448{"1.3.101.111"};
inline constexpr Oid kEd25519{"1.3.101.112"};
inline constexpr Oid kEd448{"1.3.101.113"};
inline constexpr Oid kP256{"1.2.840.10045.3.1.7"};
inline constexpr Oid kP384{"1.3.132.0.34"};
inline constexpr Oid kP521{"1.3.132.0.35"};
inline constexpr Oid kSecp256k1{"1.3.132.0.10"};

inline constexpr Oid kSha1WithRsa{"1.2.840.113549.1.1.5"};
inline constexpr Oid kSha224WithRsa{"1.2.840.113549.1.1.14"};
inline constexpr Oid kEcdsaWithSha1{"1.2.840.10045.4.1"};
inline constexpr Oid kEcdsaWithSha224{"1.2.840.10045.4.3.1"};
inline constexpr Oid kSha256WithRsa{"1.2.840.113549.1.1.11"};
inline constexpr Oid kSha384WithRsa{"1.2.840.113549.1.1.12"};
inline constexpr Oid kSha512WithRsa{"1.2.840.113549.1.1.13"};
inline constexpr Oid kEcdsaWithSha256{"1.2.840.10045.4.3.2"};
inline constexpr Oid kEcdsaWithSha384{"1.2.840.10045.4.3.3"};
inline constexpr Oid kEcdsaWithSha512{"1.2.840.10045.4.3.4"};
inline constexpr Oid kSha256{"2.16.840.1.101.3.4.2.1"};
inline constexpr Oid kSha384{"2.16.840.1.101.3.4.2.2"};
inline constexpr Oid kSha512{"2.16.840.1.101.3.4.2.3"};

}  // namespace meshcert::x509
