#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "meshcert/certificate.hpp"
#include "path/verifiers.hpp"

/// Which verifiers of a mesh apply name constraints to which names (RFC 5280 4.2.1.10).
namespace meshcert::path {

/// refusers_of a name that breaks a constraint: those that hold names of its kind against
/// constraints, and those that refuse every name of it. `what` is "" for a name of
/// subjectAltName, else "subject", "emailAddress" or "CN".
[[nodiscard]] Verifiers refusers_of(GeneralName::Type type, std::string_view what, bool critical);

/// UnappliedConstraint is a kind of name that a CA constrains and a certificate below it has,
/// and that some verifiers refuse below any constraint, whatever the name is.
struct UnappliedConstraint {
  std::string_view kind;  ///< "URIs"
  std::string_view has;   ///< "has such a name"
  std::size_t by;         ///< the place of the CA on the path
  std::size_t holder;     ///< the place of the first certificate below it that has such a name
  Verifiers refused_by;
};

/// kind_unknown_to_go is a kind of name that a critical extension constrains and Go knows no constraints on,
/// so that it refuses the CA, whatever is below it (crypto/x509 parser.go); "" where there is none.
[[nodiscard]] std::string_view kind_unknown_to_go(const Certificate& ca);

/// find_unapplied looks at a path, leaf first, of one certificate or more.
[[nodiscard]] std::vector<UnappliedConstraint> find_unapplied(std::span<const Certificate* const> path);

}  // namespace meshcert::path
