#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "checks/check.hpp"
#include "path/revocation.hpp"

/// What CRLs say of certificates, and what is wrong with CRLs, in words: part of the family chain.
namespace meshcert::checks {

extern const FindingSpec kRevoked;
extern const FindingSpec kCrlUnusedByPeers;
extern const FindingSpec kCrlMissing;
/// facts_of_lone_anchor are those of a CA that is trusted without its issuer, where CRLs are: BoringSSL asks
/// for one about the last certificate of a path as well, and takes none whose issuer is not there
/// (crypto/x509/x509_vfy.cc, check_revocation). A root has its own.
[[nodiscard]] std::vector<Fact> facts_of_lone_anchor(const Certificate& anchor);
extern const FindingSpec kCrlBadSignature;

/// Who refuses for a CRL that nobody signed who may.
inline constexpr std::string_view kRefusedForCrl =
    "Envoy refuses the chains of that CA, and istiod does not load it (missing CRL signed by certificates)";
extern const FindingSpec kCrlExpired;

/// number_words: " (number 5)"; "" where a CRL has none.
[[nodiscard]] std::string number_words(const Crl& crl);
/// facts_of_dates is what the finding about a CRL of another time says of it.
[[nodiscard]] std::vector<Fact> facts_of_dates(const Crl& crl, Instant at);

/// check_crl_dates reports, of an artifact by itself, the CRLs of another time beside which no current one of
/// their issuer and scope stands.
void check_crl_dates(const Artifact& artifact, const Policy& policy, FindingSink& sink);

/// report_crl reports on the CRL at `index` of its holder, milder than the catalogue where that is asked for.
void report_crl(const FindingSpec& spec, const Artifact& holder, std::size_t index, std::vector<Fact> facts,
                FindingSink& sink, bool milder = false);

/// RevokedWords is what report_revoked says otherwise: who looks at the entry, and what to do.
struct RevokedWords {
  std::string who;
  std::string fix;  ///< "": what the finding says
};

/// report_revoked says that a certificate is listed by a CRL: where it stands, or where
/// that which leads to it does.
void report_revoked(const Subject& at, const Certificate& revoked, const path::Revocation& answer,
                    FindingSink& sink, const RevokedWords& words = {});
/// report_unsigned_crl says that the CRL about a certificate of a path is signed by nobody
/// who may, and who cares.
void report_unsigned_crl(const Subject& at, const Certificate& certificate, const path::Revocation& answer,
                         std::string who, FindingSink& sink);

/// ToldCrls is what was said of CRLs, which are known by their octets.
struct ToldCrls {
  std::unordered_set<std::string_view> without_signer;        ///< signed by none who may
  std::unordered_map<std::string_view, std::size_t> expired;  ///< of another time: the finding (so_far)
};

/// report_expired_crl says that a chain, whose leaf it names, is refused for a CRL of another
/// time: the finding about that CRL becomes an error.
void report_expired_crl(const Subject& at, const Certificate& leaf, const Crl& crl, Instant when,
                        ToldCrls& told, FindingSink& sink);

/// raise_expired_crl makes the finding about a CRL of another time an error: it is known whose chains, in
/// words that begin with ", here", are refused.
void raise_expired_crl(Finding& finding, std::string here);

/// kind_unused_by_peers is what makes BoringSSL (Envoy) and rustls (ztunnel) use a CRL for nothing: "a delta
/// CRL"; "" where they use it.
[[nodiscard]] std::string_view kind_unused_by_peers(const Crl& crl);

}  // namespace meshcert::checks
