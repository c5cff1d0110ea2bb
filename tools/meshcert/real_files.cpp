// Files that are replaced whole, programs that are started, and signals.

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "meshcert/real_env.hpp"
#include "meshcert/system.hpp"

extern char** environ;

namespace meshcert::cli {
namespace {

volatile std::sig_atomic_t signal_seen = 0;

void note_signal(int /*signal*/) {
  signal_seen = 1;
}

WriteFailure write_failure() {
  return {errno == EPIPE, errno_text()};
}

/// resolved follows symbolic links, so that replacing a file leaves them alone.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
  if (real) return real.get();
  // A link to what is not there yet, or a name of nothing.
  constexpr int kLinks = 40;
  std::filesystem::path target = path;
  std::error_code error;
  for (int i = 0; i < kLinks && std::filesystem::is_symlink(target, error); ++i)
    target = target.parent_path() / std::filesystem::read_symlink(target, error);
  return error && !std::filesystem::is_symlink(path, error) ? path : target.string();
}

/// Stream is what is no regular file: a FIFO, /dev/stdout.
class Stream final : public Replacement {
 public:
  explicit Stream(int fd) : file_(fd) {}
  Result<void, WriteFailure> write(std::string_view text) override { return write_all(file_.fd(), text); }
  Result<void, WriteFailure> commit() override { return {}; }

 private:
  Descriptor file_;
};

/// Renamed is a temporary file beside its target, which takes the target's place.
class Renamed final : public Replacement {
 public:
  Renamed(int fd, std::string temporary, std::string target)
      : file_(fd), temporary_(std::move(temporary)), target_(std::move(target)) {}
  ~Renamed() override {
    if (!temporary_.empty()) unlink(temporary_.c_str());
  }
  Renamed(const Renamed&) = delete;
  Renamed& operator=(const Renamed&) = delete;

  Result<void, WriteFailure> write(std::string_view text) override { return write_all(file_.fd(), text); }
  // Flushed before it is renamed: after a power cut there is the old file or the new, not an empty one.
  Result<void, WriteFailure> commit() override {
    // Renamed before it is closed, which ends the lock: until then it could be taken for a leftover.
    if (fsync(file_.fd()) != 0) return fail(write_failure());
    if (rename(temporary_.c_str(), target_.c_str()) != 0) return fail(write_failure());
    temporary_.clear();
    return {};
  }

 private:
  Descriptor file_;
  std::string temporary_, target_;
};

bool is_locked(int fd) {
  return flock(fd, LOCK_EX | LOCK_NB) != 0;
}

/// is_temporary: a name that create_beside gives, of this target.
bool is_temporary(std::string_view name, std::string_view target) {
  const std::string prefix = std::string(target) + ".meshcert-";
  return name.starts_with(prefix) && name.size() > prefix.size() &&
         name.find_first_not_of("0123456789-", prefix.size()) == std::string_view::npos;
}

/// remove_leftovers of runs that were killed: nobody holds their lock any more.
void remove_leftovers(const std::filesystem::path& target) {
  std::error_code error;
  const std::filesystem::path directory = target.has_parent_path() ? target.parent_path() : ".";
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    if (!is_temporary(at->path().filename().native(), target.filename().native())) continue;
    const Descriptor file(open(at->path().c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.open() && !is_locked(file.fd())) static_cast<void>(unlink(at->path().c_str()));
  }
}

/// In a container every run has the same process number, and another may be at work: other
/// names are tried. What it makes is locked while it is written.
std::pair<int, std::string> create_beside(const std::string& target) {
  constexpr int kTries = 100;
  remove_leftovers(target);
  std::string name;
  for (int i = 0; i < kTries; ++i) {
    name = target + ".meshcert-" + std::to_string(getpid()) + (i == 0 ? "" : "-" + std::to_string(i));
    const int fd = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST) continue;
    struct stat facts {};
    // Another may have taken it for a leftover before it was locked; where there are no locks, nobody does.
    if (fd < 0 || (is_locked(fd) && errno != EWOULDBLOCK) || (fstat(fd, &facts) == 0 && facts.st_nlink != 0))
      return {fd, name};
    close(fd);
  }
  return {-1, name};
}

class Process final : public Command, private ByteSource {
 public:
  Process(pid_t child, int output) : child_(child), output_(output) {}
  ~Process() override {
    if (child_ > 0) static_cast<void>(finish());
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  ByteSource& output() override { return *this; }
  // After a signal it is asked to end, and killed if it does not: it may wait for a server for ever.
  int finish() override {
    constexpr int kTick = 10, kPatience = 200;  // milliseconds, ticks
    constexpr int kSignals = 128;
    static_cast<void>(output_.close_now());
    int status = 0;
    for (int ticks = 0; waitpid(child_, &status, WNOHANG) == 0;) {
      if (was_interrupted() && (ticks == 0 || ticks == kPatience))
        kill(child_, ticks == 0 ? SIGTERM : SIGKILL);
      ticks += was_interrupted() ? 1 : 0;
      poll(nullptr, 0, kTick);
    }
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : kSignals + WTERMSIG(status);
  }

 private:
  // A signal that comes just before it waits is not slept through.
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    constexpr int kTick = 200;  // milliseconds
    pollfd ready{output_.fd(), POLLIN, 0};
    while (poll(&ready, 1, kTick) <= 0)
      if (was_interrupted()) return fail(std::string("interrupted"));
    return read_some(output_.fd(), into);
  }

  pid_t child_;
  Descriptor output_;
};

}  // namespace

std::string errno_text() {
  return std::strerror(errno);
}

bool was_interrupted() {
  return signal_seen != 0;
}

Result<std::size_t, std::string> read_some(int fd, std::span<std::uint8_t> into) {
  for (;;) {
    const ssize_t got = read(fd, into.data(), into.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR || was_interrupted()) return fail(errno_text());
  }
}

Result<void, WriteFailure> write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(write_failure());
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::unique_ptr<Replacement>, WriteFailure> RealEnv::begin_replacing(const std::string& path) {
  struct stat old {};
  const bool exists = stat(path.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode)) {
    // By the name that was given: a pipe behind /dev/stdout has no other.
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return fail(write_failure());
    return std::make_unique<Stream>(fd);
  }
  const std::string target = resolved(path);
  auto [fd, temporary] = create_beside(target);
  if (fd < 0) return fail(write_failure());
  if (exists) static_cast<void>(fchmod(fd, old.st_mode & 07777));
  return std::make_unique<Renamed>(fd, std::move(temporary), target);
}

Result<std::unique_ptr<Command>, std::string> RealEnv::start(const std::vector<std::string>& words) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) return fail(errno_text());
  const Descriptor writing(ends[1]);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, writing.fd(), STDOUT_FILENO);
  pid_t child = -1;
  const int error = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  auto process = std::make_unique<Process>(child, ends[0]);
  if (error != 0) return fail(std::string(std::strerror(error)));
  return process;
}

void RealEnv::watch_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second ends the program; read(2) is not restarted
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // Whom nohup started, a terminal that closes does not concern.
  struct sigaction before {};
  if (sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
    sigaction(SIGHUP, &action, nullptr);
}

}  // namespace meshcert::cli
