#include "meshcert/certificate.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "x509/signed_decoder.hpp"

namespace meshcert {
namespace x509 {
namespace {

/// Decoder takes one certificate apart in the order of RFC 5280 4.1.
class Decoder : public SignedDecoder<Decoder, Certificate> {
 public:
  static constexpr FrameReasons kFrame{"not a certificate: does not begin with a SEQUENCE",
                                       "certificate is cut off or its outermost length is wrong",
                                       "tbsCertificate is not a readable SEQUENCE"};
  using SignedDecoder::SignedDecoder;

  [[nodiscard]] bool read_tbs(der::Reader tbs);

 private:
  [[nodiscard]] bool read_version(der::Reader& tbs);
  [[nodiscard]] bool read_names_and_key(der::Reader& tbs);
  [[nodiscard]] bool read_optional_fields(der::Reader& tbs);
};

bool Decoder::read_tbs(der::Reader tbs) {
  if (!read_version(tbs)) return false;
  const auto serial = tbs.read_integer();
  if (!serial) return fail("serialNumber is not a readable INTEGER");
  out_.serial = *serial;
  if (!read_inner_algorithm(tbs) || !read_names_and_key(tbs) || !read_optional_fields(tbs)) return false;
  tbs.done();
  return true;
}

bool Decoder::read_version(der::Reader& tbs) {
  if (!tbs.next_is(der::context_constructed(0))) return true;
  const auto* at = tbs.position();
  auto wrapper = tbs.enter(der::context_constructed(0));
  if (!wrapper) return fail("version is not a readable INTEGER");
  if (!read_version_number(*wrapper)) return false;
  wrapper->done();
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

/// Two's complement of a negative number.
std::vector<std::uint8_t> magnitude_of(ByteView integer) {
  std::vector<std::uint8_t> magnitude(integer.begin(), integer.end());
  for (auto& octet : magnitude) octet = static_cast<std::uint8_t>(~octet);
  for (auto it = magnitude.rbegin(); it != magnitude.rend() && ++*it == 0;) ++it;
  return magnitude;
}

/// The digits of an unsigned number, without zeros in front.
void append_digits(std::string& text, ByteView number) {
  while (!number.empty() && number.front() == 0) number = number.subspan(1);
  if (number.empty()) {
    text += '0';
    return;
  }
  const std::size_t begin = text.size();
  base::append_hex(text, number);
  if (number.front() < 16) text.erase(begin, 1);
}

}  // namespace
}  // namespace x509

std::optional<Reason> x509::decode_into(Certificate& certificate, ByteView octets) {
  Decoder decoder(certificate, octets.data());
  return decoder.read(octets) ? std::nullopt : std::optional(decoder.reason());
}

Result<Certificate, Reason> Certificate::decode(ByteView octets) {
  Result<Certificate, Reason> result;
  if (const auto reason = x509::decode_into(*result, octets)) result = fail(*reason);
  return result;
}

std::string serial_hex(const Certificate& certificate) {
  return serial_hex(certificate.serial);
}

std::string serial_hex(ByteView integer) {
  std::string text;
  append_serial_hex(text, integer);
  return text;
}

void append_serial_hex(std::string& text, ByteView integer) {
  if (!integer.empty() && (integer[0] & 0x80U) != 0)
    return x509::append_digits(text += '-', x509::magnitude_of(integer));
  x509::append_digits(text, integer);
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
