#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "meshcert/certificate.hpp"
#include "meshcert/crl.hpp"
#include "meshcert/time.hpp"

namespace meshcert::x509 {

/// OpinionPurpose is what OpenSSL is asked to verify a leaf for.
enum class OpinionPurpose : std::uint8_t { any, server, client };

/// OpinionQuestion is one chain for OpenSSL.
struct OpinionQuestion {
  const Certificate* leaf = nullptr;
  std::span<const Certificate* const> untrusted;
  std::optional<Instant> at;  ///< nullopt: dates are not to be looked at
  OpinionPurpose purpose = OpinionPurpose::any;
  bool partial_chain = true;   ///< any trusted certificate ends a path
  bool only_leaf_crl = false;  ///< of CRLs, where there are any: look at the leaf alone
};

/// Anchor is a certificate that is trusted, and OpenSSL's trust settings that stand behind
/// its octets in memory, where there are any.
struct Anchor {
  const Certificate* certificate = nullptr;
  ByteView settings = {};
};

/// OpinionMatter is what OpenSSL's refusal is about.
enum class OpinionMatter : std::uint8_t {
  revoked,  ///< a CRL lists the certificate
  crl,      ///< there is no CRL, or one that may not be used
  other,
};

/// Opinion is OpenSSL's answer.
struct Opinion {
  bool accepts = false;
  int error = 0;  ///< X509_V_ERR_...; 0 where it accepts
  OpinionMatter matter = OpinionMatter::other;
  std::size_t depth = 0;  ///< the place on its path at which it stopped
  std::string reason;     ///< in OpenSSL's words
  std::string_view why;   ///< what OpenSSL does otherwise than RFC 5280, where it is known; or ""
};

/// SecondOpinion asks OpenSSL's X509_verify_cert about chains that are held against
/// the same trust. It decodes every trusted certificate and CRL once, which takes about
/// 80 us each, and borrows nothing.
class SecondOpinion {
 public:
  /// kMostCertificates: with more trusted, or sent, there is no opinion; nor of a certificate of more octets
  /// than kMostOctets, for OpenSSL compares each of its distribution points with each of a CRL's.
  static constexpr std::size_t kMostCertificates = 1000;
  static constexpr std::size_t kMostOctets = std::size_t{64} * 1024;

  SecondOpinion(std::span<const Anchor> trusted, std::span<const Crl> crls);
  ~SecondOpinion();
  SecondOpinion(SecondOpinion&&) noexcept;
  SecondOpinion& operator=(SecondOpinion&&) noexcept;

  /// ask returns nullopt where OpenSSL cannot be asked: it does not decode the leaf or
  /// something that is trusted, there is too much of them, or a key of those is larger than
  /// BoringSSL takes. What else was sent and does not decode, or has such a key, is left out. Leaves
  /// OpenSSL's error queue empty.
  [[nodiscard]] std::optional<Opinion> ask(const OpinionQuestion& question) const;

 private:
  struct Store;
  std::unique_ptr<Store> store_;  ///< null: no opinion
};

}  // namespace meshcert::x509
