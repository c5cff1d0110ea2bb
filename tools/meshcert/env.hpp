#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/byte_source.hpp"
#include "meshcert/network.hpp"
#include "meshcert/result.hpp"
#include "meshcert/time.hpp"

namespace meshcert::cli {

/// FileFacts says what a path leads to, symbolic links followed.
struct FileFacts {
  enum class Kind : std::uint8_t { regular, directory, fifo, other };
  Kind kind = Kind::regular;
  std::string identity;  ///< equal for two paths to one file: how loops are seen
};

/// Contents are octets read, at most as many as were allowed.
struct Contents {
  std::vector<std::uint8_t> octets;
  bool cut = false;  ///< there was more than the limit
};

/// WriteFailure says why text could not be delivered. `closed` is a reader that
/// went away (`| head`), which is nobody's mistake.
struct WriteFailure {
  bool closed = false;
  std::string message;
};

/// Env is the outside world: everything the program reads from or writes to.
/// Failures are the sentences of the operating system ("Permission denied").
class Env {
 public:
  virtual ~Env() = default;

  [[nodiscard]] virtual Result<FileFacts, std::string> look_at(const std::string& path) = 0;
  /// list_directory gives the names in it, sorted, without "." and "..".
  [[nodiscard]] virtual Result<std::vector<std::string>, std::string> list_directory(
      const std::string& path) = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<ByteSource>, std::string> open_file(
      const std::string& path) = 0;
  [[nodiscard]] virtual std::unique_ptr<ByteSource> open_stdin() = 0;
  /// read_file reads a small file whole.
  [[nodiscard]] Result<Contents, std::string> read_file(const std::string& path, std::uint64_t limit);

  [[nodiscard]] virtual Result<void, WriteFailure> write_stdout(std::string_view text) = 0;
  virtual void write_stderr(std::string_view text) = 0;
  /// replace_file writes a file so that a reader sees the old text or the new,
  /// never a part. What is no regular file (a FIFO, /dev/stdout) is written to.
  [[nodiscard]] virtual Result<void, WriteFailure> replace_file(const std::string& path,
                                                                std::string_view text) = 0;

  /// open_network gives connections; nothing is connected to before it is asked.
  [[nodiscard]] virtual std::unique_ptr<Network> open_network() = 0;
  [[nodiscard]] virtual Instant now() = 0;
  [[nodiscard]] virtual bool stdin_is_terminal() = 0;
  [[nodiscard]] virtual bool stdout_is_terminal() = 0;
  /// width of the terminal in columns; 0 when stdout is none.
  [[nodiscard]] virtual std::size_t width() = 0;
  [[nodiscard]] virtual std::optional<std::string> variable(const std::string& name) = 0;
};

}  // namespace meshcert::cli
