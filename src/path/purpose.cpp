#include "path/purpose.hpp"

#include <algorithm>
#include <bit>

#include "base/words.hpp"
#include "der/reader.hpp"
#include "x509/oids.hpp"

namespace meshcert::path {
namespace {

using enum KeyUsage::Bit;

constexpr std::uint16_t bit(KeyUsage::Bit usage) {
  return static_cast<std::uint16_t>(1U << usage);
}

/// Rule is one row of what a purpose asks for.
struct Rule {
  Purpose purpose;
  std::vector<ByteView> usages;   ///< extended key usages, all required where any are stated
  std::uint16_t any_of = 0;       ///< keyUsage bits of which one is needed, where keyUsage is there
  bool needs_extensions = false;  ///< extendedKeyUsage has to be there, and keyUsage unless `alone`
  std::uint16_t none_of = 0;      ///< keyUsage bits that may not be there
  bool alone = false;             ///< the usage stands alone, and critical (RFC 3161 2.3)
};

const std::vector<Rule>& rules() {
  static constexpr x509::Oid server = x509::kServerAuth, client = x509::kClientAuth;
  static const std::vector<Rule> table = {
      {Purpose::server, {server.octets()}},
      {Purpose::client, {client.octets()}},
      {Purpose::workload, {server.octets(), client.octets()}},
      {Purpose::ca, {}, bit(key_cert_sign)},
      {Purpose::code_signing,
       {x509::kCodeSigning.octets()},
       bit(digital_signature),
       true,
       static_cast<std::uint16_t>(bit(key_cert_sign) | bit(crl_sign))},
      {Purpose::time_stamping,
       {x509::kTimeStamping.octets()},
       static_cast<std::uint16_t>(bit(digital_signature) | bit(content_commitment)),
       true,
       static_cast<std::uint16_t>(~(bit(digital_signature) | bit(content_commitment))),
       true},
  };
  return table;
}

const Rule* rule_of(Purpose purpose) {
  const auto row = std::ranges::find(rules(), purpose, &Rule::purpose);
  return row == rules().end() ? nullptr : &*row;
}

bool holds(const ExtendedKeyUsage& usage, ByteView wanted) {
  der::Reader oids(usage.oids, nullptr);
  while (const auto oid = oids.read_object_identifier())
    if (std::ranges::equal(*oid, wanted)) return true;
  return false;
}

std::size_t count(const ExtendedKeyUsage& usage) {
  std::size_t number = 0;
  der::Reader oids(usage.oids, nullptr);
  while (oids.read_object_identifier()) ++number;
  return number;
}

std::string purpose_words(ByteView oid) {
  const auto name = x509::key_purpose_name(oid);
  return name.empty() ? to_dotted(oid) : std::string(name);
}

/// The usages that a certificate would have to allow; nothing stated allows all.
void check_extended(const Certificate& certificate, std::size_t index, const Settings& settings,
                    std::vector<Fault>& faults) {
  const auto& usage = certificate.extensions.extended_key_usage;
  const UsageReading reading = settings.usage_reading;
  const bool literal = reading == UsageReading::literal || reading == UsageReading::strict ||
                       (index == 0 && reading == UsageReading::strict_leaf);
  if (!usage || (usage->any && !literal)) return;
  std::vector<std::string> missing;
  for (const std::string& wanted : wanted_usages(settings))
    if (!holds(*usage, as_bytes(wanted))) missing.push_back(purpose_words(as_bytes(wanted)));
  if (missing.empty()) return;
  faults.push_back({FaultKind::wrong_extended_key_usage, index, usage_words(*usage), base::join(missing)});
}

void check_stated_usage(const Certificate& leaf, const Settings& settings, std::vector<Fault>& faults) {
  const auto& usage = leaf.extensions.extended_key_usage;
  if (!usage && !wanted_usages(settings).empty())
    faults.push_back({FaultKind::wrong_extended_key_usage, 0, "none", "a stated usage"});
  if (!usage) return;
  static constexpr x509::Oid refused[] = {x509::kCodeSigning, x509::kTimeStamping, x509::kOcspSigning,
                                          x509::kAnyExtendedKeyUsage};
  const bool is_for_tls = usage->server_auth || usage->client_auth;
  if (is_for_tls &&
      std::ranges::any_of(refused, [&](const x509::Oid& oid) { return holds(*usage, oid.octets()); }))
    faults.push_back({FaultKind::wrong_extended_key_usage, 0, usage_words(*usage), "TLS alone"});
}

void check_signing_usage(const Certificate& leaf, const Rule& rule, std::vector<Fault>& faults) {
  const auto& key_usage = leaf.extensions.key_usage;
  const auto& extended = leaf.extensions.extended_key_usage;
  if (!key_usage && !rule.alone)
    faults.push_back({FaultKind::wrong_key_usage, 0, "none", "digitalSignature"});
  if (key_usage && (key_usage->bits & rule.none_of) != 0)
    faults.push_back({FaultKind::wrong_key_usage, 0, usage_words(*key_usage), "signatures of data alone"});
  const std::string wanted = purpose_words(rule.usages.front());
  const bool states = extended && holds(*extended, rule.usages.front()) && !extended->any;
  if (!states)
    faults.push_back(
        {FaultKind::wrong_extended_key_usage, 0, extended ? usage_words(*extended) : "none", wanted});
  else if (rule.alone && (count(*extended) != 1 || !extended.critical()))
    faults.push_back(
        {FaultKind::wrong_extended_key_usage, 0, usage_words(*extended), wanted + " alone, critical"});
  else if (extended->server_auth)
    faults.push_back(
        {FaultKind::wrong_extended_key_usage, 0, usage_words(*extended), wanted + " without serverAuth"});
}

bool is_for_tls(Purpose purpose) {
  return purpose == Purpose::server || purpose == Purpose::client || purpose == Purpose::workload;
}

/// In TLS 1.3, and in every ECDHE suite, the handshake is signed: keyEncipherment served RSA key exchange,
/// which Envoy no longer offers. BoringSSL holds the peer to it (ssl_cert_check_key_usage).
bool must_sign(const Settings& settings) {
  return settings.usage_reading == UsageReading::literal && is_for_tls(settings.purpose);
}

}  // namespace

std::vector<std::string> wanted_usages(const Settings& settings) {
  std::vector<std::string> wanted = settings.extended_key_usages;
  if (const Rule* rule = rule_of(settings.purpose))
    for (const ByteView oid : rule->usages) wanted.emplace_back(as_text(oid));
  std::ranges::sort(wanted);
  const auto repeats = std::ranges::unique(wanted);
  wanted.erase(repeats.begin(), repeats.end());
  return wanted;
}

std::string usage_words(const ExtendedKeyUsage& usage) {
  return base::join(extended_key_usage_names(usage), "no usage");
}

std::string usage_words(KeyUsage usage) {
  return base::join(key_usage_names(usage), "no bit");
}

void check_leaf_usage(const Certificate& leaf, const Settings& settings, std::vector<Fault>& faults) {
  if (settings.usage_reading >= UsageReading::strict_leaf) check_stated_usage(leaf, settings, faults);
  check_extended(leaf, 0, settings, faults);
  const auto& usage = leaf.extensions.key_usage;
  const Rule* rule = rule_of(settings.purpose);
  if (usage && (usage->bits & settings.key_usage) != settings.key_usage)
    faults.push_back(
        {FaultKind::wrong_key_usage, 0, usage_words(*usage), usage_words(KeyUsage{settings.key_usage})});
  if (rule == nullptr) return;
  if (usage && rule->any_of != 0 && (usage->bits & rule->any_of) == 0)
    faults.push_back(
        {FaultKind::wrong_key_usage, 0, usage_words(*usage),
         usage_words(KeyUsage{rule->any_of}) + (std::has_single_bit(rule->any_of) ? "" : " (one of)")});
  if (usage && must_sign(settings) && (usage->bits & bit(digital_signature)) == 0)
    faults.push_back(
        {FaultKind::wrong_key_usage, 0, usage_words(*usage), usage_words(KeyUsage{bit(digital_signature)})});
  if (rule->needs_extensions) check_signing_usage(leaf, *rule, faults);
}

void check_issuer_usage(const Certificate& issuer, std::size_t index, const Settings& settings,
                        std::vector<Fault>& faults) {
  check_extended(issuer, index, settings, faults);
}

}  // namespace meshcert::path
