#include "tests/conformance/chain_settings.hpp"

#include <algorithm>

#include "tests/conformance/pem_case.hpp"

namespace meshcert::conformance {
namespace {

using path::AnchorRules;
using path::PeerName;
using path::Purpose;

template <class T>
struct Word {
  std::string_view word;
  T value;
};

constexpr Word<Purpose> kPurposes[] = {{"any", Purpose::any},
                                       {"server", Purpose::server},
                                       {"client", Purpose::client},
                                       {"codesign", Purpose::code_signing},
                                       {"timestampsign", Purpose::time_stamping}};
constexpr Word<PeerName::Kind> kNameKinds[] = {
    {"DNS", PeerName::Kind::dns}, {"IP", PeerName::Kind::ip}, {"RFC822", PeerName::Kind::email}};
constexpr Word<KeyUsage::Bit> kKeyUsages[] = {{"digitalSignature", KeyUsage::digital_signature},
                                              {"nonRepudiation", KeyUsage::content_commitment},
                                              {"contentCommitment", KeyUsage::content_commitment},
                                              {"keyEncipherment", KeyUsage::key_encipherment},
                                              {"dataEncipherment", KeyUsage::data_encipherment},
                                              {"keyAgreement", KeyUsage::key_agreement},
                                              {"keyCertSign", KeyUsage::key_cert_sign},
                                              {"cRLSign", KeyUsage::crl_sign},
                                              {"encipherOnly", KeyUsage::encipher_only},
                                              {"decipherOnly", KeyUsage::decipher_only}};
constexpr Word<std::string_view> kUsages[] = {
    {"serverAuth", "1.3.6.1.5.5.7.3.1"},   {"clientAuth", "1.3.6.1.5.5.7.3.2"},
    {"codeSigning", "1.3.6.1.5.5.7.3.3"},  {"emailProtection", "1.3.6.1.5.5.7.3.4"},
    {"timeStamping", "1.3.6.1.5.5.7.3.8"}, {"OCSPSigning", "1.3.6.1.5.5.7.3.9"},
    {"anyExtendedKeyUsage", "2.5.29.37.0"}};

// BoringSSL's CertificateTrust (pki/trust_store.h): its anchors are names and keys
// unless they say more.
constexpr AnchorRules kKeyOnly{true, false, false, false, false, false, false};
constexpr AnchorRules with(AnchorRules rules, bool AnchorRules::*member, bool value) {
  rules.*member = value;
  return rules;
}
constexpr AnchorRules kWithConstraints =
    with(with(with(kKeyOnly, &AnchorRules::constraints, true), &AnchorRules::policies, true),
         &AnchorRules::basic_constraints, true);
constexpr AnchorRules kLeafOnly =
    with(with(kKeyOnly, &AnchorRules::may_issue, false), &AnchorRules::may_be_leaf, true);
constexpr AnchorRules kNothing = with(kKeyOnly, &AnchorRules::may_issue, false);
constexpr Word<AnchorRules> kAnchors[] = {
    {"TRUSTED_ANCHOR", kKeyOnly},
    {"TRUSTED_ANCHOR_WITH_EXPIRATION", with(kKeyOnly, &AnchorRules::dates, true)},
    {"TRUSTED_ANCHOR_WITH_CONSTRAINTS", kWithConstraints},
    {"TRUSTED_ANCHOR_WITH_CONSTRAINTS_REQUIRE_BASIC_CONSTRAINTS", kWithConstraints},
    {"TRUSTED_ANCHOR_WITH_EXPIRATION_AND_CONSTRAINTS", with(kWithConstraints, &AnchorRules::dates, true)},
    // Asked for where constraints are enforced alone (pki/verify_certificate_chain.cc).
    {"TRUSTED_ANCHOR_WITH_REQUIRE_BASIC_CONSTRAINTS", kKeyOnly},
    {"TRUSTED_ANCHOR_OR_LEAF", with(kKeyOnly, &AnchorRules::may_be_leaf, true)},
    {"TRUSTED_LEAF", kLeafOnly},
    {"TRUSTED_LEAF_REQUIRE_SELF_SIGNED", with(kLeafOnly, &AnchorRules::leaf_is_self_signed, true)},
    {"DISTRUSTED", kNothing},
    {"UNSPECIFIED", kNothing}};

/// BoringSSL's KeyPurpose, where it says more than a purpose: how usages are read, and
/// which one is wanted.
struct KeyPurpose {
  path::UsageReading reading;
  std::string_view usage = {};
};
constexpr Word<KeyPurpose> kKeyPurposes[] = {
    {"ANY_EKU", {path::UsageReading::permissive}},
    {"SERVER_AUTH", {path::UsageReading::permissive}},
    {"CLIENT_AUTH", {path::UsageReading::permissive}},
    {"SERVER_AUTH_STRICT", {path::UsageReading::strict}},
    {"CLIENT_AUTH_STRICT", {path::UsageReading::strict}},
    {"SERVER_AUTH_STRICT_LEAF", {path::UsageReading::strict_leaf}},
    {"CLIENT_AUTH_STRICT_LEAF", {path::UsageReading::strict_leaf}},
    {"MLS_CLIENT_AUTH", {path::UsageReading::strict, "2.23.146.2.1.3"}},
    {"RCS_MLS_CLIENT_AUTH", {path::UsageReading::strict, "2.23.146.2.1.3"}},
    {"C2PA_TIMESTAMPING", {path::UsageReading::strict, "1.3.6.1.5.5.7.3.8"}},
    {"C2PA_MANIFEST", {path::UsageReading::strict, "1.3.6.1.5.5.7.3.4"}}};

template <class T, std::size_t N>
const T* find_word(const Word<T> (&table)[N], std::string_view word) {
  const auto* row = std::ranges::find(table, word, &Word<T>::word);
  return row == std::end(table) ? nullptr : &row->value;
}

/// dotted to contents octets; "" when it is no OID.
std::string oid_octets(std::string_view dotted) {
  std::vector<std::uint64_t> arcs(1, 0);
  for (const char c : dotted) {
    if (c == '.')
      arcs.push_back(0);
    else if (c < '0' || c > '9' || arcs.back() > (UINT64_MAX >> 8))
      return {};
    else
      arcs.back() = arcs.back() * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (arcs.size() < 2) return {};
  std::string octets;
  arcs[1] += arcs[0] * 40;
  for (std::size_t i = 1; i < arcs.size(); ++i) {
    int groups = 1;
    while (groups < 10 && (arcs[i] >> (7 * groups)) != 0) ++groups;
    while (groups-- > 0)
      octets += static_cast<char>(((arcs[i] >> (7 * groups)) & 0x7f) | (groups > 0 ? 0x80 : 0));
  }
  return octets;
}

/// CaseReader reads the members of a case; the first that cannot be read is the error.
class CaseReader {
 public:
  explicit CaseReader(const Json& row) : row_(row) {}

  Result<path::Settings, std::string> settings() {
    read_time();
    read_purpose();
    read_usages();
    read_names();
    read_policies();
    settings_.partial_chain = flag("partial_chain", true);
    read_level();
    settings_.max_intermediates = number("max_chain_depth");
    read_anchor();
    if (!error_.empty()) return fail(error_);
    return std::move(settings_);
  }

 private:
  void complain(std::string error) {
    if (error_.empty()) error_ = std::move(error);
  }
  [[nodiscard]] const Json* member(const char* name) const {
    const auto found = row_.find(name);
    return found == row_.end() || found->is_null() ? nullptr : &*found;
  }
  [[nodiscard]] std::string text(const char* name) {
    const Json* found = member(name);
    if (found == nullptr) return {};
    if (!found->is_string()) complain(std::string(name) + " is not text");
    return found->is_string() ? found->get<std::string>() : std::string();
  }
  bool flag(const char* name, bool absent) {
    const Json* found = member(name);
    if (found == nullptr) return absent;
    if (!found->is_boolean()) complain(std::string(name) + " is no boolean");
    return found->is_boolean() && found->get<bool>();
  }
  std::optional<std::size_t> number(const char* name) {
    const Json* found = member(name);
    if (found == nullptr) return std::nullopt;
    if (found->is_number_unsigned()) return found->get<std::size_t>();
    const std::string digits = found->is_string() ? found->get<std::string>() : "";
    if (digits.empty() || digits.size() > 3 ||
        !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; }))
      complain(std::string(name) + " is no number");
    return digits.empty() || !error_.empty() ? std::nullopt : std::optional<std::size_t>(std::stoul(digits));
  }

