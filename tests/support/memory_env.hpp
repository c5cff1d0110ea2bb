#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "meshcert/env.hpp"

namespace meshcert::testing {

/// MemoryEnv is a world in memory: files by their paths (directories are what
/// their paths imply), streams, a clock that stands still.
class MemoryEnv final : public cli::Env {
 public:
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> links;       ///< path to what it leads to
  std::map<std::string, std::string> unreadable;  ///< path to the system's sentence
  std::set<std::string> fifos, devices;
  std::optional<std::string> input;  ///< stdin; without it stdin is a terminal
  std::map<std::string, std::string> variables;
  Instant clock{};
  std::function<std::unique_ptr<cli::Network>()> network;  ///< of a world that has one
  std::size_t columns = 0;  ///< of the terminal that stdout is; 0: a pipe
  std::optional<cli::WriteFailure> stdout_failure, file_failure;

  std::string out, err;
  std::map<std::string, std::string> written;

  Result<cli::FileFacts, std::string> look_at(const std::string& path) override;
  Result<std::vector<std::string>, std::string> list_directory(const std::string& path) override;
  Result<std::unique_ptr<ByteSource>, std::string> open_file(const std::string& path) override;
  std::unique_ptr<ByteSource> open_stdin() override;
  Result<void, cli::WriteFailure> write_stdout(std::string_view text) override;
  void write_stderr(std::string_view text) override { err += text; }
  Result<void, cli::WriteFailure> replace_file(const std::string& path, std::string_view text) override;
  std::unique_ptr<cli::Network> open_network() override { return network(); }
  Instant now() override { return clock; }
  bool stdin_is_terminal() override { return !input; }
  bool stdout_is_terminal() override { return columns != 0; }
  std::size_t width() override { return columns; }
  std::optional<std::string> variable(const std::string& name) override;

 private:
  [[nodiscard]] std::set<std::string> all_paths() const;
  [[nodiscard]] std::string followed(std::string path) const;
};

}  // namespace meshcert::testing
