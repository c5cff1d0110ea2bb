#include "checks/chain_walk.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "path/settings.hpp"
#include "path/store.hpp"
#include "x509/name_match.hpp"

namespace meshcert::checks {
namespace {

// The certificate that the others are there for: not a CA at the front of what
// a proxy serves, when that CA issued a later one.
std::size_t find_leaf(const Artifact& chain) {
  const auto& certificates = chain.certificates;
  const Certificate& first = certificates[chain.leaf];
  const auto below = [&](const Certificate& certificate) {
    return !certificate.is_ca() && certificate.issuer == first.subject && !first.subject.empty();
  };
  if (!first.is_ca()) return chain.leaf;
  const auto leaf = std::ranges::find_if(certificates, below);
  return leaf == certificates.end() ? chain.leaf : static_cast<std::size_t>(leaf - certificates.begin());
}

/// Twins are the certificates of one subject and one key, rising: whatever one of them
/// signed, so did the others (a renewed root, a cross-signed one).
using Twins = std::vector<std::size_t>;

/// Issuer is what a look for the issuer of one certificate gave: of its name, and perhaps its signer.
struct Issuer {
  const Twins* twins = nullptr;
  bool signed_it = false;
};

class Walker {
 public:
  Walker(const Artifact& chain, x509::SignatureVerifier& verifier) : chain_(chain), verifier_(verifier) {
    const std::size_t size = chain.certificates.size();
    issuers_.resize(size);
    twins_.resize(size);
    walk_.reach.resize(size, Reach::none);
    for (std::size_t i = 0; i < size; ++i) add(i);
  }

  ChainWalk walk() {
    const std::size_t leaf = find_leaf(chain_);
    follow(leaf);  // what is on the way has the first claim to signatures
    reach({leaf}, Reach::verified);
    std::vector<std::size_t> verified;
    for (std::size_t i = 0; i < walk_.reach.size(); ++i)
      if (walk_.reach[i] != Reach::none) verified.push_back(i);
    reach(std::move(verified), Reach::by_name);
    walk_.ends_in_root = is_root(walk_.path.back());
    return std::move(walk_);
  }

 private:
  [[nodiscard]] const Certificate& at(std::size_t index) const { return chain_.certificates[index]; }
  [[nodiscard]] std::size_t index_of(const Certificate& certificate) const {
    return static_cast<std::size_t>(&certificate - chain_.certificates.data());
  }

  void add(std::size_t index) {
    const Certificate& certificate = at(index);
    const auto* known = store_.find(certificate);
    walk_.duplicate_of.push_back(known == nullptr ? index : index_of(*known->certificate));
    if (known != nullptr) return;
    store_.offer(certificate);
    std::string name_and_key = x509::canonical_name(certificate.subject);
    (name_and_key += '\0') += as_text(certificate.key.spki);
    twins_[index] = &groups_[std::move(name_and_key)];
    twins_[index]->push_back(index);
  }

  [[nodiscard]] Issuer find_issuer(std::size_t index) {
    const Certificate& certificate = at(index);
    Issuer found;
    for (const auto* entry : store_.issuers_of(certificate, path::Budget{}.namesakes)) {
      const std::size_t candidate = index_of(*entry->certificate);
      if (++tried_ <= path::Budget{}.signatures &&
          verifier_.verify(certificate, entry->certificate->key) == true)
        return {twins_[candidate], true};
      // Without a name, being named alike says nothing.
      if (found.twins == nullptr && candidate != index && !certificate.issuer.empty())
        found.twins = twins_[candidate];
    }
    return found;
  }

  const Issuer& issuer_of(std::size_t index) {
    auto& known = issuers_[index];
    if (!known) known = find_issuer(index);
    return *known;
  }

  [[nodiscard]] bool is_root(std::size_t index) {
    const Issuer& issuer = issuer_of(index);
    return issuer.signed_it && std::ranges::equal(at(issuer.twins->front()).key.spki, at(index).key.spki);
  }

  // Each group is entered once, so the work is linear in the certificates.
  void reach(std::vector<std::size_t> pending, Reach how) {
    std::unordered_set<const Twins*> entered;
    for (const std::size_t index : pending)
      if (walk_.reach[index] == Reach::none) walk_.reach[index] = how;
    while (!pending.empty()) {
      const Issuer issuer = issuer_of(pending.back());
      pending.pop_back();
      if (how == Reach::verified && !issuer.signed_it) continue;
      if (issuer.twins == nullptr || !entered.insert(issuer.twins).second) continue;
      for (const std::size_t member : *issuer.twins) {
        if (walk_.reach[member] != Reach::none) continue;
        walk_.reach[member] = how;
        pending.push_back(member);
      }
    }
  }

  // The next one that stands behind, as it should; else the first of them.
  static std::size_t nearest(const Twins& twins, std::size_t index) {
    const auto behind = std::ranges::upper_bound(twins, index);
    return behind == twins.end() ? twins.front() : *behind;
  }

  void follow(std::size_t index) {
    std::unordered_set<const Twins*> entered;
    while (true) {
      walk_.path.push_back(index);
      const Twins* twins = issuer_of(index).twins;
      if (twins == nullptr || !entered.insert(twins).second || is_root(index)) return;
      const std::size_t next = nearest(*twins, index);
      if (next == index || next == walk_.path.front()) return;
      index = next;
    }
  }

  const Artifact& chain_;
  x509::SignatureVerifier& verifier_;
  path::Store store_;
  std::unordered_map<std::string, Twins> groups_;  ///< by name and key; never moved
  std::vector<Twins*> twins_;                      ///< of each certificate; null for a duplicate
  std::vector<std::optional<Issuer>> issuers_;     ///< of each that was looked for
  std::size_t tried_ = 0;                          ///< pairs; beyond the budget names have to do
  ChainWalk walk_;
};

}  // namespace

ChainWalk walk_chain(const Artifact& chain, x509::SignatureVerifier& verifier) {
  return Walker(chain, verifier).walk();
}

}  // namespace meshcert::checks
