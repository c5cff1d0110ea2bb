#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checks/identity_judge.hpp"

/// Whose identity is held against what was expected, and how.
namespace meshcert::checks {

/// Bearer is whoever an identity is claimed of: a certificate, or an artifact that states
/// one without (the nearest hop of a header, a token). It borrows both.
struct Bearer {
  const Artifact& artifact;
  const Subject* subject = nullptr;  ///< null: stated without a certificate

  void report(const FindingSpec& spec, std::vector<Fact> facts, FindingSink& sink) const;
  /// none_in says where no identity, or no single one, was found.
  [[nodiscard]] std::string none_in() const;
};

/// shown_id is a URI as a finding shows it: "(none)" where there is none.
[[nodiscard]] std::string shown_id(std::string_view uri);

/// is_words is the turn of a sentence for what was found.
[[nodiscard]] std::string is_words(std::string_view found);

/// check_trust_domain compares that part of a URI alone: an alias is told, and is no mismatch.
void check_trust_domain(const Bearer& bearer, std::string_view uri, const IdentityExpectation& expected,
                        FindingSink& sink);

/// check_uri compares each part that is expected with an identity's URI; where it is empty there was
/// none, or several.
void check_uri(const Bearer& bearer, std::string_view uri, const IdentityExpectation& expected,
               FindingSink& sink);

}  // namespace meshcert::checks
