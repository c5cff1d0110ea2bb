#pragma once

#include <optional>
#include <string>
#include <vector>

#include "meshcert/artifact.hpp"
#include "meshcert/inspect.hpp"

namespace meshcert {

/// Term is when something begins and ends of which no certificate is at hand: a token, or a certificate
/// that is only listed. It borrows from its artifact, which must outlive it.
struct Term {
  const Artifact& artifact;
  const SourceRef& where;
  std::optional<Instant> not_before, not_after, issued_at;
  const Listed* listed = nullptr;  ///< null of a token

  [[nodiscard]] bool is_ca() const { return listed != nullptr && listed->is_ca; }
  /// shown_name is whose it is: "<inline>, serial 8a7f".
  [[nodiscard]] std::string shown_name() const;
};

/// terms_of lists those of an artifact that state a date.
[[nodiscard]] std::vector<Term> terms_of(const Artifact& artifact);

/// validity_status of a term: where it does not say when it begins, no threshold applies.
[[nodiscard]] ValidityStatus validity_status(const Term& term, const Policy& policy);

}  // namespace meshcert
