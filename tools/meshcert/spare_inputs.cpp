#include "meshcert/spare_inputs.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>

#include "base/glob.hpp"
#include "meshcert/input.hpp"

namespace meshcert::cli {
namespace {

std::string spot_of(const std::string& path, Env& env) {
  const std::filesystem::path file(path);
  const std::string directory = file.has_parent_path() ? file.parent_path().string() : ".";
  const auto facts = env.look_at(directory);
  return (facts ? facts->identity : directory) + '/' + file.filename().string();
}

/// is_one_file, be it there or not yet. A device that takes anything is written to, and not overwritten.
bool is_one_file(const std::string& a, const std::string& b, Env& env) {
  const auto one = env.look_at(a), other = env.look_at(b);
  if (one && other) return one->kind == FileFacts::Kind::regular && one->identity == other->identity;
  return !one && !other && spot_of(a, env) == spot_of(b, env);
}

void spare_inputs(const std::string& option, const std::string& target, const Options& options, Env& env) {
  for (const auto* inputs : {&options.inputs, &options.sweep.files_from})
    for (const std::string& input : *inputs)
      if (input != "-" && is_one_file(target, input, env))
        throw UsageError{option + ' ' + target + " is an input too: it would be overwritten"};
}

/// CredentialSink waits for what nobody wants to lose.
class CredentialSink final : public ArtifactSink {
 public:
  void artifact(Artifact&& artifact) override {
    found_ = found_ || !artifact.certificates.empty() || !artifact.crls.empty() || artifact.key ||
             artifact.bundle != nullptr || artifact.jwt != nullptr;
  }
  void defect(Defect&& /*defect*/) override {}
  [[nodiscard]] bool found() const { return found_; }

 private:
  bool found_ = false;
};

std::filesystem::path above(const std::filesystem::path& directory) {
  const auto up = (directory / "..").lexically_normal();
  return up.has_filename() ? up : up.parent_path();
}

/// is_below: a directory above the file, up to the root, is that one.
bool is_below(const std::string& file, const std::string& identity, Env& env) {
  std::filesystem::path directory = std::filesystem::path(file).lexically_normal().parent_path();
  if (directory.empty()) directory = ".";
  std::string last;
  for (;; directory = above(directory)) {
    const auto facts = env.look_at(directory.string());
    if (!facts || facts->identity == last) return false;
    if (facts->identity == identity) return true;
    last = facts->identity;
  }
}

/// spare_found refuses a report that takes the place of a file that the walk of a directory would read.
void spare_found(const std::string& report, const Options& options, Env& env) {
  const auto facts = env.look_at(report);
  if (!facts || facts->kind != FileFacts::Kind::regular) return;
  for (const std::string& input : options.inputs) {
    const auto top = env.look_at(input);
    if (!top || top->kind != FileFacts::Kind::directory || !is_below(report, top->identity, env)) continue;
    if (base::is_excluded(options.read.exclude, report)) return;
    const auto source = env.open_file(report);
    if (!source) return;
    ReadOptions read = options.read;
    read.in_windows = true;
    CredentialSink sink;
    static_cast<void>(read_found(report, **source, read, sink));
    if (!sink.found()) return;
    throw UsageError{"--output-file " + report + " is an input too, in " + input +
                     ": what is in it would be overwritten; name another file"};
  }
}

}  // namespace

void spare_inputs(const Options& options, Env& env) {
  const auto& report = options.output_file;
  const auto& state = options.sweep.state_file;
  if (report) {
    spare_inputs("--output-file", *report, options, env);
    spare_found(*report, options, env);
  }
  if (state) spare_inputs("--state", *state, options, env);
  if (report && state && is_one_file(*report, *state, env))
    throw UsageError{"--output-file " + *report + " and --state " + *state +
                     " are one file: the state would take the place of the report"};
}

}  // namespace meshcert::cli
