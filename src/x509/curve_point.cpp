// Whether a point lies on its curve: Montgomery arithmetic in limbs of 64 bits.

#include "x509/curve_point.hpp"

#include <array>
#include <string_view>

namespace meshcert::x509 {
namespace {

__extension__ using Wide = unsigned __int128;
using Limb = std::uint64_t;

/// Number holds N limbs, the least first.
template <std::size_t N>
using Number = std::array<Limb, N>;

/// a + b + carry for one limb.
constexpr Limb add(Limb a, Limb b, Limb& carry) {
  const Wide sum = Wide{a} + b + carry;
  carry = static_cast<Limb>(sum >> 64U);
  return static_cast<Limb>(sum);
}

/// a b + c + carry for one limb, which never overflows two.
constexpr Limb multiply(Limb a, Limb b, Limb c, Limb& carry) {
  const Wide whole = Wide{a} * b + c + carry;
  carry = static_cast<Limb>(whole >> 64U);
  return static_cast<Limb>(whole);
}

/// a - b, and whether a was not below b.
template <std::size_t N>
constexpr Limb subtract(const Number<N>& a, const Number<N>& b, Number<N>& out) {
  Limb carry = 1;  // a + ~b + 1
#pragma GCC unroll 9
  for (std::size_t i = 0; i < N; ++i) out[i] = add(a[i], ~b[i], carry);
  return carry;
}

template <std::size_t N>
constexpr bool is_below(const Number<N>& a, const Number<N>& b) {
  Number<N> difference{};
  return subtract(a, b, difference) == 0;
}

template <std::size_t N>
constexpr Number<N> from_hex(std::string_view digits) {
  Number<N> out{};
  std::size_t at = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, ++at) {
    const auto value = static_cast<Limb>(*digit <= '9' ? *digit - '0' : *digit - 'a' + 10);
    out[at / 16] |= value << (at % 16 * 4);
  }
  return out;
}

/// Field computes modulo an odd prime. Its numbers are below the prime, and R is 2^(64 N) (Montgomery 1985).
template <std::size_t N>
class Field {
 public:
  constexpr explicit Field(std::string_view prime) : prime_(from_hex<N>(prime)) {
    for (int i = 0; i < 6; ++i) inverse_ *= 2 - prime_[0] * inverse_;  // by Newton: -1/prime mod 2^64, below
    inverse_ = ~inverse_ + 1;
  }

  [[nodiscard]] constexpr const Number<N>& prime() const { return prime_; }
  /// value / R.
  [[nodiscard]] constexpr Number<N> divided(const Number<N>& value) const { return product(value, {1}); }

  [[nodiscard]] constexpr Number<N> sum(const Number<N>& a, const Number<N>& b) const {
    Number<N> out{};
    Limb carry = 0;
#pragma GCC unroll 9
    for (std::size_t i = 0; i < N; ++i) out[i] = add(a[i], b[i], carry);
    return reduced(out, carry);
  }

  [[nodiscard]] constexpr Number<N> negative(const Number<N>& a) const {
    Number<N> out{};
    subtract(prime_, a, out);
    return reduced(out, 0);
  }

  /// a b / R, a limb of a at a time.
  [[nodiscard]] constexpr Number<N> product(const Number<N>& a, const Number<N>& b) const {
    Number<N> out{};
    Limb top = 0;
#pragma GCC unroll 9
    for (std::size_t k = 0; k < N; ++k) {
      Limb carry = 0, reduction = 0;
      const Limb first = multiply(a[k], b[0], out[0], carry);
      const Limb factor = first * inverse_;
      multiply(factor, prime_[0], first, reduction);  // its low limb is zero
#pragma GCC unroll 9
      for (std::size_t i = 1; i < N; ++i)
        out[i - 1] = multiply(factor, prime_[i], multiply(a[k], b[i], out[i], carry), reduction);
      Limb over = 0;
      out[N - 1] = add(top, carry, over);
      top = over;
      over = 0;
      out[N - 1] = add(out[N - 1], reduction, over);
      top += over;
    }
    return reduced(out, top);
  }

