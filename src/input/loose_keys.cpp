#include "input/loose_keys.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "input/private_keys.hpp"

namespace meshcert::input {
namespace {

std::string_view directory_of(std::string_view path) {
  return path.substr(0, path.rfind('/') + 1);
}
std::string_view base_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}
std::string_view stem_of(std::string_view name) {
  return name.substr(0, name.rfind('.'));
}

// The certificate of a file that a key of its own may belong to. Documents say
// themselves which key goes with what.
const Certificate* leaf_of(const Artifact& artifact) {
  const bool file = artifact.source.pointer.empty() && artifact.document.empty();
  if (!file || artifact.key || artifact.certificates.empty()) return nullptr;
  return &artifact.certificates[artifact.leaf];
}

// What stands for the certificate where the key's name says "key".
constexpr std::array<std::string_view, 5> kCertificateWords = {"cert-chain", "cert", "certificate", "chain",
                                                               "crt"};

// "ca-key" and "ca-cert", "key" and "cert-chain", "tls" and "tls", "web-key" and "web".
bool names_go_together(std::string_view key, std::string_view certificate) {
  if (key == "private_key" && certificate == "certificates") return true;
  const std::size_t at = key.rfind("key");
  if (at == std::string_view::npos) return key == certificate;
  const std::string_view before = key.substr(0, at), after = key.substr(at + 3);
  if (!before.empty() && after.empty() && certificate == before.substr(0, before.size() - 1)) return true;
  return std::ranges::any_of(kCertificateWords, [&](std::string_view word) {
    return certificate.size() == before.size() + word.size() + after.size() &&
           certificate.starts_with(before) && certificate.substr(before.size()).starts_with(word) &&
           certificate.ends_with(after);
  });
}

bool lie_together(const Artifact& key, const Artifact& artifact) {
  return directory_of(key.source.file) == directory_of(artifact.source.file);
}

std::string_view stem_of(const Artifact& file) {
  return stem_of(base_of(file.source.file));
}

bool is_partner(const Artifact& key, const Artifact& artifact) {
  const bool single = !is_bundle(artifact.kind) || artifact.certificates.size() == 1;
  return leaf_of(artifact) != nullptr && single && lie_together(key, artifact) &&
         names_go_together(stem_of(key), stem_of(artifact));
}

// Programs load these together, whatever other certificate the key fits.
bool is_loaded_with(const Artifact& key, const Artifact& artifact) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kPairs = {
      {{"key", "cert-chain"}, {"ca-key", "ca-cert"}}};
  const std::pair names{stem_of(key), stem_of(artifact)};
  return is_partner(key, artifact) &&
         (names.first == names.second || std::ranges::find(kPairs, names) != kPairs.end());
}

void attach(Artifact&& key, Artifact& artifact) {
  artifact.key = std::move(key.key);
  artifact.key->file = key.source.file;
  artifact.key->first_label = std::move(key.first_label);
  std::ranges::move(key.storage, std::back_inserter(artifact.storage));
  for (Defect& defect : key.defects)
    if (defect.kind != DefectKind::no_certificates) artifact.defects.push_back(std::move(defect));
  settle_key(artifact);
}

// The artifacts that may own a key, by the octets of their public keys.
class Owners {
 public:
  explicit Owners(std::vector<Artifact>& artifacts) : artifacts_(artifacts) {
    for (Artifact& artifact : artifacts)
      if (const Certificate* leaf = leaf_of(artifact)) by_key_.emplace(as_text(leaf->key.spki), &artifact);
  }

  Artifact* of(const Artifact& key, bool only_key, bool named) const {
    Artifact* const owner = by_public_key(key);
    if (owner != nullptr && is_partner(key, *owner)) return owner;
    if (Artifact* pair = find([&](const Artifact& a) { return is_loaded_with(key, a); })) return pair;
    if (owner != nullptr && lie_together(key, *owner)) return owner;
    if (Artifact* partner = find([&](const Artifact& a) { return is_partner(key, a); })) return partner;
    if (owner != nullptr) return owner;
    const auto is_chain = [](const Artifact& a) { return !is_bundle(a.kind) && leaf_of(a) != nullptr; };
    if (only_key && std::ranges::count_if(artifacts_, is_chain) == 1) return find(is_chain);
    const bool lone =
        only_key && named && artifacts_.size() == 1 && artifacts_.front().certificates.size() == 1;
    return lone && leaf_of(artifacts_.front()) != nullptr ? &artifacts_.front() : nullptr;
  }

 private:
  [[nodiscard]] Artifact* by_public_key(const Artifact& key) const {
    Artifact* owner = nullptr;
    for (const PublicHalf& half : key.key->halves) {
      const auto [first, last] = by_key_.equal_range(as_text(half.key.spki));
      for (auto entry = first; entry != last; ++entry) {
        if (leaf_of(*entry->second) == nullptr) continue;
        if (lie_together(key, *entry->second)) return entry->second;
        owner = owner == nullptr ? entry->second : owner;
      }
    }
    return owner;
  }

  template <class Fits>
  [[nodiscard]] Artifact* find(Fits fits) const {
    const auto found = std::ranges::find_if(artifacts_, fits);
    return found == artifacts_.end() ? nullptr : &*found;
  }

  std::vector<Artifact>& artifacts_;
  std::multimap<std::string_view, Artifact*> by_key_;
};

}  // namespace

bool is_loose_key(const Artifact& artifact) {
  return artifact.kind == ArtifactKind::private_key && artifact.key.has_value();
}

std::vector<Artifact> attach_keys(std::vector<Artifact>& artifacts, std::vector<Artifact>&& keys,
                                  bool named) {
  const Owners owners(artifacts);
  std::vector<Artifact> left;
  for (Artifact& key : keys) {
    if (Artifact* owner = owners.of(key, keys.size() == 1, named))
      attach(std::move(key), *owner);
    else
      left.push_back(std::move(key));
  }
  return left;
}

}  // namespace meshcert::input
