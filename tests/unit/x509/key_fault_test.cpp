// A public key that is none, and its positive control; points are compared with OpenSSL.
#include "x509/key_fault.hpp"

#include <doctest/doctest.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <memory>

#include "tests/unit/x509/der_builder.hpp"
#include "x509/curve_point.hpp"
#include "x509/decode.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using x509::PointState;

namespace {

struct CurveRow {
  Curve curve;
  int nid;
  std::size_t octets;
};
constexpr CurveRow kCurves[] = {{Curve::p224, NID_secp224r1, 28},
                                {Curve::p256, NID_X9_62_prime256v1, 32},
                                {Curve::p384, NID_secp384r1, 48},
                                {Curve::p521, NID_secp521r1, 66}};

struct Free {
  void operator()(EC_GROUP* p) const { EC_GROUP_free(p); }
  void operator()(EC_POINT* p) const { EC_POINT_free(p); }
  void operator()(BIGNUM* p) const { BN_free(p); }
};

/// Points of one curve, as OpenSSL makes and takes them.
class Peer {
 public:
  explicit Peer(int nid)
      : group_(EC_GROUP_new_by_curve_name(nid)), point_(EC_POINT_new(group_.get())), number_(BN_new()) {}

  Bytes multiple(unsigned factor, point_conversion_form_t form = POINT_CONVERSION_UNCOMPRESSED) {
    BN_set_word(number_.get(), factor);
    EC_POINT_mul(group_.get(), point_.get(), number_.get(), nullptr, nullptr, nullptr);
    Bytes octets(EC_POINT_point2oct(group_.get(), point_.get(), form, nullptr, 0, nullptr));
    EC_POINT_point2oct(group_.get(), point_.get(), form, octets.data(), octets.size(), nullptr);
    return octets;
  }
  bool takes(const Bytes& octets) {
    return EC_POINT_oct2point(group_.get(), point_.get(), octets.data(), octets.size(), nullptr) == 1;
  }
  /// The prime, or x of a point plus the prime where that fits.
  Bytes prime(std::size_t size) {
    EC_GROUP_get_curve(group_.get(), number_.get(), nullptr, nullptr, nullptr);
    Bytes octets(size);
    BN_bn2binpad(number_.get(), octets.data(), static_cast<int>(size));
    return octets;
  }

 private:
  std::unique_ptr<EC_GROUP, Free> group_;
  std::unique_ptr<EC_POINT, Free> point_;
  std::unique_ptr<BIGNUM, Free> number_;
};

PublicKey key_of(const Bytes& algorithm, const Bytes& value) {
  static Bytes spki;
  spki = seq(algorithm, tlv(0x03, join(hex("00"), value)));
  der::Reader reader(spki, nullptr);
  return x509::read_public_key(reader).value();
}

std::string_view fault_of(KeyAlgorithm algorithm, const Bytes& value, Curve curve = Curve::none) {
  PublicKey key = key_of(seq(oid("2a03")), value);
  key.algorithm = algorithm;
  key.curve = curve;
  return x509::find_key_fault(key).found;
}

}  // namespace

TEST_CASE("points: on the curve or not, as OpenSSL says") {
  for (const CurveRow& row : kCurves) {
    CAPTURE(row.octets);
    Peer peer(row.nid);
    for (unsigned factor = 1; factor < 40; ++factor) {
      Bytes point = peer.multiple(factor * 7919);
      REQUIRE(point.size() == 1 + 2 * row.octets);
      CHECK(x509::examine_point(row.curve, point) == PointState::on_curve);
      point[1 + factor * 37 % (2 * row.octets)] ^= static_cast<std::uint8_t>(1U << factor % 8);
      CHECK_FALSE(peer.takes(point));
      const auto state = x509::examine_point(row.curve, point);
      CHECK((state == PointState::off_curve || state == PointState::too_large));
    }
  }
}

TEST_CASE("points: every other form has its own answer") {
  for (const CurveRow& row : kCurves) {
    CAPTURE(row.octets);
    Peer peer(row.nid);
    const auto state = [&](const Bytes& point) { return x509::examine_point(row.curve, point); };
    const Bytes good = peer.multiple(1);
    CHECK(state(hex("00")) == PointState::infinity);
    CHECK(state(hex("0000")) == PointState::unreadable);
    CHECK(state({}) == PointState::unreadable);
    CHECK(state(peer.multiple(1, POINT_CONVERSION_COMPRESSED)) == PointState::compressed);
    CHECK(state(peer.multiple(1, POINT_CONVERSION_HYBRID)) == PointState::unreadable);
    CHECK(state(Bytes(good.begin(), good.end() - 1)) == PointState::unreadable);
    CHECK(state(join(good, hex("00"))) == PointState::unreadable);
    CHECK(state(join(hex("04"), Bytes(2 * row.octets, 1))) == PointState::off_curve);
    const Bytes prime = peer.prime(row.octets);
    const Bytes x(good.begin() + 1, good.begin() + 1 + static_cast<std::ptrdiff_t>(row.octets));
    CHECK(state(join(hex("04"), x, prime)) == PointState::too_large);
    CHECK(state(join(hex("04"), prime, x)) == PointState::too_large);
    CHECK(state(join(hex("04"), Bytes(row.octets, 0xff), x)) == PointState::too_large);
    CHECK(state(join(hex("04"), Bytes(2 * row.octets, 0))) == PointState::off_curve);
  }
  CHECK(x509::examine_point(Curve::secp256k1, hex("00")) == PointState::unknown);
}

TEST_CASE("keys that are none") {
  using enum KeyAlgorithm;
  const auto rsa_of = [](const char* modulus) { return seq(integer(modulus), integer("010001")); };
  CHECK(fault_of(rsa, rsa_of("00ff")) == "");
  CHECK(fault_of(rsa, rsa_of("00fe")) == "an RSA modulus that is even");
  CHECK(fault_of(rsa, rsa_of("ff")) == "an RSA modulus that is negative");
  CHECK(fault_of(rsa_pss, rsa_of("00")) == "an RSA modulus that is even");
  CHECK(fault_of(rsa, seq(integer("00ff"))) == "octets that are no RSAPublicKey");
  CHECK(fault_of(rsa, {}) == "octets that are no RSAPublicKey");
  CHECK(fault_of(ec, hex("00"), Curve::p256) == "the point at infinity");
  CHECK(fault_of(ec, hex("00"), Curve::other_named) == "");
  CHECK(fault_of(ec, Peer(NID_X9_62_prime256v1).multiple(3), Curve::p256) == "");
  CHECK(fault_of(ec, Peer(NID_X9_62_prime256v1).multiple(3), Curve::p384) ==
        "octets that are no point of the curve");
  CHECK(fault_of(ed25519, Bytes(32, 1)) == "");
  CHECK(fault_of(ed25519, Bytes(31, 1)) == "a key of another size than its algorithm has");
  CHECK(fault_of(ed448, Bytes(57, 1)) == "");
  CHECK(fault_of(x25519, Bytes(33, 1)) == "a key of another size than its algorithm has");
  CHECK(fault_of(unknown, {}) == "");
}
