#include "meshcert/gather.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "meshcert/messages.hpp"

namespace meshcert::cli {
namespace {

class Collector final : public ArtifactSink {
 public:
  explicit Collector(Inventory& inventory) : inventory_(inventory) {}
  void artifact(Artifact&& artifact) override { inventory_.artifacts.push_back(std::move(artifact)); }
  void defect(Defect&& defect) override { inventory_.defects.push_back(std::move(defect)); }

 private:
  Inventory& inventory_;
};

/// Gatherer goes through the inputs of one run.
class Gatherer {
 public:
  Gatherer(const Options& options, Env& env) : options_(options), env_(env) {}

  void stdin_stream() { take("-", env_.read_stdin(limit())); }

  void named(const std::string& path) {
    const auto facts = env_.look_at(path);
    if (!facts) return fault(path, facts.error());
    if (facts->kind == FileFacts::Kind::directory) return tree(path, facts->identity);
    take(path, env_.read_file(path, limit()));
  }

  [[nodiscard]] Inventory finish() { return std::move(inventory_); }

 private:
  [[nodiscard]] std::uint64_t limit() const { return options_.read.limits.input_bytes; }

  void fault(const std::string& path, const std::string& message) {
    inventory_.errors.push_back(Error{SourceRef{path, 0, "", std::nullopt}, message});
  }

  void too_large(const std::string& path) {
    fault(path, "larger than " + std::to_string(limit()) + " bytes, the limit; raise it with --max-input");
  }

  void skip(const std::string& path, const std::string& reason) {
    ++inventory_.skipped;
    if (options_.verbose) write_note(env_, "skipped " + path + ": " + reason);
  }

  /// take uses an input named on the command line, whatever it holds.
  void take(const std::string& path, const Result<Contents, std::string>& contents) {
    if (!contents) return fault(path, contents.error());
    if (contents->cut) return too_large(path);
    decode(path, contents->octets);
  }

  void decode(const std::string& path, ByteView octets) {
    ++inventory_.inputs;
    read_input(path, octets, options_.read, collector_);
  }

  /// take_found uses a file met in a walk: what is of no known format is passed over.
  void take_found(const std::string& path) {
    const auto contents = env_.read_file(path, limit());
    if (!contents) return fault(path, contents.error());
    const bool known = options_.read.as || detect(contents->octets);
    if (!known) return skip(path, "no format that meshcert knows");
    if (contents->cut) return too_large(path);
    if (const auto other = other_pem(path, contents->octets)) return skip(path, *other);
    decode(path, contents->octets);
  }

  /// other_pem tells what a PEM file holds instead of certificates (a key, a
  /// request, a CRL): in a directory such a file is right where it is.
  std::optional<std::string> other_pem(const std::string& path, ByteView octets) {
    if (options_.read.as || detect(octets) != Format::pem) return std::nullopt;
    Inventory found;
    Collector collector(found);
    read_input(path, octets, options_.read, collector);
    const auto harmless = [](const Defect& defect) {
      return defect.kind == DefectKind::no_certificates || defect.kind == DefectKind::unsupported_block;
    };
    const bool nothing_else = found.artifacts.empty() && std::ranges::all_of(found.defects, harmless);
    return nothing_else ? std::optional(found.defects.back().detail) : std::nullopt;
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
        return take_found(path);
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
  Collector collector_{inventory_};
};

}  // namespace

Inventory gather(const Options& options, Env& env) {
  Gatherer gatherer(options, env);
  for (const std::string& input : options.inputs) {
    if (input == "-")
      gatherer.stdin_stream();
    else
      gatherer.named(input);
  }
  return gatherer.finish();
}

}  // namespace meshcert::cli
