#include "tls/client.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <utility>

#include "x509/ossl.hpp"

namespace meshcert::tls {
namespace {

using Bio = std::unique_ptr<BIO, x509::Deleter<BIO_free>>;

Bio bio_of(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(std::min<std::size_t>(text.size(), INT32_MAX))));
}

// Without this OpenSSL would ask the terminal for the password of an encrypted key.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return -1;
}

// Nothing is verified here, so that nothing keeps a chain from being seen.
int accept_any(X509_STORE_CTX* /*context*/, void* /*user*/) {
  return 1;
}

std::string last_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "not usable" : reason;
}

int version_number(Version version) {
  switch (version) {
    case Version::tls10:
      return TLS1_VERSION;
    case Version::tls11:
      return TLS1_1_VERSION;
    case Version::tls12:
      return TLS1_2_VERSION;
    case Version::tls13:
      break;
  }
  return TLS1_3_VERSION;
}

std::string use_chain(SSL_CTX* context, const std::string& pem) {
  const Bio bio = bio_of(pem);
  bool first = true;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr)) {
    // The leaf is copied, the others are taken over.
    const bool used = first ? SSL_CTX_use_certificate(context, certificate) == 1
                            : SSL_CTX_add0_chain_cert(context, certificate) == 1;
    if (first || !used) X509_free(certificate);
    if (!used) return "--cert: " + last_reason();
    first = false;
  }
  if (first) return "--cert: no certificate in PEM";
  return {};
}

int give_password(char* buffer, int size, int /*writing*/, void* password) {
  const ByteView octets = static_cast<const base::SecretOctets*>(password)->reveal();
  if (octets.size() > static_cast<std::size_t>(size)) return -1;
  std::ranges::copy(octets, buffer);
  return static_cast<int>(octets.size());
}

EVP_PKEY* read_key(BIO* bio, const base::SecretOctets* password) {
  if (password == nullptr) return PEM_read_bio_PrivateKey(bio, nullptr, no_password, nullptr);
  return PEM_read_bio_PrivateKey(bio, nullptr, give_password, const_cast<base::SecretOctets*>(password));
}

std::string why_no_key(const std::string& pem, bool has_password) {
  if (pem.find("ENCRYPTED") == std::string::npos) return "--key: no private key in PEM";
  return has_password ? "--key: the password of --password-file does not open the private key"
                      : "--key: the private key is encrypted; give its password: --password-file FILE";
}

std::string use_key(SSL_CTX* context, const ClientSettings& settings) {
  const Bio bio = bio_of(settings.key_pem);
  EVP_PKEY* key = read_key(bio.get(), settings.password.get());
  if (key == nullptr) return why_no_key(settings.key_pem, settings.password != nullptr);
  const bool used = SSL_CTX_use_PrivateKey(context, key) == 1;
  EVP_PKEY_free(key);
  if (!used || SSL_CTX_check_private_key(context) != 1) return "--key is not the key of --cert";
  return {};
}

// RFC 7301 3.1: each name behind its length.
std::string wire_alpn(const std::vector<std::string>& names) {
  std::string wire;
  for (const std::string& name : names) wire.append(1, static_cast<char>(name.size())).append(name);
  return wire;
}

std::string configure(SSL_CTX* context, const ClientSettings& settings) {
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_cert_verify_callback(context, accept_any, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_max_cert_list(context, static_cast<long>(settings.handshake_bytes));
  SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
  SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0");
  SSL_CTX_set_min_proto_version(context, settings.lowest ? version_number(*settings.lowest) : TLS1_VERSION);
  if (settings.highest) SSL_CTX_set_max_proto_version(context, version_number(*settings.highest));
  const std::string alpn = wire_alpn(settings.alpn);
  if (!alpn.empty() && SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(alpn.data()),
                                               static_cast<unsigned>(alpn.size())) != 0)
    return "--alpn: " + last_reason();
  if (!settings.certificate_pem) return {};
  std::string fault = use_chain(context, *settings.certificate_pem);
  return fault.empty() ? use_key(context, settings) : fault;
}

}  // namespace

void Client::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

Result<Client, std::string> Client::make(ClientSettings settings) {
  // No configuration file: what is offered does not depend on the machine.
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  const x509::ErrorQueue errors;
  Client client;
  client.library_ = LeanLibrary::make();
  client.context_.reset(SSL_CTX_new_ex(client.library_.context(), nullptr, TLS_client_method()));
  if (!client.context_) return fail("OpenSSL: " + last_reason());
  if (std::string fault = configure(client.context_.get(), settings); !fault.empty())
    return fail(std::move(fault));
  client.settings_ = std::move(settings);
  return client;
}

}  // namespace meshcert::tls
