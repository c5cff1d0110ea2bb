#include "tls/session.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/words.hpp"
#include "tls/messages.hpp"
#include "tls/plain_answer.hpp"
#include "tls/staple.hpp"
#include "x509/ossl.hpp"

namespace meshcert::tls {
namespace {

constexpr std::size_t kMostIssuers = 100;

constexpr std::uint8_t kNewSessionTicket = 4;
constexpr std::uint8_t kCertificate = 11;
constexpr std::uint8_t kCertificateRequest = 13;

// What servers send to a client without a certificate, or with one they do not accept.
constexpr std::array<std::uint8_t, 10> kClientAlerts = {40, 42, 43, 44, 45, 46, 48, 49, 51, 116};

}  // namespace

void Session::Free::operator()(ssl_st* ssl) const {
  SSL_free(ssl);
}

Session::Session(const Client& client, SessionSettings settings)
    : client_(client), settings_(std::move(settings)), dialogue_(settings_.starttls, settings_.host) {
  probe_.server_name = settings_.plaintext ? "" : settings_.server_name;
  probe_.offered_alpn = base::join_with(client_.settings().alpn, ",");
}

Session::~Session() = default;

std::string_view Session::stage() const {
  if (settings_.plaintext) return "request";
  return dialogue_.state() == Dialogue::State::ready ? "handshake" : "starttls";
}

void Session::connected() {
  if (settings_.plaintext) {
    output_ = "GET / HTTP/1.1\r\nHost: " + settings_.host + "\r\nConnection: close\r\n\r\n";
    return;
  }
  output_ += dialogue_.begin();
  if (dialogue_.state() == Dialogue::State::ready) start_handshake();
}

void Session::start_handshake() {
  ssl_.reset(SSL_new(client_.context()));
  if (!ssl_) return finish(ProbeOutcome::handshake_failed, "OpenSSL gives no session");
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  BIO_set_mem_eof_return(SSL_get_rbio(ssl_.get()), -1);
  SSL_set_msg_callback(ssl_.get(), &Session::on_message);
  SSL_set_msg_callback_arg(ssl_.get(), this);
  if (!settings_.server_name.empty()) SSL_set_tlsext_host_name(ssl_.get(), settings_.server_name.c_str());
  SSL_set_connect_state(ssl_.get());
  advance();
}

void Session::receive(ByteView octets) {
  if (finished_) return;
  received_ += octets.size();
  if (settings_.plaintext) return receive_plaintext(octets);
  if (received_ > client_.settings().handshake_bytes)
    return finish(ProbeOutcome::oversized,
                  "more than " + std::to_string(client_.settings().handshake_bytes) + " octets");
  if (dialogue_.state() == Dialogue::State::talking) {
    output_ += dialogue_.receive(octets);
    if (dialogue_.state() == Dialogue::State::refused)
      return finish(ProbeOutcome::starttls_refused, dialogue_.answer());
    if (dialogue_.state() == Dialogue::State::ready) start_handshake();
    return;
  }
  if (!is_tls_) {
    head_.append(as_text(octets));
    if (!is_record(as_bytes(head_)))
      return finish(ProbeOutcome::plaintext_server, std::string(first_line(head_)));
    is_tls_ = head_.size() >= 2;
    if (!is_tls_) return;
    octets = as_bytes(head_);
  }
  BIO_write(SSL_get_rbio(ssl_.get()), octets.data(), static_cast<int>(octets.size()));
  advance();
}

void Session::receive_plaintext(ByteView octets) {
  constexpr std::size_t kAlertRecord = 7;  // RFC 8446 5.1 and 6: a header, the level, the description
  constexpr std::size_t kAnswer = 4096;    // headers and the beginning of a page that explains a refusal
  head_.append(as_text(octets).substr(0, kAnswer - std::min(kAnswer, head_.size())));
  if (head_.size() >= kAnswer) return end_plaintext("");
  if (is_record(as_bytes(head_)) ? head_.size() >= kAlertRecord : !may_explain(head_)) end_plaintext("");
}

// A TLS server answers a request that is no handshake with an alert, or leaves; one that speaks
// HTTP behind its TLS may say so in words.
void Session::end_plaintext(std::string_view how) {
  constexpr std::uint8_t kAlert = 21;
  constexpr std::size_t kDescription = 6;
  const ByteView head = as_bytes(head_);
  if (head.empty()) return finish(ProbeOutcome::plaintext_rejected, std::string(how));
  if (head.size() < 2 || !is_record(head)) return finish_plaintext();
  const bool alert = head[0] == kAlert && head.size() > kDescription;
  finish(ProbeOutcome::plaintext_rejected,
         alert ? "the server answered with the TLS alert " + alert_name(head[kDescription])
               : "the server answered in TLS");
}

void Session::finish_plaintext() {
  if (const std::string_view words = words_of_refusal(head_); !words.empty())
    return finish(ProbeOutcome::plaintext_rejected,
                  "the server says that it takes TLS alone: " + std::string(words));
  finish(ProbeOutcome::plaintext_answered,
         std::string(is_http2(head_) ? "frames of HTTP/2" : first_line(head_)));
}

void Session::advance() {
  if (finished_) return;
  ERR_clear_error();
  const bool was_done = SSL_is_init_finished(ssl_.get()) == 1 && lingering_;
  char octet = 0;
  // After the handshake, reading takes what TLS 1.3 sends behind it: tickets, alerts.
  const int result = was_done ? SSL_peek(ssl_.get(), &octet, 1) : SSL_do_handshake(ssl_.get());
  const int error = SSL_get_error(ssl_.get(), result);
  if (finished_) return;
  if (!was_done && result == 1) return complete();
  if (was_done && (result == 1 || ticket_)) return settle();
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
  broke_off();
}

// The handshake is finished, as far as the client can tell.
void Session::complete() {
  const bool may_refuse = SSL_version(ssl_.get()) == TLS1_3_VERSION && probe_.certificate_requested;
  if (!may_refuse) return finish(ProbeOutcome::established, "");
  lingering_ = true;
  advance();
}

void Session::settle(std::string detail) {
  if (!finished_) finish(ProbeOutcome::established, std::move(detail));
}

bool Session::refuses_client(std::uint8_t alert) const {
  return probe_.certificate_requested && std::ranges::find(kClientAlerts, alert) != kClientAlerts.end();
}

void Session::broke_off() {
  if (alert_ > 0) {
    const auto alert = static_cast<std::uint8_t>(alert_);
    return finish(refuses_client(alert) ? ProbeOutcome::client_certificate_required : ProbeOutcome::alert,
                  alert_name(alert));
  }
  // close_notify, after the handshake: the server has nothing against the client.
  if (lingering_) return finish(ProbeOutcome::established, "");
  const unsigned long error = ERR_peek_error();
  const bool is_large = ERR_GET_REASON(error) == SSL_R_EXCESSIVE_MESSAGE_SIZE;
  const char* reason = ERR_reason_error_string(error);
  finish(is_large ? ProbeOutcome::oversized : ProbeOutcome::handshake_failed,
         reason == nullptr ? "" : reason);
}

void Session::ended(Ending ending) {
  if (finished_) return;
  const std::string how =
      ending == Ending::reset ? "the server reset the connection" : "the server closed the connection";
  if (settings_.plaintext) return end_plaintext(how);
  // Whoever asked for a certificate and got none may leave without saying so.
  if (probe_.certificate_requested && !probe_.certificate_sent)
    return finish(ProbeOutcome::client_certificate_required, how + " without an alert");
  if (lingering_) return settle();
  finish(ProbeOutcome::reset, how);
}

void Session::stop(ProbeOutcome outcome, std::string where, std::string detail) {
  if (finished_) return;
  // What was answered counts, though the server goes on, or holds the connection.
  if (settings_.plaintext && outcome == ProbeOutcome::timeout && !head_.empty()) return end_plaintext("");
  if (outcome == ProbeOutcome::timeout && received_ != 0)
    detail = "it had sent " + std::to_string(received_) + " octets, and not all that is due";
  finish(outcome, std::move(detail));
  probe_.stage = std::move(where);
  probe_.received = received_;
}

// What is agreed on, also where the server broke off behind its certificates.
void Session::note_agreement() {
  probe_.protocol = SSL_get_version(ssl_.get());
  const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl_.get());
  if (cipher == nullptr) cipher = SSL_get_pending_cipher(ssl_.get());
  if (cipher != nullptr) probe_.cipher = SSL_CIPHER_get_name(cipher);
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  if (name != nullptr) probe_.alpn.assign(reinterpret_cast<const char*>(name), size);
  const unsigned char* staple = nullptr;
  const long length = SSL_get_tlsext_status_ocsp_resp(ssl_.get(), &staple);
  if (staple != nullptr && length > 0)
    probe_.staple = read_staple({staple, static_cast<std::size_t>(length)});
}

