#include "checks/signing_ca.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace meshcert::checks {
namespace {

constexpr CaLayout kFiles{"ca-cert.pem", "ca-key.pem", "root-cert.pem", "cert-chain.pem", "ca-crl.pem"};
constexpr CaLayout kTls{"tls.crt", "tls.key", "ca.crt", "", ""};
constexpr CaLayout kSelfMade{"ca-cert.pem", "ca-key.pem", "", "", ""};

constexpr std::array<std::string_view, 8> kNames = {"ca-cert.pem",    "ca-key.pem", "root-cert.pem",
                                                    "cert-chain.pem", "ca-crl.pem", "tls.crt",
                                                    "tls.key",        "ca.crt"};

bool is_self_made(const KubernetesObject& object) {
  const auto& credential = *object.as<Credential>();
  return object.name == "istio-ca-secret" || credential.type == "istio.io/ca-root" ||
         credential.find("istio-generated") != nullptr;
}

const Artifact* usable(const Artifact* artifact) {
  return artifact == nullptr || artifact->certificates.empty() ? nullptr : artifact;
}

std::string_view base_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// Of the first key in the value or file of that name; there may be keys among the certificates too.
KeyForm form_of(const Artifact& artifact, std::string_view name) {
  if (!artifact.key) return KeyForm::unknown;
  if (artifact.key->encrypted) return KeyForm::encrypted_pem;
  const auto is_there = [name](const PublicHalf& half) {
    return base_of(half.where.pointer.empty() ? half.where.file : half.where.pointer) == name;
  };
  const auto half = std::ranges::find_if(artifact.key->halves, is_there);
  return half == artifact.key->halves.end() ? KeyForm::unknown : half->form;
}

SigningCa of_secret(const KubernetesObject& object, const Cluster& cluster) {
  SigningCa ca;
  ca.title = object.title();
  ca.space = space_of(object);
  ca.where = object.source;
  for (const Credential::Key& key : object.as<Credential>()->keys) {
    ca.present.insert(key.name);
    if (key.empty) ca.empty.insert(key.name);
    if (key.withheld) ca.withheld.insert(key.name);
  }
  // The API server takes none of that type without a key: it was taken out of what was read there.
  const bool is_pair = object.live && object.as<Credential>()->type == "kubernetes.io/tls";
  if (is_pair && ca.present.insert("tls.key").second) ca.withheld.insert("tls.key");
  ca.self_made = is_self_made(object);
  // istiod goes by tls.crt alone.
  ca.layout = ca.self_made ? &kSelfMade : ca.present.contains("tls.crt") ? &kTls : &kFiles;
  const auto part = [&](std::string_view name) { return cluster.part(&object, name); };
  ca.certificate = usable(part(ca.layout->certificate));
  ca.root = usable(part(ca.layout->root));
  ca.chain = usable(part(ca.layout->chain));
  ca.crls = part(ca.layout->crl);
  if (ca.is_tls_style()) ca.unread = usable(part(kFiles.certificate));
  const auto label_of = [&](std::string_view name) {
    const auto* value = object.as<Credential>()->find(name);
    return value == nullptr ? std::string() : value->first_label;
  };
  ca.certificate_label = label_of(ca.layout->certificate);
  ca.key_label = label_of(ca.layout->key);
  if (ca.certificate != nullptr) ca.key_form = form_of(*ca.certificate, ca.layout->key);
  return ca;
}

std::string directory_of(std::string_view path) {
  return path == base_of(path) ? "." : std::string(path.substr(0, path.rfind('/')));
}

bool is_known(std::string_view name) {
  return std::ranges::find(kNames, name) != kNames.end();
}

/// Directory is what lies in one of the files that a CA may be of.
struct Directory {
  std::set<std::string, std::less<>> present;
  std::map<std::string, const Artifact*, std::less<>> parts;
  std::map<std::string, const PublicHalf*, std::less<>> keys;
  std::map<std::string, std::string, std::less<>> labels;  ///< of the first PEM block of each

