// What istiod writes: istio security/pkg/**, pilot/pkg/{xds,bootstrap,model}/**.

#include <array>

#include "input/log_advice.hpp"
#include "input/log_rows.hpp"

namespace meshcert::input {
namespace {

using enum LogCause;
using enum LogSource;

constexpr std::array kRows = {
    LogPattern{
        authentication_failed, istiod, "Authentication failed: Authenticator ClientCertAuthenticator", "",
        "a client asked for a certificate and proved no identity; a valid client certificate is one way",
        kToken},
    LogPattern{authentication_failed, istiod, "Authentication failed: ", "Authenticator ",
               "a client asked for a certificate and proved no identity", kToken},
    LogPattern{authentication_failed, istiod, "Failed to authenticate client from ", "",
               "a client of istiod proved no identity: neither its token nor its certificate was accepted",
               kToken},
    LogPattern{authentication_failed, agent, "request authenticate failure", "",
               "istiod refuses to sign because it accepts no proof of identity", kToken},
    LogPattern{
        impersonation_refused, istiod, "impersonation failed for identity", "",
        "a ztunnel asked for the identity of a workload that istiod does not grant it",
        "is it named in CA_TRUSTED_NODE_ACCOUNTS, and does the workload run on its node? kubectl get pod -A -o wide"},
    LogPattern{
        impersonation_refused, istiod, "impersonation not allowed", "",
        "a ztunnel asked for an identity that no workload on its node has",
        "is it named in CA_TRUSTED_NODE_ACCOUNTS, and does the workload run on its node? kubectl get pod -A -o wide"},
    LogPattern{
        identity_mismatch, istiod, "peer certificate does not contain 1 URI type SAN", "",
        "a client of istiod has a certificate that does not name exactly one SPIFFE ID, and is refused",
        kInspectSecret},
    LogPattern{
        trust_domain_mismatch, istiod, "no cert pool found for trust domain ", "",
        "a client of istiod has a certificate of a trust domain that istiod has no roots for, and is refused",
        "istiod verifies its clients with the roots of its own trust domain: is the client of this mesh, and which is "
        "meshConfig.trustDomain? kubectl get configmap istio -n istio-system -o yaml; of the client: istioctl "
        "proxy-config secret POD -n NAMESPACE -o json | meshcert inspect"},
    LogPattern{identity_mismatch, istiod, "Unauthorized XDS: ", "",
               "the identity in a proxy's certificate is not that of the pod it says it is", kSubjectNames},
    LogPattern{credential_unusable,
               istiod,
               "failed to fetch key and certificate for ",
               "",
               "a credential that a gateway names is missing or has not the keys that are required",
               kCredential,
               {kCredentialName}},
    LogPattern{credential_unusable,
               istiod,
               "failed to fetch ca certificate for ",
               "",
               "a CA certificate that a gateway names is missing or has not the key that is required",
               kCredential,
               {kCredentialName}},
    LogPattern{
        credential_unusable, istiod, "invalid certificates: ", "",
        "a gateway's certificate is expired, not yet valid or no PEM, and is sent to the proxy all the same",
        kCredential},
    LogPattern{not_authorized,
               istiod,
               "attempted to access unauthorized certificates",
               "is not authorized to read secrets",
               "a proxy's service account may not read the Secrets that its gateway names",
               kCanI,
               {kProxy, kAskedFor, kAccount}},
    LogPattern{not_authorized,
               istiod,
               "attempted to access unauthorized certificates",
               "",
               "a proxy asked for certificates of another namespace, which does not grant them",
               kGrant,
               {kProxy, kAskedFor}},
    LogPattern{not_authorized, istiod, "is not authorized to read secrets", "",
               "a proxy's service account may not read the Secrets that its gateway names", kCanI},
    LogPattern{not_authorized, istiod, "is not authorized to receive credscontroller", "",
               "a proxy asked for credentials over a connection without TLS; port 15012 is required",
               "point it at istiod's port 15012: discoveryAddress in the mesh config"},
    LogPattern{not_authorized,
               any,
               "cannot list resource",
               "at the cluster scope",
               "the API server refuses to list a resource, so what is in it is not served",
               kCanIEverywhere,
               {kUser, kResource}},
    LogPattern{not_authorized,
               any,
               "cannot list resource",
               "",
               "the API server refuses to list a resource, so what is in it is not served",
               kCanI,
               {kUser, kResource, kInNamespace}},
    LogPattern{not_authorized,
               any,
               "cannot watch resource",
               "at the cluster scope",
               "the API server refuses to watch a resource, so what changes in it is not served",
               kCanIEverywhere,
               {kUser, kWatched}},
    LogPattern{not_authorized,
               any,
               "cannot watch resource",
               "",
               "the API server refuses to watch a resource, so what changes in it is not served",
               kCanI,
               {kUser, kWatched, kInNamespace}},
    LogPattern{ca_unusable, istiod, "incomplete signing CA bundle detected", "",
               "the Secret cacerts lacks a file, so istiod cannot sign", kCacerts},
    LogPattern{ca_unusable, istiod, "parse certificate from rootPEM got error", "",
               "a block of the CA's root-cert.pem is no certificate, so istiod does not start", kCacerts},
    LogPattern{ca_unusable, istiod, "failed to create an istiod CA", "", "istiod could not start its CA",
               kCacerts},
    LogPattern{ca_unusable, istiod, "failed to create CA KeyCertBundle", "",
               "the files of the signing CA do not belong together", kCacerts},
    LogPattern{root_change_refused, istiod, "pdating new ROOT-CA not supported", "",
               "istiod refuses another root while it runs", kOverlap},
    LogPattern{root_change_refused, istiod, "Failed to update new Plug-in CA certs", "",
               "istiod could not take new CA certificates and signs with the old ones", kOverlap},
    LogPattern{root_rotation, istiod, "root cert is about to expire", "",
               "istiod's own root is near its end and is renewed",
               "restart what was started before: kubectl rollout restart deployment -n NAMESPACE"},
    LogPattern{root_rotation, istiod, "CA cert in KeyCertBundle does not match", "",
               "the CA that istiod holds is not the one of its Secret",
               "restart what was started before: kubectl rollout restart deployment -n NAMESPACE"},
    LogPattern{root_rotation, istiod, "Fail to load CA secret", "",
               "istiod could not read the Secret of its CA",
               "kubectl get secret -n istio-system istio-ca-secret -o yaml | meshcert inspect"},
    LogPattern{root_rotation, ztunnel, "failed to rebuild TLS channel after root cert rotation", "",
               "ztunnel keeps the old root of istiod although another was delivered", kRoots},
    LogPattern{trust_bundle_not_fetched, istiod, "unable to fetch trust Anchors from endpoint", "",
               "the bundle of another trust domain could not be fetched",
               "what does the endpoint answer? curl -sS --cacert CA URL | meshcert inspect"},
    LogPattern{trust_bundle_not_fetched, istiod, "exhausted retries to fetch the SPIFFE bundle", "",
               "the bundle of another trust domain could not be fetched",
               "what does the endpoint answer? curl -sS --cacert CA URL | meshcert inspect"},
    LogPattern{
        trust_domain_mismatch, istiod, "does not match the current trust domain or its aliases", "",
        "a policy names a principal of a trust domain that is neither the mesh's nor an alias: it never matches",
        "add it to meshConfig.trustDomainAliases, or write the policy for the mesh's own trust domain"},
    LogPattern{keys_not_fetched,
               istiod,
               "using a fake JWKS for now",
               "",
               "the keys of an issuer of tokens are not fetched, and the proxies get made-up ones",
               kIssuerKeys,
               {kTokenIssuer}},
    LogPattern{keys_not_fetched, istiod, "Failed to fetch public key from ", "",
               "the keys of an issuer of tokens could not be fetched", kIssuerKeys},
    LogPattern{keys_not_fetched, istiod, "Failed to fetch jwks_uri from ", "",
               "an issuer of tokens does not say where its keys are", kIssuerKeys},
    LogPattern{healthy, istiod, "x509 cert - Issuer: ", "", "istiod's own serving certificate", kNothing},
};

}  // namespace

std::span<const LogPattern> istiod_rows() {
  return kRows;
}

}  // namespace meshcert::input