void Session::finish(ProbeOutcome outcome, std::string detail) {
  const x509::ErrorQueue errors;
  finished_ = true;
  if (ssl_ && (!chain_.empty() || SSL_is_init_finished(ssl_.get()) == 1)) note_agreement();
  probe_.outcome = outcome;
  probe_.detail = std::move(detail);
  probe_.stage = stage();
  if (outcome == ProbeOutcome::established) SSL_shutdown(ssl_.get());  // close_notify
}

std::string Session::take_output() {
  if (ssl_) {
    char* octets = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(ssl_.get()), &octets);
    if (size > 0) output_.append(octets, static_cast<std::size_t>(size));
    static_cast<void>(BIO_reset(SSL_get_wbio(ssl_.get())));
  }
  return std::exchange(output_, {});
}

void Session::on_message(int sent, int /*version*/, int content_type, const void* data, std::size_t size,
                         ssl_st* /*ssl*/, void* session) {
  const ByteView octets(static_cast<const std::uint8_t*>(data), size);
  auto* self = static_cast<Session*>(session);
  if (sent == 0) return self->note_message(static_cast<std::uint8_t>(content_type), octets);
  constexpr std::size_t kEmpty = 4 + 4;  // a header, and at most a context and the length of a list
  if (content_type == SSL3_RT_HANDSHAKE && size > kEmpty && octets[0] == kCertificate)
    self->probe_.certificate_sent = true;
}

// What the server sent, before OpenSSL judges it.
void Session::note_message(std::uint8_t content_type, ByteView octets) {
  constexpr std::size_t kHeader = 4;
  if (content_type == SSL3_RT_ALERT && octets.size() == 2 && octets[1] != 0) alert_ = octets[1];
  if (content_type != SSL3_RT_HANDSHAKE || octets.size() < kHeader) return;
  const ByteView body = octets.subspan(kHeader);
  const int version = SSL_version(ssl_.get());
  const bool tls13 = version == TLS1_3_VERSION;
  switch (octets[0]) {
    case kCertificate:
      chain_ = certificate_list(body, tls13);
      break;
    case kCertificateRequest: {
      probe_.certificate_requested = true;
      Authorities found = authorities(body, tls13, version >= TLS1_2_VERSION, kMostIssuers);
      probe_.issuers = std::move(found.names);
      probe_.issuer_count = found.count;
      break;
    }
    case kNewSessionTicket:
      ticket_ = true;
      break;
    default:
      break;
  }
}

}  // namespace meshcert::tls
