#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// CertificatePlace says where octets came from, for defects and messages. Nothing is
/// written out before there is something to say.
struct CertificatePlace {
  const SourceRef& source;        ///< borrowed
  std::uint32_t line;             ///< where the octets begin
  bool more_follows = false;      ///< octets after the certificate belong there
  std::size_t block = 0, of = 0;  ///< of a text of several PEM blocks, which this is, from 1

  [[nodiscard]] SourceRef where() const;
  [[nodiscard]] std::string prefix() const;  ///< before each detail: "block 4 of 5: "; may be empty
};

/// block_prefix is that of one of `of` blocks; empty where there is but one.
[[nodiscard]] std::string block_prefix(std::size_t block, std::size_t of);

/// is_blank: nothing but white space, or nothing at all.
[[nodiscard]] bool is_blank(ByteView octets);

/// append_certificate decodes the certificate at the start of the octets, which
/// the artifact must own, and adds it. Octets after it are a defect, and lost if
/// they are more than white space. Where no
/// certificate can be made of the octets, nothing is added and the answer says
/// why.
[[nodiscard]] std::optional<std::string> append_certificate(ByteView octets, const CertificatePlace& place,
                                                            Artifact& artifact);

/// append_crl does the same for a certificate revocation list.
[[nodiscard]] std::optional<std::string> append_crl(ByteView octets, const CertificatePlace& place,
                                                    Artifact& artifact);

/// is_ca_like: cA TRUE, or a self-issued certificate of the time before
/// basicConstraints (v1, or v3 without it) that nothing marks as an end entity.
[[nodiscard]] bool is_ca_like(const Certificate& certificate);

/// is_workload_leaf: it carries a URI of scheme spiffe and is no signing
/// certificate.
[[nodiscard]] bool is_workload_leaf(const Certificate& certificate);

/// find_leaf is the index of the end-entity certificate of a chain, which may stand
/// root first; 0 where there is none. `certificates` must not be empty.
[[nodiscard]] std::size_t find_leaf(const std::vector<Certificate>& certificates);

/// classify_file decides what certificates in a file are, where only the file's
/// name and the certificates can tell: sets `kind` and `leaf`. A chain in a file
/// may stand root first. `artifact.certificates` must not be empty.
void classify_file(Artifact& artifact, bool as_workload_chain);

/// classify_presented does so for what a server sent: its first certificate is its own (RFC 8446
/// 4.4.2), even one that says of itself that it is a CA's.
void classify_presented(Artifact& artifact, bool as_workload_chain);

/// has_lost_leaf: the first certificate is lost, and what stands behind it are CAs, which nobody presents.
[[nodiscard]] bool has_lost_leaf(const Artifact& artifact);

/// take_rest: of a chain whose first certificate is lost, CAs that stand behind it are nobody's chain,
/// and no leaf's rules are theirs: takes them out of `chain`, as an artifact of their own. Nullopt
/// where the chain is as it should be, or has a leaf all the same.
[[nodiscard]] std::optional<Artifact> take_rest(Artifact& chain);

}  // namespace meshcert::input
