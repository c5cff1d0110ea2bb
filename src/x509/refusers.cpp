#include "x509/refusers.hpp"

#include <algorithm>

#include "x509/extensions.hpp"

namespace meshcert::x509 {
namespace {

bool holds(ByteView part, const std::uint8_t* octet) {
  return !part.empty() && octet >= part.data() && octet < part.data() + part.size();
}

std::string_view extension_at(ByteView all, const std::uint8_t* octet) {
  std::string_view name;
  const std::uint8_t* begin = all.data();
  for_each_extension(all, [&](const RawExtension& raw) {
    const std::uint8_t* end = raw.value.data() + raw.value.size();
    if (octet >= begin && octet < end) name = extension_name(raw.oid);
    begin = end;
  });
  return name.empty() ? "an extension" : name;
}

/// Extensions that OpenSSL and BoringSSL decode whenever they verify.
bool is_always_needed(std::string_view name) {
  constexpr std::string_view kNeeded[] = {
      "basicConstraints",       "keyUsage",       "extendedKeyUsage", "subjectKeyIdentifier",
      "authorityKeyIdentifier", "subjectAltName", "nameConstraints",  "cRLDistributionPoints"};
  return std::ranges::find(kNeeded, name) != std::end(kNeeded);
}

/// Defects that go by nothing but themselves. Of those that are neither here nor below nobody refuses any:
/// what Go makes of names is in go_reading.hpp.
struct Row {
  DerDefect defect;
  Refusers refusers;
};
constexpr Row kRows[] = {
    {DerDefect::indefinite_length,
     {.who = "refused by BoringSSL (Envoy), Go (istiod) and rustls (ztunnel), let pass by OpenSSL",
      .go_refuses = true,
      .path_refuses = true}},
    {DerDefect::non_minimal_tag,
     {.who = "refused by BoringSSL (Envoy), Go (istiod) and rustls (ztunnel), let pass by OpenSSL",
      .go_refuses = true,
      .path_refuses = true}},
    {DerDefect::non_minimal_length,
     {.who = "refused by BoringSSL (Envoy) and Go (istiod), let pass by OpenSSL",
      .go_refuses = true,
      .path_refuses = true}},
    {DerDefect::bit_string_padding,
     {.who = "refused by BoringSSL (Envoy) and Go (istiod), let pass by OpenSSL",
      .go_refuses = true,
      .path_refuses = true}},
    {DerDefect::constructed_string,
     {.who = "refused by BoringSSL (Envoy) and Go (istiod), let pass by OpenSSL and rustls (ztunnel)",
      .go_refuses = true,
      .path_refuses = true}},
    {DerDefect::non_minimal_integer,
     {.who = "refused by OpenSSL, BoringSSL (Envoy) and Go (istiod)",
      .openssl_refuses = true,
      .go_refuses = true,
      .path_refuses = true}},
    {DerDefect::boolean_not_canonical,
     {.who = "refused by Go (istiod) and rustls (ztunnel), let pass by OpenSSL and BoringSSL (Envoy)",
      .go_refuses = true}},
    {DerDefect::time_not_canonical,
     {.who =
          "refused by OpenSSL, BoringSSL (Envoy) and rustls (ztunnel), let pass by Go (istiod) in some forms",
      .openssl_refuses = true,
      .path_refuses = true}},
    {DerDefect::algorithm_mismatch,
     {.who = "refused by OpenSSL, BoringSSL (Envoy), Go (istiod) and rustls (ztunnel)",
      .openssl_refuses = true,
      .go_refuses = true,
      .path_refuses = true}},
    {DerDefect::trailing_octets,
     {.who = "refused by BoringSSL (Envoy), let pass by Go (istiod)", .path_refuses = true}},
};

Refusers of_duplicate(std::string_view place) {
  if (is_always_needed(place))
    return {.who = "refused by Go (istiod), OpenSSL and BoringSSL (Envoy)",
            .openssl_refuses = true,
            .go_refuses = true,
            .path_refuses = true};
  return {.who = "refused by Go (istiod), let pass by OpenSSL", .go_refuses = true, .path_refuses = true};
}

/// What Go refuses of name constraints: find_go_refusal.
Refusers of_empty(std::string_view place) {
  if (place == "nameConstraints") return {.who = "", .path_refuses = true};
  if (place == "extendedKeyUsage")
    return {
        .who =
            "refused by OpenSSL, BoringSSL (Envoy) and rustls (ztunnel) for every use, let pass by Go (istiod)",
        .path_refuses = true};
  if (place == "authorityInfoAccess" || place == "cRLDistributionPoints")
    return {.who = "let pass by OpenSSL, BoringSSL (Envoy) and Go (istiod)"};
  return {.who = "let pass by OpenSSL and Go (istiod); whoever holds it to RFC 5280 refuses it",
          .path_refuses = true};
}

Refusers of_version(int version) {
  if (version < 1 || version > 3)
    return {.who = "refused by BoringSSL (Envoy), Go (istiod) and rustls (ztunnel), let pass by OpenSSL",
            .go_refuses = true,
            .path_refuses = true};
  return {.who = "refused by BoringSSL (Envoy) and rustls (ztunnel), let pass by OpenSSL and Go (istiod)",
          .path_refuses = true};
}

}  // namespace

std::string_view place_of(const Certificate& certificate, DerDefect defect) {
  // What is empty is noted where its first member is missed, behind it.
  const std::size_t offset = certificate.defects.first_offset(defect);
  const std::uint8_t* octet =
      certificate.der.data() + (defect == DerDefect::empty_sequence ? offset - 1 : offset);
  if (holds(certificate.extensions.all, octet)) return extension_at(certificate.extensions.all, octet);
  if (holds(certificate.issuer.rdns, octet)) return "issuer";
  if (holds(certificate.subject.rdns, octet)) return "subject";
  return holds(certificate.key.spki, octet) ? "subjectPublicKeyInfo" : std::string_view();
}

Refusers refusers_of(const Certificate& certificate, DerDefect defect) {
  if (defect == DerDefect::duplicate_extension) return of_duplicate(place_of(certificate, defect));
  if (defect == DerDefect::empty_sequence) return of_empty(place_of(certificate, defect));
  if (defect == DerDefect::version_mismatch) return of_version(certificate.version);
  const auto* row = std::ranges::find(kRows, defect, &Row::defect);
  return row == std::end(kRows) ? Refusers{} : row->refusers;
}

}  // namespace meshcert::x509
