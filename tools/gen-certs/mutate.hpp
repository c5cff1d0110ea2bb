#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "der.hpp"
#include "workshop.hpp"

namespace gencerts {

/// Element is a decoded DER element that can be edited and encoded again.
/// Lengths are computed; `length_padding` encodes one in more octets than needed.
struct Element {
  std::uint8_t tag = 0;
  Octets contents;                ///< of a primitive element
  std::vector<Element> children;  ///< of a constructed one
  unsigned length_padding = 0;
};

/// decode takes one element apart; throws when it is not DER (inputs are ours).
[[nodiscard]] Element decode(std::string_view der);
[[nodiscard]] Octets encode(const Element& element);

/// Field names the members of a v3 TBSCertificate, in order.
enum Field : std::size_t {
  kVersion,
  kSerial,
  kSignature,
  kIssuer,
  kValidity,
  kSubject,
  kPublicKey,
  kExtensions
};

/// extension finds an extension (the SEQUENCE of OID, critical, value) by its
/// dotted OID; throws when there is none.
[[nodiscard]] Element& extension(Element& tbs, std::string_view dotted);
/// extension_value is what the extension's OCTET STRING holds.
[[nodiscard]] Octets& extension_value(Element& tbs, std::string_view dotted);

/// edit changes the TBSCertificate of a good certificate and has it signed
/// again: the signature holds, only the edit is wrong.
[[nodiscard]] Octets edit(Workshop& workshop, std::string_view certificate, std::string_view signer,
                          void (*change)(Element& tbs));

/// tbs_of and signature_of take a certificate apart; tbs_of fails on what is
/// no SEQUENCE that begins with a SEQUENCE.
[[nodiscard]] std::optional<Octets> tbs_of(std::string_view certificate);
[[nodiscard]] Octets signature_of(std::string_view certificate);

/// replaced returns the text with the only occurrence of `from` replaced;
/// throws when there is none, or more than one.
[[nodiscard]] std::string replaced(std::string_view text, std::string_view from, std::string_view to);

}  // namespace gencerts
