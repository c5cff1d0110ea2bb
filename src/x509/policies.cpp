#include "x509/decode.hpp"

/// The extensions that are lists of records: authority information access, CRL
/// distribution points, certificate policies. Checked, not taken apart.
namespace meshcert::x509 {
namespace {

/// check_list checks a SEQUENCE SIZE (1..MAX) OF what `check` takes; returns
/// its contents octets.
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

/// AccessDescription ::= SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName }
bool check_access_description(der::Reader& reader) {
  auto fields = reader.enter(der::kSequence);
  if (!fields || !fields->read_object_identifier()) return false;
  if (!read_general_name(*fields, AddressForm::address)) return false;
  fields->done();
  return true;
}

/// DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RDN }
bool check_distribution_point_name(der::Reader choice) {
  if (choice.next_is(der::context_constructed(0))) {
    const auto names = choice.enter(der::context_constructed(0));
    if (!names || !check_general_names(*names)) return false;
  } else if (!choice.read(der::context_constructed(1))) {
    return false;
  }
  choice.done();
  return true;
}

/// DistributionPoint ::= SEQUENCE { distributionPoint [0] OPTIONAL, reasons [1] OPTIONAL, cRLIssuer [2]
/// OPTIONAL }
bool check_distribution_point(der::Reader& reader) {
  auto fields = reader.enter(der::kSequence);
  if (!fields) return false;
  fields->require_some();
  if (fields->next_is(der::context_constructed(0))) {
    const auto name = fields->enter(der::context_constructed(0));
    if (!name || !check_distribution_point_name(*name)) return false;
  }
  if (fields->next_is(der::context(1)) && !fields->read_named_bits(der::context(1))) return false;
  if (fields->next_is(der::context_constructed(2))) {
    const auto issuer = fields->enter(der::context_constructed(2));
    if (!issuer || !check_general_names(*issuer)) return false;
  }
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

std::optional<ByteView> read_crl_distribution_points(der::Reader& value) {
  return check_list(value, check_distribution_point);
}

std::optional<ByteView> read_certificate_policies(der::Reader& value) {
  return check_list(value, check_policy);
}

}  // namespace meshcert::x509
