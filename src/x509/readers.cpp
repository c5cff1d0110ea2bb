#include "x509/readers.hpp"

namespace meshcert::x509 {

std::string_view who_refuses(DerDefect defect) {
  switch (defect) {
    case DerDefect::indefinite_length:
    case DerDefect::non_minimal_tag:
      return "refused by BoringSSL (Envoy), Go (istiod) and rustls (ztunnel), read by OpenSSL";
    case DerDefect::non_minimal_length:
    case DerDefect::bit_string_padding:
      return "refused by BoringSSL (Envoy) and Go (istiod), read by OpenSSL";
    case DerDefect::constructed_string:
      return "refused by BoringSSL (Envoy) and Go (istiod), read by OpenSSL and rustls (ztunnel)";
    case DerDefect::non_minimal_integer:
      return "refused by OpenSSL, BoringSSL (Envoy) and Go (istiod)";
    case DerDefect::duplicate_extension:
      return "refused by Go (istiod), and by OpenSSL and BoringSSL (Envoy) where they need that extension";
    case DerDefect::boolean_not_canonical:
      return "refused by Go (istiod) and rustls (ztunnel), read by OpenSSL and BoringSSL (Envoy)";
    case DerDefect::time_not_canonical:
      return "refused by OpenSSL, BoringSSL (Envoy) and rustls (ztunnel), read by Go (istiod) in some forms";
    case DerDefect::empty_sequence:
      return "in extendedKeyUsage refused by OpenSSL, BoringSSL (Envoy) and rustls (ztunnel), read by Go (istiod)";
    case DerDefect::version_mismatch:
      return "refused by BoringSSL (Envoy) and rustls (ztunnel), read by OpenSSL";
    case DerDefect::algorithm_mismatch:
      return "refused by OpenSSL, BoringSSL (Envoy), Go (istiod) and rustls (ztunnel)";
    case DerDefect::trailing_octets:
      return "refused by BoringSSL (Envoy), read by Go (istiod)";
    case DerDefect::default_value_encoded:
    case DerDefect::ca_false_encoded:
    case DerDefect::named_bits_not_trimmed:
    case DerDefect::set_not_sorted:
    case DerDefect::string_not_in_alphabet:  // what Go makes of names: go_reading.hpp
    case DerDefect::count_:
      break;
  }
  return {};
}

}  // namespace meshcert::x509
