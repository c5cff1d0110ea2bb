// What ztunnel writes: ztunnel src/**; rustls error.rs. From special to general.

#include <array>

#include "input/log_advice.hpp"
#include "input/log_rows.hpp"

namespace meshcert::input {
namespace {

using enum LogCause;
using enum LogSource;

constexpr std::array kRows = {
    LogPattern{identity_mismatch,
               ztunnel,
               "peer did not present the expected SAN (",
               "",
               "the peer has another identity than the one that was looked up for it",
               kZtunnelCertificates,
               {kExpectedSan, kGotSan}},
    LogPattern{trust_domain_mismatch,
               ztunnel,
               "peer did not present the expected trustdomain (",
               "",
               "the peer is of another trust domain; ztunnel knows no aliases",
               kZtunnelCertificates,
               {kExpectedDomain, kGotSan}},
    LogPattern{identity_mismatch,
               any,
               "expected identity ",
               " got ",
               "a certificate is for another identity than the one asked for",
               kZtunnelCertificates,
               {kExpectedIdentity, kGotIdentity}},
    LogPattern{renewal_failed,
               ztunnel,
               "certificate renewal failed (",
               "",
               "a certificate could not be renewed and is used until its end",
               kZtunnelCertificates,
               {kUntil}},
    LogPattern{signing_failed, ztunnel, "certificate fetch failed (", "",
               "an identity has no valid certificate: its traffic is down", kZtunnelCertificates},
    LogPattern{signing_failed, ztunnel, "signing gRPC error (", "", "the CA answered a request with an error",
               kZtunnelCertificates},
    LogPattern{identity_mismatch, ztunnel, "did not find expected SAN: ", "",
               "the CA issued a certificate for another identity than the one asked for",
               kZtunnelCertificates},
    LogPattern{signing_failed, ztunnel, "chain returned from CA is empty for", "",
               "the CA answered without a certificate", kZtunnelCertificates},
    LogPattern{signing_failed, ztunnel, "failed to create CSR: ", "", "ztunnel could not make a request",
               kZtunnelCertificates},
    LogPattern{chain_unusable, ztunnel, "invalid spiffe identity: ", "",
               "an identity is no SPIFFE ID of Istio's form", kZtunnelCertificates},
    LogPattern{chain_unusable, ztunnel, "no chain certs for: ", "",
               "the CA answered with a leaf and no chain", kZtunnelCertificates},
    LogPattern{chain_unusable, ztunnel, " could not be parsed: ", "SAN ",
               "a name of a certificate could not be read", kZtunnelCertificates},
    LogPattern{chain_unusable, ztunnel, "invalid root certs", "",
               "some roots could not be read and are left out", kRoots},
    LogPattern{chain_unusable, ztunnel, "invalid root certificate: ", "", "a root could not be read", kRoots},
    LogPattern{revoked, ztunnel, "peer certificate revoked by CRL", "",
               "a certificate of the peer's chain is revoked", "have the certificate issued again"},
    LogPattern{crl_unusable, ztunnel, "failed to read CRL file", "", "the CRL could not be read", kCacerts},
    LogPattern{crl_unusable, ztunnel, "failed to parse CRL", "", "the CRL could not be decoded", kCacerts},
    LogPattern{plaintext_peer, ztunnel, "istio converted static strict", "policy rejection",
               "a workload in mode STRICT refused plain text: the client is outside the mesh",
               kClientCertificate},
    LogPattern{access_denied,
               ztunnel,
               "connection closed due to policy rejection",
               "",
               "an AuthorizationPolicy denied connections",
               kZtunnelPolicies,
               {kRejection}},
    LogPattern{access_denied, ztunnel, "connection closed due to policy change", "",
               "an AuthorizationPolicy that came denied connections that were open", kZtunnelPolicies},
    LogPattern{access_denied, ztunnel, "http status: 401", "outbound",
               "the ztunnel or waypoint of the other side denied connections: an AuthorizationPolicy there",
               kZtunnelPolicies},
    LogPattern{port_blocked, ztunnel, "maybe a NetworkPolicy is blocking HBONE port 15008", "",
               "connections to port 15008 time out: not TLS, the port is blocked",
               "allow TCP 15008 to the workload: kubectl get networkpolicy -n NAMESPACE"},
    LogPattern{unknown_authority, ztunnel, "InvalidCertificate(UnknownIssuer", "",
               "the issuer of the peer's certificate is not trusted", kBothSecrets},
    LogPattern{unknown_authority, ztunnel, "invalid peer certificate: UnknownIssuer", "",
               "the issuer of the peer's certificate is not trusted", kBothSecrets},
    LogPattern{certificate_expired, ztunnel, "InvalidCertificate(Expired", "",
               "the peer's certificate has expired", kZtunnelCertificates},
    LogPattern{certificate_expired, ztunnel, "invalid peer certificate: certificate expired", "",
               "the peer's certificate has expired", kZtunnelCertificates},
    LogPattern{certificate_not_yet_valid, ztunnel, "InvalidCertificate(NotValidYet", "",
               "the peer's certificate is not valid yet", kClock},
    LogPattern{revoked, ztunnel, "InvalidCertificate(Revoked", "", "the peer's certificate is revoked",
               "have the certificate issued again"},
    LogPattern{name_mismatch, ztunnel, "InvalidCertificate(NotValidForName", "",
               "the certificate does not have the name that was asked for", kZtunnelCertificates},
    LogPattern{verification_failed, ztunnel, "InvalidCertificate(", "",
               "the peer's certificate does not verify", kZtunnelCertificates},
    LogPattern{verification_failed, ztunnel, "invalid peer certificate: ", "",
               "the peer's certificate does not verify", kZtunnelCertificates},
    LogPattern{peer_refused, ztunnel, "received fatal alert: UnknownC", "",
               "the peer does not know the CA of the certificate shown to it", kRefused},
    LogPattern{peer_refused, ztunnel, "received fatal alert: BadCertificate", "",
               "the peer refused the certificate shown to it", kRefused},
    LogPattern{peer_refused, ztunnel, "received fatal alert: Certificate", "",
               "the peer refused the certificate shown to it, or misses one", kRefused},
};

}  // namespace

std::span<const LogPattern> ztunnel_rows() {
  return kRows;
}

}  // namespace meshcert::input
