#include "tls/starttls.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.hpp"
#include "tls/plain_answer.hpp"

namespace meshcert::tls {
namespace {

/// Step of a protocol of lines: the answer that must come, and what is said to it.
struct Step {
  std::string_view expected;  ///< the beginning of the line that goes on; "" is no step
  std::string_view say;       ///< "%" stands for the host's name
};

/// Protocol is one row: how a server is brought to TLS.
struct Protocol {
  Starttls protocol;
  std::string_view word;
  std::string_view before;    ///< said before anything is heard
  std::array<Step, 3> steps;  ///< the last says nothing: TLS follows
};

constexpr std::string_view kStartLdap(  // ExtendedRequest 1.3.6.1.4.1.1466.20037 (RFC 4511 4.14.1)
    "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
    "1.3.6.1.4.1.1466.20037",
    31);
constexpr std::string_view kStartPostgres("\0\0\0\x08\x04\xd2\x16\x2f", 8);  // SSLRequest

constexpr std::array kProtocols = {
    // RFC 3207
    Protocol{Starttls::smtp,
             "smtp",
             "",
             {{{"220 ", "EHLO meshcert\r\n"}, {"250 ", "STARTTLS\r\n"}, {"220 ", ""}}}},
    // RFC 9051 6.2.1
    Protocol{Starttls::imap, "imap", "", {{{"* ", "a1 STARTTLS\r\n"}, {"a1 OK", ""}, {}}}},
    // RFC 2595 4
    Protocol{Starttls::pop3, "pop3", "", {{{"+OK", "STLS\r\n"}, {"+OK", ""}, {}}}},
    // RFC 4217
    Protocol{Starttls::ftp, "ftp", "", {{{"220 ", "AUTH TLS\r\n"}, {"234", ""}, {}}}},
    // RFC 6120 5.4
    Protocol{
        Starttls::xmpp,
        "xmpp",
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='%' version='1.0'>",
        {{{"<starttls", "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"}, {"<proceed", ""}, {}}}},
    Protocol{Starttls::ldap, "ldap", kStartLdap, {}},
    Protocol{Starttls::postgres, "postgres", kStartPostgres, {}},
    Protocol{Starttls::mysql, "mysql", "", {}},
};

constexpr std::size_t kLongestLine = 4096;

const Protocol& row_of(Starttls protocol) {
  return *std::ranges::find(kProtocols, protocol, &Protocol::protocol);
}

std::string with_host(std::string_view text, const std::string& host) {
  const std::size_t at = text.find('%');
  if (at == std::string_view::npos) return std::string(text);
  // What could end an attribute is left out: the name is the caller's, the stream is XML.
  std::string name;
  std::ranges::copy_if(host, std::back_inserter(name),
                       [](char c) { return std::string_view("'\"<>&").find(c) == std::string_view::npos; });
  return std::string(text.substr(0, at)) + name + std::string(text.substr(at + 1));
}

bool is_refusal(Starttls protocol, std::string_view line) {
  switch (protocol) {
    case Starttls::smtp:
    case Starttls::ftp:  // "250-" and "220-" go on; other codes are answers
      return line.size() >= 4 && line[3] != '-' && line[0] >= '4' && line[0] <= '5';
    case Starttls::imap:
      return line.starts_with("a1 ") || line.starts_with("* BYE");
    case Starttls::pop3:
      return line.starts_with("-");
    default:
      return false;
  }
}

// What the first line of a server of the protocol looks like. Behind it, one of FTP may say anything for a
// while.
bool is_greeting(Starttls protocol, std::string_view line) {
  switch (protocol) {
    case Starttls::smtp:
    case Starttls::ftp:
      return line.size() > 3 && base::are_digits(line.substr(0, 3));
    case Starttls::imap:
      return line.starts_with("* ");
    case Starttls::pop3:
      return line.starts_with('+') || line.starts_with('-');
    default:
      return true;
  }
}

// ExtendedResponse: the result code is the first ENUMERATED of it (RFC 4511 4.1.9).
std::optional<bool> ldap_agrees(std::string_view answer) {
  const std::size_t code = answer.find("\x0a\x01");
  if (code == std::string_view::npos || code + 2 >= answer.size()) return std::nullopt;
  return answer[code + 2] == 0;
}

// The greeting: a packet of protocol 10, in whose capabilities bit 11 is TLS.
std::optional<bool> mysql_agrees(std::string_view answer) {
  if (answer.size() < 5) return std::nullopt;
  if (answer[4] != 10) return false;
  const std::size_t version_end = answer.find('\0', 5);
  if (version_end == std::string_view::npos) return std::nullopt;
  const std::size_t capabilities = version_end + 1 + 4 + 8 + 1;
  if (answer.size() < capabilities + 2) return std::nullopt;
  return (static_cast<unsigned char>(answer[capabilities + 1]) & 0x08U) != 0;
}

// SSLRequest: a packet of 32 octets; capabilities protocol 4.1, TLS and long passwords.
std::string mysql_request() {
  std::string packet("\x20\0\0\x01\x05\x8a\0\0\0\0\0\x01\x21", 13);
  packet.resize(36, '\0');
  return packet;
}

}  // namespace

std::optional<Starttls> starttls_from_string(std::string_view word) {
  const auto row = std::ranges::find(kProtocols, word, &Protocol::word);
  return row == kProtocols.end() ? std::nullopt : std::optional(row->protocol);
}

std::vector<std::string_view> starttls_words() {
  std::vector<std::string_view> words;
  for (const Protocol& protocol : kProtocols) words.push_back(protocol.word);
  return words;
}

Dialogue::Dialogue(Starttls protocol, std::string host) : protocol_(protocol), host_(std::move(host)) {
  if (protocol_ == Starttls::none) state_ = State::ready;
}

std::string Dialogue::begin() {
  return state_ == State::ready ? std::string{} : with_host(row_of(protocol_).before, host_);
}

std::string Dialogue::refuse(std::string_view answer) {
  state_ = State::refused;
  answer_ = answer;
  return {};
}

std::string Dialogue::receive(ByteView octets) {
  if (octets.empty()) return {};
  buffer_.append(as_text(octets));
  if (buffer_.size() > kLongestLine * 16) return refuse("more than 64 KiB before TLS");
  const bool is_binary =
      protocol_ == Starttls::ldap || protocol_ == Starttls::postgres || protocol_ == Starttls::mysql;
  return is_binary ? binary() : lines();
}

std::string Dialogue::binary() {
  std::optional<bool> agrees;
  if (protocol_ == Starttls::ldap) agrees = ldap_agrees(buffer_);
  if (protocol_ == Starttls::postgres) agrees = buffer_.front() == 'S';
  if (protocol_ == Starttls::mysql) agrees = mysql_agrees(buffer_);
  if (!agrees) return {};
  if (!*agrees) return refuse(first_line(buffer_));
  state_ = State::ready;
  return protocol_ == Starttls::mysql ? mysql_request() : std::string{};
}

std::string Dialogue::lines() {
  // XML has no lines: what is waited for may stand anywhere.
  const bool xml = protocol_ == Starttls::xmpp;
  while (!buffer_.empty()) {
    const std::size_t end = buffer_.find(xml ? '>' : '\n');
    if (end == std::string::npos)
      return buffer_.size() > kLongestLine ? refuse(first_line(buffer_)) : std::string{};
    const std::string line = buffer_.substr(0, end + 1);
    buffer_.erase(0, end + 1);
    if (!std::exchange(greeted_, true) && !is_greeting(protocol_, line)) return refuse(first_line(line));
    const Step& step = row_of(protocol_).steps[step_];
    const std::size_t found = line.find(step.expected);
    if (xml ? found != std::string::npos : found == 0) {
      ++step_;
      if (step.say.empty()) {
        state_ = State::ready;
        return {};
      }
      return std::string(step.say);
    }
    const bool refused = xml ? (step_ == 0 && line.find("</stream:features") != std::string::npos) ||
                                   line.find("<failure") != std::string::npos
                             : is_refusal(protocol_, line);
    if (refused) return refuse(first_line(line));
  }
  return {};
}

}  // namespace meshcert::tls
