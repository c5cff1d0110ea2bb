#pragma once

#include <vector>

#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// is_loose_key: a private key alone in a file.
[[nodiscard]] bool is_loose_key(const Artifact& artifact);

/// attach_keys gives each loose key to the artifact of a file whose certificate it
/// belongs to: the one beside it that is loaded with it by its name (tls.key and tls.crt, key.pem and
/// cert-chain.pem, ca-key.pem and ca-cert.pem), whether the two are a pair or not; else that with its public
/// key, in the same directory if there are several; else one beside it whose name goes with the key's; else
/// the only chain there is, where this is the only key, or, where both were `named`, the only certificate of
/// a CA. A key that found its certificate is no longer `no_certificates`. Returns the keys that found none,
/// in order.
[[nodiscard]] std::vector<Artifact> attach_keys(std::vector<Artifact>& artifacts,
                                                std::vector<Artifact>&& keys, bool named = false);

}  // namespace meshcert::input
