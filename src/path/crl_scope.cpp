#include "path/crl_scope.hpp"

#include <algorithm>
#include <optional>

#include "x509/decode.hpp"
#include "x509/name_match.hpp"
#include "x509/period.hpp"

namespace meshcert::path {
namespace {

using x509::canonical_name;

std::string directory_name(std::string_view canonical) {
  return "dirName " + std::string(canonical);
}

/// The Name that a directory name holds.
DistinguishedName name_in(const GeneralName& directory) {
  der::Reader reader(directory.value, nullptr);
  return x509::read_name(reader).value_or(DistinguishedName{});
}

std::string comparable(const GeneralName& name) {
  if (name.type == GeneralName::Type::directory_name) return directory_name(canonical_name(name_in(name)));
  return std::string(type_name(name.type)) + ' ' + std::string(as_text(name.value));
}

/// The directory names among general names, canonical.
Names directory_names(const GeneralNames& names) {
  Names canonical;
  for (const GeneralName& name : names) {
    if (name.type == GeneralName::Type::directory_name) canonical.push_back(canonical_name(name_in(name)));
  }
  return canonical;
}

Names complete(const DistributionPointName& name, const Names& relative_to) {
  Names names;
  for (const GeneralName& full : name.full_name) names.push_back(comparable(full));
  if (!name.relative_name.empty())
    for (const auto& issuer : relative_to)
      names.push_back(directory_name(issuer + x509::canonical_rdn(name.relative_name)));
  std::ranges::sort(names);
  return names;
}

// A certificate may state thousands of points: each is looked for in the names of the CRL, not the other way.
bool names_one_of(const Names& few, const Names& sorted) {
  return std::ranges::any_of(few, [&](const auto& name) { return std::ranges::binary_search(sorted, name); });
}

/// nullopt where the CRL's issuer is named by something that names no issuer.
std::optional<Point> point_of(const DistributionPoint& point, const std::string& certificate_issuer) {
  Point out;
  out.crl_issuers = directory_names(point.crl_issuer);
  if (out.crl_issuers.empty() && !point.crl_issuer.empty()) return std::nullopt;
  const Names relative_to = out.crl_issuers.empty() ? Names{certificate_issuer} : out.crl_issuers;
  if (point.name) out.names = complete(*point.name, relative_to);
  if (point.reasons) out.reasons = *point.reasons;
  return out;
}

/// 6.3.3 (b) (2) (i).
bool names_fit(const CrlScope& scope, const Point& point) {
  if (scope.names.empty()) return true;
  if (!point.names.empty()) return names_one_of(point.names, scope.names);
  return std::ranges::any_of(point.crl_issuers, [&](const auto& issuer) {
    return std::ranges::binary_search(scope.names, directory_name(issuer));
  });
}

const IssuingDistributionPoint* scope_extension(const Crl& crl) {
  const auto& point = crl.extensions.issuing_distribution_point;
  return point ? &*point : nullptr;
}

bool have_same_key_id(const Crl& a, const Crl& b) {
  const auto& left = a.extensions.authority_key_id;
  const auto& right = b.extensions.authority_key_id;
  if (!left || !right) return left.absent() && right.absent();
  return std::ranges::equal(left->key_id, right->key_id) && std::ranges::equal(left->serial, right->serial);
}

bool have_same_scope(const Crl& a, const Crl& b) {
  const auto* left = scope_extension(a);
  const auto* right = scope_extension(b);
  if (left == nullptr || right == nullptr) return left == right;
  return std::ranges::equal(left->whole, right->whole);
}

}  // namespace

std::vector<Point> points_of(const Certificate& certificate) {
  const std::string issuer = canonical_name(certificate.issuer);
  std::vector<Point> points;
  if (certificate.extensions.crl_distribution_points) {
    for (const auto& stated : distribution_points(*certificate.extensions.crl_distribution_points)) {
      if (auto point = point_of(stated, issuer)) points.push_back(*std::move(point));
    }
  }
  points.push_back({{directory_name(issuer)}, {}, kAllReasons});
  return points;
}

CrlScope scope_of(const Crl& crl) {
  CrlScope scope{canonical_name(crl.issuer), {}};
  const auto* point = scope_extension(crl);
  if (point != nullptr && point->name) scope.names = complete(*point->name, {scope.issuer});
  return scope;
}

bool covers(const Crl& crl, const CrlScope& scope, const Point& point, const Certificate& certificate,
            std::string_view issuer) {
  const auto* extension = scope_extension(crl);
  if (point.crl_issuers.empty()) {
    if (scope.issuer != issuer) return false;
  } else if (extension == nullptr || !extension->indirect ||
             std::ranges::find(point.crl_issuers, scope.issuer) == point.crl_issuers.end()) {
    return false;
  }
  if (extension == nullptr) return true;
  return names_fit(scope, point) && !(extension->only_user_certificates && certificate.is_ca()) &&
         !(extension->only_ca_certificates && !certificate.is_ca()) &&
         !extension->only_attribute_certificates;
}

ReasonFlags reasons_of(const Crl& crl, const Point& point) {
  const auto* extension = scope_extension(crl);
  const ReasonFlags of_crl =
      extension != nullptr ? extension->only_some_reasons.value_or(kAllReasons) : kAllReasons;
  return static_cast<ReasonFlags>(of_crl & point.reasons);
}

bool may_sign_crls(const Certificate& certificate) {
  const auto& usage = certificate.extensions.key_usage;
  return usage.absent() || (usage && usage->has(KeyUsage::crl_sign));
}

bool has_key_of(const Certificate& certificate, const Crl& crl) {
  const auto& wanted = crl.extensions.authority_key_id;
  const auto& own = certificate.extensions.subject_key_id;
  return !wanted || wanted->key_id.empty() || !own || std::ranges::equal(*own, wanted->key_id);
}

bool has_ended(const Crl& crl, Instant at, Seconds skew) {
  return crl.next_update && x509::has_ended(*crl.next_update, at, skew);
}

bool is_current(const Crl& crl, Instant at, Seconds skew) {
  return x509::has_begun(crl.this_update, at, skew) && !has_ended(crl, at, skew);
}

bool is_less(ByteView a, ByteView b) {
  const auto strip = [](ByteView number) {
    while (!number.empty() && number.front() == 0) number = number.subspan(1);
    return number;
  };
  a = strip(a);
  b = strip(b);
  if (a.size() != b.size()) return a.size() < b.size();
  return std::ranges::lexicographical_compare(a, b);
}

bool have_directory_name(const GeneralNames& names, std::string_view canonical) {
  const auto found = directory_names(names);
  return std::ranges::find(found, canonical) != found.end();
}

bool can_update(const Crl& delta, const Crl& complete) {
  const auto& number = complete.extensions.crl_number;
  const auto& base = delta.extensions.base_crl_number;
  const auto& delta_number = delta.extensions.crl_number;
  return number && base && delta_number && !is_less(*number, *base) && is_less(*number, *delta_number) &&
         x509::same_name(delta.issuer, complete.issuer) && have_same_scope(delta, complete) &&
         have_same_key_id(delta, complete);
}

bool is_of_one_scope(const Crl& a, const Crl& b) {
  return a.is_delta() == b.is_delta() && have_same_scope(a, b) && x509::same_name(a.issuer, b.issuer);
}

}  // namespace meshcert::path
