#include "meshcert/gather.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "input/loose_keys.hpp"
#include "input/passed_over.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/messages.hpp"
#include "meshcert/progress.hpp"
#include "meshcert/walk.hpp"

namespace meshcert::cli {
namespace {

/// Watched tells how much of a source was read.
class Watched final : public ByteSource {
 public:
  Watched(ByteSource& source, Progress& progress) : source_(source), progress_(progress) {}
  [[nodiscard]] Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    auto count = source_.read(into);
    if (count) progress_.note(*count, 0);
    return count;
  }
  [[nodiscard]] std::uint64_t expected() const override { return source_.expected(); }

 private:
  ByteSource& source_;
  Progress& progress_;
};

/// Room is what one run may keep (Limits::artifacts).
class Room {
 public:
  explicit Room(std::size_t most) : most_(most) {}
  /// take answers whether one more may be kept.
  bool take(const SourceRef& where) {
    if (++taken_ == most_ + 1) first_left_out_ = where;
    return taken_ <= most_;
  }
  [[nodiscard]] std::optional<Defect> overflow() const {
    if (!first_left_out_) return std::nullopt;
    return Defect{DefectKind::limit_reached, *first_left_out_,
                  std::to_string(most_) +
                      " artifacts, objects and faults are kept (--max-artifacts); this and " +
                      std::to_string(taken_ - most_ - 1) + " more are not",
                  true};
  }

 private:
  std::size_t most_, taken_ = 0;
  std::optional<SourceRef> first_left_out_;
};

/// Collector keeps loose keys apart: their certificates may come last.
class Collector final : public ArtifactSink {
 public:
  Collector(Inventory& inventory, std::vector<Artifact>& keys, Room& room, Progress& progress,
            const Options& options, Env& env)
      : inventory_(inventory), keys_(keys), room_(room), progress_(progress), options_(options), env_(env) {}
  void artifact(Artifact&& artifact) override {
    progress_.note(0, artifact.certificates.size());
    if (!room_.take(artifact.source)) return;
    (input::is_loose_key(artifact) ? keys_ : inventory_.artifacts).push_back(std::move(artifact));
  }
  void defect(Defect&& defect) override {
    if (room_.take(defect.where)) inventory_.defects.push_back(std::move(defect));
  }
  void object(std::shared_ptr<const KubernetesObject> object) override {
    if (room_.take(object->source)) inventory_.objects.push_back(std::move(object));
  }
  void passed_over(const std::string& name, const std::string& why) override {
    ++inventory_.skipped;
    if (options_.verbose) write_note(env_, "skipped " + name + ": " + why);
  }

 private:
  Inventory& inventory_;
  std::vector<Artifact>& keys_;
  Room& room_;
  Progress& progress_;
  const Options& options_;
  Env& env_;
};

/// Gatherer goes through the inputs of one run.
class Gatherer final : private TreeVisitor {
 public:
  Gatherer(const Options& options, Env& env)
      : options_(options), env_(env), progress_(env, options.progress) {}

  void stdin_stream() { take("-", *env_.open_stdin()); }

  /// text reads an input that stands on the command line itself.
  void text(const std::string& name, const std::string& octets) {
    MemorySource source(as_bytes(octets));
    take(name, source);
  }

  void named(const std::string& path) {
    const auto facts = env_.look_at(path);
    if (!facts) return fault(path, facts.error());
    if (facts->kind == FileFacts::Kind::directory) return tree(path, facts->identity);
    const auto source = env_.open_file(path);
    if (!source) return fault(path, source.error());
    take(path, **source);
  }

  void end_of(const std::string& input) { inventory_.given.push_back({input, inventory_.artifacts.size()}); }

  [[nodiscard]] Inventory finish() {
    progress_.finish();
    inventory_.inputs += walked_.size();
    const bool named = inventory_.artifacts.size() + keys_.size() == options_.inputs.size();
    for (Artifact& key : input::attach_keys(inventory_.artifacts, std::move(keys_), named)) {
      if (walked_.contains(key.source.file) && std::ranges::all_of(key.defects, input::is_harmless)) {
        --inventory_.inputs;
        skipped(key.source.file, key.defects.back().detail);
      } else {
        inventory_.artifacts.push_back(std::move(key));
      }
    }
    if (auto overflow = room_.overflow()) inventory_.defects.push_back(std::move(*overflow));
    return std::move(inventory_);
  }

