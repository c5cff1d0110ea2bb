#include "x509/crl_extensions.hpp"

#include <algorithm>
#include <span>

#include "meshcert/certificate.hpp"
#include "x509/decode.hpp"
#include "x509/extension_table.hpp"
#include "x509/extensions.hpp"
#include "x509/oids.hpp"

namespace meshcert {
namespace x509 {
namespace {

std::optional<ByteView> read_number(der::Reader& value) {
  const auto number = value.read_integer();
  return number && der::unsigned_value(*number) ? number : std::nullopt;
}

/// A BOOLEAN DEFAULT FALSE under an implicit tag.
bool read_flag(der::Reader& fields, std::uint32_t number, bool& flag) {
  if (!fields.next_is(der::context(number))) return true;
  const auto element = fields.read();
  if (!element || element->contents.size() != 1) return false;
  const std::uint8_t octet = element->contents[0];
  if (octet == 0) fields.note(DerDefect::default_value_encoded, element->whole.data());
  if (octet != 0 && octet != 0xff) fields.note(DerDefect::boolean_not_canonical, element->whole.data());
  flag = octet != 0;
  return true;
}

/// IssuingDistributionPoint ::= SEQUENCE { distributionPoint [0] OPTIONAL, onlyContainsUserCerts [1],
///   onlyContainsCACerts [2], onlySomeReasons [3] OPTIONAL, indirectCRL [4], onlyContainsAttributeCerts [5] }
std::optional<IssuingDistributionPoint> read_issuing_distribution_point(der::Reader& value) {
  const auto sequence = value.read(der::kSequence);
  if (!sequence) return std::nullopt;
  auto fields = value.inside(*sequence);
  fields.require_some();
  IssuingDistributionPoint point;
  point.whole = sequence->whole;
  if (fields.next_is(der::context_constructed(0))) {
    point.name = read_distribution_point_name(fields);
    if (!point.name) return std::nullopt;
  }
  if (!read_flag(fields, 1, point.only_user_certificates)) return std::nullopt;
  if (!read_flag(fields, 2, point.only_ca_certificates)) return std::nullopt;
  if (fields.next_is(der::context(3))) {
    point.only_some_reasons = read_reason_flags(fields, der::context(3));
    if (!point.only_some_reasons) return std::nullopt;
  }
  if (!read_flag(fields, 4, point.indirect)) return std::nullopt;
  if (!read_flag(fields, 5, point.only_attribute_certificates)) return std::nullopt;
  // A scope that is not understood to the end is not understood.
  return fields.at_end() ? std::optional(point) : std::nullopt;
}

std::optional<RevocationReason> read_reason(der::Reader& value) {
  const auto code = value.read_integer(der::kEnumerated);
  const auto number = code ? der::unsigned_value(*code) : std::nullopt;
  if (!number) return std::nullopt;
  if (*number > 10 || *number == 7) return RevocationReason::not_assigned;
  return static_cast<RevocationReason>(*number);
}

/// GeneralizedTime (RFC 5280 5.3.2), but a UTCTime is as clear.
std::optional<Instant> read_invalidity_date(der::Reader& value) {
  return read_time(value);
}

std::optional<GeneralNames> read_certificate_issuer(der::Reader& value) {
  const auto list = value.read(der::kSequence);
  if (!list || !check_general_names(value.inside(*list))) return std::nullopt;
  return GeneralNames(list->contents);
}

template <class T, std::optional<T> (*Read)(der::Reader&), Extension<T> CrlExtensions::*Member>
constexpr auto of_crl(Oid oid, std::string_view name) {
  return known_extension<CrlExtensions, T, Read, Member>(oid, name);
}
template <class T, std::optional<T> (*Read)(der::Reader&), Extension<T> CrlEntry::*Member>
constexpr auto of_entry(Oid oid, std::string_view name) {
  return known_extension<CrlEntry, T, Read, Member>(oid, name);
}

constexpr KnownExtension<CrlExtensions> kOfCrls[] = {
    of_crl<ByteView, read_number, &CrlExtensions::crl_number>(kCrlNumber, "cRLNumber"),
    of_crl<ByteView, read_number, &CrlExtensions::base_crl_number>(kDeltaCrlIndicator, "deltaCRLIndicator"),
    of_crl<IssuingDistributionPoint, read_issuing_distribution_point,
           &CrlExtensions::issuing_distribution_point>(kIssuingDistributionPoint, "issuingDistributionPoint"),
    of_crl<AuthorityKeyId, read_authority_key_id, &CrlExtensions::authority_key_id>(kAuthorityKeyId,
                                                                                    "authorityKeyIdentifier"),
    of_crl<ByteView, read_crl_distribution_points, &CrlExtensions::freshest_crl>(kFreshestCrl, "freshestCRL"),
};
constexpr Oid kOnlyRecognisedOfCrls[] = {kIssuerAltName, kAuthorityInfoAccess};

constexpr KnownExtension<CrlEntry> kOfEntries[] = {
    of_entry<RevocationReason, read_reason, &CrlEntry::reason>(kReasonCode, "cRLReason"),
    of_entry<Instant, read_invalidity_date, &CrlEntry::invalidity_date>(kInvalidityDate, "invalidityDate"),
    of_entry<GeneralNames, read_certificate_issuer, &CrlEntry::certificate_issuer>(kCertificateIssuer,
                                                                                   "certificateIssuer"),
};
constexpr Oid kOnlyRecognisedOfEntries[] = {kHoldInstructionCode};

/// Decodes the extensions up to the reader's end. Of two with one OID the first counts.
template <class Owner, std::size_t N>
bool decode_all(der::Reader rest, const KnownExtension<Owner> (&table)[N],
                std::span<const Oid> only_recognised, Owner& owner) {
  rest.require_some();
  while (!rest.at_end()) {
    const auto* at = rest.position();
    const auto raw = read_extension(rest);
    if (!raw) return false;
    const auto* known = find_known(table, raw->oid);
    if (known == nullptr) {
      const bool recognised =
          std::ranges::any_of(only_recognised, [&](const Oid& o) { return o == raw->oid; });
      if (raw->critical && !recognised) ++owner.unknown_critical;
    } else if (known->absent(owner)) {
      known->decode(owner, *raw, rest.inside({der::kOctetString, raw->value, raw->value}));
    } else {
      rest.note(DerDefect::duplicate_extension, at);
    }
  }
  return true;
}

}  // namespace

bool read_crl_extensions(der::Reader& reader, CrlExtensions& extensions) {
  const auto sequence = reader.read(der::kSequence);
  if (!sequence) return false;
  extensions.all = sequence->contents;
  auto rest = reader.inside(*sequence);
  if (!decode_all(rest, kOfCrls, kOnlyRecognisedOfCrls, extensions)) return false;
  const auto* duplicate = find_duplicate_extension(extensions.all);
  if (duplicate != nullptr) rest.note(DerDefect::duplicate_extension, duplicate);
  return true;
}

bool read_entry_extensions(der::Reader& reader, CrlEntry& entry) {
  const auto sequence = reader.read(der::kSequence);
  return sequence && decode_all(reader.inside(*sequence), kOfEntries, kOnlyRecognisedOfEntries, entry);
}

bool has_malformed_extension(const CrlEntry& entry) {
  return std::ranges::any_of(kOfEntries, [&](const auto& known) { return known.malformed(entry); });
}

}  // namespace x509

std::vector<std::string_view> malformed_extensions(const CrlExtensions& extensions) {
  return x509::malformed_names(x509::kOfCrls, extensions);
}

std::vector<std::string> unknown_critical_extensions(const CrlExtensions& extensions) {
  std::vector<std::string> oids;
  x509::for_each_extension(extensions.all, [&](const x509::RawExtension& raw) {
    const bool known = x509::find_known(x509::kOfCrls, raw.oid) != nullptr ||
                       std::ranges::any_of(x509::kOnlyRecognisedOfCrls,
                                           [&](const x509::Oid& oid) { return oid == raw.oid; });
    if (raw.critical && !known) oids.push_back(to_dotted(raw.oid));
  });
  return oids;
}

std::string_view to_string(RevocationReason reason) {
  switch (reason) {
    case RevocationReason::unspecified:
      return "unspecified";
    case RevocationReason::key_compromise:
      return "keyCompromise";
    case RevocationReason::ca_compromise:
      return "cACompromise";
    case RevocationReason::affiliation_changed:
      return "affiliationChanged";
    case RevocationReason::superseded:
      return "superseded";
    case RevocationReason::cessation_of_operation:
      return "cessationOfOperation";
    case RevocationReason::certificate_hold:
      return "certificateHold";
    case RevocationReason::remove_from_crl:
      return "removeFromCRL";
    case RevocationReason::privilege_withdrawn:
      return "privilegeWithdrawn";
    case RevocationReason::aa_compromise:
      return "aACompromise";
    case RevocationReason::not_assigned:
      return "a reason that RFC 5280 does not know";
  }
  return "unspecified";
}

}  // namespace meshcert
