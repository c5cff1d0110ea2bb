#include <string>
#include <utility>

#include "tests/fuzz/fuzzer.hpp"
#include "tls/client.hpp"
#include "tls/messages.hpp"
#include "tls/session.hpp"
#include "tls/staple.hpp"
#include "tls/starttls.hpp"

using namespace meshcert;
using fuzz::require;

namespace {

// The first octet chooses what the rest is.
enum class Kind : std::uint8_t { messages, staple, dialogue, session, plaintext, kinds };

const tls::Client& client() {
  static const tls::Client kClient = [] {
    auto made = tls::Client::make({});
    require(made.has_value());
    return std::move(*made);
  }();
  return kClient;
}

tls::Starttls protocol(std::uint8_t choice) {
  const auto words = tls::starttls_words();
  return *tls::starttls_from_string(words[choice % words.size()]);
}

void messages(ByteView octets) {
  for (const bool tls13 : {false, true}) {
    std::size_t total = 0;
    for (const auto& certificate : tls::certificate_list(octets, tls13)) total += certificate.size();
    require(total <= octets.size());
    const auto found = tls::authorities(octets, tls13, true, 3);
    require(found.names.size() <= 3 && found.names.size() <= found.count && found.count <= octets.size());
  }
}

// What is said before TLS is the same however the server's answer is cut.
void dialogue(ByteView octets, std::uint8_t choice) {
  tls::Dialogue whole(protocol(choice), "host'\"<.example"), cut(protocol(choice), "host'\"<.example");
  std::string said = whole.begin(), cut_said = cut.begin();
  require(said == cut_said);
  if (!octets.empty()) said += whole.receive(octets);
  for (const std::uint8_t octet : octets) {
    if (cut.state() != tls::Dialogue::State::talking) break;
    cut_said += cut.receive(ByteView(&octet, 1));
  }
  if (whole.state() == tls::Dialogue::State::refused) require(whole.answer().size() <= 120);
}

void session(ByteView octets, std::uint8_t choice, bool plaintext) {
  tls::SessionSettings settings;
  settings.server_name = settings.host = "host.example";
  settings.plaintext = plaintext;
  if ((choice & 0x80U) != 0 && !plaintext) settings.starttls = protocol(choice);
  tls::Session session(client(), settings);
  session.connected();
  static_cast<void>(session.take_output());
  for (std::size_t at = 0; at < octets.size() && !session.finished();) {
    const std::size_t count = std::min<std::size_t>(octets.size() - at, (choice & 0x40U) != 0 ? 3 : 4096);
    session.receive(octets.subspan(at, count));
    static_cast<void>(session.take_output());
    at += count;
  }
  if (!session.finished()) session.ended((choice & 0x20U) != 0 ? tls::Ending::reset : tls::Ending::closed);
  require(session.finished() && session.take_output().size() < 65536);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ByteView octets(data + 2, size - 2);
  switch (static_cast<Kind>(data[0] % static_cast<std::uint8_t>(Kind::kinds))) {
    case Kind::messages:
      messages(octets);
      break;
    case Kind::staple:
      static_cast<void>(tls::read_staple(octets));
      break;
    case Kind::dialogue:
      dialogue(octets, data[1]);
      break;
    case Kind::session:
      session(octets, data[1], false);
      break;
    case Kind::plaintext:
      session(octets, data[1], true);
      break;
    case Kind::kinds:
      break;
  }
  return 0;
}
