#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "meshcert/network.hpp"

namespace meshcert::testing {

/// FakeServer is the other side of one connection, in memory.
class FakeServer {
 public:
  enum class After : std::uint8_t { open, close, reset };
  virtual ~FakeServer() = default;
  /// connected and receive return what the server says.
  virtual std::string connected() { return {}; }
  virtual std::string receive(std::string_view octets) = 0;
  /// each_second is what it says by itself as time goes by.
  virtual std::string each_second() { return {}; }
  /// after: what it does once all is said.
  [[nodiscard]] virtual After after() const { return After::open; }
};

/// FakeNetwork is servers by their port, and a clock that moves only in wait().
/// Elsewhere nothing listens; port 1 never answers at all. Hosts resolve to one
/// address, but "nowhere.example" does not.
class FakeNetwork final : public cli::Network {
 public:
  std::map<std::uint16_t, std::function<std::unique_ptr<FakeServer>()>> servers;
  /// Record outlives the network.
  struct Record {
    std::string heard;          ///< everything that any server was told
    std::size_t most_open = 0;  ///< connections at one time
  };
  std::chrono::milliseconds latency{0};  ///< from what a server is told to its answer
  std::shared_ptr<Record> record = std::make_shared<Record>();

  std::optional<Result<std::vector<cli::Address>, std::string>> look_up(const std::string& host,
                                                                        std::uint16_t port) override;
  Result<cli::Address, std::string> unix_address(const std::string& path) override;
  Result<Handle, cli::NetworkFailure> connect(const cli::Address& address) override;
  Result<void, cli::NetworkFailure> finish_connect(Handle handle) override;
  Result<std::size_t, cli::NetworkFailure> read(Handle handle, std::span<std::uint8_t> into) override;
  Result<std::size_t, cli::NetworkFailure> write(Handle handle, std::string_view octets) override;
  void close(Handle handle) override { open_.erase(handle); }
  void wait(std::span<Interest> interests, std::chrono::milliseconds most) override;
  std::chrono::milliseconds clock() override { return clock_; }

 private:
  struct Connection {
    std::unique_ptr<FakeServer> server;  // null: a port that never answers
    std::string to_read;
    std::string to_come = {};  ///< what it says when it is due
    std::chrono::milliseconds due{};

    [[nodiscard]] bool leaves() const {
      return to_come.empty() && server->after() != FakeServer::After::open;
    }
  };
  void deliver();

  std::map<Handle, Connection> open_;
  Handle next_ = 3;
  std::chrono::milliseconds clock_{1000};
};

}  // namespace meshcert::testing
