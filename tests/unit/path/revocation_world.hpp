#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <span>

#include "path/revocation.hpp"
#include "tests/unit/path/authority.hpp"

/// Root -> CA -> leaf, with the CRLs of both: what tests of revocation change.
namespace meshcert::testing {

inline constexpr std::uint8_t kRoot = 1, kCa = 2, kLeaf = 3, kOther = 4, kSigner = 5;

inline Bytes named(std::string_view common_name) {
  return name(utf8(common_name));
}

/// RevocationWorld is what is at hand: right, and the leaf good, until a test changes it.
struct RevocationWorld {
  Parts root, ca, leaf;
  CrlParts root_crl, ca_crl;
  std::vector<Bytes> certificates;  ///< further ones
  std::vector<Bytes> crls;          ///< further ones
  std::uint8_t ca_crl_key = kCa;
  bool with_ca_crl = true;
  path::RevocationScope scope = path::RevocationScope::chain;

  RevocationWorld() {
    root.issuer = root.subject = ca.issuer = root_crl.issuer = named("root");
    ca.subject = leaf.issuer = ca_crl.issuer = named("ca");
    leaf.subject = named("leaf");
    root.extensions = ca.extensions = ca_extensions();
    leaf.serial = integer("1234");
    root_crl.entries = ca_crl.entries = crl_entry(integer("99"));
  }

  /// The answer to a question about the chain, with the CRLs.
  template <typename Ask>
  auto with_checker(Ask ask) {
    decode();
    path::Store store;
    store.trust(*decoded_.front());
    for (const auto& certificate : decoded_) store.offer(*certificate);
    const std::vector<const Certificate*> chain = {&*decoded_[2], &*decoded_[1], &*decoded_[0]};
    path::Settings settings;
    settings.at = *parse_rfc3339("2024-01-15T00:00:00Z");
    x509::SignatureVerifier signatures;
    path::RevocationChecker checker(decoded_crls_, scope, store, settings, signatures);
    return ask(checker, chain);
  }
  [[nodiscard]] std::vector<path::Revocation> answers() {
    return with_checker(
        [](path::RevocationChecker& checker, const auto& chain) { return checker.check(chain); });
  }
  [[nodiscard]] path::Revocation leaf_answer() { return answers().front(); }
  /// What BoringSSL finds, and at which certificate.
  [[nodiscard]] std::vector<path::Fault> first_path_faults() {
    return with_checker([](path::RevocationChecker& checker, const auto& chain) {
      std::vector<path::Fault> faults;
      checker.append_first_path_faults(chain, faults);
      return faults;
    });
  }

 private:
  void decode() {
    decoded_.emplace_back(signed_certificate(root, kRoot, kRoot));
    decoded_.emplace_back(signed_certificate(ca, kCa, kRoot));
    decoded_.emplace_back(signed_certificate(leaf, kLeaf, kCa));
    for (const auto& octets : certificates) decoded_.emplace_back(octets);
    crls.push_back(signed_crl(root_crl, kRoot));
    if (with_ca_crl) crls.push_back(signed_crl(ca_crl, ca_crl_key));
    for (const auto& octets : crls) {
      const auto crl = Crl::decode(octets);
      REQUIRE(crl);
      decoded_crls_.push_back(*crl);
    }
    for (const auto& certificate : decoded_) REQUIRE(certificate);
  }

  std::deque<Decoded> decoded_;
  std::vector<Crl> decoded_crls_;
};

struct Row {
  const char* what;
  path::RevocationStatus expected;
  void (*change)(RevocationWorld&);
};

inline void check_rows(std::span<const Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    RevocationWorld world;
    row.change(world);
    const auto answer = world.leaf_answer();
    CAPTURE(answer.why);
    CHECK(static_cast<int>(answer.status) == static_cast<int>(row.expected));
  }
}

inline CrlParts ca_crl_with(const Bytes& extensions, const Bytes& entries = crl_entry(integer("99"))) {
  CrlParts parts;
  parts.issuer = named("ca");
  parts.extensions = extensions;
  parts.entries = entries;
  return parts;
}

inline Bytes scope_of(const Bytes& fields) {
  return join(crl_number("05"), issuing_distribution_point(fields));
}

/// cRLDistributionPoints with these fields of one DistributionPoint.
inline Bytes point(const Bytes& fields) {
  return extension("551d1f", seq(seq(fields)));
}
inline Bytes directory_point(const Bytes& full_name) {
  return tlv(0xa0, tlv(0xa0, tlv(0xa4, full_name)));
}
inline Bytes crl_issuer(const Bytes& issuer) {
  return tlv(0xa2, tlv(0xa4, issuer));
}

inline const Bytes kListed = crl_entry(integer("1234"), reason_code("01"));

/// A second certificate that may sign CRLs, of another key.
inline Bytes crl_signer(const Bytes& subject, std::string_view serial = "77",
                        std::string_view usage = "0102") {
  Parts parts;
  parts.issuer = named("root");
  parts.subject = subject;
  parts.serial = integer(serial);
  parts.extensions = critical("551d0f", bits(usage));
  return signed_certificate(parts, kSigner, kRoot);
}

}  // namespace meshcert::testing
