#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "input/key_opener.hpp"
#include "input/pem.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// KeyPlace says where a private key stands.
struct KeyPlace {
  SourceRef where;
  std::string prefix;                        ///< before each detail: "block 4 of 5: "; may be empty
  KeyOpener* keys = nullptr;                 ///< opens those under a password; borrowed
  std::size_t most = Limits{}.private_keys;  ///< of one text that are decoded

  [[nodiscard]] bool may_open() const { return keys != nullptr && keys->has_password(); }
};

/// append_key_block notes the private key of a whole PEM block in artifact.key:
/// its facts, never its octets. One that is encrypted or cannot be used is a defect.
void append_key_block(const PemBlock& block, const KeyPlace& place, Artifact& artifact);

/// append_key_octets does so for a key in DER.
void append_key_octets(const base::SecretOctets& octets, const KeyPlace& place, Artifact& artifact);

/// is_redaction: a placeholder for a sensitive field, as text or as its base64: Envoy's "[redacted]" and
/// what people write for it, asterisks, or that of must-gather, "1704 bytes long" (openshift/oc
/// pkg/cli/admin/inspect/secret.go).
[[nodiscard]] bool is_redaction(std::string_view text);
/// is_envoy_redaction: Envoy's own, as text or as base64.
[[nodiscard]] bool is_envoy_redaction(std::string_view text);

/// append_key_text does so for a value that should hold a private key, in PEM or
/// DER: what Envoy's private_key and a Secret's tls.key hold. A value without a
/// key is a defect. Certificates in it are passed over, as Go and Envoy do.
void append_key_text(std::string_view text, const KeyPlace& place, Artifact& artifact);

/// settle_key decides whether the key belongs to the leaf, after `certificates`,
/// `kind` and `leaf` are known: sets `matches_leaf` and `chosen`. Of a bundle,
/// which is no pair, it says no more than that a key belongs to one of it.
void settle_key(Artifact& artifact);

}  // namespace meshcert::input
