#pragma once

#include "der/writer.hpp"
#include "meshcert/certificate.hpp"
#include "meshcert/private_key.hpp"
#include "meshcert/result.hpp"

namespace meshcert::x509 {

/// PrivateKey is what is known of a private key: nothing of it is secret.
struct PrivateKey {
  KeyForm form = KeyForm::unknown;
  /// Its public half as a SubjectPublicKeyInfo. Where the encoding leaves the
  /// public key out, the BIT STRING in it is empty; of an encrypted key it is empty.
  der::Octets spki;
  bool has_public = false;  ///< the public key is in `spki`
};

/// decode_private_key reads the facts of a private key in DER, told from its
/// structure: PKCS#1, SEC1, DSA, PKCS#8 of either version, or encrypted PKCS#8, of
/// which it reads no more than that. The numbers are not checked to be a key. It
/// fails with a sentence that holds no octet of the input.
[[nodiscard]] Result<PrivateKey, Reason> decode_private_key(ByteView octets);

/// public_key_of decodes the facts of a SubjectPublicKeyInfo, which must outlive
/// them; nullopt when it is none.
[[nodiscard]] std::optional<PublicKey> public_key_of(ByteView spki);

}  // namespace meshcert::x509
