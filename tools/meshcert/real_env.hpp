#pragma once

#include "meshcert/env.hpp"

namespace meshcert::cli {

/// RealEnv is this process: its files, streams, clock and environment.
class RealEnv final : public Env {
 public:
  [[nodiscard]] Result<FileFacts, std::string> look_at(const std::string& path) override;
  [[nodiscard]] Result<std::vector<std::string>, std::string> list_directory(
      const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<ByteSource>, std::string> open_file(const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<ByteSource>, std::string> open_sized(const std::string& path,
                                                                            std::uint64_t size) override;
  [[nodiscard]] std::unique_ptr<ByteSource> open_stdin() override;
  [[nodiscard]] Result<void, WriteFailure> write_stdout(std::string_view text) override;
  void write_stderr(std::string_view text) override;
  [[nodiscard]] std::unique_ptr<Network> open_network() override;
  [[nodiscard]] Result<std::unique_ptr<Replacement>, WriteFailure> begin_replacing(
      const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<Command>, std::string> start(
      const std::vector<std::string>& words) override;
  [[nodiscard]] std::chrono::milliseconds elapsed() override;
  void watch_interrupts() override;
  [[nodiscard]] bool interrupted() override;
  [[nodiscard]] std::size_t processors() override;
  [[nodiscard]] Instant now() override;
  [[nodiscard]] bool stdin_is_terminal() override;
  [[nodiscard]] bool stdout_is_terminal() override;
  [[nodiscard]] bool stderr_is_terminal() override;
  [[nodiscard]] std::size_t width() override;
  [[nodiscard]] std::optional<std::string> variable(const std::string& name) override;
};

}  // namespace meshcert::cli