 private:
  /// value + carry R, known to be below twice the prime.
  [[nodiscard]] constexpr Number<N> reduced(const Number<N>& value, Limb carry) const {
    Number<N> less{};
    return (subtract(value, prime_, less) | carry) != 0 ? less : value;
  }

  Number<N> prime_;
  Limb inverse_ = 1;  ///< -1/prime modulo 2^64
};

Limb read_limb(ByteView octets) {
  Limb limb = 0;
  for (const std::uint8_t octet : octets) limb = limb << 8U | octet;
  return limb;
}

/// The same of eight, which is one instruction.
Limb read_whole_limb(const std::uint8_t* octets) {
  const auto at = [octets](unsigned i) { return Limb{octets[i]} << (56U - 8U * i); };
  return at(0) | at(1) | at(2) | at(3) | at(4) | at(5) | at(6) | at(7);
}

template <std::size_t N>
Number<N> from_octets(ByteView octets) {
  Number<N> out{};
  std::size_t limb = 0;
  for (; octets.size() > 8; octets = octets.first(octets.size() - 8))
    out[limb++] = read_whole_limb(octets.data() + octets.size() - 8);
  out[limb] = read_limb(octets);
  return out;
}

/// PrimeCurve is y^2 = x^3 - 3x + b over a field of Octets octets.
template <std::size_t Octets>
class PrimeCurve {
 public:
  static constexpr std::size_t kLimbs = (Octets + 7) / 8;

  constexpr PrimeCurve(std::string_view prime, std::string_view b)
      : field_(prime),
        minus_three_(field_.negative(field_.divided({3}))),
        b_(field_.divided(field_.divided(from_hex<kLimbs>(b)))) {}

  [[nodiscard]] PointState examine(ByteView point) const {
    if (point.size() == 1 && point[0] == 0) return PointState::infinity;
    if (point.size() == 1 + Octets && (point[0] == 2 || point[0] == 3)) return PointState::compressed;
    if (point.size() != 1 + 2 * Octets || point[0] != 4) return PointState::unreadable;
    const auto x = from_octets<kLimbs>(point.subspan(1, Octets));
    const auto y = from_octets<kLimbs>(point.subspan(1 + Octets));
    if (!is_below(x, field_.prime()) || !is_below(y, field_.prime())) return PointState::too_large;
    return holds(x, y) ? PointState::on_curve : PointState::off_curve;
  }

 private:
  /// y^2 / R^2 = x (x^2 - 3) / R^2 + b / R^2: each product divides by R.
  [[nodiscard]] bool holds(const Number<kLimbs>& x, const Number<kLimbs>& y) const {
    const auto square = field_.sum(field_.product(x, x), minus_three_);
    return field_.divided(field_.product(y, y)) == field_.sum(field_.product(x, square), b_);
  }

  Field<kLimbs> field_;
  Number<kLimbs> minus_three_;  ///< -3 / R
  Number<kLimbs> b_;            ///< b / R^2
};

// FIPS 186-4 D.1.2.2 to D.1.2.5.
constexpr PrimeCurve<28> kP224{"ffffffffffffffffffffffffffffffff000000000000000000000001",
                               "b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4"};
constexpr PrimeCurve<32> kP256{"ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
                               "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"};
constexpr PrimeCurve<48> kP384{
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef"};
constexpr PrimeCurve<66> kP521{
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    "ffffffffffffffffffffffffffff",
    "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573"
    "df883d2c34f1ef451fd46b503f00"};

}  // namespace

PointState examine_point(Curve curve, ByteView point) {
  switch (curve) {
    case Curve::p224:
      return kP224.examine(point);
    case Curve::p256:
      return kP256.examine(point);
    case Curve::p384:
      return kP384.examine(point);
    case Curve::p521:
      return kP521.examine(point);
    default:
      return PointState::unknown;
  }
}

}  // namespace meshcert::x509
