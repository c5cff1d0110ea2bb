#include "meshcert/real_network.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <utility>

namespace meshcert::cli {
namespace {

NetworkFailure failure_of(int error) {
  using Kind = NetworkFailure::Kind;
  switch (error) {
    case EAGAIN:
      return {Kind::not_now, ""};
    case ECONNREFUSED:
      return {Kind::refused, "connection refused"};
    case ECONNRESET:
    case EPIPE:
      return {Kind::reset, "connection reset"};
    default:
      return {Kind::unreachable, std::strerror(error)};
  }
}

std::string address_text(const sockaddr* address, socklen_t size) {
  char host[NI_MAXHOST];
  char port[NI_MAXSERV];
  constexpr int kNumeric = NI_NUMERICHOST | NI_NUMERICSERV;
  if (getnameinfo(address, size, host, sizeof host, port, sizeof port, kNumeric) != 0) return "?";
  const bool is_v6 = address->sa_family == AF_INET6;
  return (is_v6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" + port;
}

std::vector<Address> addresses_of(const addrinfo* list) {
  std::vector<Address> addresses;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next)
    addresses.push_back({std::string(reinterpret_cast<const char*>(entry->ai_addr), entry->ai_addrlen),
                         address_text(entry->ai_addr, entry->ai_addrlen)});
  return addresses;
}

addrinfo hints(int flags) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags | AI_NUMERICSERV;
  return wanted;
}

/// Lookup is one question to the resolver, which answers in its own time: glibc asks
/// in a thread of its own (getaddrinfo_a).
class Lookup {
 public:
  Lookup(std::string host, std::string port)
      : host_(std::move(host)), port_(std::move(port)), hints_(hints(AI_ADDRCONFIG)) {
    request_.ar_name = host_.c_str();
    request_.ar_service = port_.c_str();
    request_.ar_request = &hints_;
    gaicb* list[] = {&request_};
    started_ = getaddrinfo_a(GAI_NOWAIT, list, 1, nullptr);
  }
  ~Lookup() {
    if (request_.ar_result != nullptr) freeaddrinfo(request_.ar_result);
  }
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  [[nodiscard]] std::optional<Result<std::vector<Address>, std::string>> answer() {
    const int state = started_ != 0 ? started_ : gai_error(&request_);
    if (state == EAI_INPROGRESS) return std::nullopt;
    if (state != 0) return fail(std::string(gai_strerror(state)));
    return addresses_of(request_.ar_result);
  }
  /// cancel answers whether the resolver is through with it.
  [[nodiscard]] bool cancel() { return started_ != 0 || gai_cancel(&request_) != EAI_NOTCANCELED; }

 private:
  std::string host_, port_;
  addrinfo hints_;
  gaicb request_{};
  int started_ = 0;
};

class RealNetwork final : public Network {
 public:
  RealNetwork() = default;
  RealNetwork(const RealNetwork&) = delete;
  RealNetwork& operator=(const RealNetwork&) = delete;
  ~RealNetwork() override {
    // What the resolver still works at must stay where it is until the process ends.
    for (auto& [name, lookup] : lookups_)
      if (!lookup->cancel()) static_cast<void>(lookup.release());
  }

  std::optional<Result<std::vector<Address>, std::string>> look_up(const std::string& host,
                                                                   std::uint16_t port) override {
    const std::string service = std::to_string(port);
    const addrinfo wanted = hints(AI_NUMERICHOST);
    addrinfo* numeric = nullptr;
    if (getaddrinfo(host.c_str(), service.c_str(), &wanted, &numeric) == 0) {
      auto addresses = addresses_of(numeric);
      freeaddrinfo(numeric);
      return addresses;
    }
    auto& lookup = lookups_[host + " " + service];
    if (!lookup) lookup = std::make_unique<Lookup>(host, service);
    return lookup->answer();
  }

  Result<Address, std::string> unix_address(const std::string& path) override {
    sockaddr_un address{};
    if (path.empty() || path.size() >= sizeof address.sun_path)
      return fail(std::string("the path of a socket has 1 to 107 characters"));
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    return Address{std::string(reinterpret_cast<const char*>(&address), sizeof address), "unix:" + path};
  }

  Result<Handle, NetworkFailure> connect(const Address& address) override {
    const auto* target = reinterpret_cast<const sockaddr*>(address.octets.data());
    const int fd = socket(target->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return fail(failure_of(errno));
    const int on = 1;
    if (target->sa_family != AF_UNIX) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd, target, static_cast<socklen_t>(address.octets.size())) == 0 || errno == EINPROGRESS)
      return fd;
    // A listener of a unix socket whose queue is full says so at once.
    const NetworkFailure why = errno == EAGAIN
                                   ? NetworkFailure{NetworkFailure::Kind::refused, "its queue is full"}
                                   : failure_of(errno);
    ::close(fd);
    return fail(why);
  }

  Result<void, NetworkFailure> finish_connect(Handle handle) override {
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(handle, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return fail(failure_of(error));
    return {};
  }

  Result<std::size_t, NetworkFailure> read(Handle handle, std::span<std::uint8_t> into) override {
    const ssize_t got = recv(handle, into.data(), into.size(), 0);
    if (got < 0) return fail(failure_of(errno == EINTR ? EAGAIN : errno));
    return static_cast<std::size_t>(got);
  }

  Result<std::size_t, NetworkFailure> write(Handle handle, std::string_view octets) override {
    const ssize_t sent = send(handle, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent < 0) return fail(failure_of(errno == EINTR ? EAGAIN : errno));
    return static_cast<std::size_t>(sent);
  }

  void close(Handle handle) override { ::close(handle); }

  void wait(std::span<Interest> interests, std::chrono::milliseconds most) override {
    std::vector<pollfd> polled;
    polled.reserve(interests.size());
    for (const Interest& interest : interests)
      polled.push_back({interest.handle, static_cast<short>(interest.writable ? POLLOUT : POLLIN), 0});
    poll(polled.data(), polled.size(), static_cast<int>(most.count()));
    for (std::size_t i = 0; i < polled.size(); ++i) interests[i].ready = polled[i].revents != 0;
  }

  std::chrono::milliseconds clock() override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
  }

 private:
  std::map<std::string, std::unique_ptr<Lookup>> lookups_;
};

}  // namespace

std::unique_ptr<Network> open_real_network() {
  return std::make_unique<RealNetwork>();
}

}  // namespace meshcert::cli