 private:
  void fault(const std::string& path, const std::string& message) override {
    inventory_.errors.push_back(Error{SourceRef{path}, message});
  }

  void skipped(const std::string& path, const std::string& why) override {
    collector_.passed_over(path, why);
  }

  void take(const std::string& path, ByteSource& source) {
    const std::size_t before = told();
    Watched watched(source, progress_);
    const auto format = read_input(path, watched, options_.read, collector_);
    if (!format) return fault(path, format.error());
    ++inventory_.inputs;
    if (*format == Format::archive && told() == before)
      fault(path, "nothing to inspect: no file of a known format in this archive");
  }

  [[nodiscard]] std::size_t told() const {
    return inventory_.artifacts.size() + inventory_.objects.size() + inventory_.defects.size() + keys_.size();
  }

  /// In a directory, what is of no known format, or PEM without certificates (a key, a
  /// request, a CRL), is right where it is.
  void file(const std::string& path, const FileFacts&) override {
    const auto source = env_.open_file(path);
    if (!source) return fault(path, source.error());
    Inventory here;
    const std::size_t keys_before = keys_.size();
    Collector collector(here, keys_, room_, progress_, options_, env_);
    Watched watched(**source, progress_);
    const auto format = read_input(path, watched, options_.read, collector);
    if (!format) return fault(path, format.error());
    inventory_.skipped += here.skipped;
    input::forgive_withheld(here.defects);
    const bool none = here.artifacts.empty() && here.objects.empty();
    const bool key = keys_.size() != keys_before;
    const bool foreign =
        here.artifacts.empty() && input::is_passed_over(path, *format, options_.read.as, here.defects);
    auto missed =
        foreign ? input::what_is_missed(path, key, here.defects, options_.read) : std::optional<Defect>();
    // Whether a key is an input depends on its certificate, which may come last.
    if (none && here.defects.empty() && key) {
      walked_.insert(path);
      if (missed) inventory_.defects.push_back(*std::move(missed));
      return;
    }
    // Rules may look at an object that holds nothing: a Deployment has the labels of its pods.
    std::ranges::move(here.objects, std::back_inserter(inventory_.objects));
    if (missed && here.defects.empty())
      here.defects.push_back(*std::move(missed));
    else if (foreign && !missed)
      return skipped(path, here.defects.empty() ? "no certificates" : here.defects.back().detail);
    if (!key && is_without_key(here))
      if (auto lacking = input::missing_key(path, options_.read))
        here.artifacts.back().defects.push_back(*std::move(lacking));
    ++inventory_.inputs;
    std::ranges::move(here.artifacts, std::back_inserter(inventory_.artifacts));
    std::ranges::move(here.defects, std::back_inserter(inventory_.defects));
  }

  [[nodiscard]] static bool is_without_key(const Inventory& here) {
    return !here.artifacts.empty() && std::ranges::none_of(here.defects, input::tells_of_key) &&
           std::ranges::none_of(here.artifacts, [](const Artifact& artifact) {
             return artifact.key || std::ranges::any_of(artifact.defects, input::tells_of_key);
           });
  }

  void tree(const std::string& top, const std::string& identity) {
    const std::uint64_t read_before = inventory_.inputs;
    const std::size_t faults_before = inventory_.errors.size();
    walk_tree(env_, top, identity, *this);
    if (inventory_.inputs == read_before && inventory_.errors.size() == faults_before)
      fault(top, "nothing to inspect: no file of a known format under this directory");
  }

  const Options& options_;
  Env& env_;
  Inventory inventory_;
  std::vector<Artifact> keys_;    // loose ones, until the end
  std::set<std::string> walked_;  // their files, of those met in a walk
  Progress progress_;
  Room room_{options_.read.limits.artifacts};
  Collector collector_{inventory_, keys_, room_, progress_, options_, env_};
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
    gatherer.end_of(input);
  }
  return gatherer.finish();
}

}  // namespace meshcert::cli
