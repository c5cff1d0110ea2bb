#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "der.hpp"
#include "workshop.hpp"

namespace gencerts {

/// Attribute is one attribute of a name: "O", "CN", or a dotted OID. Without
/// a string tag it becomes a PrintableString where it can, else a UTF8String.
struct Attribute {
  std::string_view type;
  std::string_view value;
  std::uint8_t string_tag = 0;
};

/// name encodes a Name with one attribute in each RDN; name_of takes RDNs.
[[nodiscard]] Octets name(std::initializer_list<Attribute> attributes);
[[nodiscard]] Octets rdn(std::initializer_list<Attribute> attributes);
[[nodiscard]] Octets name_of(std::initializer_list<Octets> rdns);

/// General names for SANs (RFC 5280 4.2.1.6).
[[nodiscard]] Octets uri(std::string_view text);
[[nodiscard]] Octets dns(std::string_view text);
[[nodiscard]] Octets email(std::string_view text);
[[nodiscard]] Octets ip(std::string_view address_octets);

/// Extension OIDs, dotted.
namespace ext {
inline constexpr std::string_view kKeyUsage = "2.5.29.15", kExtendedKeyUsage = "2.5.29.37",
                                  kBasicConstraints = "2.5.29.19", kSubjectAltName = "2.5.29.17",
                                  kSubjectKeyId = "2.5.29.14", kAuthorityKeyId = "2.5.29.35";
}  // namespace ext

/// Bits of keyUsage.
namespace ku {
inline constexpr unsigned kDigitalSignature = 0, kNonRepudiation = 1, kKeyEncipherment = 2, kKeyCertSign = 5,
                          kCrlSign = 6;
}  // namespace ku

/// Purposes of extendedKeyUsage.
namespace eku {
inline constexpr std::string_view kServerAuth = "1.3.6.1.5.5.7.3.1", kClientAuth = "1.3.6.1.5.5.7.3.2",
                                  kAny = "2.5.29.37.0";
}  // namespace eku

/// CertificateBuilder builds one certificate field by field. It validates
/// nothing: a sample may want anything wrong. Extensions come out in the order
/// in which they were set first; setting one again replaces it.
class CertificateBuilder {
 public:
  /// The serial is the first 8 octets of SHA-256(serial_name), top bit cleared.
  CertificateBuilder(Workshop& workshop, std::string_view serial_name);

  CertificateBuilder& version(unsigned version);  ///< 1 leaves the extensions out
  CertificateBuilder& wide_serial();              ///< 16 octets, as Istio's
  CertificateBuilder& serial(std::string_view contents);
  CertificateBuilder& subject(Octets name);
  CertificateBuilder& issuer(Octets name);
  CertificateBuilder& validity(Instant not_before, Instant not_after);
  CertificateBuilder& raw_validity(Octets not_before, Octets not_after);
  CertificateBuilder& key(std::string_view name);
  CertificateBuilder& raw_public_key(Octets spki);
  CertificateBuilder& signer(std::string_view key_name, SignatureScheme scheme = SignatureScheme::usual);

  CertificateBuilder& extension(std::string_view dotted, bool critical, Octets value);
  CertificateBuilder& without(std::string_view dotted);
  CertificateBuilder& key_usage(std::initializer_list<unsigned> bits, bool critical = true);
  CertificateBuilder& extended_key_usage(std::initializer_list<std::string_view> purposes);
  CertificateBuilder& leaf_constraints();  ///< basicConstraints: critical, not a CA
  CertificateBuilder& ca_constraints(int path_length = -1);
  CertificateBuilder& san(std::initializer_list<Octets> names, bool critical = true);
  CertificateBuilder& key_ids(bool subject, bool authority);

  [[nodiscard]] Octets build() const;

 private:
  struct Extension {
    std::string_view dotted;
    bool critical;
    Octets value;
  };
  [[nodiscard]] Octets extensions() const;

  Workshop& workshop_;
  std::string serial_name_;
  unsigned version_ = 3;
  Octets serial_, subject_, issuer_, validity_, spki_;
  std::string signer_;
  SignatureScheme scheme_ = SignatureScheme::usual;
  std::vector<Extension> extensions_;
  bool subject_key_id_ = false, authority_key_id_ = false;
};

}  // namespace gencerts
