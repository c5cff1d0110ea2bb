#include "meshcert/certificate.hpp"

#include <algorithm>
#include <limits>

#include "base/hex.hpp"
#include "x509/decode.hpp"

namespace meshcert {
namespace x509 {
namespace {

/// Decoder takes one certificate apart, field by field in the order of RFC 5280
/// 4.1. Each step returns whether there is a next one; if not, `reason` says why.
class Decoder {
 public:
  Decoder(Certificate& out, const std::uint8_t* start) : out_(out), notes_(out.defects, start) {}

  [[nodiscard]] bool read_certificate(ByteView octets);
  [[nodiscard]] Reason reason() const { return reason_; }

 private:
  [[nodiscard]] bool read_tbs(der::Reader tbs);
  [[nodiscard]] bool read_version(der::Reader& tbs);
  [[nodiscard]] bool read_names_and_key(der::Reader& tbs);
  [[nodiscard]] bool read_optional_fields(der::Reader& tbs);
  [[nodiscard]] bool fail(Reason reason) {
    reason_ = reason;
    return false;
  }

  Certificate& out_;
  der::Notes notes_;
  ByteView inner_algorithm_;
  Reason reason_;
};

bool Decoder::read_certificate(ByteView octets) {
  der::Reader reader(octets, &notes_);
  if (!reader.next_is(der::kSequence)) return fail("not a certificate: does not begin with a SEQUENCE");
  const auto whole = reader.read();
  if (!whole) return fail("certificate is cut off or its outermost length is wrong");
  out_.der = whole->whole;

  auto fields = reader.inside(*whole);
  const auto tbs = fields.read(der::kSequence);
  if (!tbs) return fail("tbsCertificate is not a readable SEQUENCE");
  out_.tbs = tbs->whole;
  if (!read_tbs(fields.inside(*tbs))) return false;

  const auto* outer_algorithm = fields.position();
  const auto algorithm = read_signature_algorithm(fields);
  if (!algorithm) return fail("signatureAlgorithm is not a readable AlgorithmIdentifier");
  out_.signature_algorithm = *algorithm;
  if (!std::ranges::equal(algorithm->identifier, inner_algorithm_)) {
    notes_.add(DerDefect::algorithm_mismatch, outer_algorithm);
  }
  const auto signature = fields.read_bit_string();
  if (!signature) return fail("signatureValue is not a readable BIT STRING");
  out_.signature = signature->octets;
  fields.done();
  return true;
}

bool Decoder::read_tbs(der::Reader tbs) {
  if (!read_version(tbs)) return false;
  const auto serial = tbs.read_integer();
  if (!serial) return fail("serialNumber is not a readable INTEGER");
  out_.serial = *serial;
  const auto algorithm = read_algorithm(tbs);
  if (!algorithm) return fail("signature is not a readable AlgorithmIdentifier");
  inner_algorithm_ = algorithm->whole;
  if (!read_names_and_key(tbs) || !read_optional_fields(tbs)) return false;
  tbs.done();
  return true;
}

bool Decoder::read_version(der::Reader& tbs) {
  if (!tbs.next_is(der::context_constructed(0))) return true;
  const auto* at = tbs.position();
  auto wrapper = tbs.enter(der::context_constructed(0));
  const auto integer = wrapper ? wrapper->read_integer() : std::nullopt;
  if (!integer) return fail("version is not a readable INTEGER");
  wrapper->done();
  constexpr std::uint64_t kGreatest = std::numeric_limits<int>::max() - 1;
  const auto value = der::unsigned_value(*integer);
  // No standard has a negative version; 0 as "the version before v1" keeps it apart.
  out_.version = value ? static_cast<int>(std::min(*value, kGreatest)) + 1 : 0;
  if (out_.version == 1) notes_.add(DerDefect::default_value_encoded, at);
  if (out_.version < 1 || out_.version > 3) notes_.add(DerDefect::version_mismatch, at);
  return true;
}

bool Decoder::read_names_and_key(der::Reader& tbs) {
  const auto issuer = read_name(tbs);
  if (!issuer) return fail("issuer is not a readable Name");
  out_.issuer = *issuer;
  const auto validity = read_validity(tbs);
  if (!validity) return fail("validity does not hold two readable times");
  out_.not_before = validity->not_before;
  out_.not_after = validity->not_after;
  const auto subject = read_name(tbs);
  if (!subject) return fail("subject is not a readable Name");
  out_.subject = *subject;
  const auto key = read_public_key(tbs);
  if (!key) return fail("subjectPublicKeyInfo is not readable");
  out_.key = *key;
  return true;
}

/// The unique identifiers (v2 and v3) and the extensions (v3 only).
bool Decoder::read_optional_fields(der::Reader& tbs) {
  for (const std::uint32_t number : {1U, 2U}) {
    const der::Tag tag = der::context(number);
    if (!tbs.next_is(tag) && !tbs.next_is(tag | der::kConstructed)) continue;
    if (out_.version < 2) tbs.note(DerDefect::version_mismatch);
    if (!tbs.read_bit_string(tag)) return fail("a unique identifier is not a readable BIT STRING");
  }
  if (!tbs.next_is(der::context_constructed(3))) return true;
  if (out_.version < 3) tbs.note(DerDefect::version_mismatch);
  auto wrapper = tbs.enter(der::context_constructed(3));
  if (!wrapper || !read_extensions(*wrapper, out_.extensions)) return fail("extensions are not readable");
  wrapper->done();
  return true;
}

}  // namespace
}  // namespace x509

Result<Certificate, Reason> Certificate::decode(ByteView octets) {
  Result<Certificate, Reason> result;
  x509::Decoder decoder(*result, octets.data());
  if (!decoder.read_certificate(octets)) result = fail(decoder.reason());
  return result;
}

std::string serial_hex(const Certificate& certificate) {
  return serial_hex(certificate.serial);
}

std::string serial_hex(ByteView integer) {
  const bool negative = !integer.empty() && (integer[0] & 0x80U) != 0;
  std::vector<std::uint8_t> magnitude(integer.begin(), integer.end());
  if (negative) {
    for (auto& octet : magnitude) octet = static_cast<std::uint8_t>(~octet);
    for (auto it = magnitude.rbegin(); it != magnitude.rend() && ++*it == 0;) ++it;
  }
  std::string digits = base::to_hex(magnitude);
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return "0";
  return negative ? "-" + digits : digits;
}

std::vector<std::string_view> uri_names(const Certificate& certificate) {
  std::vector<std::string_view> uris;
  if (!certificate.extensions.subject_alt_name) return uris;
  for (const GeneralName& name : certificate.extensions.subject_alt_name->names) {
    if (name.type == GeneralName::Type::uri) uris.push_back(as_text(name.value));
  }
  return uris;
}

}  // namespace meshcert