  /// Level 0, where it is stated, is OpenSSL's that takes every key.
  void read_level() {
    const auto level = number("auth_level");
    settings_.security_level = static_cast<unsigned>(level.value_or(0));
    if (level && *level == 0) settings_.min_rsa_bits = 0;
  }

  void read_time() {
    const auto at = instant_of(row_);
    if (at)
      settings_.at = *at;
    else
      complain(at.error());
  }

  void read_purpose() {
    const std::string word = text("purpose");
    const Purpose* purpose = find_word(kPurposes, word);
    if (purpose != nullptr) settings_.purpose = *purpose;
    const std::string key_purpose = text("key_purpose");
    const auto* more = find_word(kKeyPurposes, key_purpose.empty() ? word : key_purpose);
    if (purpose == nullptr && more == nullptr && !word.empty()) complain("purpose " + word + " is unknown");
    if (more == nullptr) return;
    settings_.usage_reading = more->reading;
    if (!more->usage.empty()) settings_.extended_key_usages.push_back(oid_octets(more->usage));
  }

  void read_usages() {
    const auto usages = text_list(row_, "eku");
    if (!usages) return complain(usages.error());
    for (const std::string& usage : *usages) {
      const auto* known = find_word(kUsages, usage);
      std::string octets = oid_octets(known != nullptr ? *known : usage);
      if (octets.empty()) return complain("eku " + usage + " is unknown");
      settings_.extended_key_usages.push_back(std::move(octets));
    }
    const auto bits = text_list(row_, "key_usage");
    if (!bits) return complain(bits.error());
    for (const std::string& word : *bits) {
      const auto* bit = find_word(kKeyUsages, word);
      if (bit == nullptr) return complain("key_usage " + word + " is unknown");
      settings_.key_usage = static_cast<std::uint16_t>(settings_.key_usage | (1U << *bit));
    }
  }

