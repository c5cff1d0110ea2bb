#include "x509/oids.hpp"

#include <string>
#include <vector>

#include "base/hex.hpp"
#include "der/reader.hpp"
#include "meshcert/certificate.hpp"

namespace meshcert::x509 {
namespace {

constexpr NamedOid kAttributeTypes[] = {
    {kCommonName, "CN"},
    {Oid{"2.5.4.7"}, "L"},
    {Oid{"2.5.4.8"}, "ST"},
    {kOrganization, "O"},
    {Oid{"2.5.4.11"}, "OU"},
    {Oid{"2.5.4.6"}, "C"},
    {Oid{"2.5.4.9"}, "STREET"},
    {Oid{"0.9.2342.19200300.100.1.25"}, "DC"},
    {Oid{"0.9.2342.19200300.100.1.1"}, "UID"},
    // Above RFC 4514 3, below what OpenSSL prints.
    {Oid{"0.9.2342.19200300.100.1.3"}, "mail"},
    {kEmailAddress, "emailAddress"},
    {Oid{"1.2.840.113549.1.9.2"}, "unstructuredName"},
    {Oid{"1.2.840.113549.1.9.8"}, "unstructuredAddress"},
    {Oid{"2.5.4.4"}, "SN"},
    {Oid{"2.5.4.5"}, "serialNumber"},
    {Oid{"2.5.4.12"}, "title"},
    {Oid{"2.5.4.13"}, "description"},
    {Oid{"2.5.4.15"}, "businessCategory"},
    {Oid{"2.5.4.16"}, "postalAddress"},
    {Oid{"2.5.4.17"}, "postalCode"},
    {Oid{"2.5.4.18"}, "postOfficeBox"},
    {Oid{"2.5.4.20"}, "telephoneNumber"},
    {Oid{"2.5.4.41"}, "name"},
    {Oid{"2.5.4.42"}, "GN"},
    {Oid{"2.5.4.43"}, "initials"},
    {Oid{"2.5.4.44"}, "generationQualifier"},
    {Oid{"2.5.4.45"}, "x500UniqueIdentifier"},
    {Oid{"2.5.4.46"}, "dnQualifier"},
    {Oid{"2.5.4.65"}, "pseudonym"},
    {Oid{"2.5.4.97"}, "organizationIdentifier"},
    {Oid{"1.3.6.1.4.1.311.60.2.1.1"}, "jurisdictionL"},
    {Oid{"1.3.6.1.4.1.311.60.2.1.2"}, "jurisdictionST"},
    {Oid{"1.3.6.1.4.1.311.60.2.1.3"}, "jurisdictionC"},
};

constexpr NamedOid kKeyPurposes[] = {
    {kServerAuth, "serverAuth"},
    {kClientAuth, "clientAuth"},
    {kCodeSigning, "codeSigning"},
    {Oid{"1.3.6.1.5.5.7.3.4"}, "emailProtection"},
    {Oid{"1.3.6.1.5.5.7.3.5"}, "ipsecEndSystem"},
    {Oid{"1.3.6.1.5.5.7.3.6"}, "ipsecTunnel"},
    {Oid{"1.3.6.1.5.5.7.3.7"}, "ipsecUser"},
    {kTimeStamping, "timeStamping"},
    {kOcspSigning, "OCSPSigning"},
    {Oid{"1.3.6.1.5.5.7.3.17"}, "ipsecIKE"},
    {kAnyExtendedKeyUsage, "anyExtendedKeyUsage"},
};

/// A decimal number of any size, grown seven bits at a time.
class Decimal {
 public:
  void append_seven_bits(unsigned bits) {
    unsigned carry = bits;
    for (auto& digit : digits_) {
      const unsigned value = digit * 128U + carry;
      digit = static_cast<std::uint8_t>(value % 10);
      carry = value / 10;
    }
    for (; carry > 0; carry /= 10) digits_.push_back(static_cast<std::uint8_t>(carry % 10));
  }
  /// The number must not be less than `amount`.
  void subtract(unsigned amount) {
    for (auto& digit : digits_) {
      const unsigned take = amount % 10;
      const bool borrow = digit < take;
      digit = static_cast<std::uint8_t>(digit + (borrow ? 10 : 0) - take);
      amount = amount / 10 + (borrow ? 1 : 0);
    }
    while (!digits_.empty() && digits_.back() == 0) digits_.pop_back();
  }
  [[nodiscard]] bool is_less_than_40() const {
    return digits_.size() < 2 || (digits_.size() == 2 && digits_.back() < 4);
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    for (auto digit = digits_.rbegin(); digit != digits_.rend(); ++digit)
      out += static_cast<char>('0' + *digit);
    return out.empty() ? "0" : out;
  }

 private:
  std::vector<std::uint8_t> digits_;  ///< least significant first, no leading zeros
};

/// The first subidentifier holds two arcs (X.690 8.19.4).
std::string first_two_arcs(Decimal number) {
  for (const unsigned first : {0U, 1U}) {
    if (number.is_less_than_40()) return std::to_string(first) + "." + number.text();
    number.subtract(40);
  }
  return "2." + number.text();
}

/// 128-bit arcs exist (2.25: UUIDs); longer ones are only made to be long, and
/// decimal digits of a number take quadratic time.
constexpr std::size_t kMaxArcOctets = 32;

}  // namespace

std::string_view find_name(std::span<const NamedOid> table, ByteView oid) {
  const auto row = std::ranges::find_if(table, [&](const NamedOid& named) { return named.oid == oid; });
  return row == table.end() ? std::string_view() : row->name;
}

std::string_view attribute_short_name(ByteView oid) {
  return find_name(kAttributeTypes, oid);
}
std::string_view key_purpose_name(ByteView oid) {
  return find_name(kKeyPurposes, oid);
}

}  // namespace meshcert::x509

namespace meshcert {

std::string to_dotted(ByteView oid) {
  if (!der::is_object_identifier(oid)) return "#" + base::to_hex(oid);
  std::string text;
  x509::Decimal arc;
  std::size_t arc_octets = 0;
  for (const std::uint8_t octet : oid) {
    if (++arc_octets > x509::kMaxArcOctets) return "#" + base::to_hex(oid);
    arc.append_seven_bits(octet & 0x7fU);
    if ((octet & 0x80U) != 0) continue;
    text += text.empty() ? x509::first_two_arcs(arc) : "." + arc.text();
    arc = {};
    arc_octets = 0;
  }
  return text;
}

}  // namespace meshcert
