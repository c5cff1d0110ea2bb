#include "tls/messages.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "der/reader.hpp"
#include "meshcert/name.hpp"
#include "x509/decode.hpp"

namespace meshcert::tls {
namespace {

/// Vectors reads vectors of the TLS presentation language (RFC 8446 3.4).
class Vectors {
 public:
  explicit Vectors(ByteView octets) : left_(octets) {}
  [[nodiscard]] bool at_end() const { return left_.empty(); }

  std::optional<std::size_t> number(std::size_t octets) {
    if (left_.size() < octets) return std::nullopt;
    std::size_t value = 0;
    for (std::size_t i = 0; i < octets; ++i) value = value << 8U | left_[i];
    left_ = left_.subspan(octets);
    return value;
  }

  /// vector is one whose length takes so many octets.
  std::optional<ByteView> vector(std::size_t length_octets) {
    const auto length = number(length_octets);
    if (!length || *length > left_.size()) return std::nullopt;
    const ByteView value = left_.first(*length);
    left_ = left_.subspan(*length);
    return value;
  }

 private:
  ByteView left_;
};

constexpr std::size_t kCertificateAuthorities = 47;

// The list of names in the extensions of a TLS 1.3 request.
ByteView authorities_extension(ByteView extensions) {
  Vectors list(extensions);
  while (!list.at_end()) {
    const auto type = list.number(2);
    const auto value = list.vector(2);
    if (!type || !value) break;
    if (*type == kCertificateAuthorities) return Vectors(*value).vector(2).value_or(ByteView{});
  }
  return {};
}

ByteView authorities_list(ByteView body, bool tls13, bool with_algorithms) {
  Vectors request(body);
  if (!request.vector(1)) return {};  // the context; before 1.3 the types of certificates
  if (tls13) return authorities_extension(request.vector(2).value_or(ByteView{}));
  if (with_algorithms && !request.vector(2)) return {};
  return request.vector(2).value_or(ByteView{});
}

std::string name_text(ByteView octets) {
  der::Reader reader(octets, nullptr);
  const auto name = x509::read_name(reader);
  return name ? to_rfc4514(*name) : "(not decodable)";
}

struct Alert {
  std::uint8_t description;
  std::string_view name;
};
// RFC 8446 6, with those of older versions.
constexpr std::array kAlerts = {
    Alert{0, "close_notify"},
    Alert{10, "unexpected_message"},
    Alert{20, "bad_record_mac"},
    Alert{22, "record_overflow"},
    Alert{40, "handshake_failure"},
    Alert{42, "bad_certificate"},
    Alert{43, "unsupported_certificate"},
    Alert{44, "certificate_revoked"},
    Alert{45, "certificate_expired"},
    Alert{46, "certificate_unknown"},
    Alert{47, "illegal_parameter"},
    Alert{48, "unknown_ca"},
    Alert{49, "access_denied"},
    Alert{50, "decode_error"},
    Alert{51, "decrypt_error"},
    Alert{70, "protocol_version"},
    Alert{71, "insufficient_security"},
    Alert{80, "internal_error"},
    Alert{86, "inappropriate_fallback"},
    Alert{90, "user_canceled"},
    Alert{109, "missing_extension"},
    Alert{110, "unsupported_extension"},
    Alert{112, "unrecognized_name"},
    Alert{113, "bad_certificate_status_response"},
    Alert{115, "unknown_psk_identity"},
    Alert{116, "certificate_required"},
    Alert{120, "no_application_protocol"},
};

}  // namespace

std::vector<std::vector<std::uint8_t>> certificate_list(ByteView body, bool tls13) {
  std::vector<std::vector<std::uint8_t>> certificates;
  Vectors message(body);
  if (tls13 && !message.vector(1)) return certificates;
  const auto list = message.vector(3);
  if (!list) return certificates;
  Vectors entries(*list);
  while (!entries.at_end()) {
    const auto certificate = entries.vector(3);
    if (!certificate) break;
    certificates.emplace_back(certificate->begin(), certificate->end());
    if (tls13 && !entries.vector(2)) break;
  }
  return certificates;
}

Authorities authorities(ByteView body, bool tls13, bool with_algorithms, std::size_t most) {
  Authorities found;
  Vectors names(authorities_list(body, tls13, with_algorithms));
  while (!names.at_end()) {
    const auto name = names.vector(2);
    if (!name) break;
    if (found.count++ < most) found.names.push_back(name_text(*name));
  }
  return found;
}

std::string alert_name(std::uint8_t description) {
  const auto row = std::ranges::find(kAlerts, description, &Alert::description);
  return row == kAlerts.end() ? "alert " + std::to_string(description) : std::string(row->name);
}

bool is_record(ByteView octets) {
  constexpr std::uint8_t kFirst = 20;  // change_cipher_spec
  constexpr std::uint8_t kLast = 24;   // heartbeat
  if (octets.empty()) return true;
  return octets[0] >= kFirst && octets[0] <= kLast && (octets.size() < 2 || octets[1] == 3);
}

}  // namespace meshcert::tls
