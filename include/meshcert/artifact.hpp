#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/certificate.hpp"
#include "meshcert/crl.hpp"
#include "meshcert/key_facts.hpp"
#include "meshcert/private_key.hpp"
#include "meshcert/source_ref.hpp"

namespace meshcert {

struct Jwt;      // meshcert/jwt.hpp
struct JwtRule;  // meshcert/jwt_rule.hpp
struct Log;      // meshcert/log.hpp
struct Probe;    // meshcert/probe.hpp
struct SpiffeBundle;
struct OcspStaple;  // meshcert/ocsp.hpp
struct XfccHop;     // meshcert/xfcc.hpp
struct KubernetesObject;

/// ArtifactKind is what a user would call the thing (JSON `kind`).
enum class ArtifactKind : std::uint8_t {
  workload_chain,     ///< a workload's X509-SVID and its chain, leaf first
  trust_bundle,       ///< the roots a workload trusts (ROOTCA, root-cert.pem)
  tls_secret,         ///< a serving or client credential (kubernetes://...)
  ca_bundle,          ///< CA certificates of no stated role
  certificate_chain,  ///< end-entity certificate and chain of no stated role
  crl,                ///< certificate revocation lists alone
  xfcc,               ///< one hop of an X-Forwarded-Client-Cert header, and the certificates in it
  jwt,                ///< a token: no certificate, but an identity
  jwt_rule,           ///< which tokens are taken: of a RequestAuthentication, or of a proxy
  log_file,           ///< lines about certificates in a log (Artifact::log)
  ca_secret,          ///< a CA with its key: cacerts, istio-ca-secret, a cert-manager CA
  jwks,               ///< keys without certificates: a JWKS, or a bundle of JWT authorities alone
  private_key,        ///< a file of a private key alone, whose certificate was not found
};
[[nodiscard]] std::string_view to_string(ArtifactKind kind);  ///< "workload-chain"
/// is_bundle: a set of anchors, in no order; otherwise it is a chain, leaf first.
[[nodiscard]] bool is_bundle(ArtifactKind kind);

/// SecretState is where Envoy keeps the secret (admin.v3.SecretsConfigDump).
enum class SecretState : std::uint8_t { none, active, warming, uninitialized, static_secret, error };
[[nodiscard]] std::string_view to_string(SecretState state);  ///< "active", "static" ...; "" for none

/// Role is what a certificate is for in its artifact (JSON `role`).
enum class Role : std::uint8_t { leaf, intermediate, root, ca };
[[nodiscard]] std::string_view to_string(Role role);

/// DefectKind is a thing met while decoding. Each maps to one `input.*` finding
/// (src/checks/input_reading.cpp), those of keys to `key.*`; the reader that meets it judges nothing. What a
/// Certificate records of itself (malformed extensions, DER defects) is not
/// repeated here.
enum class DefectKind : std::uint8_t {
  broken_pem_block,
  joined_pem_blocks,
  not_base64,
  malformed,
  double_base64,
  unsupported_block,
  empty,
  no_certificates,
  trailing_data,
  private_key_in_dump,
  external_file,
  duplicate_name,
  limit_reached,
  key_encrypted,      ///< key.encrypted
  key_unparsable,     ///< key.unparsable
  key_missing,        ///< key.missing
  certificate_label,  ///< a certificate, under a label that not everybody reads: input.unsupported-block
  nothing_asked_for,  ///< tokens or headers alone are asked for, and none is there: input.malformed
  unknown_octets,     ///< no text and of no known format, passed over in a directory: input.malformed
  redacted_key,       ///< Envoy's placeholder where a key should be
};

/// Defect is one such thing, where it is, and what exactly was met.
struct Defect {
  DefectKind kind;
  SourceRef where;
  std::string detail;    ///< a clause for the message: "no END line for BEGIN CERTIFICATE"
  bool lost = false;     ///< octets of the input could not be used: exit status 3
  std::string fix = {};  ///< what to do here, where the finding's own advice does not fit
};

/// Listed is what an input states of a certificate in words and numbers: beside
/// its octets (ztunnel), or instead of them (Envoy's /certs). What is not stated
/// is empty. Where there are octets, they count, and this is compared with them.
struct Listed {
  SourceRef where;
  std::optional<std::size_t> certificate;  ///< index of the one it stands beside; none without octets
  bool is_ca = false;                      ///< by the list it stands in
  std::string serial;                      ///< lower-case hex without leading zeros
  std::string serial_text;                 ///< as it is stated, leading zeros apart: may be decimal
  std::optional<Instant> not_before, not_after;
  std::vector<std::string> uris;  ///< URI SANs
};

/// Leniency is where a validation context (envoy tls.v3) has Envoy let in peers that do not verify.
struct Leniency {
  std::optional<SourceRef> untrusted, expired;  ///< ACCEPT_UNTRUSTED, allow_expired_certificate
};

/// Artifact is one thing found in an input: certificates and what is known
/// about them, with the defects met while decoding it. It owns the octets that
/// its certificates view, so it moves but does not copy.
struct Artifact {
  ArtifactKind kind = ArtifactKind::certificate_chain;
  std::string name;      ///< secret or resource name; the file name for files
  std::string resource;  ///< "Secret istio-system/gw-cert"; "" outside Kubernetes
  std::string document;  ///< tells the dumps of one file apart; "" where it holds one
  std::string workload;  ///< "POD.NAMESPACE" of the proxy, where the dump says whose it is
  SourceRef source;
  SecretState state = SecretState::none;
  std::optional<Instant> last_updated;  ///< when the proxy received it
  std::string version_info;
  std::string error_details;              ///< of state error: why the update failed
  std::string trust_domain;               ///< of a trust bundle, where known
  std::string validator;                  ///< pointer of the SPIFFE validator or bundle map it is of; or ""
  bool mesh_anchor = false;               ///< one of meshConfig.caCertificates
  std::vector<Certificate> certificates;  ///< in the order they stand
  std::vector<Crl> crls;                  ///< likewise; of kind crl, and beside CA certificates
  bool leaf_crl_only = false;             ///< Envoy's only_verify_leaf_cert_crl stands beside them
  std::shared_ptr<const Leniency> leniency;  ///< of a trust bundle of Envoy's; null where it has none
  std::string first_label;                   ///< of a file of PEM: of the first block in it
  std::size_t leaf = 0;                      ///< of a chain: the index of its end-entity certificate
  bool presented = false;                    ///< by a server, in a transcript: its first is the server's own
  bool first_lost = false;                   ///< what stands before the first of `certificates` is unreadable
  std::size_t first = 0;       ///< how many of the same text stand before, where it is read in windows
  std::vector<Listed> listed;  ///< in the order they stand
  std::optional<KeyFacts> key;
  std::shared_ptr<const SpiffeBundle> bundle;  ///< of a SPIFFE bundle and of kinds jwks and jwt_rule
  std::shared_ptr<const XfccHop> xfcc;         ///< of kind xfcc
  std::shared_ptr<const Jwt> jwt;              ///< of kind jwt
  std::shared_ptr<const JwtRule> jwt_rule;     ///< of kind jwt_rule
  std::shared_ptr<const OcspStaple> staple;    ///< of a chain of Envoy's that has one beside it
  std::vector<Defect> defects;
  std::shared_ptr<const Log> log;                  ///< of a log
  std::shared_ptr<const Probe> probe;              ///< of what a server presented
  std::shared_ptr<const KubernetesObject> object;  ///< that it is a part of; null outside Kubernetes

