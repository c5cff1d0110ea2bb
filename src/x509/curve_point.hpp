#pragma once

#include "meshcert/certificate.hpp"

namespace meshcert::x509 {

/// PointState is what an ECPoint (SEC 1 2.3.3) turned out to be.
enum class PointState : std::uint8_t {
  on_curve,
  unknown,     ///< of a curve that is not in the table: nothing is said
  infinity,    ///< the point at infinity: one octet, zero
  compressed,  ///< x and one bit of y; whether there is such a y is not looked at
  unreadable,  ///< no point by its length or its first octet
  too_large,   ///< a coordinate is not below the prime of the field
  off_curve,   ///< y^2 is not x^3 - 3x + b
};

/// examine_point decides by own arithmetic, without OpenSSL and without allocation, what
/// the octets of a public key are on P-224, P-256, P-384 or P-521 (FIPS 186-4 D.1.2;
/// SEC 1 3.2.2.1; their cofactor is 1, so a point on the curve is a valid key). The time
/// it takes depends on the octets: public keys only.
[[nodiscard]] PointState examine_point(Curve curve, ByteView point);

}  // namespace meshcert::x509
