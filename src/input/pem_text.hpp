#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "meshcert/artifact.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

class KeyOpener;

/// PemOrigin is where a PEM text stands.
struct PemOrigin {
  SourceRef where;
  /// The text stands in the file as it is: blocks have lines of their own, and
  /// where.line is the first. Else where.line holds for all of them.
  bool own_lines = false;
  KeyOpener* keys = nullptr;  ///< opens keys under a password; borrowed
};

/// PemTally accounts for each BEGIN line of a text: `begun` is the sum of the
/// others.
struct PemTally {
  std::size_t begun = 0;
  std::size_t certificates = 0;  ///< blocks that gave a certificate
  std::size_t sets = 0;          ///< blocks of PKCS#7, whatever their number of certificates
  std::size_t crls = 0;          ///< blocks that gave a certificate revocation list
  std::size_t wrapped = 0;       ///< blocks that held PEM text once more, accounted for on its own
  std::size_t keys = 0;          ///< private keys, noted in artifact.key
  std::size_t parameters = 0;    ///< EC PARAMETERS: part of a key
  std::size_t unsupported = 0;   ///< whole blocks of other kinds
  std::size_t rejected = 0;      ///< each explained by a defect
  std::uint32_t key_line = 0;    ///< of the first private key; 0 where there is none
};

/// append_pem decodes the certificates and CRLs of a PEM text into the artifact, in
/// order, and notes defects and private keys. Nothing is skipped in silence.
PemTally append_pem(std::string_view text, const PemOrigin& origin, const Limits& limits, Artifact& artifact);

/// describe says what was there: "0 certificates, 1 private key".
[[nodiscard]] std::string describe(const PemTally& tally);

}  // namespace meshcert::input
