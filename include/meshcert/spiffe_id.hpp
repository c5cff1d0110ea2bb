#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "meshcert/result.hpp"

namespace meshcert {

/// TrustDomain is a well-formed SPIFFE trust domain name (SPIFFE-ID 2.1): one
/// to 255 bytes of [a-z0-9.-_]. It can only be made by parsing. It borrows its
/// text: the bytes parsed must outlive it.
class TrustDomain {
 public:
  /// parse accepts a bare name ("example.org").
  [[nodiscard]] static Result<TrustDomain, Reason> parse(std::string_view name);
  /// parse_name_or_id accepts a name, or a SPIFFE ID whose trust domain is taken.
  [[nodiscard]] static Result<TrustDomain, Reason> parse_name_or_id(std::string_view text);

  [[nodiscard]] std::string_view name() const { return name_; }
  auto operator<=>(const TrustDomain&) const = default;

 private:
  friend class SpiffeId;
  explicit TrustDomain(std::string_view name) : name_(name) {}
  std::string_view name_;
};

/// SpiffeId is a well-formed SPIFFE ID (SPIFFE-ID 2): made only by parse, total
/// accessors, no setters. It borrows its text: the bytes parsed must outlive it
/// (those of a certificate live as long as its Artifact).
///
/// Deviation: upper-case scheme or trust domain is refused, as go-spiffe does;
/// SPIFFE-ID 2.4 has them compare without case, but 2.1 wants them written in lower case.
class SpiffeId {
 public:
  [[nodiscard]] static Result<SpiffeId, Reason> parse(std::string_view uri);

  [[nodiscard]] std::string_view uri() const { return uri_; }
  [[nodiscard]] TrustDomain trust_domain() const;
  /// path is "" or begins with "/".
  [[nodiscard]] std::string_view path() const { return uri_.substr(path_offset_); }
  auto operator<=>(const SpiffeId&) const = default;

 private:
  SpiffeId(std::string_view uri, std::size_t path_offset) : uri_(uri), path_offset_(path_offset) {}
  std::string_view uri_;
  std::size_t path_offset_;
};

/// IstioIdentity is what istiod, Envoy's filters and ztunnel read out of an
/// identity (istio pkg/spiffe/spiffe.go ParseIdentity). Its parts are exactly
/// what is between the slashes; nothing is checked but the shape, as there.
struct IstioIdentity {
  std::string_view trust_domain;
  std::string_view namespace_name;
  std::string_view service_account;

  /// parse answers "Istio-parsable": "spiffe://<td>/ns/<ns>/sa/<sa>" with
  /// exactly five parts, and nothing else about them.
  [[nodiscard]] static std::optional<IstioIdentity> parse(std::string_view uri);
};

/// is_mesh_trust_domain: istiod takes it for meshConfig.trustDomain: labels of DNS-1123, of either case, and
/// a dot at the end, where SPIFFE also has underscores (istio pkg/config/validation/agent/validation.go
/// ValidateTrustDomain, pkg/config/labels/instance.go).
[[nodiscard]] bool is_mesh_trust_domain(std::string_view text);

/// is_istio_canonical: SPIFFE-valid, Istio-parsable, a trust domain that istiod takes in MeshConfig (DNS-1123
/// labels), and a namespace and a service account that Kubernetes accepts (DNS-1123).
[[nodiscard]] bool is_istio_canonical(std::string_view uri);

/// kMaxSpiffeIdBytes: longer IDs SHOULD NOT be made (SPIFFE-ID 2.3).
inline constexpr std::size_t kMaxSpiffeIdBytes = 2048;

}  // namespace meshcert
