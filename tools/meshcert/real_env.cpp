#include "meshcert/real_env.hpp"

#include "meshcert/real_network.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <span>

namespace meshcert::cli {
namespace {

std::string errno_text() {
  return std::strerror(errno);
}

/// Descriptor closes what it owns.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  /// close_now reports what a delayed write may only say here.
  [[nodiscard]] bool close_now() {
    const int fd = fd_;
    fd_ = -1;
    return close(fd) == 0;
  }

 private:
  int fd_;
};

/// read_some is read(2), never a mapping: a file that shrinks meanwhile must not raise SIGBUS.
Result<std::size_t, std::string> read_some(int fd, std::span<std::uint8_t> into) {
  for (;;) {
    const ssize_t got = read(fd, into.data(), into.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return fail(errno_text());
  }
}

/// FileSource reads a file that it keeps open.
class FileSource final : public ByteSource {
 public:
  explicit FileSource(int fd) : file_(fd) {
    struct stat facts {};
    const bool sized = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0;
    left_ = sized ? static_cast<std::uint64_t>(facts.st_size) : 0;
  }
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    const auto got = read_some(file_.fd(), into);
    left_ -= got ? std::min<std::uint64_t>(left_, *got) : 0;
    return got;
  }
  [[nodiscard]] std::uint64_t expected() const override { return left_; }

 private:
  Descriptor file_;
  std::uint64_t left_ = 0;
};

class StdinSource final : public ByteSource {
 public:
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    return read_some(STDIN_FILENO, into);
  }
};

Result<void, WriteFailure> write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(WriteFailure{errno == EPIPE, errno_text()});
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

FileFacts::Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileFacts::Kind::regular;
  if (S_ISDIR(mode)) return FileFacts::Kind::directory;
  return S_ISFIFO(mode) ? FileFacts::Kind::fifo : FileFacts::Kind::other;
}

/// resolved follows symbolic links, so that replacing a file leaves them alone.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : path;
}

}  // namespace

Result<FileFacts, std::string> RealEnv::look_at(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) return fail(errno_text());
  return FileFacts{kind_of(facts.st_mode), std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino)};
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
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return fail(errno_text());
  return std::make_unique<FileSource>(fd);
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

Result<void, WriteFailure> RealEnv::replace_file(const std::string& path, std::string_view text) {
  struct stat old {};
  const std::string target = resolved(path);
  const bool exists = stat(target.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode)) {
    const Descriptor file(open(target.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!file.open()) return fail(WriteFailure{false, errno_text()});
    return write_all(file.fd(), text);
  }
  const std::string temporary = target + ".meshcert-" + std::to_string(getpid());
  Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.open()) return fail(WriteFailure{false, errno_text()});
  if (exists) static_cast<void>(fchmod(file.fd(), old.st_mode & 07777));
  auto written = write_all(file.fd(), text);
  if (written && !file.close_now()) written = fail(WriteFailure{false, errno_text()});
  if (written && rename(temporary.c_str(), target.c_str()) != 0)
    written = fail(WriteFailure{false, errno_text()});
  if (!written) unlink(temporary.c_str());
  return written;
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
