#pragma once

#include <algorithm>
#include <limits>

#include "x509/decode.hpp"

namespace meshcert::x509 {

/// The words that tell a certificate from a CRL when its frame cannot be read.
struct FrameReasons {
  Reason not_a_sequence, cut_off, no_tbs;
};

/// SignedDecoder takes apart the frame of what a CA signs, in place and field by field:
/// toBeSigned, signatureAlgorithm, signatureValue (RFC 5280 4.1.1 and 5.1.1). Kind adds
/// `kFrame` and `read_tbs`. Each step returns whether there is a next one; if not, `reason`
/// says why. The views in `out` point into the octets that were read.
template <class Kind, class Signed>
class SignedDecoder {
 public:
  SignedDecoder(Signed& out, const std::uint8_t* start) : out_(out), notes_(out.defects, start) {}

  [[nodiscard]] bool read(ByteView octets);
  [[nodiscard]] Reason reason() const { return reason_; }

 protected:
  /// The `signature` inside of toBeSigned; the one outside has to be its copy (4.1.1.2).
  [[nodiscard]] bool read_inner_algorithm(der::Reader& tbs);
  /// An INTEGER that counts from zero for v1. No standard has a negative version; 0 as
  /// "the version before v1" keeps it apart.
  [[nodiscard]] bool read_version_number(der::Reader& reader);
  [[nodiscard]] bool fail(Reason reason) {
    reason_ = reason;
    return false;
  }

  Signed& out_;
  der::Notes notes_;

 private:
  [[nodiscard]] bool read_signature(der::Reader& fields);

  ByteView inner_algorithm_;
  Reason reason_;
};

template <class Kind, class Signed>
bool SignedDecoder<Kind, Signed>::read(ByteView octets) {
  der::Reader reader(octets, &notes_);
  if (!reader.next_is(der::kSequence)) return fail(Kind::kFrame.not_a_sequence);
  const auto whole = reader.read();
  if (!whole) return fail(Kind::kFrame.cut_off);
  out_.der = whole->whole;
  auto fields = reader.inside(*whole);
  const auto tbs = fields.read(der::kSequence);
  if (!tbs) return fail(Kind::kFrame.no_tbs);
  out_.tbs = tbs->whole;
  return static_cast<Kind*>(this)->read_tbs(fields.inside(*tbs)) && read_signature(fields);
}

template <class Kind, class Signed>
bool SignedDecoder<Kind, Signed>::read_signature(der::Reader& fields) {
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

template <class Kind, class Signed>
bool SignedDecoder<Kind, Signed>::read_inner_algorithm(der::Reader& tbs) {
  const auto algorithm = read_algorithm(tbs);
  if (!algorithm) return fail("signature is not a readable AlgorithmIdentifier");
  inner_algorithm_ = algorithm->whole;
  return true;
}

template <class Kind, class Signed>
bool SignedDecoder<Kind, Signed>::read_version_number(der::Reader& reader) {
  const auto integer = reader.read_integer();
  if (!integer) return fail("version is not a readable INTEGER");
  constexpr std::uint64_t kGreatest = std::numeric_limits<int>::max() - 1;
  const auto value = der::unsigned_value(*integer);
  out_.version = value ? static_cast<int>(std::min(*value, kGreatest)) + 1 : 0;
  return true;
}

}  // namespace meshcert::x509
