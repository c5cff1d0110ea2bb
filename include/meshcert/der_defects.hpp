#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace meshcert {

/// DerDefect is a way in which octets are readable but not DER (X.690) or not
/// as RFC 5280 spells the field. OpenSSL takes most of them, BoringSSL (Envoy)
/// refuses: so each is recorded, never swallowed.
enum class DerDefect : std::uint8_t {
  indefinite_length,       ///< BER indefinite length
  non_minimal_length,      ///< a length in more octets than it needs
  non_minimal_tag,         ///< high-tag-number form for a low tag, or padded
  non_minimal_integer,     ///< INTEGER with a redundant leading octet
  boolean_not_canonical,   ///< BOOLEAN that is neither 00 nor FF
  default_value_encoded,   ///< an explicit DEFAULT (version v1, critical FALSE ...)
  ca_false_encoded,        ///< an explicit DEFAULT cA FALSE: so common that no peer refuses it
  bit_string_padding,      ///< padding bits set in a BIT STRING
  named_bits_not_trimmed,  ///< trailing zero bits in a named bit list (keyUsage)
  time_not_canonical,      ///< UTCTime/GeneralizedTime not in the form of RFC 5280 4.1.2.5
  set_not_sorted,          ///< SET OF members out of order
  constructed_string,      ///< a string type in constructed encoding
  duplicate_extension,     ///< one extension OID twice (RFC 5280 4.2)
  empty_sequence,          ///< an empty SEQUENCE or SET where RFC 5280 wants SIZE (1..MAX)
  version_mismatch,        ///< v1 with extensions, v2/v3 fields in a v1 certificate, no such version
  algorithm_mismatch,      ///< the inner and the outer signatureAlgorithm differ (RFC 5280 4.1.1.2)
  string_not_in_alphabet,  ///< a string value outside its type's alphabet; BoringSSL's X509 takes it
  trailing_octets,         ///< octets after the value inside a wrapper
  count_
};

/// DerDefects is the set of defects met in one certificate, with the offset of
/// the first of each in the certificate's octets.
class DerDefects {
 public:
  void add(DerDefect defect, std::size_t offset);
  [[nodiscard]] bool has(DerDefect defect) const {
    return ((bits_ >> static_cast<unsigned>(defect)) & 1U) != 0;
  }
  [[nodiscard]] bool none() const { return bits_ == 0; }
  /// first_offset of a defect that has(...).
  [[nodiscard]] std::uint32_t first_offset(DerDefect defect) const {
    return offsets_[static_cast<std::size_t>(defect)];
  }
  /// list returns the defects in the order of the enumeration.
  [[nodiscard]] std::vector<DerDefect> list() const;

 private:
  std::uint32_t bits_ = 0;
  std::array<std::uint32_t, static_cast<std::size_t>(DerDefect::count_)> offsets_{};
};

/// describe names a defect in words: "a length encoded in more octets than it needs".
[[nodiscard]] std::string_view describe(DerDefect defect);

}  // namespace meshcert
