#include <fmt/format.h>

#include <algorithm>

#include "x509/decode.hpp"
#include "x509/oids.hpp"

namespace meshcert {
namespace x509 {
namespace {

struct KeyType {
  Oid oid;
  KeyAlgorithm algorithm;
  std::string_view name;
  std::uint32_t bits;  ///< 0: told by the key or its parameters
};

constexpr KeyType kKeyTypes[] = {
    {kRsaEncryption, KeyAlgorithm::rsa, "RSA", 0},     {kEcPublicKey, KeyAlgorithm::ec, "EC", 0},
    {kEd25519, KeyAlgorithm::ed25519, "Ed25519", 256}, {kEd448, KeyAlgorithm::ed448, "Ed448", 456},
    {kRsassaPss, KeyAlgorithm::rsa_pss, "RSA-PSS", 0}, {kX25519, KeyAlgorithm::x25519, "X25519", 256},
    {kX448, KeyAlgorithm::x448, "X448", 448},          {kDsa, KeyAlgorithm::dsa, "DSA", 0},
    {kDhPublicNumber, KeyAlgorithm::dh, "DH", 0},      {kDhKeyAgreement, KeyAlgorithm::dh, "DH", 0},
};

struct CurveType {
  Oid oid;
  Curve curve;
  std::string_view name;
  std::uint32_t bits;
};

constexpr CurveType kCurveTypes[] = {
    {kP256, Curve::p256, "P-256", 256},
    {kP384, Curve::p384, "P-384", 384},
    {kP521, Curve::p521, "P-521", 521},
    {Oid{"1.3.132.0.33"}, Curve::p224, "P-224", 224},
    {kSecp256k1, Curve::secp256k1, "secp256k1", 256},
    {Oid{"1.2.840.10045.3.1.1"}, Curve::other_named, "P-192", 192},
    {Oid{"1.3.36.3.3.2.8.1.1.7"}, Curve::other_named, "brainpoolP256r1", 256},
    {Oid{"1.3.36.3.3.2.8.1.1.11"}, Curve::other_named, "brainpoolP384r1", 384},
    {Oid{"1.3.36.3.3.2.8.1.1.13"}, Curve::other_named, "brainpoolP512r1", 512},
    {Oid{"1.2.156.10197.1.301"}, Curve::other_named, "SM2", 256},
};

/// The row of an OID; null when there is none.
template <class Row, std::size_t N>
const Row* find_row(const Row (&table)[N], ByteView oid) {
  const auto* row = std::ranges::find_if(table, [&](const Row& candidate) { return candidate.oid == oid; });
  return row == std::end(table) ? nullptr : row;
}

/// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
void read_rsa_key(der::Reader bits, PublicKey& key) {
  auto fields = bits.enter(der::kSequence);
  const auto modulus = fields ? fields->read_integer() : std::nullopt;
  const auto exponent = modulus ? fields->read_integer() : std::nullopt;
  if (!exponent) return;
  fields->done();
  bits.done();
  key.bits = der::bit_length(*modulus);
  key.rsa_exponent = der::unsigned_value(*exponent).value_or(0);
}

/// DSA and Diffie-Hellman: a SEQUENCE that begins with the prime.
void read_prime(der::Reader parameters, PublicKey& key) {
  auto fields = parameters.enter(der::kSequence);
  const auto prime = fields ? fields->read_integer() : std::nullopt;
  if (prime) key.bits = der::bit_length(*prime);
}

/// SpecifiedECDomain ::= SEQUENCE { version INTEGER, fieldID SEQUENCE { fieldType, parameters }, ... }
void read_explicit_curve(der::Reader parameters, PublicKey& key) {
  key.curve = Curve::explicit_parameters;
  auto domain = parameters.enter(der::kSequence);
  auto field = domain && domain->read_integer() ? domain->enter(der::kSequence) : std::nullopt;
  const auto type = field ? field->read_object_identifier() : std::nullopt;
  if (!type || kPrimeField != *type) return;
  if (const auto prime = field->read_integer()) key.bits = der::bit_length(*prime);
}

void read_curve(der::Reader parameters, PublicKey& key) {
  if (parameters.next_is(der::kSequence)) return read_explicit_curve(parameters, key);
  const auto oid = parameters.read_object_identifier();
  if (!oid) return;
  key.curve_oid = *oid;
  key.curve = Curve::other_named;
  if (const CurveType* type = find_row(kCurveTypes, *oid)) {
    key.curve = type->curve;
    key.bits = type->bits;
  }
}

}  // namespace

std::optional<PublicKey> read_public_key(der::Reader& reader) {
  const auto spki = reader.read(der::kSequence);
  if (!spki) return std::nullopt;
  auto fields = reader.inside(*spki);
  const auto algorithm = read_algorithm(fields);
  const auto bits = algorithm ? fields.read_bit_string() : std::nullopt;
  if (!bits) return std::nullopt;
  fields.done();

  PublicKey key;
  key.spki = spki->whole;
  key.algorithm_oid = algorithm->oid;
  key.parameters = algorithm->parameters;
  key.value = bits->octets;
  const KeyType* type = find_row(kKeyTypes, algorithm->oid);
  if (type == nullptr) return key;
  key.algorithm = type->algorithm;
  key.bits = type->bits;
  const auto within = [&](ByteView octets) { return reader.inside({0, octets, octets}); };
  switch (key.algorithm) {
    case KeyAlgorithm::rsa:
    case KeyAlgorithm::rsa_pss:
      read_rsa_key(within(bits->octets), key);
      break;
    case KeyAlgorithm::ec:
      read_curve(within(algorithm->parameters), key);
      break;
    case KeyAlgorithm::dsa:
    case KeyAlgorithm::dh:
      read_prime(within(algorithm->parameters), key);
      break;
    default:
      break;
  }
  return key;
}

}  // namespace x509

std::string algorithm_name(const PublicKey& key) {
  const auto* type = x509::find_row(x509::kKeyTypes, key.algorithm_oid);
  return type == nullptr ? to_dotted(key.algorithm_oid) : std::string(type->name);
}

std::optional<std::string> curve_name(const PublicKey& key) {
  if (key.algorithm != KeyAlgorithm::ec) return std::nullopt;
  if (key.curve == Curve::explicit_parameters) return "explicit parameters";
  if (key.curve_oid.empty()) return std::nullopt;
  const auto* type = x509::find_row(x509::kCurveTypes, key.curve_oid);
  return type == nullptr ? to_dotted(key.curve_oid) : std::string(type->name);
}

std::string to_string(const PublicKey& key) {
  const auto name = algorithm_name(key);
  switch (key.algorithm) {
    case KeyAlgorithm::ec: {
      const auto curve = curve_name(key);
      return curve ? name + " " + *curve : name;
    }
    case KeyAlgorithm::rsa:
    case KeyAlgorithm::rsa_pss:
    case KeyAlgorithm::dsa:
    case KeyAlgorithm::dh:
      return key.bits == 0 ? name : fmt::format("{} {}", name, key.bits);
    default:
      return name;
  }
}

}  // namespace meshcert
