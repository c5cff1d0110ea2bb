#include "x509/jwk.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "x509/oids.hpp"

namespace meshcert::x509 {
namespace {

using Spki = Result<der::Octets, Reason>;
using Number = Result<std::vector<std::uint8_t>, Reason>;

// Lengths of a coordinate or a key are fixed (RFC 7518 6.2.1.2, RFC 8037 2).
struct CurveRow {
  std::string_view kty, crv;
  Oid oid;
  std::size_t octets;
};
constexpr CurveRow kCurves[] = {
    {"EC", "P-256", kP256, 32},          {"EC", "P-384", kP384, 48},       {"EC", "P-521", kP521, 66},
    {"EC", "secp256k1", kSecp256k1, 32}, {"OKP", "Ed25519", kEd25519, 32}, {"OKP", "Ed448", kEd448, 57},
    {"OKP", "X25519", kX25519, 32},      {"OKP", "X448", kX448, 56},
};

Number decode(std::optional<std::string_view> text, Reason missing, Reason broken) {
  if (!text || text->empty()) return fail(missing);
  auto octets = base::decode_base64url(*text);
  if (!octets) return fail(broken);
  return std::move(*octets);
}

der::Octets object_identifier(const Oid& oid) {
  return der::element(der::kObjectIdentifier, {oid.octets()});
}

Spki rsa(const JwkParameters& jwk) {
  const auto n = decode(jwk.n, "RSA without n", "n is not base64url without padding");
  if (!n) return fail(n.error());
  const auto e = decode(jwk.e, "RSA without e", "e is not base64url without padding");
  if (!e) return fail(e.error());
  const auto is_zero = [](const std::vector<std::uint8_t>& number) {
    return std::ranges::all_of(number, [](std::uint8_t octet) { return octet == 0; });
  };
  if (is_zero(*n) || is_zero(*e)) return fail(Reason("n or e is zero"));
  const auto key = der::element(der::kSequence, {der::unsigned_integer(*n), der::unsigned_integer(*e)});
  const auto algorithm =
      der::element(der::kSequence, {object_identifier(kRsaEncryption), der::element(der::kNull, {})});
  return der::element(der::kSequence, {algorithm, der::bit_string(key)});
}

Spki ec(const JwkParameters& jwk, const CurveRow& curve) {
  const auto x = decode(jwk.x, "EC without x", "x is not base64url without padding");
  if (!x) return fail(x.error());
  const auto y = decode(jwk.y, "EC without y", "y is not base64url without padding");
  if (!y) return fail(y.error());
  if (x->size() != curve.octets || y->size() != curve.octets)
    return fail(Reason("x or y has another length than the curve's"));
  std::vector<std::uint8_t> point{0x04};
  point.insert(point.end(), x->begin(), x->end());
  point.insert(point.end(), y->begin(), y->end());
  const auto algorithm =
      der::element(der::kSequence, {object_identifier(kEcPublicKey), object_identifier(curve.oid)});
  return der::element(der::kSequence, {algorithm, der::bit_string(point)});
}

Spki okp(const JwkParameters& jwk, const CurveRow& curve) {
  const auto x = decode(jwk.x, "OKP without x", "x is not base64url without padding");
  if (!x) return fail(x.error());
  if (x->size() != curve.octets) return fail(Reason("x has another length than the curve's"));
  const auto algorithm = der::element(der::kSequence, {object_identifier(curve.oid)});
  return der::element(der::kSequence, {algorithm, der::bit_string(*x)});
}

std::string magnitude(ByteView integer) {
  while (integer.size() > 1 && integer.front() == 0) integer = integer.subspan(1);
  return base::encode_base64url(integer);
}

JwkText rsa_text(ByteView bits) {
  auto fields = der::Reader(bits, nullptr).enter(der::kSequence);
  const auto n = fields ? fields->read_integer() : std::nullopt;
  const auto e = n ? fields->read_integer() : std::nullopt;
  if (!e || der::bit_length(*n) == 0 || der::bit_length(*e) == 0) return {};
  return {"RSA", "", magnitude(*n), magnitude(*e), "", ""};
}

JwkText ec_text(ByteView point, const CurveRow& curve) {
  if (point.size() != 1 + 2 * curve.octets || point.front() != 0x04) return {};
  return {"EC",
          std::string(curve.crv),
          "",
          "",
          base::encode_base64url(point.subspan(1, curve.octets)),
          base::encode_base64url(point.subspan(1 + curve.octets))};
}

}  // namespace

bool is_known_key_type(std::string_view kty) {
  return kty == "RSA" || kty == "EC" || kty == "OKP";
}

JwkText spki_to_jwk(const PublicKey& key) {
  if (key.value.empty()) return {};
  if (key.algorithm == KeyAlgorithm::rsa) return rsa_text(key.value);
  const bool is_ec = key.algorithm == KeyAlgorithm::ec;
  const ByteView oid = is_ec ? key.curve_oid : key.algorithm_oid;
  const auto* curve = std::ranges::find_if(
      kCurves, [&](const CurveRow& row) { return row.oid == oid && (row.kty == "EC") == is_ec; });
  if (curve == std::end(kCurves)) return {};
  if (is_ec) return ec_text(key.value, *curve);
  return {"OKP", std::string(curve->crv), "", "", base::encode_base64url(key.value), ""};
}

Spki jwk_to_spki(const JwkParameters& jwk) {
  if (jwk.kty == "RSA") return rsa(jwk);
  if (!is_known_key_type(jwk.kty)) return fail(Reason("its kty is none of RSA, EC and OKP"));
  if (!jwk.crv) return fail(Reason("without crv"));
  const auto* curve = std::ranges::find_if(
      kCurves, [&jwk](const CurveRow& row) { return row.kty == jwk.kty && row.crv == *jwk.crv; });
  if (curve == std::end(kCurves)) return fail(Reason("its crv is none that is known of its kty"));
  return jwk.kty == "EC" ? ec(jwk, *curve) : okp(jwk, *curve);
}

}  // namespace meshcert::x509
