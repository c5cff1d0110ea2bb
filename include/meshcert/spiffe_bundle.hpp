#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/source_ref.hpp"

namespace meshcert {

/// BundleFaultKind is a way in which a SPIFFE bundle or a JWKS is not as its
/// producer must or should write it. Each maps to one `bundle.*` finding.
enum class BundleFaultKind : std::uint8_t {
  no_keys,         ///< the document has no array `keys` (SPIFFE Trust Domain and Bundle 4.1.3)
  bad_metadata,    ///< sequence, refresh hint or the name of a trust domain is none
  metadata,        ///< they are missing, or stand where they have no effect
  bad_jwk,         ///< an entry that its consumers refuse
  bad_kid,         ///< one of use jwt-svid or wit-svid, that those who read such entries refuse for its kid
  no_use,          ///< an entry without `use`, which consumers ignore
  wrong_use,       ///< a `use` that nearly is one of SPIFFE's: ignored
  unknown_type,    ///< a `kty` that nobody knows: ignored
  unexpected_kid,  ///< `kid` on an x509-svid entry (X509-SVID 6.1)
  extra_x5c,       ///< more than one certificate in x5c (X509-SVID 6.1)
  key_disagrees,   ///< the JWK's numbers are not those of its certificate (RFC 7517 4.7)
  incomplete_jwk,  ///< an x509-svid entry without the numbers of its key
  duplicate_kid,   ///< two keys of one `kid`
  no_kid,          ///< one of several keys of a plain JWKS has no `kid` (OpenID Connect Core 10.1)
};

/// breaks_a_must: no producer may write it so; the rest are advice. Findings have severities
/// of their own; who has to answer valid or not (the conformance tool) asks this.
[[nodiscard]] constexpr bool breaks_a_must(BundleFaultKind kind) {
  return kind != BundleFaultKind::metadata && kind != BundleFaultKind::wrong_use &&
         kind != BundleFaultKind::unknown_type && kind != BundleFaultKind::incomplete_jwk &&
         kind != BundleFaultKind::duplicate_kid && kind != BundleFaultKind::no_kid;
}

struct BundleFault {
  BundleFaultKind kind;
  SourceRef where;
  std::string detail;    ///< a clause for the message
  std::string kid = {};  ///< of a key of which none can be made
};

/// BundleKey is one entry that is no certificate: of use jwt-svid or wit-svid, of a plain JWKS,
/// or of a rule for tokens.
struct BundleKey {
  std::string use;                 ///< "" where there is none
  std::string kid;                 ///< "" where there is none
  std::string alg;                 ///< "" where there is none
  std::vector<std::uint8_t> spki;  ///< its SubjectPublicKeyInfo; empty of a shared secret

  std::string digest = {};  ///< of a shared secret, to tell two apart: SHA-256 of its k, never shown

  /// is_secret: kty oct, which only a rule's keys can be; its octets are not kept.
  [[nodiscard]] bool is_secret() const { return spki.empty(); }

  /// may_sign_tokens: it has no use that says otherwise. Of a SPIFFE bundle only
  /// jwt-svid counts (JWT-SVID 6.2), of OIDC "sig" or none.
  [[nodiscard]] bool may_sign_tokens() const { return use.empty() || use == "sig" || use == "jwt-svid"; }
};

/// SpiffeBundle is what a SPIFFE bundle document, one domain of a bundle map, or a
/// JWKS says besides its X.509 authorities, which are the artifact's certificates.
struct SpiffeBundle {
  bool is_spiffe = false;            ///< a SPIFFE bundle; otherwise a plain JWKS (RFC 7517)
  bool in_map = false;               ///< one of a bundle map
  bool of_rule = false;              ///< the keys of a JwtRule, which Envoy reads in its own way
  bool is_empty_map = false;         ///< a bundle map without trust domains, which is lawful (5.1.1)
  bool is_asked_about = false;       ///< the verb `bundle` is about it: who takes it, and who does not
  std::string sequence;              ///< decimal; "" where it is not stated
  std::string refresh_hint;          ///< seconds; "" where it is not stated
  std::size_t entries = 0;           ///< of `keys`
  std::size_t not_x509 = 0;          ///< those whose use is not x509-svid
  std::size_t x509_authorities = 0;  ///< entries that are usable as such
  std::size_t jwt_authorities = 0;  ///< usable entries of use jwt-svid; no finding asks, a count of both does
  std::vector<BundleKey> keys;      ///< in the order they stand
  std::vector<BundleFault> faults;  ///< in the order they stand
};

}  // namespace meshcert
