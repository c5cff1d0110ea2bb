#include "tests/support/tls_server.hpp"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <cstdlib>

#include "tests/support/source_tree.hpp"

namespace meshcert::testing {
namespace {

int choose_alpn(SSL* /*ssl*/, const unsigned char** out, unsigned char* size, const unsigned char* offered,
                unsigned offered_size, void* known) {
  const auto& name = *static_cast<const std::string*>(known);
  for (unsigned at = 0; at < offered_size; at += offered[at] + 1U) {
    if (name != std::string(reinterpret_cast<const char*>(offered + at + 1), offered[at])) continue;
    *out = offered + at + 1;
    *size = offered[at];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

int give_staple(SSL* ssl, void* staple) {
  const auto& octets = *static_cast<const std::string*>(staple);
  auto* copy = static_cast<unsigned char*>(OPENSSL_malloc(octets.size()));
  octets.copy(reinterpret_cast<char*>(copy), octets.size());
  SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(octets.size()));
  return SSL_TLSEXT_ERR_OK;
}

class TlsServer final : public FakeServer {
 public:
  explicit TlsServer(TlsServerSettings settings)
      : settings_(std::move(settings)), context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_set_security_level(context_, 0);
    SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
    SSL_CTX_set_cipher_list(context_, "DEFAULT:@SECLEVEL=0");
    if (settings_.highest != 0) SSL_CTX_set_max_proto_version(context_, settings_.highest);
    SSL_CTX_use_certificate_chain_file(context_, (source_root() + "/" + settings_.chain).c_str());
    SSL_CTX_use_PrivateKey_file(context_, (source_root() + "/" + settings_.key).c_str(), SSL_FILETYPE_PEM);
    const std::string root = source_root() + "/certs/pki/root.pem";
    if (settings_.asks_client || settings_.requires_client) {
      const int required = settings_.requires_client ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
      SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | required, nullptr);
      SSL_CTX_set_client_CA_list(context_, SSL_load_client_CA_file(root.c_str()));
    }
    if (!settings_.alpn.empty()) SSL_CTX_set_alpn_select_cb(context_, choose_alpn, &settings_.alpn);
    if (!settings_.staple.empty()) {
      SSL_CTX_set_tlsext_status_cb(context_, give_staple);
      SSL_CTX_set_tlsext_status_arg(context_, &settings_.staple);
    }
    ssl_ = SSL_new(context_);
    SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl_);
  }
  ~TlsServer() override {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string connected() override { return settings_.greeting; }
  std::string receive(std::string_view octets) override {
    if (!settings_.answer.empty()) return std::exchange(settings_.answer, {});
    ERR_clear_error();
    BIO_write(SSL_get_rbio(ssl_), octets.data(), static_cast<int>(octets.size()));
    const int result = SSL_do_handshake(ssl_);
    failed_ = result < 0 && SSL_get_error(ssl_, result) == SSL_ERROR_SSL;
    char* said = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(ssl_), &said);
    std::string out(said, static_cast<std::size_t>(size));
    static_cast<void>(BIO_reset(SSL_get_wbio(ssl_)));
    return out;
  }

  [[nodiscard]] After after() const override { return failed_ ? After::close : After::open; }

 private:
  TlsServerSettings settings_;
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  bool failed_ = false;
};

X509* certificate_of(const std::string& file) {
  BIO* bio = BIO_new_file((source_root() + "/" + file).c_str(), "r");
  X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return certificate;
}

EVP_PKEY* key_of(const std::string& file) {
  BIO* bio = BIO_new_file((source_root() + "/" + file).c_str(), "r");
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return key;
}

}  // namespace

std::string revoked_staple() {
  X509* root = certificate_of("certs/pki/root.pem");
  X509* leaf = certificate_of("certs/workload/healthy.pem");
  EVP_PKEY* key = key_of("certs/keys/root.pem");
  OCSP_BASICRESP* basic = OCSP_BASICRESP_new();
  ASN1_TIME* begin = ASN1_TIME_set(nullptr, 1704067200);
  ASN1_TIME* end = ASN1_TIME_set(nullptr, 1704067200 + 86400);
  OCSP_CERTID* id = OCSP_cert_to_id(nullptr, leaf, root);
  OCSP_basic_add1_status(basic, id, V_OCSP_CERTSTATUS_REVOKED, OCSP_REVOKED_STATUS_KEYCOMPROMISE, begin,
                         begin, end);
  OCSP_basic_sign(basic, root, key, EVP_sha256(), nullptr, OCSP_NOTIME);
  OCSP_RESPONSE* response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
  unsigned char* der = nullptr;
  const int size = i2d_OCSP_RESPONSE(response, &der);
  std::string octets(reinterpret_cast<const char*>(der), size > 0 ? static_cast<std::size_t>(size) : 0);
  OPENSSL_free(der);
  OCSP_RESPONSE_free(response);
  OCSP_BASICRESP_free(basic);
  OCSP_CERTID_free(id);
  ASN1_TIME_free(begin);
  ASN1_TIME_free(end);
  EVP_PKEY_free(key);
  X509_free(leaf);
  X509_free(root);
  return octets;
}

std::unique_ptr<FakeServer> tls_server(const TlsServerSettings& settings) {
  return std::make_unique<TlsServer>(settings);
}

}  // namespace meshcert::testing
