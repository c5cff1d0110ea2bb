#pragma once

#include <optional>
#include <string>
#include <vector>

#include "meshcert/bytes.hpp"

namespace meshcert::path {

/// TrustSettings is what OpenSSL writes behind a certificate in a block TRUSTED
/// CERTIFICATE (X509_CERT_AUX, crypto/x509/x_x509a.c): uses that it is trusted
/// for, so that it ends a path whoever signed it, and uses that it is not.
/// Contents octets of OIDs. Envoy and istiod pass them over; a chain that is held against
/// such a certificate is judged by them, as OpenSSL judges it.
struct TrustSettings {
  std::vector<std::string> trusted, rejected;
};

/// read_trust_settings reads the octets that follow a certificate; nullopt when
/// they are no such settings.
[[nodiscard]] std::optional<TrustSettings> read_trust_settings(ByteView octets);

/// settings_behind returns the settings that octets begin with; empty where they begin
/// with none. A certificate is none: its first field is no list of OIDs.
[[nodiscard]] ByteView settings_behind(ByteView octets);

/// Trust is the answer for one use.
enum class Trust : std::uint8_t { unstated, trusted, rejected };

/// trust_for decides for all the uses wanted (none: anyExtendedKeyUsage), as
/// X509_check_trust does: one that is rejected, or that a list of trusted uses
/// lacks, is rejected.
[[nodiscard]] Trust trust_for(const TrustSettings& settings, const std::vector<std::string>& wanted);

}  // namespace meshcert::path
