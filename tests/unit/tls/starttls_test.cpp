// What is said before TLS, word for word.
#include "tls/starttls.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace meshcert;
using namespace meshcert::tls;

namespace {

using State = Dialogue::State;

struct Row {
  std::string_view word;
  std::vector<std::string> heard;  ///< what the server says, in turn
  std::string said;                ///< all that we say
  State state;
};

const std::string kMysql = std::string("\x4a\0\0\0\x0a", 5) + "8.0.36" + std::string(1, '\0') + "abcd" +
                           "12345678" + std::string(1, '\0') + std::string("\xff\xff", 2) +
                           std::string(30, '\0');

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {"smtp",
       {"220-a\r\n220 b\r\n", "250-c\r\n250 d\r\n", "220 go\r\n"},
       "EHLO meshcert\r\nSTARTTLS\r\n",
       State::ready},
      {"smtp", {"220 b\r\n", "502 no\r\n"}, "EHLO meshcert\r\n", State::refused},
      {"imap", {"* OK hello\r\n", "* CAPABILITY\r\na1 OK go\r\n"}, "a1 STARTTLS\r\n", State::ready},
      {"imap", {"* OK hello\r\n", "a1 NO\r\n"}, "a1 STARTTLS\r\n", State::refused},
      {"pop3", {"+OK\r\n", "+OK\r\n"}, "STLS\r\n", State::ready},
      {"pop3", {"+OK\r\n", "-ERR\r\n"}, "STLS\r\n", State::refused},
      {"ftp", {"220 a\r\n", "234 go\r\n"}, "AUTH TLS\r\n", State::ready},
      {"ftp", {"220 a\r\n", "530 no\r\n"}, "AUTH TLS\r\n", State::refused},
      {"postgres", {"S"}, std::string("\0\0\0\x08\x04\xd2\x16\x2f", 8), State::ready},
      {"postgres", {"N"}, std::string("\0\0\0\x08\x04\xd2\x16\x2f", 8), State::refused},
      {"ldap",
       {std::string("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00", 14)},
       std::string("\x30\x1d\x02\x01\x01\x77\x18\x80\x16", 9) + "1.3.6.1.4.1.1466.20037",
       State::ready},
      {"ldap",
       {std::string("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\x00\x04\x00", 14)},
       std::string("\x30\x1d\x02\x01\x01\x77\x18\x80\x16", 9) + "1.3.6.1.4.1.1466.20037",
       State::refused},
      {"mysql",
       {kMysql},
       std::string("\x20\0\0\x01\x05\x8a\0\0\0\0\0\x01\x21", 13) + std::string(23, '\0'),
       State::ready},
      {"mysql", {std::string("\x04\0\0\0\xff", 5) + "no"}, "", State::refused},
      {"xmpp",
       {"<?xml version='1.0'?><stream:stream id='1'>",
        "<stream:features><starttls xmlns='x'/></stream:features>", "<proceed xmlns='x'/>"},
       "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='h' "
       "version='1.0'><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
       State::ready},
      {"xmpp",
       {"<stream:stream><stream:features></stream:features>"},
       "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='h' version='1.0'>",
       State::refused},
  };
  return table;
}

}  // namespace

TEST_CASE("each protocol is led to TLS, and a refusal is one") {
  for (const Row& row : rows()) {
    CAPTURE(row.word);
    Dialogue dialogue(*starttls_from_string(row.word), "h");
    std::string said = dialogue.begin();
    for (const std::string& heard : row.heard) said += dialogue.receive(as_bytes(heard));
    CHECK(said == row.said);
    CHECK(dialogue.state() == row.state);
  }
}

TEST_CASE("octets that come one by one say the same") {
  for (const Row& row : rows()) {
    CAPTURE(row.word);
    Dialogue dialogue(*starttls_from_string(row.word), "h");
    std::string said = dialogue.begin();
    for (const std::string& heard : row.heard)
      for (const char octet : heard)
        if (dialogue.state() == State::talking) said += dialogue.receive(as_bytes(std::string(1, octet)));
    CHECK(said == row.said);
    CHECK(dialogue.state() == row.state);
  }
}

TEST_CASE("a greeting without end is refused, and a host cannot leave its attribute") {
  Dialogue endless(Starttls::smtp, "h");
  for (int i = 0; i < 100 && endless.state() == State::talking; ++i)
    static_cast<void>(endless.receive(as_bytes(std::string(1000, '2'))));
  CHECK(endless.state() == State::refused);
  CHECK(Dialogue(Starttls::xmpp, "a'><b").begin().find("to='ab'") != std::string::npos);
  CHECK(Dialogue(Starttls::none, "h").state() == State::ready);
  CHECK_FALSE(starttls_from_string("gopher"));
}

TEST_CASE("a server of another protocol is told by its first line") {
  const auto state_after = [](const char* word, const std::string& heard) {
    Dialogue dialogue(*starttls_from_string(word), "h");
    std::string said = dialogue.begin();
    said += dialogue.receive(as_bytes(heard));
    return dialogue.state();
  };
  for (const char* word : {"smtp", "ftp", "imap", "pop3"})
    CHECK(state_after(word, "SSH-2.0-OpenSSH_9.2p1\r\n") == State::refused);
  CHECK(state_after("smtp", "* OK IMAP4rev1\r\n") == State::refused);
  CHECK(state_after("imap", "+OK POP3\r\n") == State::refused);
  CHECK(state_after("pop3", "220 mail\r\n") == State::refused);
  CHECK(state_after("imap", "* OK IMAP4rev1\r\n") == State::talking);
  CHECK(state_after("pop3", "+OK POP3\r\n") == State::talking);
  CHECK(state_after("smtp", "220-mail\r\n220 mail\r\n") == State::talking);
  CHECK(state_after("ftp", "220-Welcome to\r\n our server\r\n220 ftp\r\n") == State::talking);
}

TEST_CASE("what a server refuses with is cut between characters") {
  const std::string e = "\xC3\xA9", fits(114, 'x'), cut(115, 'x');
  const auto answer_to = [](const std::string& line) {
    Dialogue dialogue(Starttls::smtp, "h");
    std::string said = dialogue.receive(as_bytes("220 b\r\n"));
    said += dialogue.receive(as_bytes(line + "\r\n"));
    return dialogue.answer();
  };
  CHECK(answer_to("502 " + fits + e + "more") == "502 " + fits + e);
  CHECK(answer_to("502 " + cut + e + "more") == "502 " + cut);
}
