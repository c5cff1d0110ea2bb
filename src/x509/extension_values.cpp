#include <algorithm>
#include <array>
#include <limits>

#include "base/ascii.hpp"
#include "base/refill.hpp"
#include "meshcert/certificate.hpp"
#include "x509/decode.hpp"
#include "x509/extensions.hpp"
#include "x509/oids.hpp"

namespace meshcert {
namespace x509 {

bool has_spiffe_scheme(std::string_view uri) {
  constexpr std::string_view kScheme = "spiffe:";
  return base::equal_without_case(uri.substr(0, kScheme.size()), kScheme);
}

namespace {

constexpr std::array<std::string_view, 9> kKeyUsageNames = {
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
    "keyCertSign",      "cRLSign",        "encipherOnly",    "decipherOnly"};

void count_name(SubjectAltName& names, const GeneralName& name) {
  ++names.count;
  if (name.type != GeneralName::Type::uri) return;
  if (names.uri_count++ == 0) names.first_uri = as_text(name.value);
  names.has_spiffe_uri = names.has_spiffe_uri || has_spiffe_scheme(as_text(name.value));
}

/// GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] DEFAULT 0, maximum [1] OPTIONAL }
bool check_subtree(der::Reader& subtrees) {
  auto fields = subtrees.enter(der::kSequence);
  if (!fields || !read_general_name(*fields, AddressForm::address_and_mask)) return false;
  if (fields->next_is(der::context(0))) {
    const auto* at = fields->position();
    const auto minimum = fields->read_integer(der::context(0));
    if (!minimum) return false;
    if (der::unsigned_value(*minimum) == 0U) fields->note(DerDefect::default_value_encoded, at);
  }
  if (fields->next_is(der::context(1)) && !fields->read_integer(der::context(1))) return false;
  fields->done();
  return true;
}

/// An optional list of subtrees; its contents octets go to `out`.
bool read_subtrees(der::Reader& fields, std::uint32_t number, ByteView& out) {
  if (!fields.next_is(der::context_constructed(number))) return true;
  const auto list = fields.read(der::context_constructed(number));
  if (!list) return false;
  out = list->contents;
  auto subtrees = fields.inside(*list);
  subtrees.require_some();
  while (!subtrees.at_end()) {
    if (!check_subtree(subtrees)) return false;
  }
  return true;
}

}  // namespace

std::optional<BasicConstraints> read_basic_constraints(der::Reader& value) {
  auto fields = value.enter(der::kSequence);
  if (!fields) return std::nullopt;
  BasicConstraints constraints;
  if (fields->next_is(der::kBoolean)) {
    const auto* at = fields->position();
    const auto is_ca = fields->read_boolean();
    if (!is_ca) return std::nullopt;
    if (!*is_ca) fields->note(DerDefect::ca_false_encoded, at);
    constraints.is_ca = *is_ca;
  }
  if (fields->next_is(der::kInteger)) {
    const auto integer = fields->read_integer();
    const auto length = integer ? der::unsigned_value(*integer) : std::nullopt;
    if (!length) return std::nullopt;
    constexpr std::uint64_t kGreatest = std::numeric_limits<std::uint32_t>::max();
    constraints.path_length = static_cast<std::uint32_t>(std::min(*length, kGreatest));
  }
  fields->done();
  return constraints;
}

std::optional<KeyUsage> read_key_usage(der::Reader& value) {
  const auto list = value.read_named_bits();
  if (!list) return std::nullopt;
  KeyUsage usage;
  for (std::size_t bit = 0; bit < kKeyUsageNames.size() && bit / 8 < list->octets.size(); ++bit) {
    const unsigned set = (list->octets[bit / 8] >> (7 - bit % 8)) & 1U;
    usage.bits = static_cast<std::uint16_t>(usage.bits | set << bit);
  }
  return usage;
}

std::optional<ExtendedKeyUsage> read_extended_key_usage(der::Reader& value) {
  const auto list = value.read(der::kSequence);
  if (!list) return std::nullopt;
  ExtendedKeyUsage usage;
  usage.oids = list->contents;
  auto purposes = value.inside(*list);
  purposes.require_some();
  while (!purposes.at_end()) {
    const auto purpose = purposes.read_object_identifier();
    if (!purpose) return std::nullopt;
    usage.server_auth = usage.server_auth || kServerAuth == *purpose;
    usage.client_auth = usage.client_auth || kClientAuth == *purpose;
    usage.any = usage.any || kAnyExtendedKeyUsage == *purpose;
  }
  return usage;
}

std::optional<SubjectAltName> read_subject_alt_name(der::Reader& value) {
  const auto list = value.read(der::kSequence);
  if (!list) return std::nullopt;
  SubjectAltName names;
  names.names = GeneralNames(list->contents);
  auto rest = value.inside(*list);
  rest.require_some();
  while (!rest.at_end()) {
    const auto name = read_general_name(rest, AddressForm::address);
    if (!name) return std::nullopt;
    count_name(names, *name);
  }
  return names;
}

std::optional<NameConstraints> read_name_constraints(der::Reader& value) {
  auto fields = value.enter(der::kSequence);
  if (!fields) return std::nullopt;
  fields->require_some();
  NameConstraints constraints;
  if (!read_subtrees(*fields, 0, constraints.permitted)) return std::nullopt;
  if (!read_subtrees(*fields, 1, constraints.excluded)) return std::nullopt;
  fields->done();
  return constraints;
}

std::optional<ByteView> read_subject_key_id(der::Reader& value) {
  return value.read_string(der::kOctetString);
}

std::optional<AuthorityKeyId> read_authority_key_id(der::Reader& value) {
  auto fields = value.enter(der::kSequence);
  if (!fields) return std::nullopt;
  AuthorityKeyId id;
  if (fields->next_is(der::context(0)) || fields->next_is(der::context_constructed(0))) {
    const auto key_id = fields->read_string(der::context(0));
    if (!key_id) return std::nullopt;
    id.key_id = *key_id;
  }
  if (fields->next_is(der::context_constructed(1))) {
    const auto issuer = fields->read();
    if (!issuer || !check_general_names(fields->inside(*issuer))) return std::nullopt;
    id.issuer = GeneralNames(issuer->contents);
  }
  if (fields->next_is(der::context(2))) {
    const auto serial = fields->read_integer(der::context(2));
    if (!serial) return std::nullopt;
    id.serial = *serial;
  }
  fields->done();
  return id;
}

}  // namespace x509

std::vector<std::string_view> key_usage_names(KeyUsage usage) {
  std::vector<std::string_view> names;
  assign_names(names, usage);
  return names;
}

void assign_names(std::vector<std::string_view>& names, KeyUsage usage) {
  names.clear();
  for (std::size_t bit = 0; bit < x509::kKeyUsageNames.size(); ++bit) {
    if (((usage.bits >> bit) & 1U) != 0) names.push_back(x509::kKeyUsageNames[bit]);
  }
}

std::vector<std::string> extended_key_usage_names(const ExtendedKeyUsage& usage) {
  std::vector<std::string> names;
  assign_names(names, usage);
  return names;
}

void assign_names(std::vector<std::string>& names, const ExtendedKeyUsage& usage) {
  base::Refill refill(names);
  der::Reader purposes(usage.oids, nullptr);
  while (const auto purpose = purposes.read_object_identifier()) {
    std::string& name = refill.next();
    name = x509::key_purpose_name(*purpose);
    if (name.empty()) name = to_dotted(*purpose);
  }
}

}  // namespace meshcert
