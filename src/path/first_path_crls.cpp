#include "path/first_path_crls.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "path/crl_scope.hpp"
#include "path/validate.hpp"
#include "x509/name_match.hpp"
#include "x509/titles.hpp"

namespace meshcert::path {
namespace {

using Chain = std::span<const Certificate* const>;

/// Taken is the CRL that is gone by for a certificate, and whose key is to have signed it.
struct Taken {
  CrlRecord* record = nullptr;
  std::size_t signer = 0;  ///< its place on the path
};

/// crl_crldp_check.
bool is_in_scope(const CrlRecord& record, const Certificate& certificate) {
  return std::ranges::any_of(points_of(certificate), [&](const Point& point) {
    return point.reasons == kAllReasons && point.crl_issuers.empty() &&
           covers(*record.crl, record.scope, point, certificate, record.scope.issuer);
  });
}

class Lookup {
 public:
  Lookup(Chain path, std::span<CrlRecord> records, const Settings& settings,
         x509::SignatureVerifier& signatures)
      : path_(path), records_(records), settings_(settings), signatures_(signatures) {}

  /// check_cert; nullopt where the certificate is good.
  [[nodiscard]] std::optional<Fault> check(std::size_t index) {
    const Certificate& certificate = *path_[index];
    const Taken taken = find(index);
    if (taken.record == nullptr)
      return Fault{FaultKind::crl_missing, index, to_rfc4514(certificate.issuer), ""};
    const Certificate& signer = *path_[taken.signer];
    const auto bad = [&](RevocationStatus status, std::string_view why) {
      auto fault = fault_of({.status = status, .crl = taken.record->crl, .why = why}, certificate, index,
                            settings_.at);
      fault->by = taken.signer;
      return fault;
    };
    if (!may_sign_crls(signer))
      return bad(RevocationStatus::crl_bad_signature, "the keyUsage of its signer lacks cRLSign");
    look_at(*taken.record);
    if (!taken.record->fault->empty()) return bad(RevocationStatus::crl_unusable, *taken.record->fault);
    if (taken.record->crl->is_delta()) return bad(RevocationStatus::crl_unusable, "it is a delta CRL");
    if (!is_in_scope(*taken.record, certificate))
      return bad(RevocationStatus::crl_unusable, "it is of another scope");
    if (!is_current(*taken.record->crl, settings_.at, settings_.skew))
      return bad(RevocationStatus::crl_expired, "");
    if (signatures_.verify(*taken.record->crl, signer.key) != true)
      return bad(RevocationStatus::crl_bad_signature,
                 "its signature is not by the key of the CA on the path");
    const auto entry = find_entry(*taken.record, certificate.serial, taken.record->scope.issuer);
    if (!entry) return std::nullopt;
    const auto reason = entry->reason ? *entry->reason : RevocationReason::unspecified;
    return fault_of({RevocationStatus::revoked, taken.record->crl, reason, entry->revoked_at, {}},
                    certificate, index, settings_.at);
  }

 private:
  /// get_crl_sk: of those that fit best the one with the latest thisUpdate.
  [[nodiscard]] Taken find(std::size_t index) const {
    Taken taken;
    std::tuple<bool, bool, bool, bool, Instant> best;
    for (CrlRecord& record : records_) {
      const Crl& crl = *record.crl;
      const auto& point = crl.extensions.issuing_distribution_point;
      if (point && (point->indirect || point->only_some_reasons)) continue;
      if (!x509::same_name(path_[index]->issuer, crl.issuer)) continue;
      const auto signer = signer_of(crl, index);
      if (!signer) continue;
      const bool critical = crl.is_delta() || crl.extensions.unknown_critical > 0;
      const std::tuple score(!critical, is_in_scope(record, *path_[index]),
                             is_current(crl, settings_.at, settings_.skew), *signer == index + 1,
                             crl.this_update);
      if (taken.record != nullptr && score <= best) continue;
      taken = {&record, *signer};
      best = score;
    }
    return taken;
  }

  /// crl_akid_check: the issuer on the path, of any name, then those above it that have the CRL's.
  [[nodiscard]] std::optional<std::size_t> signer_of(const Crl& crl, std::size_t index) const {
    const std::size_t above = std::min(index + 1, path_.size() - 1);
    for (std::size_t i = above; i < path_.size(); ++i)
      if ((i == above || x509::same_name(path_[i]->subject, crl.issuer)) && identifiers_agree(crl, *path_[i]))
        return i;
    return std::nullopt;
  }

  Chain path_;
  std::span<CrlRecord> records_;
  const Settings& settings_;
  x509::SignatureVerifier& signatures_;
};

}  // namespace

std::vector<Fault> first_path_crl_faults(Chain path, std::span<CrlRecord> records, RevocationScope scope,
                                         const Settings& settings, x509::SignatureVerifier& signatures) {
  std::vector<Fault> faults;
  Lookup lookup(path, records, settings, signatures);
  const std::size_t looked_up = scope == RevocationScope::leaf ? 1 : path.size();
  for (std::size_t i = 0; i < looked_up; ++i)
    if (auto fault = lookup.check(i)) faults.push_back(*std::move(fault));
  return faults;
}

}  // namespace meshcert::path
