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
  if (files.contains(real) || unreadable.contains(real)) return cli::FileFacts{Kind::regular, real};
  if (fifos.contains(real)) return cli::FileFacts{Kind::fifo, real};
  if (devices.contains(real)) return cli::FileFacts{Kind::other, real};
  for (const std::string& known : all_paths())
    if (known.starts_with(real + "/")) return cli::FileFacts{Kind::directory, real};
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

Result<void, cli::WriteFailure> MemoryEnv::replace_file(const std::string& path, std::string_view text) {
  if (file_failure) return fail(*file_failure);
  written[path] = text;
  return {};
}

std::optional<std::string> MemoryEnv::variable(const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
}

}  // namespace meshcert::testing
