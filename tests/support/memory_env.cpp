#include "tests/support/memory_env.hpp"

#include "meshcert/bytes.hpp"

namespace meshcert::testing {
std::set<std::string> MemoryEnv::all_paths() const {
  std::set<std::string> paths = fifos;
  paths.insert(devices.begin(), devices.end());
  for (const auto* table : {&files, &links, &unreadable})
    for (const auto& entry : *table) paths.insert(entry.first);
  return paths;
}

/// followed replaces links, in any part of the path, until none is left; "" for a loop.
std::string MemoryEnv::followed(std::string path) const {
  for (int steps = 0; steps < 40; ++steps) {
    bool replaced = false;
    for (const auto& [link, target] : links) {
      if (path != link && !path.starts_with(link + "/")) continue;
      path.replace(0, link.size(), target);
      replaced = true;
      break;
    }
    if (!replaced) return path;
  }
  return {};
}

Result<cli::FileFacts, std::string> MemoryEnv::look_at(const std::string& path) {
  using Kind = cli::FileFacts::Kind;
  const std::string real = followed(path);
  if (real.empty()) return fail(std::string("Too many levels of symbolic links"));
  if (const auto file = files.find(real); file != files.end())
    return cli::FileFacts{Kind::regular, real, file->second.size()};
  if (unreadable.contains(real)) return cli::FileFacts{Kind::regular, real, 0};
  if (fifos.contains(real)) return cli::FileFacts{Kind::fifo, real, 0};
  if (devices.contains(real)) return cli::FileFacts{Kind::other, real, 0};
  for (const std::string& known : all_paths())
    if (known.starts_with(real + "/")) return cli::FileFacts{Kind::directory, real, 0};
  return fail(std::string("No such file or directory"));
}

Result<std::vector<std::string>, std::string> MemoryEnv::list_directory(const std::string& path) {
  const std::string real = followed(path);
  if (const auto refused = unreadable.find(real + "/"); refused != unreadable.end())
    return fail(refused->second);
  std::set<std::string> names;
  for (const std::string& known : all_paths()) {
    if (!known.starts_with(real + "/")) continue;
    const std::string below = known.substr(real.size() + 1);
    names.insert(below.substr(0, below.find('/')));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

Result<std::unique_ptr<ByteSource>, std::string> MemoryEnv::open_file(const std::string& path) {
  const std::string real = followed(path);
  if (const auto refused = unreadable.find(real); refused != unreadable.end()) return fail(refused->second);
  const auto file = files.find(real);
  if (file == files.end()) return fail(std::string("No such file or directory"));
  return std::make_unique<MemorySource>(as_bytes(file->second));
}

std::unique_ptr<ByteSource> MemoryEnv::open_stdin() {
  if (!input) return std::make_unique<MemorySource>(ByteView{});
  return std::make_unique<MemorySource>(as_bytes(*input));
}

Result<void, cli::WriteFailure> MemoryEnv::write_stdout(std::string_view text) {
  if (stdout_failure) return fail(*stdout_failure);
  out += text;
  return {};
}

namespace {

class MemoryFile final : public cli::Replacement {
 public:
  MemoryFile(std::string path, MemoryEnv& env) : path_(std::move(path)), env_(env) {}
  Result<void, cli::WriteFailure> write(std::string_view text) override {
    if (env_.file_failure) return fail(*env_.file_failure);
    text_ += text;
    return {};
  }
  Result<void, cli::WriteFailure> commit() override {
    if (env_.file_failure) return fail(*env_.file_failure);
    env_.written[path_] = text_;
    return {};
  }

 private:
  std::string path_, text_;
  MemoryEnv& env_;
};

class MemoryCommand final : public cli::Command {
 public:
  explicit MemoryCommand(std::string_view text)
      : fails_(text.starts_with("fail:")), output_(as_bytes(text.substr(fails_ ? 5 : 0))) {}
  ByteSource& output() override { return output_; }
  int finish() override { return fails_ ? 1 : 0; }

 private:
  bool fails_;
  MemorySource output_;
};

}  // namespace

Result<std::unique_ptr<cli::Replacement>, cli::WriteFailure> MemoryEnv::begin_replacing(
    const std::string& path) {
  return std::make_unique<MemoryFile>(path, *this);
}

Result<std::unique_ptr<cli::Command>, std::string> MemoryEnv::start(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  started.push_back(line);
  const auto command = commands.find(line);
  if (command == commands.end()) return fail(std::string("No such file or directory"));
  return std::make_unique<MemoryCommand>(command->second);
}

std::optional<std::string> MemoryEnv::variable(const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
}

}  // namespace meshcert::testing
