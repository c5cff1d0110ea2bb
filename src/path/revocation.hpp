#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/certificate.hpp"
#include "meshcert/crl.hpp"
#include "path/fault.hpp"
#include "path/settings.hpp"
#include "path/store.hpp"
#include "x509/crypto.hpp"

/// Revocation by CRLs: RFC 5280 6.3, complete: scopes and reasons of distribution
/// points, delta CRLs, indirect CRLs, signers other than the issuer.
namespace meshcert::path {

/// RevocationStatus is what the CRLs at hand say of one certificate. Where they
/// say nothing, it is the fault of the CRL that came nearest: later is nearer.
enum class RevocationStatus : std::uint8_t {
  not_checked,        ///< the anchor, or outside of the scope that was asked for
  good,               ///< covered for every reason by CRLs that hold, and listed by none
  crl_missing,        ///< no CRL is about it, or only about some reasons
  crl_unusable,       ///< one is, but it may not be used: `why`
  crl_bad_signature,  ///< one is, but nobody who may sign it did: `why`, where somebody else did
  crl_expired,        ///< one is, but not at that time
  revoked,            ///< listed; also in a CRL of another time, unless on hold there
};

struct Revocation {
  RevocationStatus status = RevocationStatus::not_checked;
  const Crl* crl = nullptr;  ///< one that decided, or came nearest; null when missing
  RevocationReason reason = RevocationReason::unspecified;  ///< of revoked
  Instant revoked_at{};                                     ///< of revoked
  std::string_view why;                                     ///< of a CRL that does not count: a clause
  bool listed = false;                                      ///< of crl_unusable: by that CRL
  bool early = false;                                       ///< of revoked: the CRL has not begun
};

/// name_of a CRL is its issuer and number, for people: "the CRL of O=a number 5".
[[nodiscard]] std::string name_of(const Crl& crl);

/// fault_of says it as a fault of the certificate at this place of a path, judged
/// at this time; nullopt where it is none.
[[nodiscard]] std::optional<Fault> fault_of(const Revocation& answer, const Certificate& certificate,
                                            std::size_t index, Instant at);

/// RevocationScope is which certificates of a path need an answer.
enum class RevocationScope : std::uint8_t {
  leaf,   ///< the first (Envoy's only_verify_leaf_cert_crl)
  chain,  ///< all but the anchor
};

/// RevocationChecker answers for paths, with the CRLs and certificates of one
/// run. It borrows all that it is given. Signatures, and what a pass over the
/// entries tells, are computed once for each CRL, so use one for all leaves.
class RevocationChecker {
 public:
  /// Signers of CRLs are looked for on the path and in the store. One that is not
  /// on the path needs a path of its own to the same anchor (RFC 5280 6.3.3 (f)),
  /// by the settings but for what they ask of a leaf.
  RevocationChecker(std::span<const Crl> crls, RevocationScope scope, const Store& store,
                    const Settings& settings, x509::SignatureVerifier& signatures);
  ~RevocationChecker();
  RevocationChecker(const RevocationChecker&) = delete;
  RevocationChecker& operator=(const RevocationChecker&) = delete;

  /// check takes a path whose signatures are right, leaf first, anchor last, and returns one answer for each
  /// certificate of it.
  [[nodiscard]] std::vector<Revocation> check(std::span<const Certificate* const> path);
  /// append_faults does the same and appends a fault for each answer that is one.
  void append_faults(std::span<const Certificate* const> path, std::vector<Fault>& faults);

  /// append_first_path_faults appends what BoringSSL finds instead (path/first_path_crls.hpp).
  void append_first_path_faults(std::span<const Certificate* const> path, std::vector<Fault>& faults);

  /// check_anchor answers for the last of such a path where it is self-issued, by CRLs of its own: RFC 5280
  /// asks none about an anchor, BoringSSL and OpenSSL do. not_checked by RevocationScope::leaf.
  [[nodiscard]] Revocation check_anchor(std::span<const Certificate* const> path);

  /// has_twins: two complete CRLs of the certificate's issuer have one number, or one date.
  [[nodiscard]] bool has_twins(const Certificate& certificate) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meshcert::path
