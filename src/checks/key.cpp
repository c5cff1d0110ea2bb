// Family key: facts of public keys against what Envoy loads
// (envoy source/common/tls/context_impl.cc) and what is still strong enough.

#include "checks/check.hpp"

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

constexpr const FindingSpec* kSpecs[] = {&kWeak, &kRefusedByEnvoy, &kUnprovenWithEnvoy};

constexpr std::uint32_t kLeastRsaBits = 2048;
// BoringSSL's OPENSSL_RSA_MAX_MODULUS_BITS.
constexpr std::uint32_t kMostRsaBits = 16384;
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

bool is_rsa(const PublicKey& key) {
  return key.algorithm == KeyAlgorithm::rsa || key.algorithm == KeyAlgorithm::rsa_pss;
}

void report(const FindingSpec& spec, const Subject& subject, std::string_view required, FindingSink& sink) {
  std::string found = to_string(subject.certificate.key);
  if (is_rsa(subject.certificate.key) && !has_odd_exponent(subject.certificate.key))
    found += " with public exponent " + std::to_string(subject.certificate.key.rsa_exponent);
  sink.report(spec, subject, {{"found", std::move(found)}, {"required", std::string(required)}});
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
      break;
    case KeyAlgorithm::ec:
      if (!is_tls_curve(key.curve))
        report(kRefusedByEnvoy, subject, "loads ECDSA certificates on P-256, P-384 or P-521 only", sink);
      break;
    case KeyAlgorithm::rsa_pss:
    case KeyAlgorithm::ed25519:
    case KeyAlgorithm::ed448:
    case KeyAlgorithm::unknown:
      report(kUnprovenWithEnvoy, subject, {}, sink);
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
    case KeyAlgorithm::rsa_pss:
      return check_rsa_ca(subject, sink);
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

void check_certificate(const Subject& subject, const Policy&, FindingSink& sink) {
  subject.role == Role::leaf ? check_leaf(subject, sink) : check_ca(subject, sink);
}

}  // namespace

extern const Check k_key_check;
const Check k_key_check{"key", kSpecs, &check_certificate};

}  // namespace meshcert::checks
