#include "sample.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

namespace gencerts {
namespace {

constexpr std::size_t kPemColumns = 64;
constexpr unsigned long kDumpOmits = X509_FLAG_NO_PUBKEY | X509_FLAG_NO_SIGDUMP;

/// printable keeps a hostile name in a dump from acting on a terminal.
std::string printable(std::string text) {
  for (char& c : text)
    if (c != '\n' && (c < ' ' || c > '~')) c = '.';
  return text;
}

std::string key_line(X509* certificate) {
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  return fmt::format("    Public key: {}\n", key == nullptr ? "not readable by OpenSSL" : describe(key));
}

/// without_blank_ends trims the spaces with which OpenSSL ends some lines.
std::string without_blank_ends(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out.erase(out.find_last_not_of(' ') + 1);
    out += c;
  }
  return out;
}

}  // namespace

std::string base64(std::string_view octets) {
  std::string out(4 * ((octets.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                  reinterpret_cast<const unsigned char*>(octets.data()), static_cast<int>(octets.size()));
  out.pop_back();
  return out;
}

std::string pem(std::string_view label, std::string_view octets) {
  std::string out = fmt::format("-----BEGIN {}-----\n", label);
  const std::string text = base64(octets);
  for (std::size_t at = 0; at < text.size(); at += kPemColumns) out += text.substr(at, kPemColumns) + '\n';
  return out + fmt::format("-----END {}-----\n", label);
}

std::string pem(std::string_view certificate) {
  return pem("CERTIFICATE", certificate);
}

std::string pem(const std::vector<Octets>& certificates) {
  std::string out;
  for (const Octets& certificate : certificates) out += pem(certificate);
  return out;
}

Sample pem_file(std::vector<Octets> certificates) {
  std::string body = pem(certificates);
  return {std::move(body), std::move(certificates)};
}

Sample text_file(std::string body, std::vector<Octets> certificates) {
  return {std::move(body), std::move(certificates)};
}

Sample bare_file(std::string body, std::vector<Octets> certificates) {
  return {std::move(body), std::move(certificates), false};
}

std::string text_dump(std::string_view certificate) {
  const auto* data = reinterpret_cast<const unsigned char*>(certificate.data());
  const X509Certificate decoded(d2i_X509(nullptr, &data, static_cast<long>(certificate.size())));
  if (!decoded) return "Certificate: OpenSSL does not read it\n";
  const Bio bio(BIO_new(BIO_s_mem()));
  X509_print_ex(bio.get(), decoded.get(), XN_FLAG_ONELINE, kDumpOmits);
  return printable(without_blank_ends(octets_of(bio))) + key_line(decoded.get());
}

}  // namespace gencerts
