#pragma once

#include <string>

#include "der/reader.hpp"
#include "meshcert/extensions.hpp"

namespace meshcert::x509 {

/// RawExtension is one Extension (RFC 5280 4.1) before its value is looked at.
struct RawExtension {
  ByteView oid;    ///< contents octets
  ByteView value;  ///< contents octets of extnValue
  bool critical = false;
};

/// read_extension takes the next Extension; nullopt when it cannot be read.
[[nodiscard]] std::optional<RawExtension> read_extension(der::Reader& reader);

/// for_each_extension walks the contents octets of an Extensions SEQUENCE that
/// was read before, in order.
template <class F>
void for_each_extension(ByteView contents, F function) {
  der::Reader reader(contents, nullptr);
  while (!reader.at_end()) {
    const auto extension = read_extension(reader);
    if (!extension) return;
    function(*extension);
  }
}

template <class F>
void for_each_extension(const Extensions& extensions, F function) {
  for_each_extension(extensions.all, function);
}

/// find_duplicate_extension: the octets of the second of two equal OIDs; null
/// when all differ.
[[nodiscard]] const std::uint8_t* find_duplicate_extension(ByteView contents);

/// is_processed: an extension that paths are verified by, so that, critical, it does not stand in the way:
/// those that we decode but freshestCRL, and policyMappings, policyConstraints and inhibitAnyPolicy.
[[nodiscard]] bool is_processed(ByteView oid);

/// extension_name is the RFC name of an extension that we decode ("keyUsage"); "" of others.
[[nodiscard]] std::string_view extension_name(ByteView oid);

/// has_spiffe_scheme: it begins with "spiffe:", in whatever case (RFC 3986 3.1).
[[nodiscard]] bool has_spiffe_scheme(std::string_view uri);

/// ca_issuers is where a certificate says that its issuer's is to be fetched: the first
/// caIssuers of authorityInfoAccess (RFC 5280 4.2.2.1), as text; "" where it says nothing.
[[nodiscard]] std::string ca_issuers(const Extensions& extensions);

}  // namespace meshcert::x509
