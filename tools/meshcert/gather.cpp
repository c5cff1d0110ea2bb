#include "meshcert/gather.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "input/loose_keys.hpp"
#include "meshcert/messages.hpp"

namespace meshcert::cli {
namespace {

/// Collector keeps loose keys apart: their certificates may come last.
class Collector final : public ArtifactSink {
 public:
  Collector(Inventory& inventory, std::vector<Artifact>& keys) : inventory_(inventory), keys_(keys) {}
  void artifact(Artifact&& artifact) override {
    (input::is_loose_key(artifact) ? keys_ : inventory_.artifacts).push_back(std::move(artifact));
  }
  void defect(Defect&& defect) override { inventory_.defects.push_back(std::move(defect)); }
  void object(std::shared_ptr<const KubernetesObject> object) override {
    inventory_.objects.push_back(std::move(object));
  }

 private:
  Inventory& inventory_;
  std::vector<Artifact>& keys_;
};

/// harmless: right where it is, in a directory.
bool harmless(const Defect& defect) {
  return defect.kind == DefectKind::no_certificates || defect.kind == DefectKind::unsupported_block ||
         defect.kind == DefectKind::key_encrypted;
}

/// Gatherer goes through the inputs of one run.
class Gatherer {
 public:
  Gatherer(const Options& options, Env& env) : options_(options), env_(env) {}

  void stdin_stream() { take("-", *env_.open_stdin(), collector_); }

  /// text reads an input that stands on the command line itself.
  void text(const std::string& name, const std::string& octets) {
    MemorySource source(as_bytes(octets));
    take(name, source, collector_);
  }

  void named(const std::string& path) {
    const auto facts = env_.look_at(path);
    if (!facts) return fault(path, facts.error());
    if (facts->kind == FileFacts::Kind::directory) return tree(path, facts->identity);
    open(path, collector_);
  }

  [[nodiscard]] Inventory finish() {
    inventory_.inputs += walked_.size();
    for (Artifact& key : input::attach_keys(inventory_.artifacts, std::move(keys_))) {
      if (walked_.contains(key.source.file) && std::ranges::all_of(key.defects, harmless)) {
        --inventory_.inputs;
        skip(key.source.file, key.defects.back().detail);
      } else {
        inventory_.artifacts.push_back(std::move(key));
      }
    }
    return std::move(inventory_);
  }

 private:
  void fault(const std::string& path, const std::string& message) {
    inventory_.errors.push_back(Error{SourceRef{path, 0, "", std::nullopt}, message});
  }

  void skip(const std::string& path, const std::string& reason) {
    ++inventory_.skipped;
    if (options_.verbose) write_note(env_, "skipped " + path + ": " + reason);
  }

  /// Outcome of one input: whether its octets were had, and what they are.
  struct Outcome {
    bool had = false;
    std::optional<Format> format;
  };

  Outcome open(const std::string& path, ArtifactSink& sink) {
    const auto source = env_.open_file(path);
    if (source) return take(path, **source, sink);
    fault(path, source.error());
    return {};
  }

  Outcome take(const std::string& path, ByteSource& source, ArtifactSink& sink) {
    const auto format = read_input(path, source, options_.read, sink);
    if (!format) {
      fault(path, format.error());
      return {};
    }
    ++inventory_.inputs;
    return {true, *format};
  }

  /// found reads a file met in a walk. In a directory, what is of no known format,
  /// or PEM without certificates (a key, a request, a CRL), is right where it is.
  void found(const std::string& path) {
    Inventory here;
    const std::size_t keys_before = keys_.size();
    Collector collector(here, keys_);
    const Outcome outcome = open(path, collector);
    if (!outcome.had) return;
    const bool none = here.artifacts.empty() && here.objects.empty();
    if (none && here.defects.empty() && keys_.size() != keys_before) return wait(path);
    const bool nothing = none && std::ranges::all_of(here.defects, harmless);
    const bool foreign = !outcome.format || (outcome.format == Format::pem && nothing);
    if (foreign && !options_.read.as) {
      --inventory_.inputs;
      return skip(path, here.defects.empty() ? "no certificates" : here.defects.back().detail);
    }
    for (auto& object : here.objects) collector_.object(std::move(object));
    for (Artifact& artifact : here.artifacts) collector_.artifact(std::move(artifact));
    for (Defect& defect : here.defects) collector_.defect(std::move(defect));
  }

  /// wait: whether a key met in a walk is an input depends on its certificate.
  void wait(const std::string& path) {
    --inventory_.inputs;
    walked_.insert(path);
  }

  /// tree walks a directory in sorted order, with a stack of its own: how deep
  /// directories nest is the input's choice.
  void tree(const std::string& top, const std::string& identity) {
    const std::uint64_t read_before = inventory_.inputs;
    const std::size_t faults_before = inventory_.errors.size();
    std::set<std::string> seen{identity};
    std::vector<std::string> pending;
    push_entries(top, pending);
    while (!pending.empty()) {
      const std::string path = std::move(pending.back());
      pending.pop_back();
      visit(path, seen, pending);
    }
    if (inventory_.inputs == read_before && inventory_.errors.size() == faults_before)
      fault(top, "nothing to inspect: no file of a known format under this directory");
  }

  void push_entries(const std::string& directory, std::vector<std::string>& pending) {
    const auto names = env_.list_directory(directory);
    if (!names) return fault(directory, names.error());
    const std::string prefix = directory.ends_with('/') ? directory : directory + "/";
    for (auto name = names->rbegin(); name != names->rend(); ++name) {
      // kubelet's ..data and ..2026_11_22 hold what the names beside them lead to.
      if (!name->starts_with("..")) pending.push_back(prefix + *name);
    }
  }

  void visit(const std::string& path, std::set<std::string>& seen, std::vector<std::string>& pending) {
    const auto facts = env_.look_at(path);
    if (!facts) return fault(path, facts.error());
    switch (facts->kind) {
      case FileFacts::Kind::regular:
        return found(path);
      case FileFacts::Kind::fifo:
        return skip(path, "a FIFO is read only when it is named");
      case FileFacts::Kind::other:
        return skip(path, "no file: a socket or a device");
      case FileFacts::Kind::directory:
        break;
    }
    if (!seen.insert(facts->identity).second) return skip(path, "leads to a directory already walked");
    push_entries(path, pending);
  }

  const Options& options_;
  Env& env_;
  Inventory inventory_;
  std::vector<Artifact> keys_;    // loose ones, until the end
  std::set<std::string> walked_;  // their files, of those met in a walk
  Collector collector_{inventory_, keys_};
};

}  // namespace

Inventory gather(const Options& options, Env& env) {
  Gatherer gatherer(options, env);
  if (options.header) gatherer.text("--header", *options.header);
  for (const std::string& input : options.inputs) {
    if (input == "-")
      gatherer.stdin_stream();
    else
      gatherer.named(input);
  }
  return gatherer.finish();
}

}  // namespace meshcert::cli
