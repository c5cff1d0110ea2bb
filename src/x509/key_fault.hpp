#pragma once

#include <string_view>

#include "meshcert/certificate.hpp"

namespace meshcert::x509 {

/// KeyFault is why a public key is none: what was found, and what was required.
struct KeyFault {
  std::string_view found;  ///< "" when nothing is
  std::string_view required;
};

/// find_key_fault looks at the value of a public key, which decoding does not: a point
/// that is on its curve (SEC 1 3.2.2.1), a modulus that is positive and odd (RFC 8017
/// 3.1), octets in the number that the algorithm has (RFC 8410 4). A compressed point has
/// none, nor has the key of an algorithm or a curve that is not known, nor one that is
/// known by its facts alone (no spki). No allocation.
[[nodiscard]] KeyFault find_key_fault(const PublicKey& key);

/// is_compressed: the key is a point in compressed form, which not every peer reads.
[[nodiscard]] bool is_compressed(const PublicKey& key);

}  // namespace meshcert::x509
