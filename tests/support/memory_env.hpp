#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

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
  std::size_t columns = 0;                                 ///< of the terminal that stdout is; 0: a pipe
  std::optional<cli::WriteFailure> stdout_failure, file_failure;

  std::map<std::string, std::string> commands;  ///< words to output; status 1 where it begins with "fail:"
  std::size_t interrupt_after = 0;              ///< how often may be asked before a signal comes; 0: none

  std::string out, err;
  std::vector<std::string> started;
  std::map<std::string, std::string> written;

  Result<cli::FileFacts, std::string> look_at(const std::string& path) override;
  Result<std::vector<std::string>, std::string> list_directory(const std::string& path) override;
  Result<std::unique_ptr<ByteSource>, std::string> open_file(const std::string& path) override;
  std::unique_ptr<ByteSource> open_stdin() override;
  Result<void, cli::WriteFailure> write_stdout(std::string_view text) override;
  void write_stderr(std::string_view text) override { err += text; }
  std::unique_ptr<cli::Network> open_network() override { return network(); }
  Result<std::unique_ptr<cli::Replacement>, cli::WriteFailure> begin_replacing(
      const std::string& path) override;
  Result<std::unique_ptr<cli::Command>, std::string> start(const std::vector<std::string>& words) override;
  std::chrono::milliseconds elapsed() override { return std::chrono::milliseconds(time += 100); }
  void watch_interrupts() override {}
  bool interrupted() override { return interrupt_after != 0 && ++questions >= interrupt_after; }
  std::size_t processors() override { return 2; }
  Instant now() override { return clock; }
  bool stdin_is_terminal() override { return !input; }
  bool stdout_is_terminal() override { return columns != 0; }
  bool stderr_is_terminal() override { return columns != 0; }
  std::size_t width() override { return columns; }
  std::optional<std::string> variable(const std::string& name) override;

 private:
  long time = 0;
  std::size_t questions = 0;
  [[nodiscard]] std::set<std::string> all_paths() const;
  [[nodiscard]] std::string followed(std::string path) const;
};

}  // namespace meshcert::testing
