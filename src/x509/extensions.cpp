#include "x509/extensions.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "meshcert/certificate.hpp"
#include "x509/decode.hpp"
#include "x509/extension_table.hpp"
#include "x509/oids.hpp"

namespace meshcert {
namespace x509 {
namespace {

using Known = KnownExtension<Extensions>;

template <class T, std::optional<T> (*Read)(der::Reader&), Extension<T> Extensions::*Member>
constexpr Known known(Oid oid, std::string_view name) {
  return known_extension<Extensions, T, Read, Member>(oid, name);
}

constexpr Known kKnown[] = {
    known<KeyUsage, read_key_usage, &Extensions::key_usage>(kKeyUsage, "keyUsage"),
    known<ExtendedKeyUsage, read_extended_key_usage, &Extensions::extended_key_usage>(kExtendedKeyUsage,
                                                                                      "extendedKeyUsage"),
    known<BasicConstraints, read_basic_constraints, &Extensions::basic_constraints>(kBasicConstraints,
                                                                                    "basicConstraints"),
    known<SubjectAltName, read_subject_alt_name, &Extensions::subject_alt_name>(kSubjectAltName,
                                                                                "subjectAltName"),
    known<AuthorityKeyId, read_authority_key_id, &Extensions::authority_key_id>(kAuthorityKeyId,
                                                                                "authorityKeyIdentifier"),
    known<ByteView, read_subject_key_id, &Extensions::subject_key_id>(kSubjectKeyId, "subjectKeyIdentifier"),
    known<ByteView, read_authority_info_access, &Extensions::authority_info_access>(kAuthorityInfoAccess,
                                                                                    "authorityInfoAccess"),
    known<ByteView, read_crl_distribution_points, &Extensions::crl_distribution_points>(
        kCrlDistributionPoints, "cRLDistributionPoints"),
    known<ByteView, read_crl_distribution_points, &Extensions::freshest_crl>(kFreshestCrl, "freshestCRL"),
    known<ByteView, read_certificate_policies, &Extensions::certificate_policies>(kCertificatePolicies,
                                                                                  "certificatePolicies"),
    known<NameConstraints, read_name_constraints, &Extensions::name_constraints>(kNameConstraints,
                                                                                 "nameConstraints"),
};

/// Known to whoever validates a path; nothing asks for their values here.
constexpr Oid kOnlyRecognised[] = {kPolicyConstraints, kInhibitAnyPolicy, kPolicyMappings};

const Known* find_known(ByteView oid) {
  return x509::find_known(kKnown, oid);
}

/// SeenOids notices an OID that comes a second time. Up to kInPlace extensions
/// are compared in place, guarded by a filter that rarely lets a comparison
/// happen; certificates have about ten. More are sorted, which allocates: the
/// price of being made to look at thousands without quadratic work.
class SeenOids {
 public:
  /// Returns whether `oid` certainly was there before.
  bool add(ByteView oid) {
    const std::uint64_t bit = 1ULL << ((oid.back() ^ (oid.size() << 3)) & 63);
    const bool may_be_known = (filter_ & bit) != 0;
    filter_ |= bit;
    if (count_ == kInPlace) {
      overflowed_ = true;
      return false;
    }
    const auto first = seen_.begin();
    const auto last = first + static_cast<std::ptrdiff_t>(count_);
    const bool known = may_be_known && std::any_of(first, last, [&](ByteView other) {
                         return std::ranges::equal(other, oid);
                       });
    seen_[count_++] = oid;
    return known;
  }
  [[nodiscard]] bool overflowed() const { return overflowed_; }

 private:
  static constexpr std::size_t kInPlace = 64;
  std::array<ByteView, kInPlace> seen_;
  std::size_t count_ = 0;
  std::uint64_t filter_ = 0;
  bool overflowed_ = false;
};

}  // namespace

const std::uint8_t* find_duplicate_extension(ByteView contents) {
  std::vector<ByteView> oids;
  for_each_extension(contents, [&](const RawExtension& raw) { oids.push_back(raw.oid); });
  const auto text = [](ByteView oid) { return as_text(oid); };
  std::ranges::stable_sort(oids, {}, text);
  const auto twin = std::ranges::adjacent_find(oids, {}, text);
  return twin == oids.end() ? nullptr : std::next(twin)->data();
}

std::optional<RawExtension> read_extension(der::Reader& reader) {
  auto fields = reader.enter(der::kSequence);
  const auto oid = fields ? fields->read_object_identifier() : std::nullopt;
  if (!oid) return std::nullopt;
  RawExtension extension{*oid, {}, false};
  if (fields->next_is(der::kBoolean)) {
    const auto* at = fields->position();
    const auto critical = fields->read_boolean();
    if (!critical) return std::nullopt;
    if (!*critical) fields->note(DerDefect::default_value_encoded, at);
    extension.critical = *critical;
  }
  const auto value = fields->read_string(der::kOctetString);
  if (!value) return std::nullopt;
  fields->done();
  extension.value = *value;
  return extension;
}

bool is_processed(ByteView oid) {
  if (kFreshestCrl == oid) return false;  // decoded to be shown; no verifier of a mesh goes there
  return find_known(oid) != nullptr ||
         std::ranges::any_of(kOnlyRecognised, [&](const Oid& row) { return row == oid; });
}

std::string_view extension_name(ByteView oid) {
  const Known* known = find_known(oid);
  return known == nullptr ? std::string_view() : known->name;
}

bool read_extensions(der::Reader& reader, Extensions& extensions) {
  const auto sequence = reader.read(der::kSequence);
  if (!sequence) return false;
  extensions.all = sequence->contents;
  auto rest = reader.inside(*sequence);
  rest.require_some();
  SeenOids seen;
  while (!rest.at_end()) {
    const auto* at = rest.position();
    const auto raw = read_extension(rest);
    if (!raw) return false;
    if (seen.add(raw->oid)) rest.note(DerDefect::duplicate_extension, at);
    const Known* known = find_known(raw->oid);
    if (raw->critical && !is_processed(raw->oid)) ++extensions.unknown_critical;
    if (known == nullptr) {
      ++extensions.others;
    } else if (known->absent(extensions)) {  // of two, the first counts
      known->decode(extensions, *raw, rest.inside({der::kOctetString, raw->value, raw->value}));
    } else {
      rest.note(DerDefect::duplicate_extension, at);
    }
  }
  if (!seen.overflowed()) return true;
  if (const auto* duplicate = find_duplicate_extension(extensions.all))
    rest.note(DerDefect::duplicate_extension, duplicate);
  return true;
}

}  // namespace x509

std::vector<std::string_view> malformed_extensions(const Extensions& extensions) {
  return x509::malformed_names(x509::kKnown, extensions);
}

std::vector<std::string> unknown_critical_extensions(const Extensions& extensions) {
  std::vector<std::string> oids;
  x509::for_each_extension(extensions, [&](const x509::RawExtension& extension) {
    if (extension.critical && !x509::is_processed(extension.oid)) oids.push_back(to_dotted(extension.oid));
  });
  return oids;
}

}  // namespace meshcert
