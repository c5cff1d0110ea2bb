#include "tests/support/fake_network.hpp"

#include <algorithm>
#include <utility>

namespace meshcert::testing {

using cli::NetworkFailure;
using std::chrono::milliseconds;

std::optional<Result<std::vector<cli::Address>, std::string>> FakeNetwork::look_up(const std::string& host,
                                                                                   std::uint16_t port) {
  if (host == "nowhere.example") return fail(std::string("Name or service not known"));
  return std::vector<cli::Address>{{std::to_string(port), "192.0.2.1:" + std::to_string(port)}};
}

Result<cli::Address, std::string> FakeNetwork::unix_address(const std::string& path) {
  return cli::Address{"0", "unix:" + path};
}

Result<cli::Network::Handle, NetworkFailure> FakeNetwork::connect(const cli::Address& address) {
  const auto port = static_cast<std::uint16_t>(std::stoi(address.octets));
  const auto server = servers.find(port);
  if (server == servers.end() && port != 1)
    return fail(NetworkFailure{NetworkFailure::Kind::refused, "connection refused"});
  Connection& made = open_[next_];
  if (server != servers.end()) {
    made.server = server->second();
    made.to_read = made.server->connected();
  }
  record->most_open = std::max(record->most_open, open_.size());
  return next_++;
}

Result<void, NetworkFailure> FakeNetwork::finish_connect(Handle /*handle*/) {
  return {};
}

Result<std::size_t, NetworkFailure> FakeNetwork::read(Handle handle, std::span<std::uint8_t> into) {
  Connection& connection = open_.at(handle);
  std::string& text = connection.to_read;
  if (!text.empty()) {
    const std::size_t count = std::min(text.size(), into.size());
    std::copy_n(text.begin(), count, into.begin());
    text.erase(0, count);
    return count;
  }
  if (!connection.leaves()) return fail(NetworkFailure{NetworkFailure::Kind::not_now, ""});
  if (connection.server->after() == FakeServer::After::close) return std::size_t{0};
  return fail(NetworkFailure{NetworkFailure::Kind::reset, "connection reset"});
}

Result<std::size_t, NetworkFailure> FakeNetwork::write(Handle handle, std::string_view octets) {
  record->heard += octets;
  Connection& connection = open_.at(handle);
  connection.to_come += connection.server->receive(octets);
  connection.due = clock_ + latency;
  deliver();
  return octets.size();
}

void FakeNetwork::deliver() {
  for (auto& [handle, connection] : open_)
    if (clock_ >= connection.due) connection.to_read += std::exchange(connection.to_come, {});
}

void FakeNetwork::wait(std::span<Interest> interests, milliseconds most) {
  bool any = false;
  for (Interest& interest : interests) {
    const Connection& connection = open_.at(interest.handle);
    if (!connection.server) continue;
    interest.ready = interest.writable || !connection.to_read.empty() || connection.leaves();
    any = any || interest.ready;
    if (!connection.to_come.empty()) most = std::min(most, connection.due - clock_);
  }
  if (any) return;
  const milliseconds step = std::clamp(most, milliseconds{1}, milliseconds{1000});
  clock_ += step;
  deliver();
  if (step == milliseconds{1000})
    for (auto& [handle, connection] : open_)
      if (connection.server) connection.to_read += connection.server->each_second();
}

}  // namespace meshcert::testing
