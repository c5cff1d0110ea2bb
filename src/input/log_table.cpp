// The table of known lines: the rows of each program in an order in which what is special stands
// before what is general, for the first row that a line fulfils counts.

#include <array>

#include "input/log_advice.hpp"
#include "input/log_rows.hpp"

namespace meshcert {
namespace {

using namespace input;
using enum LogCause;
using enum LogSource;

// Two CAs of one name: before what names the failed verification in general.
constexpr std::array kSameNameRows = {
    LogPattern{same_name_other_key, any, "crypto/rsa: verification error", "",
               "a signature does not verify with the CA of that name: the trusted one has another key",
               kSameName},
    LogPattern{same_name_other_key, envoy, "PADDING_CHECK_FAILED", "OPENSSL_internal",
               "a signature does not verify with the CA of that name: the trusted one has another key",
               kSameName},
    LogPattern{same_name_other_key,
               envoy,
               "certificate verification error at depth ",
               "certificate signature failure",
               "a signature does not verify with the CA of that name: the trusted one has another key",
               kSameName,
               {kDepth}},
    LogPattern{same_name_other_key, envoy, "TLSV1_ALERT_DECRYPT_ERROR", "SSL routines",
               "the peer could not verify a signature: its CA of that name has another key", kSameName},
    LogPattern{same_name_other_key, ztunnel, "InvalidCertificate(BadSignature", "",
               "a signature does not verify with the CA of that name: the trusted one has another key",
               kSameName},
    LogPattern{same_name_other_key, ztunnel, "invalid peer certificate: BadSignature", "",
               "a signature does not verify with the CA of that name: the trusted one has another key",
               kSameName},
    LogPattern{same_name_other_key, ztunnel, "received fatal alert: DecryptError", "",
               "the peer could not verify a signature: its CA of that name has another key", kSameName},
    LogPattern{same_name_other_key, ztunnel, "AlertReceived(DecryptError", "",
               "the peer could not verify a signature: its CA of that name has another key", kSameName},
    LogPattern{same_name_other_key, any, "remote error: tls: error decrypting message", "",
               "the peer could not verify a signature: its CA of that name has another key", kSameName},
};

// Go crypto/tls and crypto/x509, whoever writes it.
constexpr std::array kGoRows = {
    LogPattern{certificate_not_yet_valid, any, "x509: certificate has expired or is not yet valid",
               "is before ", "a certificate is not valid yet", kClock},
    LogPattern{certificate_expired, any, "x509: certificate has expired or is not yet valid", "",
               "a certificate has expired", kInspectSecret},
    LogPattern{unknown_authority, any, "x509: certificate signed by unknown authority", "",
               "the issuer of a certificate is not trusted", kBothSecrets},
    LogPattern{name_mismatch, any, "x509: certificate is valid for ", "",
               "a certificate does not have the name that was asked for",
               "compare the name with its SANs: meshcert inspect "
               "-o text FILE"},
    LogPattern{peer_refused, any, "remote error: tls: bad certificate", "",
               "the peer refused the certificate shown to it", kRefused},
    LogPattern{peer_refused, any, "remote error: tls: unknown certificate", "",
               "the peer does not know the issuer of the certificate shown to it", kRefused},
    LogPattern{peer_refused, any, "remote error: tls: expired certificate", "",
               "the peer found the certificate shown to it expired", kRefused},
    LogPattern{peer_refused, any, "remote error: tls: revoked certificate", "",
               "the peer found the certificate shown to it revoked", kRefused},
    LogPattern{peer_refused, any, "remote error: tls: unsupported certificate", "",
               "the peer takes no certificate of the kind shown to it", kRefused},
    LogPattern{peer_refused, any, "remote error: tls: access denied", "",
               "the peer took the certificate shown to it, and refuses whom it is for", kRefused},
    LogPattern{peer_refused, any, "remote error: tls: certificate required", "",
               "the peer requires a certificate, and none was shown to it", kRefused},
};

}  // namespace

std::span<const LogPattern> log_patterns() {
  static const std::vector<LogPattern> kTable = [] {
    std::vector<LogPattern> table;
    const std::span<const LogPattern> same_name = kSameNameRows, go = kGoRows;
    for (const auto rows :
         {api_server_rows(), same_name, istiod_rows(), agent_rows(), envoy_rows(), ztunnel_rows(), go})
      table.insert(table.end(), rows.begin(), rows.end());
    return table;
  }();
  return kTable;
}

std::string_view to_string(LogSource source) {
  switch (source) {
    case istiod:
      return "istiod";
    case agent:
      return "istio-agent";
    case envoy:
      return "Envoy";
    case ztunnel:
      return "ztunnel";
    case api_server:
      return "kube-apiserver";
    case any:
      return "";
  }
  return "";
}

}  // namespace meshcert
