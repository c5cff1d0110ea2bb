#pragma once

#include <unistd.h>

#include <span>
#include <string>
#include <string_view>

#include "meshcert/env.hpp"

namespace meshcert::cli {

/// What the files that speak to the operating system share.

/// errno_text is the system's sentence.
[[nodiscard]] std::string errno_text();
/// read_some is read(2), never a mapping: a file that shrinks meanwhile must not raise SIGBUS.
[[nodiscard]] Result<std::size_t, std::string> read_some(int fd, std::span<std::uint8_t> into);
[[nodiscard]] Result<void, WriteFailure> write_all(int fd, std::string_view text);
/// was_interrupted: watch_interrupts was called, and a signal came.
[[nodiscard]] bool was_interrupted();

/// Descriptor closes what it owns.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
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

}  // namespace meshcert::cli
