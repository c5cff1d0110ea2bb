#pragma once

#include <map>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "checks/chain_path.hpp"
#include "checks/check.hpp"

namespace meshcert::checks {

/// NameIndex finds certificates by their subject's octets. It borrows them, and keeps
/// the first few of a name.
class NameIndex {
 public:
  void add(const Certificate& certificate);
  [[nodiscard]] std::span<const Certificate* const> named(const DistinguishedName& name) const;

 private:
  std::unordered_map<std::string_view, std::vector<const Certificate*>> by_name_;
};

/// Lineage says who issued whom and who stands in for whom, by names, keys and key
/// identifiers alone: dates are judged without cryptography. It borrows the run.
class Lineage {
 public:
  Lineage(const Inventory& inventory, const Policy& policy);
  /// enter turns to an artifact of the run; note tells a Subject of it what is known.
  void enter(const Artifact& artifact);
  void note(Subject& subject) const;
  /// given_in_use lists what --untrusted holds of the issuers of the run's chains, with what
  /// is known of each: their dates count as those of what is sent.
  [[nodiscard]] std::vector<Subject> given_in_use() const;

 private:
  /// Home is a bundle, and the newest root in it that a chain leads to and that lasts.
  struct Home {
    NameIndex names;
    const Certificate* led_to = nullptr;
  };
  using Homes = std::vector<Home*>;

  Home& home_of(const Bundle* bundle, std::span<const Certificate* const> certificates);
  void follow(const Artifact& chain);
  void mark(const Certificate& issued, Home& home);
  [[nodiscard]] const Certificate* issuer_of(const Certificate& certificate) const;
  [[nodiscard]] std::vector<const Certificate*> path_from(const Certificate& leaf) const;
  void note_given(const Certificate& issued);
  void note_twins(Subject& subject, const NameIndex& names) const;
  void note_root(Subject& subject) const;

  const Policy& policy_;
  ChainVerifier verifier_;
  std::map<const Bundle*, Home> homes_;  ///< null: what --trust names
  std::unordered_map<const Certificate*, const Home*> home_of_;
  std::unordered_set<const Certificate*> in_use_;  ///< ends soon, and a chain has no other root
  NameIndex given_;                                ///< by --untrusted
  std::unordered_set<const Certificate*> used_;    ///< of those: may have issued what is in use
  NameIndex sent_;                                 ///< by the artifact entered, where it is a chain
  Homes trusted_;                                  ///< for it
  const Certificate* first_to_end_ = nullptr;      ///< on its path
};

}  // namespace meshcert::checks
