#include "path/constraint_verifiers.hpp"

#include <algorithm>
#include <optional>

#include "path/name_constraints.hpp"

namespace meshcert::path {
namespace {

using Type = GeneralName::Type;

/// Go: crypto/x509 parser.go (parseNameConstraintsExtension: what it does not know makes a
/// critical extension unhandled) and verify.go; BoringSSL: crypto/x509/v3_ncons.cc
/// (nc_match_single) and x509_vfy.cc (check_name_constraints); rustls: rustls-webpki
/// src/subject_name/mod.rs (URIs fail closed, as do directory names; the subject is always one).
struct Row {
  Type type;
  std::string_view what;      ///< where it stands, other than in subjectAltName
  std::string_view kind;      ///< for people
  Verifiers apply;            ///< they compare
  Verifiers refuse;           ///< they refuse each
  Verifiers refuse_critical;  ///< they refuse the extension, where it is critical
};
constexpr Row kRows[] = {
    {Type::dns, "", "DNS names", kEveryVerifier, 0, 0},
    {Type::dns, "wildcard", "DNS names", go | rustls, 0, 0},
    {Type::uri, "", "URIs", go | boringssl, rustls, 0},
    {Type::uri, "subdomain", "URIs", boringssl, rustls, 0},
    {Type::ip, "", "IP addresses", go | rustls, boringssl, 0},
    {Type::email, "", "email addresses", go | boringssl, rustls, 0},
    {Type::directory_name, "", "directory names", boringssl, rustls, go},
    {Type::directory_name, "subject", "directory names", boringssl, rustls, go},
    {Type::email, "emailAddress", "email addresses", boringssl, 0, 0},
    {Type::dns, "CN", "names", 0, boringssl, 0},
};

const Row* row_of(Type type, std::string_view what) {
  const auto* row =
      std::ranges::find_if(kRows, [&](const Row& r) { return r.type == type && r.what == what; });
  return row == std::end(kRows) ? nullptr : row;
}

Verifiers refusers_of(const Row& row, bool critical) {
  return row.refuse | (critical ? row.refuse_critical : 0);
}

/// A subject is a directory name, so one in subjectAltName makes no difference.
bool has_name(const Certificate& certificate, const Row& row) {
  if (row.type == Type::directory_name) return row.what == "subject";
  const auto& names = certificate.extensions.subject_alt_name;
  return row.what.empty() && names &&
         std::ranges::find(names->names, row.type, &GeneralName::type) != names->names.end();
}

}  // namespace

Verifiers refusers_of(Type type, std::string_view what, bool critical) {
  const Row* row = row_of(type, what);
  return row == nullptr ? kEveryVerifier : row->apply | refusers_of(*row, critical);
}

std::string_view kind_unknown_to_go(const Certificate& ca) {
  static constexpr std::pair<Type, std::string_view> kUnknown[] = {
      {Type::directory_name, "directory names"},
      {Type::other_name, "names of other kinds (otherName, such as UPN)"},
      {Type::registered_id, "registered IDs"},
      {Type::x400_address, "X.400 addresses"},
      {Type::edi_party_name, "EDI party names"},
  };
  const auto& extension = ca.extensions.name_constraints;
  if (!extension || !extension.critical()) return {};
  const ConstraintSet constraints(*extension);
  for (const auto& [type, kind] : kUnknown)
    if (constraints.constrains(type)) return kind;
  return {};
}

std::vector<UnappliedConstraint> find_unapplied(std::span<const Certificate* const> path) {
  std::vector<UnappliedConstraint> found;
  const bool nameless = has_host_in_common_name(*path.front());
  for (std::size_t by = 1; by < path.size(); ++by) {
    const auto& extension = path[by]->extensions.name_constraints;
    if (!extension) continue;
    const ConstraintSet constraints(*extension);
    for (const Row& row : kRows) {
      const Verifiers refused = refusers_of(row, extension.critical());
      const auto below = path.first(by);
      const auto holder =
          std::ranges::find_if(below, [&row](const Certificate* c) { return has_name(*c, row); });
      if (row.what == "CN" && nameless)
        found.push_back({row.kind, "has no subjectAltName, and a common name like a host's", by, 0, refused});
      if (refused == 0 || holder == below.end() || !constraints.constrains(row.type)) continue;
      const bool empty = row.what == "subject" && (*holder)->subject.empty();
      const bool excluded = row.type == Type::uri && constraints.excludes_below(**holder);
      found.push_back({row.kind,
                       empty ? "has a subject, if an empty one, which is such a name"
                       : excluded
                           ? "has one below a host that is excluded, which Go takes for excluded as well"
                           : "has such a name",
                       by, static_cast<std::size_t>(holder - below.begin()),
                       static_cast<Verifiers>(excluded ? refused | go : refused)});
    }
    const auto told_of_go = [by](const UnappliedConstraint& one) {
      return one.by == by && (one.refused_by & go) != 0;
    };
    if (const auto kind = kind_unknown_to_go(*path[by]);
        !kind.empty() && std::ranges::none_of(found, told_of_go))
      found.push_back({kind, "is a CA that Go takes for none, for the extension is critical", by, by, go});
  }
  return found;
}

}  // namespace meshcert::path
