#pragma once

#include <chrono>
#include <string_view>

#include "builder.hpp"

namespace gencerts {

/// The epoch of all samples; kNow is when most of them are to be looked at, a
/// quarter into the life of a leaf issued at the epoch.
inline constexpr Instant kEpoch = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};
inline constexpr Instant kNow = kEpoch + std::chrono::hours{6};

inline constexpr std::string_view kId = "spiffe://cluster.local/ns/my-ns/sa/my-sa";

/// Names of the authorities.
[[nodiscard]] Octets istio_root_name();   ///< O=cluster.local
[[nodiscard]] Octets plugin_root_name();  ///< O=Istio, CN=Root CA
[[nodiscard]] Octets plugin_intermediate_name();
[[nodiscard]] Octets citadel_root_name();  ///< O=k8s.cluster.local
[[nodiscard]] Octets empty_name();

/// The cast: builders of healthy certificates, for recipes to change one thing
/// in. `serial_name` is empty for the certificate that a recipe is about (its
/// own name is taken), and the recipe's name for one used by many.
///
/// Istio with its self-signed CA (formats: istio security/pkg/pki/util/generate_cert.go).
[[nodiscard]] CertificateBuilder istio_root(Workshop& workshop, std::string_view serial_name = {});
[[nodiscard]] CertificateBuilder istio_leaf(Workshop& workshop, std::string_view serial_name = {});
/// Istio with a plugged-in CA, as its tools/certs make one.
[[nodiscard]] CertificateBuilder plugin_root(Workshop& workshop, std::string_view serial_name = {});
[[nodiscard]] CertificateBuilder plugin_intermediate(Workshop& workshop, std::string_view serial_name = {});
[[nodiscard]] CertificateBuilder plugin_leaf(Workshop& workshop, std::string_view serial_name = {});
/// Citadel, Istio up to 1.5: no empty subject, so the SAN need not be critical.
[[nodiscard]] CertificateBuilder citadel_root(Workshop& workshop, std::string_view serial_name = {});
[[nodiscard]] CertificateBuilder citadel_leaf(Workshop& workshop, std::string_view serial_name = {});
/// A company's web PKI, for what gateways serve.
[[nodiscard]] CertificateBuilder web_root(Workshop& workshop, std::string_view serial_name = {});
[[nodiscard]] CertificateBuilder web_intermediate(Workshop& workshop, std::string_view serial_name = {});
[[nodiscard]] CertificateBuilder serving_leaf(Workshop& workshop, std::string_view serial_name = {});
/// Istio with P-256 keys throughout.
[[nodiscard]] CertificateBuilder ec_root(Workshop& workshop, std::string_view serial_name = {});
[[nodiscard]] CertificateBuilder ec_leaf(Workshop& workshop, std::string_view serial_name = {});

/// Certificates used by many samples: those of pki/ and workload/healthy.
[[nodiscard]] Octets the_root(Workshop& workshop);
[[nodiscard]] Octets the_new_root(Workshop& workshop);
[[nodiscard]] Octets the_renewed_root(Workshop& workshop);
[[nodiscard]] Octets the_leaf(Workshop& workshop);
[[nodiscard]] Octets the_plugin_root(Workshop& workshop);
[[nodiscard]] Octets the_intermediate(Workshop& workshop);
[[nodiscard]] Octets the_web_root(Workshop& workshop);
[[nodiscard]] Octets the_web_intermediate(Workshop& workshop);

}  // namespace gencerts
