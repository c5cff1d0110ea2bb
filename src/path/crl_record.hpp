#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include "meshcert/crl.hpp"
#include "path/crl_scope.hpp"

namespace meshcert::path {

/// CrlRecord is a CRL with what is found out about it once. look_at fills it in.
struct CrlRecord {
  const Crl* crl;
  CrlScope scope;
  std::optional<std::string_view> fault = {};  ///< why it may not be used: a clause; "": it may
  bool names_issuers = false;                  ///< some entry has a certificateIssuer
  bool has_twin = false;                       ///< another of its issuer has its number or its thisUpdate
  std::unordered_map<const Certificate*, std::optional<bool>> signers = {};    ///< whose key was tried
  std::unordered_map<std::string_view, std::optional<CrlEntry>> entries = {};  ///< looked for, by serial
};

/// are_twins: two complete CRLs of one issuer and number, or of one issuer and time, so
/// that neither takes the place of the other.
[[nodiscard]] bool are_twins(const CrlRecord& a, const CrlRecord& b);

/// note_twins sets has_twin of each.
void note_twins(std::span<CrlRecord> records);

/// look_at passes over the entries, the first time that it is called.
void look_at(CrlRecord& record);

/// is_removed: the entry of a delta CRL takes a certificate off the list.
[[nodiscard]] inline bool is_removed(const CrlEntry& entry) {
  return entry.reason && *entry.reason == RevocationReason::remove_from_crl;
}
[[nodiscard]] inline bool is_on_hold(const CrlEntry& entry) {
  return entry.reason && *entry.reason == RevocationReason::certificate_hold;
}

/// find_entry returns the entry about a certificate, by its serial number and
/// the canonical name of its issuer. The record was looked at.
[[nodiscard]] std::optional<CrlEntry> find_entry(CrlRecord& record, ByteView serial, std::string_view issuer);

}  // namespace meshcert::path
