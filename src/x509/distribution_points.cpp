#include "meshcert/crl.hpp"
#include "x509/decode.hpp"

/// Distribution points of CRLs (RFC 5280 4.2.1.13).
namespace meshcert {
namespace x509 {
namespace {

constexpr unsigned kReasonBits = 9;  ///< aACompromise is bit 8; higher ones mean nothing

/// GeneralNames under an implicit tag.
std::optional<GeneralNames> read_tagged_names(der::Reader& fields, std::uint32_t number) {
  const auto list = fields.read(der::context_constructed(number));
  if (!list || !check_general_names(fields.inside(*list))) return std::nullopt;
  return GeneralNames(list->contents);
}

/// DistributionPoint ::= SEQUENCE { distributionPoint [0] OPTIONAL, reasons [1] OPTIONAL, cRLIssuer [2]
/// OPTIONAL }
std::optional<DistributionPoint> read_distribution_point(der::Reader& reader) {
  auto fields = reader.enter(der::kSequence);
  if (!fields) return std::nullopt;
  fields->require_some();
  DistributionPoint point;
  if (fields->next_is(der::context_constructed(0))) {
    point.name = read_distribution_point_name(*fields);
    if (!point.name) return std::nullopt;
  }
  if (fields->next_is(der::context(1))) {
    point.reasons = read_reason_flags(*fields, der::context(1));
    if (!point.reasons) return std::nullopt;
  }
  if (fields->next_is(der::context_constructed(2))) {
    const auto issuer = read_tagged_names(*fields, 2);
    if (!issuer) return std::nullopt;
    point.crl_issuer = *issuer;
  }
  fields->done();
  return point;
}

}  // namespace

/// [0] { CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RDN } }
std::optional<DistributionPointName> read_distribution_point_name(der::Reader& reader) {
  auto choice = reader.enter(der::context_constructed(0));
  if (!choice) return std::nullopt;
  DistributionPointName name;
  if (choice->next_is(der::context_constructed(0))) {
    const auto names = read_tagged_names(*choice, 0);
    if (!names) return std::nullopt;
    name.full_name = *names;
  } else {
    const auto rdn = choice->read(der::context_constructed(1));
    if (!rdn || !check_rdn(choice->inside(*rdn))) return std::nullopt;
    name.relative_name = rdn->contents;
  }
  choice->done();
  return name;
}

std::optional<ReasonFlags> read_reason_flags(der::Reader& reader, der::Tag tag) {
  const auto list = reader.read_named_bits(tag);
  if (!list) return std::nullopt;
  unsigned flags = 0;
  for (unsigned bit = 0; bit < kReasonBits && bit / 8 < list->octets.size(); ++bit) {
    flags |= ((list->octets[bit / 8] >> (7 - bit % 8)) & 1U) << bit;
  }
  return static_cast<ReasonFlags>(flags & kAllReasons);
}

std::optional<ByteView> read_crl_distribution_points(der::Reader& value) {
  return check_list(value, read_distribution_point);
}

}  // namespace x509

std::vector<DistributionPoint> distribution_points(ByteView contents) {
  std::vector<DistributionPoint> points;
  der::Reader rest(contents, nullptr);
  while (!rest.at_end()) {
    const auto point = x509::read_distribution_point(rest);
    if (!point) break;
    points.push_back(*point);
  }
  return points;
}

}  // namespace meshcert
