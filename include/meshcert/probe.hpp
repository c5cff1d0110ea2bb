#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/time.hpp"

namespace meshcert {

/// ProbeOutcome is how a conversation with a server ended.
enum class ProbeOutcome : std::uint8_t {
  established,                  ///< the handshake was finished
  client_certificate_required,  ///< the server broke off because it got none, or refused the one given
  alert,                        ///< the server broke off with another TLS alert
  plaintext_server,             ///< the server answered something that is no TLS
  reset,                        ///< the server reset or closed the connection without a word
  starttls_refused,             ///< the server of another protocol does not go over to TLS
  oversized,                    ///< the server sent more than the limit and was cut off
  handshake_failed,             ///< what the server sent is no handshake that can be finished
  timeout,                      ///< no end within the time given
  refused,                      ///< nothing listens there
  unreachable,                  ///< no such host, no route, no such socket
  plaintext_answered,           ///< --plaintext: the server answered the request
  plaintext_rejected,           ///< --plaintext: it reset or closed the connection, or wants TLS
};
/// to_string: "established", "client-certificate-required".
[[nodiscard]] constexpr std::string_view to_string(ProbeOutcome outcome) {
  constexpr std::string_view kWords[] = {"established",
                                         "client-certificate-required",
                                         "alert",
                                         "plaintext-server",
                                         "reset",
                                         "starttls-refused",
                                         "oversized",
                                         "handshake-failed",
                                         "timeout",
                                         "refused",
                                         "unreachable",
                                         "plaintext-answered",
                                         "plaintext-rejected"};
  return kWords[static_cast<std::size_t>(outcome)];
}

/// Staple is what a stapled OCSP response (RFC 6960, RFC 6066 8) says. Its signature
/// is not verified.
struct Staple {
  std::string status;  ///< "good", "revoked", "unknown" or "unreadable"
  std::optional<Instant> this_update, next_update;
};

/// Probe is what was learnt of one server (Artifact::probe), its certificates apart.
/// All text may be of the server's making; renderers escape it.
struct Probe {
  std::string target;   ///< as it was asked for: "istiod.istio-system:15012"
  std::string address;  ///< what was connected to: "10.96.0.10:15012"; "" if nothing was
  ProbeOutcome outcome = ProbeOutcome::timeout;
  std::string stage;           ///< where it ended: "lookup", "connect", "starttls", "handshake", "request"
  std::string detail;          ///< the alert's name, the banner, the system's sentence
  std::string server_name;     ///< SNI sent; "" is none
  std::string protocol;        ///< "TLSv1.3"; "" where none was agreed on
  std::string cipher;          ///< "TLS_AES_128_GCM_SHA256"
  std::string offered_alpn;    ///< "istio,h2"
  std::string alpn;            ///< what the server chose; "" is none
  std::uint64_t received = 0;  ///< octets, of a server that was cut off
  bool certificate_requested = false;  ///< the server asks for a client certificate
  bool certificate_sent = false;
  std::vector<std::string> issuers;  ///< the CAs that it accepts clients of, RFC 4514; at most 100
  std::uint64_t issuer_count = 0;
  std::optional<Staple> staple;

  /// looked: something was learnt of what the server does; otherwise the run is incomplete.
  [[nodiscard]] bool looked() const {
    return outcome != ProbeOutcome::timeout && outcome != ProbeOutcome::refused &&
           outcome != ProbeOutcome::unreachable && outcome != ProbeOutcome::oversized;
  }
};

}  // namespace meshcert
