#include "x509/decode.hpp"
#include "x509/extensions.hpp"
#include "x509/oids.hpp"

/// The extensions that are lists of records: authority information access,
/// certificate policies. Checked, not taken apart.
namespace meshcert::x509 {
namespace {

/// AccessDescription ::= SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName }
bool check_access_description(der::Reader& reader) {
  auto fields = reader.enter(der::kSequence);
  if (!fields || !fields->read_object_identifier()) return false;
  if (!read_general_name(*fields, AddressForm::address)) return false;
  fields->done();
  return true;
}

/// PolicyQualifierInfo ::= SEQUENCE { policyQualifierId OBJECT IDENTIFIER, qualifier ANY }
bool check_qualifier(der::Reader& reader) {
  auto fields = reader.enter(der::kSequence);
  if (!fields || !fields->read_object_identifier() || !fields->read()) return false;
  fields->done();
  return true;
}

/// PolicyInformation ::= SEQUENCE { policyIdentifier, policyQualifiers SEQUENCE SIZE (1..MAX) OPTIONAL }
bool check_policy(der::Reader& reader) {
  auto fields = reader.enter(der::kSequence);
  if (!fields || !fields->read_object_identifier()) return false;
  if (fields->at_end()) return true;
  if (!check_list(*fields, check_qualifier)) return false;
  fields->done();
  return true;
}

}  // namespace

std::optional<ByteView> read_authority_info_access(der::Reader& value) {
  return check_list(value, check_access_description);
}

std::string ca_issuers(const Extensions& extensions) {
  constexpr Oid kCaIssuers{"1.3.6.1.5.5.7.48.2"};
  if (!extensions.authority_info_access) return {};
  for (der::Reader list(*extensions.authority_info_access, nullptr); !list.at_end();) {
    auto description = list.enter(der::kSequence);
    const auto method = description ? description->read_object_identifier() : std::nullopt;
    const auto location = method ? description->read() : std::nullopt;
    if (!location) break;
    if (kCaIssuers != *method) continue;
    for (const GeneralName& name : GeneralNames(location->whole)) return to_string(name);
  }
  return {};
}

std::optional<ByteView> read_certificate_policies(der::Reader& value) {
  return check_list(value, check_policy);
}

}  // namespace meshcert::x509
