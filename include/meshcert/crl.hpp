#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/bytes.hpp"
#include "meshcert/certificate.hpp"
#include "meshcert/der_defects.hpp"
#include "meshcert/extensions.hpp"
#include "meshcert/name.hpp"
#include "meshcert/result.hpp"
#include "meshcert/time.hpp"

namespace meshcert {

/// RevocationReason is a CRLReason (RFC 5280 5.3.1). Codes that it does not
/// define do not decode.
enum class RevocationReason : std::uint8_t {
  unspecified = 0,
  key_compromise = 1,
  ca_compromise = 2,
  affiliation_changed = 3,
  superseded = 4,
  cessation_of_operation = 5,
  certificate_hold = 6,
  remove_from_crl = 8,
  privilege_withdrawn = 9,
  aa_compromise = 10,
  not_assigned,  ///< 7, or above 10
};
[[nodiscard]] std::string_view to_string(RevocationReason reason);  ///< the RFC name: "keyCompromise"

/// ReasonFlags is a set of reasons (RFC 5280 4.2.1.13): bit n of the named bit
/// list is 1 << n. Bit 0 is not used.
using ReasonFlags = std::uint16_t;
inline constexpr ReasonFlags kAllReasons = 0x1fe;

/// DistributionPointName (RFC 5280 4.2.1.13): one of the two is empty.
struct DistributionPointName {
  GeneralNames full_name;
  ByteView relative_name;  ///< contents octets of the RDN, to be appended to the CRL issuer's name
};

/// DistributionPoint of a certificate (RFC 5280 4.2.1.13) or of freshestCRL.
struct DistributionPoint {
  std::optional<DistributionPointName> name;
  std::optional<ReasonFlags> reasons;
  GeneralNames crl_issuer;
};
/// distribution_points takes the checked contents of cRLDistributionPoints or
/// freshestCRL apart (Extensions::crl_distribution_points, ::freshest_crl).
[[nodiscard]] std::vector<DistributionPoint> distribution_points(ByteView contents);

/// IssuingDistributionPoint is the scope of a CRL (RFC 5280 5.2.5).
struct IssuingDistributionPoint {
  ByteView whole;  ///< the value's octets: CRLs of one scope have the same
  std::optional<DistributionPointName> name;
  bool only_user_certificates = false;
  bool only_ca_certificates = false;
  bool only_attribute_certificates = false;
  bool indirect = false;  ///< entries may be of other issuers than the CRL's
  std::optional<ReasonFlags> only_some_reasons;
};

/// CrlExtensions holds the extensions of a CRL (RFC 5280 5.2).
struct CrlExtensions {
  ByteView all;                         ///< contents octets; empty when absent
  Extension<ByteView> crl_number;       ///< contents octets of the INTEGER
  Extension<ByteView> base_crl_number;  ///< deltaCRLIndicator: likewise
  Extension<IssuingDistributionPoint> issuing_distribution_point;
  Extension<AuthorityKeyId> authority_key_id;
  Extension<ByteView> freshest_crl;    ///< contents octets, checked
  std::uint32_t unknown_critical = 0;  ///< critical extensions that we do not process
};

/// CrlEntry is one entry of revokedCertificates (RFC 5280 5.1.2.6, 5.3). Views
/// borrow the octets of the CRL.
struct CrlEntry {
  ByteView serial;  ///< contents octets of the INTEGER
  Instant revoked_at{};
  Extension<RevocationReason> reason;
  Extension<Instant> invalidity_date;
  Extension<GeneralNames> certificate_issuer;
  std::uint32_t unknown_critical = 0;
  bool readable = true;  ///< if not, only `serial` may be set
};

/// CrlEntries is a view of revokedCertificates. An entry is decoded when the
/// iterator comes to it; walking allocates nothing and cannot fail.
class CrlEntries {
 public:
  class iterator {
   public:
    using value_type = CrlEntry;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(ByteView rest);
    const CrlEntry& operator*() const { return current_; }
    const CrlEntry* operator->() const { return &current_; }
    iterator& operator++();
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& a, const iterator& b) { return a.at_ == b.at_; }

   private:
    const std::uint8_t* at_ = nullptr;  ///< start of the current entry; null at the end
    ByteView rest_;
    CrlEntry current_;
  };

  CrlEntries() = default;
  CrlEntries(ByteView contents, std::size_t count) : contents_(contents), count_(count) {}
  [[nodiscard]] iterator begin() const { return iterator(contents_); }
  [[nodiscard]] iterator end() const { return {}; }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] ByteView contents() const { return contents_; }  ///< octets of the SEQUENCE OF

 private:
  ByteView contents_;
  std::size_t count_ = 0;
};

/// Crl is a decoded certificate revocation list (RFC 5280 5.1): decoded, not
/// validated. A view, as Certificate is one: its octets must outlive it.
struct Crl {
  ByteView der;                            ///< the whole CertificateList
  ByteView tbs;                            ///< the signed TBSCertList TLV
  int version = 1;                         ///< 1 or 2; others as encoded plus one, 0 when negative
  SignatureAlgorithm signature_algorithm;  ///< the outer one
  DistinguishedName issuer;
  Instant this_update{};
  std::optional<Instant> next_update;
  CrlEntries entries;
  CrlExtensions extensions;
  ByteView signature;      ///< the signature's octets, without the unused-bits octet
  DerDefects defects;      ///< of everything but the entries: see survey
  std::uint32_t line = 0;  ///< line of its PEM block in the file; 0 unknown

  /// decode reads one CRL; entries are counted, not looked into. Octets after it
  /// are not looked at: compare `der.size()`. Fails only where no CRL can be made
  /// of the octets.
  [[nodiscard]] static Result<Crl, Reason> decode(ByteView octets);

  /// is_delta: it has a deltaCRLIndicator, whether or not that decoded.
  [[nodiscard]] bool is_delta() const { return !extensions.base_crl_number.absent(); }
};

/// CrlSurvey is what one pass over all entries of a CRL tells.
struct CrlSurvey {
  std::size_t unreadable = 0;        ///< entries that did not decode, or an extension of which did not
  std::size_t not_assigned = 0;      ///< entries with a reason code that stands for no reason
  std::size_t unknown_critical = 0;  ///< entries with a critical extension that we do not process
  bool names_issuers = false;        ///< some entry has a certificateIssuer
  DerDefects defects;                ///< offsets count from the CRL's first octet
};
[[nodiscard]] CrlSurvey survey(const Crl& crl);

/// crl_number_text is a CRL number in decimal, in hex ("0x...") where it has more
/// than 64 bits. Of a CRL: nullopt where it has none.
[[nodiscard]] std::string crl_number_text(ByteView number);
[[nodiscard]] std::optional<std::string> crl_number_text(const Crl& crl);

/// malformed_extensions lists those of a CRL that are present and did not decode.
[[nodiscard]] std::vector<std::string_view> malformed_extensions(const CrlExtensions& extensions);
/// unknown_critical_extensions lists their dotted OIDs.
[[nodiscard]] std::vector<std::string> unknown_critical_extensions(const CrlExtensions& extensions);

}  // namespace meshcert
