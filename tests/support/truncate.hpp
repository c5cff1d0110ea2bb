#pragma once

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "tests/support/collector.hpp"

/// The truncation matrix: a sample cut at every octet.
namespace meshcert::testing {

/// fingerprints is the set of certificates as they stand.
[[nodiscard]] inline std::set<std::string> fingerprints(const Collector& read) {
  std::set<std::string> found;
  for (const Artifact& artifact : read.artifacts) {
    for (const Certificate& certificate : artifact.certificates) found.emplace(as_text(certificate.der));
  }
  return found;
}

/// check_truncations reads every proper prefix of the sample (each `step`-th)
/// and requires: never a certificate that the whole does not have, and a lost
/// defect exactly where `inside(n)` says that cutting after n octets cuts a JSON
/// value, a PEM block or a DER element in two.
template <class Inside>
void check_truncations(const std::string& name, const std::string& sample, Inside inside,
                       std::size_t step = 1) {
  const Collector whole = read(name, sample);
  REQUIRE_FALSE(whole.lost());
  const std::set<std::string> certificates = fingerprints(whole);
  for (std::size_t cut = 0; cut < sample.size(); cut += step) {
    CAPTURE(name);
    CAPTURE(cut);
    const Collector part = read(name, sample.substr(0, cut));
    REQUIRE(std::ranges::includes(certificates, fingerprints(part)));
    REQUIRE(part.lost() == inside(cut));
  }
}

}  // namespace meshcert::testing
