#include "x509/extension_rules.hpp"

#include <algorithm>
#include <bit>

#include "der/walk.hpp"
#include "x509/oids.hpp"

namespace meshcert::x509 {
namespace {

using Fault = std::string_view;  // empty: none

/// What BoringSSL's parser keeps of a path length or a skip count: one octet.
constexpr std::uint64_t kMaxCount = 255;

bool is_count(std::optional<ByteView> integer) {
  if (!integer) return false;
  const auto value = der::unsigned_value(*integer);
  return value && *value <= kMaxCount;
}

Fault basic_constraints_fault(const Certificate& certificate, der::Reader) {
  const auto& length = certificate.extensions.basic_constraints->path_length;
  return length && *length > kMaxCount ? "basicConstraints has a path length above 255" : Fault();
}

Fault key_usage_fault(const Certificate& certificate, der::Reader) {
  return certificate.extensions.key_usage->bits == 0 ? "keyUsage has no bit set" : Fault();
}

Fault subject_alt_name_fault(const Certificate& certificate, der::Reader) {
  const bool has_to_be_critical = certificate.subject.empty();
  return has_to_be_critical && !certificate.extensions.subject_alt_name.critical()
             ? "the subject is empty and subjectAltName is not critical"
             : Fault();
}

Fault issuer_alt_name_fault(const Certificate&, der::Reader value) {
  const auto names = value.enter(der::kSequence);
  return names && !names->at_end() && check_general_names(*names) && value.at_end()
             ? Fault()
             : "issuerAltName is malformed";
}

Fault subtrees_fault(ByteView list) {
  der::Reader subtrees(list, nullptr);
  while (!subtrees.at_end()) {
    auto fields = subtrees.enter(der::kSequence);
    const auto base = fields ? read_general_name(*fields, AddressForm::address_and_mask) : std::nullopt;
    if (!base) return "nameConstraints is malformed";
    if (!fields->at_end()) return "nameConstraints has a minimum or a maximum";
    const bool is_address = base->type == GeneralName::Type::ip;
    if (is_address && !is_prefix_mask(base->value.subspan(base->value.size() / 2))) {
      return "nameConstraints has an address mask with holes";
    }
  }
  return {};
}

Fault name_constraints_fault(const Certificate& certificate, der::Reader) {
  const auto& constraints = *certificate.extensions.name_constraints;
  const auto fault = subtrees_fault(constraints.permitted);
  return fault.empty() ? subtrees_fault(constraints.excluded) : fault;
}

Fault authority_key_id_fault(const Certificate& certificate, der::Reader) {
  const auto& id = *certificate.extensions.authority_key_id;
  return id.issuer.empty() == id.serial.empty() ? Fault()
                                                : "authorityKeyIdentifier has only one of issuer and serial";
}

Fault any_policy_fault(der::Reader policy) {
  if (policy.at_end()) return {};
  auto qualifiers = policy.enter(der::kSequence);
  while (qualifiers && !qualifiers->at_end()) {
    auto qualifier = qualifiers->enter(der::kSequence);
    const auto oid = qualifier ? qualifier->read_object_identifier() : std::nullopt;
    if (!oid || !(kCpsPointer == *oid || kUserNotice == *oid))
      return "anyPolicy has a qualifier that it may not have";
  }
  return {};
}

Fault certificate_policies_fault(const Certificate& certificate, der::Reader) {
  const ByteView policies = *certificate.extensions.certificate_policies;
  der::Reader list(policies, nullptr);
  while (!list.at_end()) {
    auto policy = list.enter(der::kSequence);
    const auto oid = policy ? policy->read_object_identifier() : std::nullopt;
    if (!oid) return "certificatePolicies is malformed";
    if (kAnyPolicy != *oid) continue;
    if (const auto fault = any_policy_fault(*policy); !fault.empty()) return fault;
  }
  return repeats_policy(policies) ? "certificatePolicies has one policy twice" : Fault();
}

Fault policy_mappings_fault(const Certificate&, der::Reader value) {
  constexpr Fault kMalformed = "policyMappings is malformed";
  auto mappings = value.enter(der::kSequence);
  if (!mappings || mappings->at_end() || !value.at_end()) return kMalformed;
  while (!mappings->at_end()) {
    auto mapping = mappings->enter(der::kSequence);
    if (!mapping || !mapping->read_object_identifier() || !mapping->read_object_identifier())
      return kMalformed;
    if (!mapping->at_end()) return kMalformed;
  }
  return {};
}

Fault policy_constraints_fault(const Certificate&, der::Reader value) {
  constexpr Fault kMalformed = "policyConstraints is malformed";
  auto fields = value.enter(der::kSequence);
  if (!fields || fields->at_end() || !value.at_end()) return kMalformed;
  for (const std::uint32_t number : {0U, 1U}) {
    if (!fields->next_is(der::context(number))) continue;
    const auto integer = fields->read_integer(der::context(number));
    if (!is_count(integer) || !der::is_minimal_integer(*integer)) return kMalformed;
  }
  return fields->at_end() ? Fault() : kMalformed;
}

Fault inhibit_any_policy_fault(const Certificate&, der::Reader value) {
  return is_count(value.read_integer()) && value.at_end() ? Fault() : "inhibitAnyPolicy is malformed";
}

Fault no_further_fault(const Certificate&, der::Reader) {
  return {};
}

struct Rule {
  Oid oid;
  Fault (*find_fault)(const Certificate&, der::Reader value);
};

/// A rule for a decoded extension is asked only where it did decode.
constexpr Rule kRules[] = {
    {kBasicConstraints, basic_constraints_fault},
    {kKeyUsage, key_usage_fault},
    {kExtendedKeyUsage, no_further_fault},
    {kSubjectAltName, subject_alt_name_fault},
    {kIssuerAltName, issuer_alt_name_fault},
    {kSubjectKeyId, no_further_fault},
    {kAuthorityKeyId, authority_key_id_fault},
    {kNameConstraints, name_constraints_fault},
    {kCertificatePolicies, certificate_policies_fault},
    {kPolicyMappings, policy_mappings_fault},
    {kPolicyConstraints, policy_constraints_fault},
    {kInhibitAnyPolicy, inhibit_any_policy_fault},
    {kAuthorityInfoAccess, no_further_fault},
    {kCrlDistributionPoints, no_further_fault},
    {kFreshestCrl, no_further_fault},
};

}  // namespace

std::vector<std::string_view> wrongly_critical(const Extensions& extensions) {
  std::vector<std::string_view> names;
  if (extensions.authority_key_id.critical()) names.push_back("authorityKeyIdentifier");
  if (extensions.subject_key_id.critical()) names.push_back("subjectKeyIdentifier");
  if (extensions.authority_info_access.critical()) names.push_back("authorityInfoAccess");
  return names;
}

std::optional<std::vector<std::string_view>> policy_oids(ByteView certificate_policies) {
  std::vector<std::string_view> oids;
  for (der::Reader list(certificate_policies, nullptr); !list.at_end();) {
    auto policy = list.enter(der::kSequence);
    const auto oid = policy ? policy->read_object_identifier() : std::nullopt;
    if (!oid) return std::nullopt;
    oids.push_back(as_text(*oid));
  }
  return oids;
}

bool repeats_policy(ByteView certificate_policies) {
  auto oids = policy_oids(certificate_policies);
  if (!oids) return false;
  std::ranges::sort(*oids);
  return std::ranges::adjacent_find(*oids) != oids->end();
}

bool is_prefix_mask(ByteView mask) {
  bool ended = false;
  for (const std::uint8_t octet : mask) {
    const int ones = std::countl_one(octet);
    if (std::popcount(octet) != ones || (ended && ones > 0)) return false;
    ended = ended || ones < 8;
  }
  return true;
}

std::string_view find_extension_fault(const Certificate& certificate, const RawExtension& extension) {
  const auto* rule = std::ranges::find_if(kRules, [&](const Rule& row) { return row.oid == extension.oid; });
  if (rule == std::end(kRules)) return {};
  if (const auto fault = der::find_fault(extension.value)) return *fault;
  return rule->find_fault(certificate, der::Reader(extension.value, nullptr));
}

}  // namespace meshcert::x509
