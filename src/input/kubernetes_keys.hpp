#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "meshcert/artifact.hpp"

/// The keys under which Secrets and ConfigMaps have what concerns certificates.
namespace meshcert::input {

/// Meaning is what the value under a well-known key is.
enum class Meaning : std::uint8_t { pair, ca, cas, roots, key, crl, staple, other };

/// KeyRow is one of them.
struct KeyRow {
  std::string_view key;
  Meaning meaning;
  std::string_view private_key = "";  ///< the key of the Secret that holds the private key
};
inline constexpr std::array kKeys = {
    KeyRow{"tls.crt", Meaning::pair, "tls.key"},
    KeyRow{"cert", Meaning::pair, "key"},
    KeyRow{"cert-chain.pem", Meaning::pair, "key.pem"},
    KeyRow{"ca-cert.pem", Meaning::ca, "ca-key.pem"},
    KeyRow{"ca.crt", Meaning::cas},
    KeyRow{"cacert", Meaning::cas},
    KeyRow{"root-cert.pem", Meaning::roots},
    KeyRow{"tls.key", Meaning::key},
    KeyRow{"key", Meaning::key},
    KeyRow{"key.pem", Meaning::key},
    KeyRow{"ca-key.pem", Meaning::key},
    KeyRow{"ca.crl", Meaning::crl},
    KeyRow{"crl", Meaning::crl},
    KeyRow{"ca-crl.pem", Meaning::crl},
    KeyRow{"tls.ocsp-staple", Meaning::staple},
};
inline constexpr KeyRow kOther{"", Meaning::other};

[[nodiscard]] inline const KeyRow& row_of(std::string_view key) {
  const auto row = std::ranges::find(kKeys, key, &KeyRow::key);
  return row == kKeys.end() ? kOther : *row;
}

/// settle_kind says what the certificates under a key of that meaning are, and which is the leaf of a pair.
/// `is_ca`: the Secret is one that istiod reads its CA from; `type` is that of the Secret.
void settle_kind(Meaning meaning, bool is_ca, std::string_view type, Artifact& artifact);

}  // namespace meshcert::input
