// Family key: private keys and their certificates; facts of public keys against what
// Envoy loads (envoy source/common/tls/context_impl.cc) and what is still strong enough.

#include <utility>

#include "checks/check.hpp"
#include "checks/signing_ca.hpp"
#include "x509/key_fault.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kWeak{"key.weak",
                            warning,
                            warning,
                            "the CA's key is {found}; {required}",
                            "plan a new CA with RSA of 2048 bits or more, or P-256, and rotate to it",
                            "NIST SP 800-131A"};
constexpr FindingSpec kRefusedByEnvoy{
    "key.refused-by-envoy",
    error,
    error,
    "the certificate's key is {found}; Envoy {required}",
    "reissue it with RSA of 2048 bits or more, or P-256 (P-384 and P-521 need Envoy 1.33)",
    "envoy source/common/tls/context_impl.cc"};
constexpr FindingSpec kUnprovenWithEnvoy{
    "key.unproven-with-envoy",
    warning,
    warning,
    "the certificate's key is {found}; Envoy vets only RSA and ECDSA keys when it loads one, and "
    "whether handshakes succeed with it depends on both peers",
    "prefer P-256, or prove it with the very proxies that will use it",
    "envoy source/common/tls/context_impl.cc"};

constexpr FindingSpec kMismatch{
    "key.mismatch",
    error,
    error,
    "the private key is {found}, and the certificate of {subject} has {required}: they are no pair{_also}",
    "put the key beside the certificate that was issued for it; if it is lost, reissue the certificate with a "
    "new key",
    "envoy source/common/tls/context_impl.cc (KEY_VALUES_MISMATCH); Go tls.X509KeyPair"};
constexpr FindingSpec kEncrypted{
    "key.encrypted",
    warning,
    warning,
    "the private key is under a password ({detail}): whether it belongs to the certificate cannot be "
    "seen, and istiod, ztunnel and Kubernetes read no such key",
    "give the password (--password-file FILE), or store the key without one, where only the proxy can read it: openssl "
    "pkey -in FILE -out key.pem",
    "RFC 5208 6; RFC 1421 4.6.1.1"};
constexpr FindingSpec kUnparsable{
    "key.unparsable",
    error,
    error,
    "the {_whose} key is not usable: {detail}",
    "take it from where it was made, whole, or reissue the certificate with a new key; openssl pkey -in FILE "
    "-check -noout looks at a copy",
    "RFC 5958 2; RFC 8017 A.1.2; RFC 5915 3; SEC 1 3.2.2.1"};
constexpr FindingSpec kMissing{
    "key.missing",
    error,
    error,
    "one half of a certificate and its private key is missing: {detail}; who is given them loads both or nothing",
    "give the proxy the key as well; if it was taken out of the dump by hand, write [redacted] in its place",
    "envoy source/common/tls/context_impl.cc (Failed to load incomplete certificate)"};

constexpr const FindingSpec* kSpecs[] = {&kMismatch, &kEncrypted,      &kUnparsable,       &kMissing,
                                         &kWeak,     &kRefusedByEnvoy, &kUnprovenWithEnvoy};

constexpr std::uint32_t kLeastRsaBits = 2048;
// BoringSSL's OPENSSL_RSA_MAX_MODULUS_BITS.
constexpr std::uint32_t kMostRsaBits = 16384;
// Go's crypto/tls (checkKeySize, since 1.20.7) and rustls-webpki (RSA_PKCS1_2048_8192_*).
constexpr std::uint32_t kMostRsaBitsOfOthers = 8192;
// BoringSSL refuses larger public exponents (its RSA_MAX_... is 33 bits) and even ones.
constexpr std::uint64_t kLeastRsaExponent = 3;
constexpr std::uint64_t kMostRsaExponent = (1ULL << 33U) - 1;

