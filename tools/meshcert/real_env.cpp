#include "meshcert/real_env.hpp"

#include "meshcert/real_network.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <optional>
#include <span>

#include "meshcert/system.hpp"

namespace meshcert::cli {
namespace {

/// FileSource reads a file that it keeps open. What a regular file was said to hold has
/// been read where less came than was asked for: its end is not asked for again.
class FileSource final : public ByteSource {
 public:
  /// `size` is that of a regular file; 0: unknown.
  FileSource(int fd, std::uint64_t size) : file_(fd), left_(size), sized_(size > 0) {}
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    if (ended_) return std::size_t{0};
    const auto got = read_some(file_.fd(), into);
    left_ -= got ? std::min<std::uint64_t>(left_, *got) : 0;
    ended_ = got && sized_ && left_ == 0 && *got < into.size();
    return got;
  }
  [[nodiscard]] std::uint64_t expected() const override { return left_; }

 private:
  Descriptor file_;
  std::uint64_t left_;
  bool sized_, ended_ = false;
};

class StdinSource final : public ByteSource {
 public:
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    return read_some(STDIN_FILENO, into);
  }
};

/// Vicinity holds the directory of the path that was looked up last open, once a second one lies in it: from
/// there, the system has one name to look up instead of all on the way.
class Vicinity {
 public:
  struct Spot {
    int directory;
    const char* name;  ///< of the path's octets
  };
  [[nodiscard]] Spot find(const std::string& path) {
    const std::size_t behind = path.rfind('/') + 1;
    const Spot whole{AT_FDCWD, path.c_str()};
    if (behind == 0 || behind == path.size()) return whole;
    const std::string_view parent(path.data(), behind);
    if (parent != parent_) {
      parent_ = parent;
      directory_.reset();
      return whole;
    }
    if (!directory_) directory_.emplace(open(parent_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    return directory_->open() ? Spot{directory_->fd(), path.c_str() + behind} : whole;
  }

 private:
  std::string parent_;
  std::optional<Descriptor> directory_;
};
thread_local Vicinity vicinity;

int open_for_reading(const std::string& path) {
  const Vicinity::Spot spot = vicinity.find(path);
  return openat(spot.directory, spot.name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

FileFacts::Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileFacts::Kind::regular;
  if (S_ISDIR(mode)) return FileFacts::Kind::directory;
  return S_ISFIFO(mode) ? FileFacts::Kind::fifo : FileFacts::Kind::other;
}

}  // namespace

Result<FileFacts, std::string> RealEnv::look_at(const std::string& path) {
  struct stat facts {};
  const Vicinity::Spot spot = vicinity.find(path);
  if (fstatat(spot.directory, spot.name, &facts, 0) != 0) return fail(errno_text());
  return FileFacts{kind_of(facts.st_mode), std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino),
                   static_cast<std::uint64_t>(facts.st_size)};
}

Result<std::vector<std::string>, std::string> RealEnv::list_directory(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(path.c_str()), &closedir);
  if (!directory) return fail(errno_text());
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  if (errno != 0) return fail(errno_text());
  std::ranges::sort(names);
  return names;
}

Result<std::unique_ptr<ByteSource>, std::string> RealEnv::open_file(const std::string& path) {
  const int fd = open_for_reading(path);
  if (fd < 0) return fail(errno_text());
  struct stat facts {};
  const bool sized = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
  return std::make_unique<FileSource>(fd, sized ? static_cast<std::uint64_t>(facts.st_size) : 0);
}

Result<std::unique_ptr<ByteSource>, std::string> RealEnv::open_sized(const std::string& path,
                                                                     std::uint64_t size) {
  const int fd = open_for_reading(path);
  if (fd < 0) return fail(errno_text());
  return std::make_unique<FileSource>(fd, size);
}

std::unique_ptr<ByteSource> RealEnv::open_stdin() {
  return std::make_unique<StdinSource>();
}

Result<void, WriteFailure> RealEnv::write_stdout(std::string_view text) {
  return write_all(STDOUT_FILENO, text);
}

void RealEnv::write_stderr(std::string_view text) {
  // Nowhere is left to complain to.
  static_cast<void>(write_all(STDERR_FILENO, text));
}

std::unique_ptr<Network> RealEnv::open_network() {
  return open_real_network();
}

Instant RealEnv::now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

bool RealEnv::stdin_is_terminal() {
  return isatty(STDIN_FILENO) == 1;
}

bool RealEnv::stderr_is_terminal() {
  return isatty(STDERR_FILENO) == 1;
}

std::chrono::milliseconds RealEnv::elapsed() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

bool RealEnv::interrupted() {
  return was_interrupted();
}

// What this process may use, which in a container is less than what there is.
std::size_t RealEnv::processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<std::size_t>(std::max(CPU_COUNT(&set), 1));
}

bool RealEnv::stdout_is_terminal() {
  return isatty(STDOUT_FILENO) == 1;
}

std::size_t RealEnv::width() {
  constexpr std::size_t kUnknown = 80;
  if (!stdout_is_terminal()) return 0;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUnknown;
  return size.ws_col;
}

std::optional<std::string> RealEnv::variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace meshcert::cli
