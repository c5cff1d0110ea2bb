#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "meshcert/bytes.hpp"
#include "meshcert/time.hpp"
#include "path/peer_name.hpp"

namespace meshcert::path {

/// Purpose is what the leaf is to be used for: it asks for extended key usages,
/// of every CA on the path too where it states any (RFC 5280 4.2.1.12, as
/// OpenSSL, BoringSSL, Go and webpki chain them). The keyUsage of a TLS certificate
/// depends on the handshake and is the family usage's. `workload` is both ends of
/// mutual TLS. What is for code signing or time stamping only the conformance suite asks.
enum class Purpose : std::uint8_t { any, server, client, workload, ca, code_signing, time_stamping };

/// UsageReading is how extended key usages are read. Permissive: anyExtendedKeyUsage
/// stands for each (Go). Literal: it stands for none, as OpenSSL, BoringSSL's X509 and
/// webpki have it. The strict ones, which only the conformance suite asks for, are those of the CA/Browser
/// Forum (boringssl pki/verify_certificate_chain.cc): a usage has to be stated, anyExtendedKeyUsage states
/// none, and a leaf for TLS may not be for code signing, time stamping or OCSP as well.
enum class UsageReading : std::uint8_t { permissive, literal, strict_leaf, strict };

/// AnchorRules is what a trusted certificate may do and what is asked of it. The
/// default is what OpenSSL and Go do: an anchor's dates, CA flag, path length,
/// usages and name constraints count, its policies do not.
struct AnchorRules {
  bool may_issue = true;             ///< it may end the path of another
  bool may_be_leaf = true;           ///< it may be the leaf itself
  bool leaf_is_self_signed = false;  ///< and then has to be signed by its own key
  bool dates = true;                 ///< its validity counts
  bool basic_constraints = true;     ///< it has to be a CA, or of version 1
  bool constraints = true;           ///< its path length, usages and name constraints count
  bool policies = false;             ///< its policies, too
};

/// PolicyRules are the inputs (c) to (g) of RFC 5280 6.1.1.
struct PolicyRules {
  std::vector<std::string> acceptable;  ///< contents octets of OIDs; empty is anyPolicy
  bool require_explicit = false;
  bool inhibit_any = false;
  bool inhibit_mapping = false;
};

/// Budget bounds the search for paths of one leaf; docs/limits.md says where the
/// numbers come from.
struct Budget {
  std::size_t nodes = 10'000;              ///< certificates put on a path (webpki: 200 000 calls)
  std::size_t signatures = 256;            ///< issuers' keys tried (Go and webpki: 100)
  std::size_t namesakes = 16;              ///< of one issuer's name, that did not sign
  std::size_t name_comparisons = 1 << 20;  ///< names times constraints, for one path (OpenSSL)
  std::size_t length = 100;                ///< certificates of one path
  std::size_t failed_paths = 8;            ///< kept to be told of
};

/// Settings is everything the caller decides about one verification. The defaults
/// are those of a mesh: any certificate in the trust bundle ends a path, as
/// Envoy's PARTIAL_CHAIN has it.
struct Settings {
  Instant at{};
  Seconds skew{0};  ///< widens both ends of every validity
  Purpose purpose = Purpose::any;
  std::vector<std::string> extended_key_usages;  ///< contents octets of OIDs, all required
  UsageReading usage_reading = UsageReading::permissive;
  bool leaf_usage = true;                        ///< false: only what the CAs allow is held against it
  std::uint16_t key_usage = 0;                   ///< bits of KeyUsage::bits that the leaf needs, all
  std::vector<std::vector<PeerName>> names;      ///< of each list, the leaf has to have one
  bool partial_chain = true;                     ///< false: only self-signed certificates end a path
  std::optional<std::size_t> max_intermediates;  ///< between leaf and anchor
  /// security_level: OpenSSL's (SSL_CTX_set_security_level(3)): 1 asks for 80 bits,
  /// 2 for 112, 3 for 128, 4 for 192, 5 for 256. The anchor's signature is exempt.
  unsigned security_level = 0;
  bool refuse_sha1 = true;            ///< as Go and webpki do; BoringSSL (Envoy) takes it
  std::uint32_t min_rsa_bits = 1024;  ///< the floor of boringssl's pki; Envoy's own is 2048 for what it loads
  bool mesh_algorithms = false;       ///< a fault is what no verifier of a mesh verifies (path/verifiers.hpp)
  AnchorRules anchor;
  PolicyRules policies;
  Budget budget;
};

}  // namespace meshcert::path
