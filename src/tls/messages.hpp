#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "meshcert/bytes.hpp"

namespace meshcert::tls {

/// certificate_list takes the certificates out of a Certificate message (RFC 8446
/// 4.4.2, before TLS 1.3 RFC 5246 7.4.2), as the server sent them, well-formed or
/// not. `body` is the message without its header. A list that is cut off ends there.
[[nodiscard]] std::vector<std::vector<std::uint8_t>> certificate_list(ByteView body, bool tls13);

/// Authorities are the CAs that a CertificateRequest names.
struct Authorities {
  std::vector<std::string> names;  ///< RFC 4514, at most `most` of them
  std::uint64_t count = 0;
};
/// authorities reads them (RFC 8446 4.2.4, RFC 5246 7.4.4); `with_algorithms` is TLS 1.2.
[[nodiscard]] Authorities authorities(ByteView body, bool tls13, bool with_algorithms, std::size_t most);

/// alert_name is the word of RFC 8446 6 for an alert: "unknown_ca"; "alert 200".
[[nodiscard]] std::string alert_name(std::uint8_t description);

/// is_record: the octets may begin a TLS record (RFC 8446 5.1).
[[nodiscard]] bool is_record(ByteView octets);

}  // namespace meshcert::tls
