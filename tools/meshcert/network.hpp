#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/result.hpp"

namespace meshcert::cli {

/// NetworkFailure is why a call on a connection did nothing.
struct NetworkFailure {
  enum class Kind : std::uint8_t { refused, reset, unreachable, not_now };
  Kind kind = Kind::unreachable;
  std::string message;  ///< the system's sentence
};

/// Address is one place to connect to.
struct Address {
  std::string octets;  ///< a sockaddr
  std::string text;    ///< "10.96.0.10:15012", "[fd00::1]:443", "unix:/run/x.sock"
};

/// Network is connections of this process, none of which ever waits but in wait().
class Network {
 public:
  using Handle = int;
  /// Interest is a connection, and what it waits for.
  struct Interest {
    Handle handle;
    bool writable = false;  ///< else readable
    bool ready = false;     ///< set by wait
  };

  virtual ~Network() = default;

  /// look_up finds the addresses of a host; nullopt while they are not known yet: ask
  /// again. Fails with the resolver's sentence.
  [[nodiscard]] virtual std::optional<Result<std::vector<Address>, std::string>> look_up(
      const std::string& host, std::uint16_t port) = 0;
  /// unix_address is that of a socket in the file system.
  [[nodiscard]] virtual Result<Address, std::string> unix_address(const std::string& path) = 0;

  /// connect begins; it is done when the handle is writable and finish_connect agrees.
  [[nodiscard]] virtual Result<Handle, NetworkFailure> connect(const Address& address) = 0;
  [[nodiscard]] virtual Result<void, NetworkFailure> finish_connect(Handle handle) = 0;
  /// read returns 0 at the end; fails with not_now where there is nothing yet.
  [[nodiscard]] virtual Result<std::size_t, NetworkFailure> read(Handle handle,
                                                                 std::span<std::uint8_t> into) = 0;
  [[nodiscard]] virtual Result<std::size_t, NetworkFailure> write(Handle handle, std::string_view octets) = 0;
  virtual void close(Handle handle) = 0;

  /// wait blocks until one of them is ready or the time is up.
  virtual void wait(std::span<Interest> interests, std::chrono::milliseconds most) = 0;
  /// clock runs evenly from some beginning.
  [[nodiscard]] virtual std::chrono::milliseconds clock() = 0;
};

}  // namespace meshcert::cli
