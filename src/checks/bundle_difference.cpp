#include "checks/bundle_difference.hpp"
#include "checks/bundle_document.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "checks/trust_domains.hpp"
#include "meshcert/spiffe_bundle.hpp"
#include "x509/crypto.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {
namespace {

/// KeyName is what a verifier of tokens finds a key by, and the key.
using KeyName = std::tuple<std::string_view, std::string_view, std::string_view>;

/// Members is what one side trusts for one trust domain.
struct Members {
  std::map<std::string_view, Subject> certificates;  ///< by DER
  std::map<KeyName, const Artifact*> keys;
  std::vector<const Artifact*> documents;  ///< those that can hold keys
};

/// Side is one of the two inputs; "" is what states no trust domain.
struct Side {
  std::string name;
  std::map<std::string_view, Members> domains;
};

bool holds_anchors(const Artifact& artifact) {
  return is_bundle(artifact.kind) || (artifact.kind == ArtifactKind::jwks && artifact.bundle != nullptr);
}

void add(const Artifact& artifact, Members& members) {
  for (std::size_t i = 0; i < artifact.certificates.size(); ++i)
    members.certificates.try_emplace(as_text(artifact.certificates[i].der), Subject::of(artifact, i));
  if (artifact.bundle == nullptr) return;
  members.documents.push_back(&artifact);
  for (const BundleKey& key : artifact.bundle->keys)
    members.keys.try_emplace({key.use, key.kid, as_text(ByteView(key.spki))}, &artifact);
}

Members all_of(const Side& side) {
  Members all;
  for (const auto& [domain, members] : side.domains) {
    all.certificates.insert(members.certificates.begin(), members.certificates.end());
    all.keys.insert(members.keys.begin(), members.keys.end());
    all.documents.insert(all.documents.end(), members.documents.begin(), members.documents.end());
  }
  return all;
}

std::string for_domain(std::string_view domain) {
  return domain.empty() ? "" : " for the trust domain " + std::string(domain);
}

/// Difference tells what `here` has and `there` has not.
class Difference {
 public:
  Difference(const Side& here, const Side& there, FindingSink& sink)
      : here_(here), there_(there), all_there_(all_of(there)), sink_(sink) {}

  void report() const {
    for (const auto& [domain, members] : here_.domains) {
      const Members& others = counterpart(domain);
      for (const auto& [der, subject] : members.certificates)
        if (!others.certificates.contains(der)) report_certificate(domain, der, subject);
      // PEM holds no keys, and lacks none.
      if (!all_there_.documents.empty())
        for (const auto& [name, artifact] : members.keys)
          if (!others.keys.contains(name)) report_key(domain, name, *artifact);
    }
  }

 private:
  [[nodiscard]] const Members& counterpart(std::string_view domain) const {
    static const Members kNone;
    if (const auto same = there_.domains.find(domain); same != there_.domains.end()) return same->second;
    if (domain.empty()) return all_there_;
    const auto anybodys = there_.domains.find("");
    return anybodys == there_.domains.end() ? kNone : anybodys->second;
  }

  [[nodiscard]] std::vector<Fact> facts(const Artifact& artifact, std::string subject, std::string sha256,
                                        std::string_view domain, std::string elsewhere) const {
    return {{"subject", std::move(subject)},   {"sha256", std::move(sha256)},
            {"only_in", artifact.source.file}, {"missing_from", there_.name},
            {"_domain", for_domain(domain)},   {"_elsewhere", std::move(elsewhere)}};
  }

  // An anchor of another trust domain's is trusted for that one alone.
  void report_certificate(std::string_view domain, std::string_view der, const Subject& subject) const {
    std::string elsewhere;
    for (const auto& [other, members] : there_.domains)
      if (elsewhere.empty() && members.certificates.contains(der))
        elsewhere = ", which has it" + for_domain(other);
    sink_.report(kBundleDiffers, subject,
                 facts(subject.artifact, title_of(subject.certificate),
                       sha256_fingerprint(subject.certificate), domain, std::move(elsewhere)));
  }

  void report_key(std::string_view domain, const KeyName& name, const Artifact& artifact) const {
    const auto& [use, kid, spki] = name;
    const auto same_key = [&](const auto& entry) { return std::get<2>(entry.first) == spki; };
    const Members& others = counterpart(domain);
    const auto renamed = std::ranges::find_if(others.keys, same_key);
    sink_.report(
        kBundleDiffers, artifact,
        facts(artifact,
              "the " + (use.empty() ? "" : std::string(use) + " ") + "key \"" + std::string(kid) + "\"",
              x509::sha256_hex(as_bytes(spki)), domain,
              renamed == others.keys.end()
                  ? ""
                  : ", which has the same key as \"" + std::string(std::get<1>(renamed->first)) + "\""));
  }

  const Side& here_;
  const Side& there_;
  const Members all_there_;
  FindingSink& sink_;
};

const Artifact* stating_sequence(const Members& members) {
  const auto found = std::ranges::find_if(
      members.documents, [](const Artifact* document) { return !document->bundle->sequence.empty(); });
  return found == members.documents.end() ? nullptr : *found;
}

bool hold_the_same(const Members& one, const Members& other) {
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  return std::ranges::equal(one.certificates, other.certificates, same) &&
         std::ranges::equal(one.keys, other.keys, same);
}

// Which of two documents is the later one is said of both at once.
void compare_sequences(const Side& one, const Side& other, FindingSink& sink) {
  for (const auto& [domain, members] : one.domains) {
    const auto there = other.domains.find(domain);
    const Artifact* first = stating_sequence(members);
    const Artifact* second = there == other.domains.end() ? nullptr : stating_sequence(there->second);
    if (first == nullptr || second == nullptr) continue;
    if (first->bundle->sequence == second->bundle->sequence) {
      if (!hold_the_same(members, there->second))
        sink.report(
            kBundleMetadata, *second,
            {{"detail", "spiffe_sequence is " + second->bundle->sequence + " here and in " + one.name +
                            for_domain(domain) + ", and they hold different things"},
             {"_effect", "whoever has one takes the other for it, and which is the later nobody can tell"},
             {"_fix", "let the bundle's producer raise spiffe_sequence with every change"}});
      continue;
    }
    sink.report(kBundleMetadata, *second,
                {{"detail", "spiffe_sequence is " + second->bundle->sequence + " here, and " +
                                first->bundle->sequence + " in " + one.name + for_domain(domain)},
                 {"_effect", "the higher number is the later state of the bundle"},
                 {"_fix", "where the two differ in more than this, take the later one"}});
  }
}

}  // namespace

void check_difference(const Inventory& inventory, FindingSink& sink) {
  if (inventory.given.size() != 2) return;
  Side first{inventory.given[0].name, {}}, second{inventory.given[1].name, {}};
  for (std::size_t i = 0; i < inventory.artifacts.size(); ++i) {
    const Artifact& artifact = inventory.artifacts[i];
    Side& side = i < inventory.given[0].end ? first : second;
    if (holds_anchors(artifact)) add(artifact, side.domains[own_trust_domain(artifact)]);
  }
  if (first.domains.empty() || second.domains.empty()) return;  // nothing to compare: the verb says so
  Difference(first, second, sink).report();
  Difference(second, first, sink).report();
  compare_sequences(first, second, sink);
}

}  // namespace meshcert::checks
