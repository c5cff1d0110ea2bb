#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/bytes.hpp"
#include "meshcert/probe.hpp"
#include "tls/client.hpp"
#include "tls/starttls.hpp"

struct ssl_st;

namespace meshcert::tls {

/// SessionSettings is what is particular to one server.
struct SessionSettings {
  std::string server_name;  ///< SNI; "" sends none
  std::string host;         ///< for the greeting of XMPP and the request's Host
  Starttls starttls = Starttls::none;
  bool plaintext = false;  ///< one HTTP/1.1 request instead of a handshake
};

/// How a connection ended that we did not end.
enum class Ending : std::uint8_t { closed, reset };

/// Session is one conversation with a server: octets go in and out, and it opens no
/// connection itself. It sends what STARTTLS and the handshake need, close_notify,
/// and nothing else; with `plaintext` one request, and no handshake.
class Session {
 public:
  /// `client` must outlive the session.
  Session(const Client& client, SessionSettings settings);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// connected begins, once there is a connection.
  void connected();
  /// receive takes octets of the server.
  void receive(ByteView octets);
  /// ended: the server closed or reset the connection.
  void ended(Ending ending);
  /// stop ends it from outside: the time is up, or nothing listens.
  void stop(ProbeOutcome outcome, std::string stage, std::string detail);

  /// take_output returns what is to be sent.
  [[nodiscard]] std::string take_output();
  [[nodiscard]] bool finished() const { return finished_; }
  /// lingers: the handshake is done, and only a refusal of the client may still come,
  /// which TLS 1.3 sends after it. Silence means that there is none: settle(), whose
  /// detail says what was not waited for.
  [[nodiscard]] bool lingers() const { return lingering_ && !finished_; }
  void settle(std::string detail = {});
  [[nodiscard]] std::string_view stage() const;

  [[nodiscard]] const Probe& probe() const { return probe_; }
  [[nodiscard]] Probe& probe() { return probe_; }
  /// chain is what the server presented, as it presented it, well-formed or not.
  [[nodiscard]] std::vector<std::vector<std::uint8_t>>& chain() { return chain_; }

 private:
  struct Free {
    void operator()(ssl_st* ssl) const;
  };

  void start_handshake();
  void advance();
  void complete();
  void note_agreement();
  void broke_off();
  void finish(ProbeOutcome outcome, std::string detail);
  void receive_plaintext(ByteView octets);
  void end_plaintext(std::string_view how);
  void finish_plaintext();
  bool refuses_client(std::uint8_t alert) const;
  void note_message(std::uint8_t content_type, ByteView octets);
  static void on_message(int sent, int version, int content_type, const void* data, std::size_t size,
                         ssl_st* ssl, void* session);

  const Client& client_;
  SessionSettings settings_;
  Dialogue dialogue_;
  std::unique_ptr<ssl_st, Free> ssl_;
  Probe probe_;
  std::vector<std::vector<std::uint8_t>> chain_;
  std::string output_;
  std::uint64_t received_ = 0;
  std::string head_;  // the first octets, until they tell whether it is TLS, or what was answered
  bool is_tls_ = false;
  bool lingering_ = false;
  bool finished_ = false;
  bool ticket_ = false;
  int alert_ = -1;  // the last that the server sent
};

}  // namespace meshcert::tls
