#pragma once

#include "tests/conformance/suite.hpp"

/// One function per suite, each in the file of its name.
namespace meshcert::conformance {

/// {"der_hex"} -> {"parsed", "strict_der", "reason" unless both hold}
[[nodiscard]] Verdict judge_certificate(const Json& row);

/// {"peer_pem", "trusted_pems", "untrusted_pems", ...} -> {"actual": "SUCCESS" or
/// "FAILURE", "codes": the faults of the path that comes nearest}. SHA-1 is refused,
/// as Go and webpki do.
[[nodiscard]] Verdict judge_chain(const Json& row);

/// {"presented", "reference"} -> {"match"}
[[nodiscard]] Verdict judge_dns_name(const Json& row);

/// {"token", "jwks", "audience", "validation_time"} -> {"valid", "codes"}: JWT-SVID in profile
/// spiffe, 60 s of leeway; without jwks, structure and claims alone.
[[nodiscard]] Verdict judge_jwt_svid(const Json& row);

/// {"bundle"} (the text of a document) -> {"valid", "x509_authorities",
/// "jwt_authorities", "codes"}: valid where no MUST on its producer is broken. An
/// empty bundle is lawful; what it means is among the codes.
[[nodiscard]] Verdict judge_spiffe_bundle(const Json& row);

/// {"input"} -> {"valid": true, "trust_domain", "path"} or {"valid": false, "reason"}
[[nodiscard]] Verdict judge_spiffe_id(const Json& row);

/// {"pem", "kind"} -> {"valid", "codes"}: X509-SVID alone, profile spiffe; no
/// path, no time. The certificate that comes first is a leaf, a signing
/// certificate (kind ca) or by its CA flag either (leaf-or-signing); those after
/// it are signing certificates (chain) or of no interest.
[[nodiscard]] Verdict judge_svid(const Json& row);

/// {"peer_pem", "untrusted_pems", "bundles", "validation_time"} -> {"actual",
/// "codes"}: X509-SVID in profile istio, then the path to the bundle of the ID's own
/// trust domain.
[[nodiscard]] Verdict judge_svid_verify(const Json& row);

/// {"input"}: a name or an ID -> {"valid": true, "trust_domain"} or {"valid": false, "reason"}
[[nodiscard]] Verdict judge_trust_domain(const Json& row);

/// {"header"} -> {"valid": true, "elements": [{"By": [...], ...}]} or {"valid": false}: the
/// grammar as Envoy reads it. Keys in their standard spelling, those unknown left out.
[[nodiscard]] Verdict judge_xfcc(const Json& row);

}  // namespace meshcert::conformance