  void read_name(const Json& name) {
    const auto kind = text_member(name, "kind");
    const auto value = text_member(name, "value");
    const auto* known = kind ? find_word(kNameKinds, *kind) : nullptr;
    if (known == nullptr || !value) return complain("a peer name of an unknown kind");
    names_.push_back({*known, *value});
  }

  void read_names() {
    if (const Json* name = member("expected_peer_name")) read_name(*name);
    if (const Json* names = member("expected_peer_names"))
      for (const Json& name : *names) read_name(name);
    if (!names_.empty()) settings_.names.push_back(std::move(names_));
  }

  void read_policies() {
    const auto policies = text_list(row_, "initial_policy_set");
    if (!policies) return complain(policies.error());
    for (const std::string& policy : *policies) settings_.policies.acceptable.push_back(oid_octets(policy));
    settings_.policies.require_explicit = flag("initial_explicit_policy", false);
    settings_.policies.inhibit_any = flag("initial_inhibit_any_policy", false);
    settings_.policies.inhibit_mapping = flag("initial_policy_mapping_inhibit", false);
  }

  void read_anchor() {
    const std::string word = text("anchor");
    if (word.empty()) return;
    const auto* rules = find_word(kAnchors, word);
    if (rules == nullptr) return complain("anchor " + word + " is unknown");
    settings_.anchor = *rules;
  }

  const Json& row_;
  path::Settings settings_;
  std::vector<path::PeerName> names_;
  std::string error_;
};

}  // namespace

Result<path::Settings, std::string> read_settings(const Json& row) {
  return CaseReader(row).settings();
}

}  // namespace meshcert::conformance
