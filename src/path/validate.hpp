#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "path/fault.hpp"
#include "path/settings.hpp"
#include "x509/crypto.hpp"

namespace meshcert::path {

/// PathEnd is what the last certificate of a path is: trusted, or just the last
/// that was found. One that is trusted alone is both leaf and anchor. A stated
/// anchor is one that trust settings allow this purpose, whatever its own usages.
enum class PathEnd : std::uint8_t { anchor, stated_anchor, nothing };

/// validate walks one path (RFC 5280 6.1), leaf first, and returns every fault on
/// it, not the first; that it leads to nothing is not for this to say. Names chain by RFC 5280 7.1.
/// Revocation is not part of it: see path/revocation.hpp.
///
/// Deviations from RFC 5280, each of them what the peers do:
/// - the anchor is looked at (AnchorRules says which of its fields count);
/// - a leaf that is a CA is no fault; X509-SVID forbids it (family usage);
/// - without an authorityKeyIdentifier, or with one that does not agree with the
///   issuer's identifiers, the signature decides; the latter is a note.
[[nodiscard]] std::vector<Fault> validate(std::span<const Certificate* const> path, PathEnd end,
                                          const Settings& settings, x509::SignatureVerifier& signatures);

/// may_sign: nothing that the certificate says of itself keeps it from standing
/// above others on a path that holds: dates, CA flag, usages, critical extensions.
/// For the search, which passes over those that do not.
[[nodiscard]] bool may_sign(const Certificate& certificate, const Settings& settings);

/// check_link appends what is wrong between a certificate and the one that is
/// meant to have signed it: signature and key identifiers.
void check_link(const Certificate& certificate, const Certificate& issuer, std::size_t index,
                x509::SignatureVerifier& signatures, std::vector<Fault>& faults);

/// key_ids_agree: the authorityKeyIdentifier of one is the subjectKeyIdentifier
/// of the other, or one of the two is absent.
[[nodiscard]] bool key_ids_agree(const Certificate& certificate, const Certificate& issuer);

/// identifiers_agree: and where the authorityKeyIdentifier has them, its serial number and its issuer
/// are the other's own (RFC 5280 4.2.1.1), as OpenSSL and BoringSSL look at it (X509_check_akid).
[[nodiscard]] bool identifiers_agree(const Certificate& certificate, const Certificate& issuer);
/// Likewise of a CRL and who may have signed it.
[[nodiscard]] bool identifiers_agree(const Crl& crl, const Certificate& issuer);

}  // namespace meshcert::path
