#include "checks/chain_walk.hpp"

#include <algorithm>
#include <unordered_set>

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

const KeyGroup* next_group(const IssuerSearch& search) {
  return search.issuer != nullptr ? search.issuer : search.namesake;
}

class Walker {
 public:
  Walker(const Artifact& chain, x509::SignatureVerifier& verifier) : chain_(chain), verifier_(verifier) {
    const std::size_t size = chain.certificates.size();
    walk_.issuers.resize(size);
    walk_.reach.resize(size, Reach::none);
    searched_.resize(size, false);
    note_duplicates();
  }

  ChainWalk walk() {
    const std::size_t leaf = find_leaf(chain_);
    reach({leaf}, Reach::verified);
    std::vector<std::size_t> verified;
    for (std::size_t i = 0; i < walk_.reach.size(); ++i)
      if (walk_.reach[i] != Reach::none) verified.push_back(i);
    reach(std::move(verified), Reach::by_name);
    follow(leaf);
    return std::move(walk_);
  }

 private:
  void note_duplicates() {
    std::unordered_map<std::string_view, std::size_t> first;
    for (std::size_t i = 0; i < chain_.certificates.size(); ++i) {
      const auto [entry, added] = first.emplace(as_text(chain_.certificates[i].der), i);
      walk_.duplicate_of.push_back(entry->second);
      if (added) walk_.known.add(chain_.certificates[i], i);
    }
  }

  const IssuerSearch& issuer_of(std::size_t index) {
    if (!searched_[index])
      walk_.issuers[index] = walk_.known.find(chain_.certificates[index], index, verifier_);
    searched_[index] = true;
    return walk_.issuers[index];
  }

  // Each group is entered once, so the work is linear in the certificates.
  void reach(std::vector<std::size_t> pending, Reach how) {
    std::unordered_set<const KeyGroup*> entered;
    for (const std::size_t index : pending)
      if (walk_.reach[index] == Reach::none) walk_.reach[index] = how;
    while (!pending.empty()) {
      const IssuerSearch& search = issuer_of(pending.back());
      pending.pop_back();
      const KeyGroup* group = how == Reach::verified ? search.issuer : next_group(search);
      if (group == nullptr || !entered.insert(group).second) continue;
      for (const std::size_t member : group->members) {
        if (walk_.reach[member] != Reach::none) continue;
        walk_.reach[member] = how;
        pending.push_back(member);
      }
    }
  }

  // The next one that stands behind, as it should; else the first of them.
  static std::size_t nearest(const KeyGroup& group, std::size_t index) {
    const auto behind = std::ranges::upper_bound(group.members, index);
    return behind == group.members.end() ? group.members.front() : *behind;
  }

  void follow(std::size_t index) {
    std::unordered_set<const KeyGroup*> entered;
    while (true) {
      walk_.path.push_back(index);
      const KeyGroup* group = next_group(issuer_of(index));
      if (group == nullptr || !entered.insert(group).second || walk_.is_root(chain_, index)) return;
      const std::size_t next = nearest(*group, index);
      if (next == index || next == walk_.path.front()) return;
      index = next;
    }
  }

  const Artifact& chain_;
  x509::SignatureVerifier& verifier_;
  std::vector<bool> searched_;
  ChainWalk walk_;
};

}  // namespace

bool ChainWalk::is_root(const Artifact& chain, std::size_t index) const {
  const KeyGroup* issuer = issuers[index].issuer;
  const Certificate& certificate = chain.certificates[index];
  return issuer != nullptr && std::ranges::equal(issuer->first->key.spki, certificate.key.spki);
}

const std::size_t* ChainWalk::broken() const {
  const auto is_broken = [this](std::size_t index) {
    return issuers[index].issuer == nullptr && issuers[index].namesake != nullptr;
  };
  const auto found = std::ranges::find_if(path, is_broken);
  return found == path.end() ? nullptr : &*found;
}

ChainWalk walk_chain(const Artifact& chain, x509::SignatureVerifier& verifier) {
  return Walker(chain, verifier).walk();
}

}  // namespace meshcert::checks