  /// storage keeps the decoded octets alive and in place while the Artifact moves. Artifacts of
  /// equal values may share them.
  std::vector<std::shared_ptr<const std::vector<std::uint8_t>>> storage;

  /// shown_name is what it is called where one name has to do.
  [[nodiscard]] const std::string& shown_name() const { return resource.empty() ? name : resource; }

  Artifact() = default;
  Artifact(Artifact&&) = default;
  Artifact& operator=(Artifact&&) = default;
  Artifact(const Artifact&) = delete;
  Artifact& operator=(const Artifact&) = delete;
};

/// role_of says what the certificate at `index` is for, from its place and its
/// CA flag (never from a signature).
[[nodiscard]] Role role_of(const Artifact& artifact, std::size_t index);

/// is_workload_chain: X509-SVID's rules apply to its certificates: a workload's chain, or
/// a caller's in a header that carries a SPIFFE ID.
[[nodiscard]] bool is_workload_chain(const Artifact& artifact);

/// source_of says where the certificate at `index` came from; its own index
/// there counts from the beginning of the text.
[[nodiscard]] SourceRef source_of(const Artifact& artifact, std::size_t index);
/// assign_source makes a place that one, in the memory that it has.
void assign_source(SourceRef& where, const Artifact& artifact, std::size_t index);

/// source_of_crl says where the CRL at `index` came from.
[[nodiscard]] SourceRef source_of_crl(const Artifact& artifact, std::size_t index);

/// ArtifactSink receives what readers find, as soon as it is decoded. `inspect`
/// collects; `sweep` judges, reports and forgets: the readers are the same.
class ArtifactSink {
 public:
  virtual ~ArtifactSink() = default;
  virtual void artifact(Artifact&& artifact) = 0;
  /// A defect of the input that belongs to no artifact.
  virtual void defect(Defect&& defect) = 0;
  /// A Kubernetes object, before the artifacts that are parts of it. Who relates
  /// no two artifacts may pass it over.
  virtual void object(std::shared_ptr<const KubernetesObject> /*object*/) {}
  /// A file in a directory or an archive that is of no known format.
  virtual void passed_over(const std::string& /*name*/, const std::string& /*why*/) {}

  /// Piece is a part of the reading that owns all it needs. What it finds has its
  /// place where the piece was handed over.
  using Piece = std::function<void(ArtifactSink&)>;
  /// later takes a piece; `sweep` gives it to another thread. By default it is done at once.
  virtual void later(Piece piece) { piece(*this); }
};

}  // namespace meshcert
