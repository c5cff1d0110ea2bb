#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/bytes.hpp"

namespace meshcert::tls {

/// Starttls is the protocol that is spoken before TLS.
enum class Starttls : std::uint8_t { none, smtp, imap, pop3, ftp, ldap, postgres, mysql, xmpp };
[[nodiscard]] std::optional<Starttls> starttls_from_string(std::string_view word);
[[nodiscard]] std::vector<std::string_view> starttls_words();

/// Dialogue says what must be said before a server of another protocol goes over to
/// TLS, and nothing else. It opens no connection: octets go in and out.
class Dialogue {
 public:
  enum class State : std::uint8_t { talking, ready, refused };

  Dialogue(Starttls protocol, std::string host);

  /// begin is what is sent before the server has said anything.
  [[nodiscard]] std::string begin();
  /// receive takes what the server says and returns what is sent next.
  [[nodiscard]] std::string receive(ByteView octets);
  [[nodiscard]] State state() const { return state_; }
  /// answer is the server's last line, where it refused.
  [[nodiscard]] const std::string& answer() const { return answer_; }

 private:
  std::string lines();
  std::string binary();
  std::string refuse(std::string_view answer);

  Starttls protocol_;
  std::string host_;
  State state_ = State::talking;
  std::size_t step_ = 0;
  bool greeted_ = false;  ///< a whole line was heard
  std::string buffer_;
  std::string answer_;
};

}  // namespace meshcert::tls
