#include "meshcert/crl.hpp"

#include "x509/crl_extensions.hpp"
#include "x509/signed_decoder.hpp"

namespace meshcert {
namespace x509 {
namespace {

/// CrlDecoder takes one CRL apart in the order of RFC 5280 5.1.
class CrlDecoder : public SignedDecoder<CrlDecoder, Crl> {
 public:
  static constexpr FrameReasons kFrame{"not a CRL: does not begin with a SEQUENCE",
                                       "CRL is cut off or its outermost length is wrong",
                                       "tbsCertList is not a readable SEQUENCE"};
  using SignedDecoder::SignedDecoder;

  [[nodiscard]] bool read_tbs(der::Reader tbs);

 private:
  [[nodiscard]] bool read_version(der::Reader& tbs);
  [[nodiscard]] bool read_dates(der::Reader& tbs);
  [[nodiscard]] bool read_entries(der::Reader& tbs);
  [[nodiscard]] bool read_extensions(der::Reader& tbs);
};

bool CrlDecoder::read_tbs(der::Reader tbs) {
  if (!read_version(tbs) || !read_inner_algorithm(tbs)) return false;
  const auto issuer = read_name(tbs);
  if (!issuer) return fail("issuer is not a readable Name");
  out_.issuer = *issuer;
  if (!read_dates(tbs) || !read_entries(tbs) || !read_extensions(tbs)) return false;
  tbs.done();
  return true;
}

/// Version is absent (v1), or 1 and means v2; v1 is never written out.
bool CrlDecoder::read_version(der::Reader& tbs) {
  if (!tbs.next_is(der::kInteger)) return true;
  const auto* at = tbs.position();
  if (!read_version_number(tbs)) return false;
  if (out_.version != 2) notes_.add(DerDefect::version_mismatch, at);
  return true;
}

bool CrlDecoder::read_dates(der::Reader& tbs) {
  const auto this_update = read_time(tbs);
  if (!this_update) return fail("thisUpdate is not a readable time");
  out_.this_update = *this_update;
  if (!next_is_time(tbs)) return true;
  out_.next_update = read_time(tbs);
  return out_.next_update ? true : fail("nextUpdate is not a readable time");
}

/// Steps over the entries and counts them.
bool CrlDecoder::read_entries(der::Reader& tbs) {
  if (!tbs.next_is(der::kSequence)) return true;
  const auto list = tbs.read();
  if (!list) return fail("revokedCertificates is not a readable SEQUENCE");
  auto rest = tbs.inside(*list);
  rest.require_some();
  std::size_t count = 0;
  for (; !rest.at_end(); ++count) {
    if (!rest.read(der::kSequence)) return fail("an entry of revokedCertificates is not a readable SEQUENCE");
  }
  out_.entries = CrlEntries(list->contents, count);
  return true;
}

bool CrlDecoder::read_extensions(der::Reader& tbs) {
  if (!tbs.next_is(der::context_constructed(0))) return true;
  if (out_.version < 2) tbs.note(DerDefect::version_mismatch);
  auto wrapper = tbs.enter(der::context_constructed(0));
  if (!wrapper || !read_crl_extensions(*wrapper, out_.extensions))
    return fail("crlExtensions are not readable");
  wrapper->done();
  return true;
}

/// CRLEntry ::= SEQUENCE { userCertificate INTEGER, revocationDate Time, crlEntryExtensions OPTIONAL }
CrlEntry read_entry(der::Reader fields, bool extensions_allowed) {
  CrlEntry entry;
  entry.readable = false;
  const auto serial = fields.read_integer();
  if (!serial) return entry;
  entry.serial = *serial;
  const auto revoked_at = read_time(fields);
  if (!revoked_at) return entry;
  entry.revoked_at = *revoked_at;
  if (!fields.at_end()) {
    if (!extensions_allowed) fields.note(DerDefect::version_mismatch);
    if (!read_entry_extensions(fields, entry)) return entry;
    fields.done();
  }
  entry.readable = true;
  return entry;
}

}  // namespace
}  // namespace x509

Result<Crl, Reason> Crl::decode(ByteView octets) {
  Result<Crl, Reason> result;
  x509::CrlDecoder decoder(*result, octets.data());
  if (!decoder.read(octets)) result = fail(decoder.reason());
  return result;
}

CrlEntries::iterator::iterator(ByteView rest) : rest_(rest) {
  ++*this;
}

CrlEntries::iterator& CrlEntries::iterator::operator++() {
  der::Reader reader(rest_, nullptr);
  const auto* start = reader.position();
  const auto element = reader.read(der::kSequence);
  if (!element) {
    at_ = nullptr;
    return *this;
  }
  at_ = start;
  rest_ = rest_.subspan(element->whole.size());
  current_ = x509::read_entry(reader.inside(*element), true);
  return *this;
}

CrlSurvey survey(const Crl& crl) {
  CrlSurvey result;
  der::Notes notes(result.defects, crl.der.data());
  der::Reader rest(crl.entries.contents(), &notes);
  while (const auto element = rest.read(der::kSequence)) {
    const auto entry = x509::read_entry(rest.inside(*element), crl.version >= 2);
    const bool malformed = !entry.readable || x509::has_malformed_extension(entry);
    result.unreadable += malformed ? 1 : 0;
    result.not_assigned += entry.reason && *entry.reason == RevocationReason::not_assigned ? 1 : 0;
    result.unknown_critical += entry.unknown_critical > 0 ? 1 : 0;
    result.names_issuers = result.names_issuers || !entry.certificate_issuer.absent();
  }
  return result;
}

std::string crl_number_text(ByteView number) {
  const auto value = der::bit_length(number) <= 64 ? der::unsigned_value(number) : std::nullopt;
  return value ? std::to_string(*value) : "0x" + serial_hex(number);
}

std::optional<std::string> crl_number_text(const Crl& crl) {
  if (!crl.extensions.crl_number) return std::nullopt;
  return crl_number_text(*crl.extensions.crl_number);
}

}  // namespace meshcert
