#pragma once

#include <chrono>
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
  std::uint64_t size = 0;
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

/// Replacement is a file in the making: nobody sees it before it is whole.
class Replacement {
 public:
  virtual ~Replacement() = default;  ///< without commit, nothing has happened
  [[nodiscard]] virtual Result<void, WriteFailure> write(std::string_view text) = 0;
  /// commit puts it, flushed to the disk, where the old file is.
  [[nodiscard]] virtual Result<void, WriteFailure> commit() = 0;
};

/// Command is a program that was started, and its output.
class Command {
 public:
  virtual ~Command() = default;
  [[nodiscard]] virtual ByteSource& output() = 0;
  /// finish waits for its end and returns its exit status; one it was stopped by is 128 and more.
  [[nodiscard]] virtual int finish() = 0;
};

/// Env is the outside world: everything the program reads from or writes to.
/// Failures are the sentences of the operating system ("Permission denied"). Files may
/// be looked at and opened by several threads at once.
class Env {
 public:
  virtual ~Env() = default;

  [[nodiscard]] virtual Result<FileFacts, std::string> look_at(const std::string& path) = 0;
  /// list_directory gives the names in it, sorted, without "." and "..".
  [[nodiscard]] virtual Result<std::vector<std::string>, std::string> list_directory(
      const std::string& path) = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<ByteSource>, std::string> open_file(
      const std::string& path) = 0;
  /// open_sized is open_file of what look_at calls a regular file of `size` octets: that is
  /// not asked again.
  [[nodiscard]] virtual Result<std::unique_ptr<ByteSource>, std::string> open_sized(const std::string& path,
                                                                                    std::uint64_t size);
  [[nodiscard]] virtual std::unique_ptr<ByteSource> open_stdin() = 0;
  /// read_file reads a small file whole.
  [[nodiscard]] Result<Contents, std::string> read_file(const std::string& path, std::uint64_t limit);

  [[nodiscard]] virtual Result<void, WriteFailure> write_stdout(std::string_view text) = 0;
  virtual void write_stderr(std::string_view text) = 0;
  /// begin_replacing writes a file so that a reader sees the old text or the new,
  /// never a part. What is no regular file (a FIFO, /dev/stdout) is written to.
  [[nodiscard]] virtual Result<std::unique_ptr<Replacement>, WriteFailure> begin_replacing(
      const std::string& path) = 0;
  /// replace_file does so with a text that is there.
  [[nodiscard]] Result<void, WriteFailure> replace_file(const std::string& path, std::string_view text);

  /// start runs a program, found by PATH, with its arguments; its errors are ours.
  [[nodiscard]] virtual Result<std::unique_ptr<Command>, std::string> start(
      const std::vector<std::string>& words) = 0;

  /// open_network gives connections; nothing is connected to before it is asked.
  [[nodiscard]] virtual std::unique_ptr<Network> open_network() = 0;
  [[nodiscard]] virtual Instant now() = 0;
  /// elapsed is the time since some moment, by a clock that nobody sets.
  [[nodiscard]] virtual std::chrono::milliseconds elapsed() = 0;
  /// watch_interrupts makes a first SIGINT, SIGTERM or SIGHUP end the reading, not the program;
  /// a second ends it. interrupted: whether there was one.
  virtual void watch_interrupts() = 0;
  [[nodiscard]] virtual bool interrupted() = 0;
  [[nodiscard]] virtual std::size_t processors() = 0;
  [[nodiscard]] virtual bool stdin_is_terminal() = 0;
  [[nodiscard]] virtual bool stdout_is_terminal() = 0;
  [[nodiscard]] virtual bool stderr_is_terminal() = 0;
  /// width of the terminal in columns; 0 when stdout is none.
  [[nodiscard]] virtual std::size_t width() = 0;
  [[nodiscard]] virtual std::optional<std::string> variable(const std::string& name) = 0;
};

}  // namespace meshcert::cli
