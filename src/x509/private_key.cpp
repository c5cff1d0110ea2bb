#include "x509/private_key.hpp"

#include <algorithm>
#include <array>

#include "x509/decode.hpp"
#include "x509/oids.hpp"

namespace meshcert {

std::string_view to_string(KeyForm form) {
  switch (form) {
    case KeyForm::unknown:
      return "";
    case KeyForm::pkcs1:
      return "PKCS#1";
    case KeyForm::sec1:
      return "SEC1";
    case KeyForm::dsa:
      return "DSA's own form";
    case KeyForm::pkcs8:
      return "PKCS#8";
    case KeyForm::encrypted_pkcs8:
      return "encrypted PKCS#8";
    case KeyForm::encrypted_pem:
      return "PEM encrypted the old way";
    case KeyForm::openssh:
      return "OpenSSH's own form";
  }
  return "";
}

namespace x509 {
namespace {

using Decoded = Result<PrivateKey, Reason>;

// A version is one octet in every form.
std::optional<std::uint8_t> read_version(der::Reader& fields) {
  const auto version = fields.read_integer();
  return version && version->size() == 1 ? std::optional(version->front()) : std::nullopt;
}

bool is_positive(ByteView integer) {
  return (integer.front() & 0x80U) == 0 && der::bit_length(integer) != 0;
}

// The positive integers of a structure up to its end or `most`; nullopt for others.
template <std::size_t most>
struct Numbers {
  std::array<ByteView, most> values{};
  std::size_t count = 0;
};
template <std::size_t most>
std::optional<Numbers<most>> read_numbers(der::Reader& fields) {
  Numbers<most> numbers;
  while (numbers.count < most && fields.next_is(der::kInteger)) {
    const auto value = fields.read_integer();
    if (!value || !is_positive(*value)) return std::nullopt;
    numbers.values[numbers.count++] = *value;
  }
  return numbers;
}

PrivateKey with_public(KeyForm form, ByteView algorithm, ByteView key) {
  return {form, der::element(der::kSequence, {algorithm, der::bit_string(key)}), true};
}

PrivateKey without_public(KeyForm form, ByteView algorithm) {
  return {form, der::element(der::kSequence, {algorithm, der::bit_string({})}), false};
}

// RSAPrivateKey ::= SEQUENCE { version, n, e, d, p, q, dP, dQ, qInv, otherPrimeInfos OPTIONAL }
Decoded decode_rsa(der::Reader fields, KeyForm form, ByteView algorithm) {
  constexpr std::size_t kNumbers = 8;
  const auto version = read_version(fields);
  const auto numbers = version ? read_numbers<kNumbers>(fields) : std::nullopt;
  if (!numbers || numbers->count != kNumbers)
    return fail(Reason("an RSA key that lacks some of its numbers"));
  const bool more_primes = fields.next_is(der::kSequence) && *version == 1;
  if (!more_primes && !fields.at_end()) return fail(Reason("an RSA key with more in it than its numbers"));
  const der::Octets key = der::element(
      der::kSequence, {der::unsigned_integer(numbers->values[0]), der::unsigned_integer(numbers->values[1])});
  return with_public(form, algorithm, key);
}

der::Octets algorithm_of(const Oid& oid, ByteView parameters) {
  return der::element(der::kSequence, {der::element(der::kObjectIdentifier, {oid.octets()}), parameters});
}

// DSA in OpenSSL's form: SEQUENCE { 0, p, q, g, y, x }. The public key is y.
Decoded decode_dsa(der::Reader fields) {
  constexpr std::size_t kNumbers = 5;
  const auto version = read_version(fields);
  const auto numbers = version ? read_numbers<kNumbers>(fields) : std::nullopt;
  if (!numbers || numbers->count != kNumbers || !fields.at_end())
    return fail(Reason("neither an RSA key nor a DSA key: other numbers"));
  const auto number = [&](std::size_t i) { return der::unsigned_integer(numbers->values[i]); };
  const der::Octets parameters = der::element(der::kSequence, {number(0), number(1), number(2)});
  return with_public(KeyForm::dsa, algorithm_of(kDsa, parameters), number(3));
}

// ECPrivateKey ::= SEQUENCE { 1, privateKey OCTET STRING, parameters [0] OPTIONAL,
//                             publicKey [1] BIT STRING OPTIONAL }
// In PKCS#8 the curve stands outside, and may be repeated.
Decoded decode_ec(der::Reader fields, KeyForm form, ByteView algorithm) {
  const auto version = read_version(fields);
  const auto secret = version ? fields.read(der::kOctetString) : std::nullopt;
  if (!secret || *version != 1 || secret->contents.empty()) return fail(Reason("not an EC private key"));
  der::Octets own_algorithm;
  if (auto parameters = fields.enter(der::context_constructed(0))) {
    const auto curve = parameters->read();
    if (curve) own_algorithm = algorithm_of(kEcPublicKey, curve->whole);
  }
  if (algorithm.empty()) algorithm = own_algorithm;
  if (algorithm.empty()) return fail(Reason("an EC key that does not name its curve"));
  auto wrapper = fields.enter(der::context_constructed(1));
  const auto point = wrapper ? wrapper->read_bit_string() : std::nullopt;
  if (wrapper && !point) return fail(Reason("an EC key whose public point cannot be read"));
  if (!fields.at_end()) return fail(Reason("an EC key with more in it than its parts"));
  return point ? with_public(form, algorithm, point->octets) : without_public(form, algorithm);
}

struct RawSize {
  Oid oid;
  std::size_t octets;
};
// CurvePrivateKey ::= OCTET STRING (RFC 8410 7)
constexpr RawSize kRawSizes[] = {{kEd25519, 32}, {kEd448, 57}, {kX25519, 32}, {kX448, 56}};

Decoded decode_raw(ByteView secret, ByteView algorithm, std::size_t size, ByteView public_key) {
  der::Reader reader(secret, nullptr);
  const auto octets = reader.read(der::kOctetString);
  if (!octets || !reader.at_end() || octets->contents.size() != size)
    return fail(Reason("a key of another length than its algorithm has"));
  return public_key.empty() ? without_public(KeyForm::pkcs8, algorithm)
                            : with_public(KeyForm::pkcs8, algorithm, public_key);
}

// What stands inside the OCTET STRING of PKCS#8.
Decoded decode_secret(const AlgorithmIdentifier& algorithm, ByteView secret, ByteView public_key) {
  der::Reader reader(secret, nullptr);
  if (kRsaEncryption == algorithm.oid || kRsassaPss == algorithm.oid) {
    const auto fields = reader.enter(der::kSequence);
    if (!fields) return fail(Reason("PKCS#8 without an RSA key in it"));
    return decode_rsa(*fields, KeyForm::pkcs8, algorithm.whole);
  }
  if (kEcPublicKey == algorithm.oid) {
    const auto fields = reader.enter(der::kSequence);
    if (!fields) return fail(Reason("PKCS#8 without an EC key in it"));
    auto decoded = decode_ec(*fields, KeyForm::pkcs8, algorithm.whole);
    if (!decoded || decoded->has_public || public_key.empty()) return decoded;
    return with_public(KeyForm::pkcs8, algorithm.whole, public_key);
  }
  const auto* raw = std::ranges::find_if(kRawSizes, [&](const RawSize& r) { return r.oid == algorithm.oid; });
  if (raw != std::end(kRawSizes)) return decode_raw(secret, algorithm.whole, raw->octets, public_key);
  return without_public(KeyForm::pkcs8, algorithm.whole);
}

// OneAsymmetricKey ::= SEQUENCE { version, AlgorithmIdentifier, OCTET STRING,
//                                 attributes [0] OPTIONAL, publicKey [1] IMPLICIT BIT STRING OPTIONAL }
Decoded decode_pkcs8(der::Reader fields) {
  const auto version = read_version(fields);
  if (!version || *version > 1) return fail(Reason("PKCS#8 of an unknown version"));
  const auto algorithm = read_algorithm(fields);
  const auto secret = algorithm ? fields.read(der::kOctetString) : std::nullopt;
  if (!secret) return fail(Reason("PKCS#8 that lacks its algorithm or its key"));
  if (fields.next_is(der::context_constructed(0)) && !fields.read())
    return fail(Reason("PKCS#8 whose attributes cannot be read"));
  std::optional<der::BitString> public_key;
  if (fields.next_is(der::context(1))) public_key = fields.read_bit_string(der::context(1));
  if (!fields.at_end()) return fail(Reason("PKCS#8 with more in it than a key"));
  return decode_secret(*algorithm, secret->contents, public_key ? public_key->octets : ByteView{});
}

Decoded decode_fields(der::Reader fields) {
  if (fields.next_is(der::kSequence)) {
    if (!read_algorithm(fields) || !fields.read(der::kOctetString) || !fields.at_end())
      return fail(Reason("no private key: neither PKCS#8 nor encrypted PKCS#8"));
    return PrivateKey{KeyForm::encrypted_pkcs8, {}, false};
  }
  der::Reader ahead = fields;
  if (!read_version(ahead)) return fail(Reason("no private key: it does not begin with a version"));
  if (ahead.next_is(der::kSequence)) return decode_pkcs8(fields);
  if (ahead.next_is(der::kOctetString)) return decode_ec(fields, KeyForm::sec1, {});
  if (!ahead.next_is(der::kInteger)) return fail(Reason("no private key of a known form"));
  const auto numbers = read_numbers<9>(ahead);
  if (numbers && numbers->count == 5) return decode_dsa(fields);
  return decode_rsa(fields, KeyForm::pkcs1, algorithm_of(kRsaEncryption, der::kNullElement));
}

}  // namespace

Decoded decode_private_key(ByteView octets) {
  der::Reader reader(octets, nullptr);
  const auto whole = reader.read(der::kSequence);
  if (!whole) return fail(Reason("no DER SEQUENCE, or one that is cut off"));
  if (!reader.at_end()) return fail(Reason("octets after the key"));
  return decode_fields(reader.inside(*whole));
}

std::optional<PublicKey> public_key_of(ByteView spki) {
  der::Reader reader(spki, nullptr);
  return read_public_key(reader);
}

}  // namespace x509
}  // namespace meshcert
