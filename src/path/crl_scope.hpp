#pragma once

#include <string>
#include <vector>

#include "meshcert/certificate.hpp"
#include "meshcert/crl.hpp"

/// Which CRLs are about which certificates (RFC 5280 6.3.3 (b) to (d)).
namespace meshcert::path {

/// Names are general names in a form in which equal names are equal strings;
/// those relative to an issuer are complete. They are sorted.
using Names = std::vector<std::string>;

/// Point is where a certificate says that its status is to be had.
struct Point {
  Names names;        ///< of the distribution point; empty: it has none
  Names crl_issuers;  ///< empty: the certificate's issuer
  ReasonFlags reasons = kAllReasons;
};

/// points_of lists a certificate's distribution points, and last the one that is
/// always implied: named as the certificate's issuer, for all reasons.
[[nodiscard]] std::vector<Point> points_of(const Certificate& certificate);

/// CrlScope is what of a CRL says what it is about.
struct CrlScope {
  std::string issuer;  ///< its canonical name
  Names names;         ///< of the issuing distribution point; empty: it has none
};
[[nodiscard]] CrlScope scope_of(const Crl& crl);

/// covers: the CRL is about this certificate, as far as it got it from this
/// point. `issuer` is the canonical name of the certificate's issuer.
[[nodiscard]] bool covers(const Crl& crl, const CrlScope& scope, const Point& point,
                          const Certificate& certificate, std::string_view issuer);

/// reasons_of: those that the CRL answers for at this point.
[[nodiscard]] ReasonFlags reasons_of(const Crl& crl, const Point& point);

/// have_directory_name looks for a directory name with this canonical form.
[[nodiscard]] bool have_directory_name(const GeneralNames& names, std::string_view canonical);

/// may_sign_crls: its keyUsage, where it has one, says cRLSign (RFC 5280 6.3.3 (f)).
[[nodiscard]] bool may_sign_crls(const Certificate& certificate);

/// has_key_of: the certificate has the key that the CRL says signed it; true where either does not say.
/// Orders candidates; the signature decides.
[[nodiscard]] bool has_key_of(const Certificate& certificate, const Crl& crl);

/// has_ended: its nextUpdate is over. RFC 5280 wants one; without one there is no end, as OpenSSL reads it.
[[nodiscard]] bool has_ended(const Crl& crl, Instant at, Seconds skew);

/// is_current: the time lies between its thisUpdate and its nextUpdate, which may be absent, each widened by
/// the skew.
[[nodiscard]] bool is_current(const Crl& crl, Instant at, Seconds skew);

/// is_less compares CRL numbers: contents octets of INTEGERs that are not negative.
[[nodiscard]] bool is_less(ByteView a, ByteView b);

/// can_update: the delta CRL brings this complete CRL up to date (RFC 5280 5.2.4,
/// 6.3.3 (c)), dates and signatures apart.
[[nodiscard]] bool can_update(const Crl& delta, const Crl& complete);

/// is_of_one_scope: of one issuer and issuingDistributionPoint, both complete or both deltas, so that the
/// later takes the place of the other.
[[nodiscard]] bool is_of_one_scope(const Crl& a, const Crl& b);

}  // namespace meshcert::path
