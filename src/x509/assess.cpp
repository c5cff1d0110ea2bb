#include "x509/assess.hpp"

#include <fmt/format.h>

#include "der/walk.hpp"
#include "x509/extension_rules.hpp"

namespace meshcert::x509 {
namespace {

/// Certificate ::= SEQUENCE { SEQUENCE, SEQUENCE, BIT STRING } with nothing in it
/// that belongs there: neither a version, a serial nor an algorithm. With an
/// algorithm it would be another signed object (a CRL, a request) or a broken
/// certificate.
bool is_bare_frame(ByteView octets) {
  der::Reader reader(octets, nullptr);
  auto fields = reader.enter(der::kSequence);
  const auto tbs = fields ? fields->enter(der::kSequence) : std::nullopt;
  const auto algorithm = tbs ? fields->enter(der::kSequence) : std::nullopt;
  const bool framed = algorithm && fields->read_bit_string() && fields->at_end() && reader.at_end();
  return framed && !tbs->next_is(der::context_constructed(0)) && !tbs->next_is(der::kInteger) &&
         !algorithm->next_is(der::kObjectIdentifier);
}

/// Defects that leave the encoding strict (see assess.hpp).
bool is_tolerated(DerDefect defect) {
  return defect == DerDefect::ca_false_encoded || defect == DerDefect::named_bits_not_trimmed ||
         defect == DerDefect::algorithm_mismatch;
}

std::string defect_fault(const Certificate& certificate) {
  for (const DerDefect defect : certificate.defects.list()) {
    if (is_tolerated(defect)) continue;
    return fmt::format("{} at offset {}", describe(defect), certificate.defects.first_offset(defect));
  }
  return {};
}

std::string extension_fault(const Certificate& certificate) {
  const auto malformed = malformed_extensions(certificate.extensions);
  if (!malformed.empty()) return fmt::format("{} is malformed", malformed.front());
  std::string fault;
  for_each_extension(certificate.extensions, [&](const RawExtension& extension) {
    if (fault.empty()) fault = find_extension_fault(certificate, extension);
  });
  return fault;
}

std::string find_fault(const Certificate& certificate, ByteView octets) {
  if (certificate.der.size() != octets.size()) return "octets after the certificate";
  if (auto fault = defect_fault(certificate); !fault.empty()) return fault;
  if (const auto fault = der::find_fault(certificate.der)) return std::string(*fault);
  return extension_fault(certificate);
}

}  // namespace

Strictness assess(ByteView octets) {
  const auto certificate = Certificate::decode(octets);
  if (certificate) {
    auto fault = find_fault(*certificate, octets);
    const bool strict = fault.empty();
    return {true, strict, std::move(fault)};
  }
  const bool strict = is_bare_frame(octets) && !der::find_fault(octets);
  return {false, strict, std::string(certificate.error())};
}

}  // namespace meshcert::x509
