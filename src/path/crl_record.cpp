#include "path/crl_record.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "der/reader.hpp"

namespace meshcert::path {
namespace {

std::string_view fault_of(const Crl& crl, const CrlSurvey& entries) {
  const auto& extensions = crl.extensions;
  if (extensions.unknown_critical > 0) return "it has a critical extension that is not known";
  if (!malformed_extensions(extensions).empty()) return "an extension of it is malformed";
  if (extensions.crl_number && extensions.crl_number.critical())
    return "its cRLNumber is critical (RFC 5280 5.2.3)";
  if (crl.defects.has(DerDefect::duplicate_extension)) return "it has one extension twice";
  if (crl.defects.has(DerDefect::algorithm_mismatch))
    return "its inner and outer signature algorithms differ (RFC 5280 5.1.1.2)";
  if (entries.unreadable > 0) return "an entry of it is malformed";
  if (entries.unknown_critical > 0) return "an entry of it has a critical extension that is not known";
  return "";
}

/// Without redundant leading octets: what is not DER compares by value too.
ByteView minimal(ByteView integer) {
  while (integer.size() > 1 && !der::is_minimal_integer(integer)) integer = integer.subspan(1);
  return integer;
}

bool is_same_serial(ByteView a, ByteView b) {
  return std::ranges::equal(minimal(a), minimal(b));
}

/// For a CRL all of whose entries are of one issuer: looks at serials only.
std::optional<CrlEntry> find_serial(const Crl& crl, ByteView serial) {
  der::Reader rest(crl.entries.contents(), nullptr);
  while (const auto element = rest.read(der::kSequence)) {
    const auto found = rest.inside(*element).read_integer();
    if (found && is_same_serial(*found, serial)) return *CrlEntries(element->whole, 1).begin();
  }
  return std::nullopt;
}

}  // namespace

bool are_twins(const CrlRecord& a, const CrlRecord& b) {
  if (a.crl == b.crl || a.crl->is_delta() || b.crl->is_delta() || a.scope.issuer != b.scope.issuer)
    return false;
  const auto& number = a.crl->extensions.crl_number;
  const auto& other = b.crl->extensions.crl_number;
  return a.crl->this_update == b.crl->this_update || (number && other && is_same_serial(*number, *other));
}

void note_twins(std::span<CrlRecord> records) {
  std::map<std::pair<std::string_view, std::string>, std::vector<CrlRecord*>> groups;
  for (CrlRecord& record : records) {
    if (record.crl->is_delta()) continue;
    const auto& number = record.crl->extensions.crl_number;
    groups[{record.scope.issuer, to_rfc3339(record.crl->this_update)}].push_back(&record);
    if (number) groups[{record.scope.issuer, serial_hex(*number)}].push_back(&record);
  }
  for (const auto& [name, group] : groups)
    if (group.size() > 1)
      for (CrlRecord* record : group) record->has_twin = true;
}

void look_at(CrlRecord& record) {
  if (record.fault) return;
  const auto entries = survey(*record.crl);
  record.fault = fault_of(*record.crl, entries);
  record.names_issuers = entries.names_issuers;
}

/// An entry without certificateIssuer is of the issuer of the one before it, the
/// first of the CRL's own (RFC 5280 5.3.3).
std::optional<CrlEntry> find_entry(CrlRecord& record, ByteView serial, std::string_view issuer) {
  bool is_of_issuer = record.scope.issuer == issuer;
  if (!record.names_issuers) {
    if (!is_of_issuer) return std::nullopt;
    // Many paths may lead through one certificate, and CRLs have up to a million entries.
    const auto [known, is_new] = record.entries.try_emplace(as_text(serial));
    if (is_new) known->second = find_serial(*record.crl, serial);
    return known->second;
  }
  for (const CrlEntry& entry : record.crl->entries) {
    if (entry.certificate_issuer) is_of_issuer = have_directory_name(*entry.certificate_issuer, issuer);
    if (is_of_issuer && is_same_serial(entry.serial, serial)) return entry;
  }
  return std::nullopt;
}

}  // namespace meshcert::path
