#include "path/trust_settings.hpp"

#include <algorithm>

#include "der/reader.hpp"
#include "x509/oids.hpp"

namespace meshcert::path {
namespace {

bool read_list(der::Reader list, std::vector<std::string>& out) {
  while (!list.at_end()) {
    const auto oid = list.read_object_identifier();
    if (!oid) return false;
    out.emplace_back(as_text(*oid));
  }
  return true;
}

bool holds(const std::vector<std::string>& list, std::string_view use) {
  return std::ranges::any_of(list, [use](const std::string& oid) {
    return oid == use || x509::kAnyExtendedKeyUsage == as_bytes(oid);
  });
}

Trust trust_for_one(const TrustSettings& settings, std::string_view use) {
  if (holds(settings.rejected, use)) return Trust::rejected;
  if (settings.trusted.empty()) return Trust::unstated;
  return holds(settings.trusted, use) ? Trust::trusted : Trust::rejected;
}

}  // namespace

/// CertAux ::= SEQUENCE { trust SEQUENCE OF OID OPTIONAL, reject [0] SEQUENCE OF OID
/// OPTIONAL, alias UTF8String OPTIONAL, keyid OCTET STRING OPTIONAL, other [1] ... }
std::optional<TrustSettings> read_trust_settings(ByteView octets) {
  der::Reader reader(octets, nullptr);
  auto fields = reader.enter(der::kSequence);
  if (!fields || !reader.at_end()) return std::nullopt;
  TrustSettings settings;
  if (fields->next_is(der::kSequence)) {
    const auto list = fields->enter(der::kSequence);
    if (!list || !read_list(*list, settings.trusted)) return std::nullopt;
  }
  if (fields->next_is(der::context_constructed(0))) {
    const auto list = fields->enter(der::context_constructed(0));
    if (!list || !read_list(*list, settings.rejected)) return std::nullopt;
  }
  return settings;
}

ByteView settings_behind(ByteView octets) {
  der::Reader reader(octets, nullptr);
  const auto settings = reader.read(der::kSequence);
  return settings && read_trust_settings(settings->whole) ? settings->whole : ByteView{};
}

Trust trust_for(const TrustSettings& settings, const std::vector<std::string>& wanted) {
  if (settings.trusted.empty() && settings.rejected.empty()) return Trust::unstated;
  if (wanted.empty()) return trust_for_one(settings, as_text(x509::kAnyExtendedKeyUsage.octets()));
  Trust answer = Trust::trusted;
  for (const std::string& use : wanted) {
    const Trust one = trust_for_one(settings, use);
    if (one == Trust::rejected) return one;
    if (one == Trust::unstated) answer = one;
  }
  return answer;
}

}  // namespace meshcert::path
