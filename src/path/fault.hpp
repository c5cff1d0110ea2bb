#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What can be wrong with a path. The validator returns lists of these and goes
/// on after each, so one look tells everything (boringssl pki/cert_errors.h).
namespace meshcert::path {

enum class FaultKind : std::uint8_t {
  no_issuer,              ///< the path ends: nobody at hand has the name of the issuer
  untrusted_root,         ///< the path ends in a root that is not trusted
  rejected,               ///< has the name and key of a certificate whose trust settings reject this use
  bad_signature,          ///< the signature is not by the issuer's key
  undecided_signature,    ///< algorithm or key that cannot be used to verify it
  algorithm_mismatch,     ///< inner and outer signatureAlgorithm differ
  refused_signature,      ///< by a digest that no peer takes any more
  unsupported_algorithm,  ///< of a signature or a key, which no verifier of a mesh has
  weak_signature,         ///< below the floor that was asked for
  weak_key,               ///< likewise
  unusable_key,           ///< no public key, such as a point that is not on its curve
  expired,
  not_yet_valid,
  malformed_extension,  ///< one that matters did not decode, or may not be critical
  not_strict_der,       ///< encoded in a way that BoringSSL refuses, or RFC 5280 forbids
  unknown_critical_extension,
  issuer_not_ca,  ///< no basicConstraints with cA TRUE
  cannot_sign,    ///< keyUsage without keyCertSign
  path_length_exceeded,
  too_deep,         ///< more certificates between leaf and anchor than were allowed
  not_a_ca,         ///< of the leaf, which was asked for as a CA
  wrong_key_usage,  ///< of the leaf, for the purpose
  wrong_extended_key_usage,
  name_constraint_violated,
  unsupported_name_constraint,
  policy_violated,
  name_mismatch,    ///< the leaf has none of the names asked for
  name_encoding,    ///< the issuer's name agrees by RFC 5280 7.1 alone, not octet for octet: a note
  key_id_mismatch,  ///< authorityKeyIdentifier and the issuer's identifiers differ: a note
  revoked,
  crl_missing,        ///< none is about the certificate, or not for every reason
  crl_unusable,       ///< there is one that may not be used
  crl_bad_signature,  ///< there is one that nobody signed who may
  crl_expired,        ///< there is one of another time
  budget_exhausted,   ///< the search was given up
  too_many_names,     ///< the comparison of names with name constraints was given up
};

/// Fault is one broken rule, at one certificate of a path.
struct Fault {
  FaultKind kind;
  std::size_t certificate;  ///< its place on the path; the leaf is 0
  std::string found;        ///< the value that is there, for people
  std::string required;     ///< the value that it disagrees with
  std::size_t by = 0;       ///< the place of the CA that states a name constraint, or may not sign its CRL
  std::uint8_t refused_by = 0;  ///< and the verifiers that refuse it (path/verifiers.hpp); 0 where it differs
};

/// code_of is the finding's code ("chain.bad-signature").
[[nodiscard]] std::string_view code_of(FaultKind kind);
/// clause_of is where the rule is written.
[[nodiscard]] std::string_view clause_of(FaultKind kind);
/// is_note: peers disagree about it, so it makes no path wrong by itself.
[[nodiscard]] bool is_note(FaultKind kind);
/// is_of_certificate_alone: the certificate has it on whatever path it stands.
[[nodiscard]] bool is_of_certificate_alone(FaultKind kind);
/// describe is one sentence without its end: "certificate 1 expired: notAfter
/// 2024-01-01T00:00:00Z, judged at 2024-02-01T00:00:00Z". Not escaped.
[[nodiscard]] std::string describe(const Fault& fault);
/// The same of a certificate that goes by another name than its number on the path.
[[nodiscard]] std::string describe(const Fault& fault, std::string_view certificate);

/// is_sound: no fault among them is more than a note.
[[nodiscard]] bool is_sound(const std::vector<Fault>& faults);

}  // namespace meshcert::path
