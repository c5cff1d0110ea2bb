#pragma once

#include <string_view>

#include "meshcert/log.hpp"

/// What several rows of the table of log lines say alike: the command to type next,
/// and the values that are taken out of a line.
namespace meshcert::input {

inline constexpr std::string_view kCompareBundles =
    "does the caBundle hold istiod's root? kubectl get "
    "mutatingwebhookconfigurations,validatingwebhookconfigurations,secrets,configmaps -A -o yaml | meshcert webhook";
inline constexpr std::string_view kInspectSecret =
    "istioctl proxy-config secret POD -n NAMESPACE -o json | meshcert inspect";
inline constexpr std::string_view kBothSecrets =
    "compare the leaf of one side with the ROOTCA of the other: istioctl proxy-config secret POD -n NAMESPACE "
    "-o json | meshcert inspect, for both pods";
inline constexpr std::string_view kSameName =
    "two CAs have one name and two keys: compare the key IDs of the roots on both sides: istioctl "
    "proxy-config secret POD -n NAMESPACE -o json | meshcert inspect -o text";
inline constexpr std::string_view kClock =
    "compare the clocks of the nodes: kubectl debug node/NODE -it --image=busybox -- date";
inline constexpr std::string_view kSubjectNames =
    "which identity does the peer present? istioctl proxy-config secret PEER-POD -n NAMESPACE -o json | "
    "meshcert identity --service-account EXPECTED; then the subjectAltNames of the DestinationRule";
inline constexpr std::string_view kRefused =
    "the peer refused the certificate shown to it: inspect this side's, istioctl proxy-config secret POD -n "
    "NAMESPACE -o json | meshcert inspect, and the peer's ROOTCA";
inline constexpr std::string_view kParameters =
    "compare the TLS versions and cipher suites of both sides: istioctl proxy-config listener POD -o json | grep -A6 "
    "tlsParams";
inline constexpr std::string_view kHandshake =
    "look at what each side presents and takes: meshcert probe HOST:PORT --alpn istio; istioctl proxy-config secret POD";
inline constexpr std::string_view kClientCertificate =
    "is the client in the mesh? istioctl proxy-config secret CLIENT-POD; a client outside needs PERMISSIVE, or its "
    "own certificate for MUTUAL";
inline constexpr std::string_view kMode =
    "one side speaks plain text: compare PeerAuthentication and DestinationRule: istioctl x describe pod POD";
inline constexpr std::string_view kToken =
    "is the token meant for istiod and still valid? kubectl exec POD -c istio-proxy -- cat "
    "/var/run/secrets/tokens/istio-token, its aud is istio-ca and its iss the cluster's";
inline constexpr std::string_view kIstiodSigning =
    "look for what istiod says of it: kubectl logs -n istio-system deploy/istiod | meshcert logs";
inline constexpr std::string_view kCrl =
    "publish a new CRL before the old one's nextUpdate, and put it where the old one is (a plugged-in CA: ca-crl.pem of the "
    "Secret cacerts): openssl ca -gencrl -config CA.cnf -crlexts crl_ext -out ca-crl.pem; meshcert inspect ca-crl.pem";
inline constexpr std::string_view kCacerts =
    "the Secret cacerts needs ca-cert.pem, ca-key.pem, cert-chain.pem and root-cert.pem that belong together: kubectl get "
    "secret cacerts -n istio-system -o yaml | meshcert inspect";
inline constexpr std::string_view kSignerRoot =
    "name the signer's root in meshConfig.caCertificates (pem and certSigners), or have the signer return its chain down to "
    "its root: kubectl get csr; kubectl get csr NAME -o yaml | meshcert inspect";
inline constexpr std::string_view kOverlap =
    "put the old and the new root into root-cert.pem together, roll out, and only then take the old one out";
inline constexpr std::string_view kCredential =
    "does the Secret exist where the gateway runs, with tls.crt and tls.key? kubectl get secret -n NAMESPACE NAME "
    "-o yaml | meshcert gateway";
inline constexpr std::string_view kCanI =
    "may it? kubectl auth can-i list {resource|secrets} -n {namespace|NAMESPACE} --as "
    "{user|system:serviceaccount:NAMESPACE:SERVICE-ACCOUNT}; a Role and a RoleBinding there give the right";
inline constexpr std::string_view kCanIEverywhere =
    "may it? kubectl auth can-i list {resource|secrets} -A --as "
    "{user|system:serviceaccount:NAMESPACE:SERVICE-ACCOUNT}; a ClusterRole and a ClusterRoleBinding give the right";
inline constexpr std::string_view kGrant =
    "put a ReferenceGrant into the namespace of the Secret: kubectl get referencegrant -A; or the Secret into that of "
    "the gateway";
inline constexpr std::string_view kZtunnelCertificates =
    "istioctl ztunnel-config certificates -o json | meshcert inspect; and kubectl logs -n istio-system deploy/istiod | "
    "meshcert logs";
inline constexpr std::string_view kRoots =
    "kubectl get configmap istio-ca-root-cert -n NAMESPACE -o yaml | meshcert inspect";
inline constexpr std::string_view kPolicies =
    "which policy decides? istioctl x authz check POD -n NAMESPACE; compare its principals with the identity above";
inline constexpr std::string_view kZtunnelPolicies =
    "which policies has the ztunnel? istioctl ztunnel-config policy; compare their principals with src.identity, and "
    "look at the other side's: kubectl logs -n istio-system -l app=ztunnel | meshcert logs";
inline constexpr std::string_view kFilterChain =
    "does the client send plain text (no SNI in the line)? compare PeerAuthentication and DestinationRule: istioctl x "
    "describe pod POD; otherwise compare the SNI with the hosts: istioctl proxy-config listener POD -n NAMESPACE";
inline constexpr std::string_view kIssuerKeys =
    "can istiod reach the issuer? kubectl exec -n istio-system deploy/istiod -- curl -sS URL; or put the keys into the "
    "rule (jwks)";
inline constexpr std::string_view kTokenRules =
    "hold a caller's token against the rules: kubectl get requestauthentication -A -o yaml > rules.yaml; meshcert jwt "
    "--rules rules.yaml TOKEN-FILE";
inline constexpr std::string_view kNothing = "nothing to do";

inline constexpr LogCapture kExpectedSan{"expected", "peer did not present the expected SAN (", "), got "};
inline constexpr LogCapture kGotSan{"got", "), got ", "\""};
inline constexpr LogCapture kExpectedDomain{"expected", "expected trustdomain (", "), got "};
inline constexpr LogCapture kExpectedIdentity{"expected", "expected identity ", " got "};
inline constexpr LogCapture kGotIdentity{"got", " got ", "\""};
inline constexpr LogCapture kRejection{"reason", "due to policy rejection: ", "\""};
inline constexpr LogCapture kUser{"user", "User ", "\""};
inline constexpr LogCapture kResource{"resource", "cannot list resource ", "\""};
inline constexpr LogCapture kWatched{"resource", "cannot watch resource ", "\""};
inline constexpr LogCapture kInNamespace{"namespace", "in the namespace ", "\""};
inline constexpr LogCapture kProxy{"proxy", "proxy ", " attempted"};
inline constexpr LogCapture kAskedFor{"asked_for", "unauthorized certificates ", ": "};
// "NAMES: ACCOUNT/NAMESPACE is not authorized"
inline constexpr LogCapture kAccount{"account", "unauthorized certificates ", " is not authorized", true};
inline constexpr LogCapture kCredentialName{"credential", "certificate for ", ": "};
inline constexpr LogCapture kTokenIssuer{"issuer", "not yet fetched for issuer ", ", using"};
inline constexpr LogCapture kTokenReason{"reason", "jwt_authn_access_denied{", "}"};
inline constexpr LogCapture kUntil{"until", "retaining existing valid certificate until ", ";", false, true};
inline constexpr LogCapture kReason{"reason", "OPENSSL_internal:", ":"};
inline constexpr LogCapture kRustlsReason{"reason", "kind: InvalidData, error: ", " }"};
inline constexpr LogCapture kDepth{"depth", "certificate verification error at depth ", ":"};
inline constexpr LogCapture kWebhook{"webhook", "failed calling webhook ", ": "};

}  // namespace meshcert::input
