#pragma once

#include <optional>

#include "der/reader.hpp"
#include "meshcert/certificate.hpp"
#include "meshcert/crl.hpp"

/// The pieces that Certificate::decode is made of, one file each. A piece takes
/// its element from the reader; nullopt (or false) when it cannot be read. What
/// is readable but not as it should be goes into the reader's notes.
namespace meshcert::x509 {

/// certificate.cpp: Certificate::decode in the place where the certificate is kept, which is a new one.
/// After a failure it holds nothing of use.
[[nodiscard]] std::optional<Reason> decode_into(Certificate& certificate, ByteView octets);

/// name.cpp: Name (RFC 5280 4.1.2.4), every attribute checked.
[[nodiscard]] std::optional<DistinguishedName> read_name(der::Reader& reader);
/// check_rdn checks the members of one RelativeDistinguishedName: nullopt where one is not readable,
/// else whether all are DistinguishedName::is_common.
[[nodiscard]] std::optional<bool> check_rdn(der::Reader rdn);

/// general_name.cpp: in name constraints an address carries a mask (4.2.1.10).
enum class AddressForm : std::uint8_t { address, address_and_mask };
[[nodiscard]] std::optional<GeneralName> read_general_name(der::Reader& reader, AddressForm form);
/// check_general_names checks all names up to the reader's end.
[[nodiscard]] bool check_general_names(der::Reader names);

/// validity.cpp
struct Validity {
  Instant not_before{}, not_after{};
};
[[nodiscard]] std::optional<Validity> read_validity(der::Reader& reader);
/// read_time: UTCTime or GeneralizedTime.
[[nodiscard]] std::optional<Instant> read_time(der::Reader& reader);
[[nodiscard]] bool next_is_time(const der::Reader& reader);

/// public_key.cpp
[[nodiscard]] std::optional<PublicKey> read_public_key(der::Reader& reader);

/// algorithms.cpp: AlgorithmIdentifier (4.1.1.2).
struct AlgorithmIdentifier {
  ByteView oid;
  ByteView parameters;  ///< the whole TLV; empty when absent
  ByteView whole;
};
[[nodiscard]] std::optional<AlgorithmIdentifier> read_algorithm(der::Reader& reader);
[[nodiscard]] std::optional<SignatureAlgorithm> read_signature_algorithm(der::Reader& reader);

/// extensions.cpp: Extensions (4.1.2.9), the SEQUENCE inside the [3].
[[nodiscard]] bool read_extensions(der::Reader& reader, Extensions& extensions);

/// distribution_points.cpp
[[nodiscard]] std::optional<DistributionPointName> read_distribution_point_name(der::Reader& reader);
/// read_reason_flags: a named bit list under this tag.
[[nodiscard]] std::optional<ReasonFlags> read_reason_flags(der::Reader& reader, der::Tag tag);

/// check_list checks a SEQUENCE SIZE (1..MAX) OF what `check` takes; returns its
/// contents octets.
template <class Check>
std::optional<ByteView> check_list(der::Reader& reader, Check check) {
  const auto list = reader.read(der::kSequence);
  if (!list) return std::nullopt;
  auto rest = reader.inside(*list);
  rest.require_some();
  while (!rest.at_end()) {
    if (!check(rest)) return std::nullopt;
  }
  return list->contents;
}

// extension_values.cpp, policies.cpp, distribution_points.cpp: the value of one
// extension. nullopt is "malformed".
[[nodiscard]] std::optional<BasicConstraints> read_basic_constraints(der::Reader& value);
[[nodiscard]] std::optional<KeyUsage> read_key_usage(der::Reader& value);
[[nodiscard]] std::optional<ExtendedKeyUsage> read_extended_key_usage(der::Reader& value);
[[nodiscard]] std::optional<SubjectAltName> read_subject_alt_name(der::Reader& value);
[[nodiscard]] std::optional<NameConstraints> read_name_constraints(der::Reader& value);
[[nodiscard]] std::optional<ByteView> read_subject_key_id(der::Reader& value);
[[nodiscard]] std::optional<AuthorityKeyId> read_authority_key_id(der::Reader& value);
[[nodiscard]] std::optional<ByteView> read_authority_info_access(der::Reader& value);
[[nodiscard]] std::optional<ByteView> read_crl_distribution_points(der::Reader& value);
[[nodiscard]] std::optional<ByteView> read_certificate_policies(der::Reader& value);

}  // namespace meshcert::x509