bool has_odd_exponent(const PublicKey& key) {
  return key.rsa_exponent >= kLeastRsaExponent && key.rsa_exponent <= kMostRsaExponent &&
         key.rsa_exponent % 2 == 1;
}

bool is_tls_curve(Curve curve) {
  return curve == Curve::p256 || curve == Curve::p384 || curve == Curve::p521;
}

void report(const FindingSpec& spec, const Subject& subject, std::string_view required, FindingSink& sink) {
  std::string found = to_string(subject.certificate.key);
  if (subject.certificate.key.is_rsa() && !has_odd_exponent(subject.certificate.key))
    found += " with public exponent " + exponent_of(subject.certificate.key);
  sink.report(spec, subject, {{"found", std::move(found)}, {"required", required}});
}

// Envoy loads it and verifies with it; not so those that it talks to.
void report_beyond_others(const Subject& subject, FindingSink& sink) {
  const std::string found = to_string(subject.certificate.key);
  sink.report(kUnprovenWithEnvoy, subject,
              {{"found", found},
               {"required", "at most 8192 bits"},
               {"_message",
                "the certificate's key is " + found +
                    ", but must have at most 8192 bits: Envoy takes it, peers in Go (istiod, the API server; "
                    "crypto/tls since 1.20.7) and rustls (ztunnel) end the handshake"},
               {"_fix", "reissue it with P-256, or with RSA of 2048 to 8192 bits"}});
}

void check_leaf(const Subject& subject, FindingSink& sink) {
  const PublicKey& key = subject.certificate.key;
  switch (key.algorithm) {
    case KeyAlgorithm::rsa:
      if (key.bits < kLeastRsaBits)
        report(kRefusedByEnvoy, subject, "loads RSA certificates of 2048 bits or more only", sink);
      else if (key.bits > kMostRsaBits)
        report(kRefusedByEnvoy, subject, "takes no RSA key above 16384 bits", sink);
      else if (!has_odd_exponent(key))
        report(kRefusedByEnvoy, subject, "needs an odd public exponent from 3 to 33 bits", sink);
      else if (key.bits > kMostRsaBitsOfOthers)
        report_beyond_others(subject, sink);
      break;
    case KeyAlgorithm::ec:
      if (!is_tls_curve(key.curve))
        report(kRefusedByEnvoy, subject, "loads ECDSA certificates on P-256, P-384 or P-521 only", sink);
      break;
    case KeyAlgorithm::ed25519:
    case KeyAlgorithm::unknown:
      report(kUnprovenWithEnvoy, subject, {}, sink);
      break;
    case KeyAlgorithm::rsa_pss:
    case KeyAlgorithm::ed448:
      report(kRefusedByEnvoy, subject, "reads no key of this type", sink);
      break;
    case KeyAlgorithm::dsa:
    case KeyAlgorithm::dh:
    case KeyAlgorithm::x25519:
    case KeyAlgorithm::x448:
      report(kRefusedByEnvoy, subject, "has no TLS authentication with such a key", sink);
      break;
  }
}

void check_rsa_ca(const Subject& subject, FindingSink& sink) {
  const PublicKey& key = subject.certificate.key;
  if (key.bits > kMostRsaBits)
    report(kRefusedByEnvoy, subject, "verifies with no RSA key above 16384 bits", sink);
  else if (key.bits < kLeastRsaBits)
    report(kWeak, subject, "2048 bits or more are required today", sink);
  else if (!has_odd_exponent(key))
    report(kWeak, subject, "an odd public exponent from 3 to 33 bits is required", sink);
}

