#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checks/chain_trust.hpp"
#include "meshcert/policy.hpp"
#include "path/verify.hpp"
#include "x509/second_opinion.hpp"

namespace meshcert::checks {

/// OpensslOpinions asks OpenSSL what it makes of the chains of one run: once of the same octets, and so
/// often that its decoding stays bounded (docs/limits.md). It borrows the policy.
class OpensslOpinions {
 public:
  OpensslOpinions(const Policy& policy, bool partial_chain)
      : policy_(policy), partial_chain_(partial_chain) {}
  /// ask says what OpenSSL makes of a leaf among what was sent with it; nullopt where it cannot be asked, or
  /// was asked enough.
  [[nodiscard]] std::optional<x509::Opinion> ask(const std::vector<const Certificate*>& sent,
                                                 std::size_t leaf, path::Purpose purpose, Trust& trust);

 private:
  [[nodiscard]] std::optional<x509::Opinion> decode_and_ask(std::vector<const Certificate*> sent,
                                                            std::size_t leaf, path::Purpose purpose,
                                                            Trust& trust);

  const Policy& policy_;
  bool partial_chain_;
  std::size_t decoded_ = 0;                                       ///< certificates that OpenSSL was given
  std::map<std::string, std::optional<x509::Opinion>> opinions_;  ///< by fingerprint_of
};

}  // namespace meshcert::checks