  [[nodiscard]] const Artifact* part(std::string_view name) const {
    const auto found = parts.find(name);
    return found == parts.end() ? nullptr : found->second;
  }
  [[nodiscard]] std::string label(std::string_view name) const {
    const auto found = labels.find(name);
    return found == labels.end() ? "" : found->second;
  }
  [[nodiscard]] bool has(std::string_view name) const { return present.contains(name); }
  // A workload's files have some of the names, and so have a server's.
  [[nodiscard]] const CaLayout* layout() const {
    if (has(kFiles.certificate) && has(kFiles.key) && (has(kFiles.root) || has(kFiles.chain))) return &kFiles;
    const Artifact* certificate = usable(part(kTls.certificate));
    const bool is_ca = certificate != nullptr && certificate->certificates.front().is_ca();
    return is_ca && has(kTls.key) && has(kTls.root) ? &kTls : nullptr;
  }
};

using Directories = std::map<std::string, Directory, std::less<>>;

void note(const SourceRef& where, Directories& directories, const Artifact* artifact) {
  const std::string_view name = base_of(where.file);
  if (!where.pointer.empty() || !is_known(name)) return;
  Directory& directory = directories[directory_of(where.file)];
  directory.present.emplace(name);
  if (artifact != nullptr) directory.parts.try_emplace(std::string(name), artifact);
}

void note_key(const PublicHalf& half, Directories& directories) {
  note(half.where, directories, nullptr);
  const std::string_view name = base_of(half.where.file);
  if (half.where.pointer.empty() && is_known(name))
    directories[directory_of(half.where.file)].keys.try_emplace(std::string(name), &half);
}

void note_label(const std::string& file, const std::string& label, Directories& directories) {
  if (!label.empty() && is_known(base_of(file)))
    directories[directory_of(file)].labels.try_emplace(std::string(base_of(file)), label);
}

Directories directories_of(const Inventory& inventory) {
  Directories all;
  for (const Artifact& artifact : inventory.artifacts) {
    if (artifact.object != nullptr) continue;
    note(artifact.source, all, &artifact);
    note_label(artifact.source.file, artifact.first_label, all);
    if (artifact.key) {
      for (const PublicHalf& half : artifact.key->halves) note_key(half, all);
      note_label(artifact.key->file, artifact.key->first_label, all);
    }
    for (const Defect& defect : artifact.defects) note(defect.where, all, nullptr);
  }
  for (const Defect& defect : inventory.defects) note(defect.where, all, nullptr);
  return all;
}

SigningCa of_directory(const std::string& name, const Directory& directory) {
  SigningCa ca;
  ca.title = name;
  ca.in_files = true;
  ca.layout = directory.layout();
  ca.present = directory.present;
  ca.certificate = usable(directory.part(ca.layout->certificate));
  ca.root = usable(directory.part(ca.layout->root));
  ca.chain = usable(directory.part(ca.layout->chain));
  ca.crls = directory.part(ca.layout->crl);
  const auto key = directory.keys.find(ca.layout->key);
  if (ca.certificate != nullptr && !ca.certificate->key && key != directory.keys.end())
    ca.stray_key = key->second;
  ca.certificate_label = directory.label(ca.layout->certificate);
  ca.key_label = directory.label(ca.layout->key);
  if (ca.stray_key != nullptr)
    ca.key_form = ca.stray_key->form;
  else if (ca.certificate != nullptr && ca.certificate->key &&
           base_of(ca.certificate->key->file) == ca.layout->key)
    ca.key_form = form_of(*ca.certificate, ca.layout->key);
  ca.where.file = (name == "." ? "" : name + "/") + std::string(ca.layout->certificate);
  return ca;
}

}  // namespace

bool is_ca_secret(const KubernetesObject& object) {
  const auto* credential = object.as<Credential>();
  if (credential == nullptr || object.kind != "Secret") return false;
  return object.name == "cacerts" || is_self_made(object);
}

// A bundle of the name, with no key in it, is somebody's own: Java calls its truststore so.
bool is_misnamed_ca(const KubernetesObject& object, const Cluster& cluster) {
  if (object.name != "cacerts" || !is_ca_secret(object) || is_self_made(object)) return false;
  const SigningCa ca = of_secret(object, cluster);
  const auto is_key = [](const std::string& name) {
    return name.ends_with("key") || name.ends_with("key.pem");
  };
  return ca.missing().size() == ca.layout->required().size() && ca.empty.empty() &&
         std::ranges::any_of(ca.present, is_key) &&
         std::ranges::any_of(cluster.parts(object),
                             [](const Artifact* part) { return !part->certificates.empty(); });
}

std::vector<std::string_view> CaLayout::required() const {
  std::vector<std::string_view> names;
  for (const std::string_view name : {certificate, key, root, chain})
    if (!name.empty()) names.push_back(name);
  return names;
}

bool SigningCa::is_tls_style() const {
  return layout == &kTls;
}

std::vector<std::string_view> SigningCa::missing() const {
  std::vector<std::string_view> names;
  // Between a root that signs and its workloads there is no chain; a file without an
  // octet is passed over in a directory.
  const bool needs_chain =
      !in_files || (certificate != nullptr && !certificate->certificates.front().is_self_issued());
  for (const std::string_view name : layout->required())
    if (name == layout->chain ? needs_chain && !present.contains(name)
                              : !present.contains(name) || empty.contains(name))
      names.push_back(name);
  return names;
}

bool is_signing_ca(const Artifact& artifact) {
  if (artifact.object == nullptr)
    return artifact.source.pointer.empty() && artifact.key &&
           base_of(artifact.source.file) == kFiles.certificate;
  return artifact.kind == ArtifactKind::ca_secret && is_ca_secret(*artifact.object);
}

std::vector<SigningCa> find_signing_cas(const Inventory& inventory, const Cluster& cluster) {
  std::vector<SigningCa> all;
  for (const auto& object : inventory.objects) {
    if (!is_ca_secret(*object)) continue;
    SigningCa ca = of_secret(*object, cluster);
    if (ca.is_tls_style() || ca.missing().size() < ca.layout->required().size()) all.push_back(std::move(ca));
  }
  for (const auto& [name, directory] : directories_of(inventory))
    if (directory.layout() != nullptr) all.push_back(of_directory(name, directory));
  return all;
}

}  // namespace meshcert::checks