// A CA's key is not loaded by Envoy but verified with: other rules. Ed25519 is
// among what BoringSSL verifies certificates with.
void check_ca(const Subject& subject, FindingSink& sink) {
  const PublicKey& key = subject.certificate.key;
  switch (key.algorithm) {
    case KeyAlgorithm::rsa:
      return check_rsa_ca(subject, sink);
    case KeyAlgorithm::rsa_pss:
      return report(kRefusedByEnvoy, subject, "reads no key of this type (its OID is id-RSASSA-PSS)", sink);
    case KeyAlgorithm::ec:
      if (key.curve == Curve::p224) return report(kWeak, subject, "P-256 or better is required today", sink);
      if (!is_tls_curve(key.curve))
        report(kRefusedByEnvoy, subject, "verifies signatures on P-224, P-256, P-384 and P-521 only", sink);
      return;
    case KeyAlgorithm::ed25519:
      return;
    case KeyAlgorithm::ed448:
    case KeyAlgorithm::dsa:
    case KeyAlgorithm::dh:
    case KeyAlgorithm::x25519:
    case KeyAlgorithm::x448:
    case KeyAlgorithm::unknown:
      return report(kRefusedByEnvoy, subject, "verifies certificates with RSA, ECDSA and Ed25519 keys only",
                    sink);
  }
}

// Which other certificate of the artifact the key belongs to, as a clause.
std::string also(const Artifact& artifact, const PublicHalf& half) {
  for (std::size_t i = 0; i < artifact.certificates.size(); ++i) {
    if (i == artifact.leaf || as_text(artifact.certificates[i].key.spki) != as_text(half.key.spki)) continue;
    return "; it is the key of certificate " + std::to_string(i);
  }
  return "";
}

void check_pair(const Artifact& artifact, FindingSink& sink) {
  const KeyFacts& key = *artifact.key;
  const PublicHalf* half = key.half();
  if (half == nullptr || key.matches_leaf.value_or(true) || is_signing_ca(artifact)) return;
  const Certificate& leaf = artifact.certificates[artifact.leaf];
  sink.report(kMismatch, half->where, artifact,
              {{"found", key_title(half->key)},
               {"required", key_title(leaf.key)},
               {"subject", title_of(leaf)},
               {"_also", also(artifact, *half)}});
}

const FindingSpec* spec_of(DefectKind kind) {
  switch (kind) {
    case DefectKind::key_encrypted:
      return &kEncrypted;
    case DefectKind::key_unparsable:
      return &kUnparsable;
    case DefectKind::key_missing:
      return &kMissing;
    default:
      return nullptr;
  }
}

void check_artifact(const Artifact& artifact, const Policy&, FindingSink& sink) {
  for (const Defect& defect : artifact.defects) {
    const FindingSpec* spec = spec_of(defect.kind);
    if (spec == nullptr) continue;
    std::vector<Fact> facts{{"detail", defect.detail}};
    if (spec == &kUnparsable) facts.push_back({"_whose", "private"});
    if (!defect.fix.empty()) facts.push_back({"_fix", defect.fix});
    defect.lost ? sink.report_loss(*spec, defect.where, artifact, std::move(facts))
                : sink.report(*spec, defect.where, artifact, std::move(facts));
  }
  if (artifact.key) check_pair(artifact, sink);
}

void report_fault(const Subject& subject, const x509::KeyFault& fault, FindingSink& sink) {
  sink.report(kUnparsable, subject,
              {{"detail", "it is " + to_string(subject.certificate.key) + " and holds " +
                              std::string(fault.found) + ", but needs " + std::string(fault.required) +
                              ", and no peer verifies with what it has"},
               {"_whose", "public"},
               {"_fix",
                "make a new key pair where this one came from, and reissue the certificate for it: a tool "
                "damaged the key, or the certificate was altered"}});
}

void check_certificate(const Subject& subject, const Policy&, FindingSink& sink) {
  if (const auto fault = x509::find_key_fault(subject.certificate.key); !fault.found.empty())
    return report_fault(subject, fault, sink);
  if (subject.role == Role::leaf)
    check_leaf(subject, sink);
  else
    check_ca(subject, sink);
}

}  // namespace

extern const Check k_key_check;
const Check k_key_check{"key", kSpecs, &check_certificate, &check_artifact};

}  // namespace meshcert::checks
