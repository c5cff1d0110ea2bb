// What the API server writes about webhooks, and istiod as the server that it calls: Go net/http;
// kubernetes apiserver pkg/admission/plugin/webhook/**; istio pkg/webhooks/**.

#include <array>

#include "input/log_advice.hpp"
#include "input/log_rows.hpp"

namespace meshcert::input {
namespace {

using enum LogCause;
using enum LogSource;

constexpr std::array kRows = {
    LogPattern{
        webhook_call_failed,
        api_server,
        "failed calling webhook ",
        "x509: ",
        "the API server refuses the certificate of a webhook; one that its caBundle verifies is required",
        kCompareBundles,
        {kWebhook}},
    LogPattern{webhook_call_failed,
               api_server,
               "failed calling webhook ",
               "tls: ",
               "the API server's TLS handshake with a webhook fails",
               kCompareBundles,
               {kWebhook}},
    LogPattern{serving_certificate_refused, istiod, "http: TLS handshake error from ",
               "remote error: tls: bad certificate",
               "a client, mostly the API server calling a webhook, refused istiod's certificate",
               kCompareBundles},
    LogPattern{
        serving_certificate_refused, istiod, "http: TLS handshake error from ",
        "remote error: tls: unknown certificate",
        "a client, mostly the API server calling a webhook, does not know the issuer of istiod's certificate",
        kCompareBundles},
    LogPattern{
        serving_certificate_refused, istiod, "http: TLS handshake error from ",
        "remote error: tls: expired certificate",
        "a client, mostly the API server calling a webhook, found istiod's certificate expired",
        "when does it end? kubectl get secret -n istio-system istiod-tls -o yaml | meshcert expiry; restart istiod "
        "to have it issued again"},
    LogPattern{webhook_not_patched, istiod, "patching webhook ",
               " failed: ", "istiod could not write the caBundle of a webhook",
               "may it? kubectl auth can-i patch mutatingwebhookconfigurations --as "
               "system:serviceaccount:istio-system:istiod"},
    LogPattern{webhook_not_patched, istiod, "Failed to load CA bundle: ", "",
               "istiod could not load the CA bundle that it writes into webhooks", kCompareBundles},
};

}  // namespace

std::span<const LogPattern> api_server_rows() {
  return kRows;
}

}  // namespace meshcert::input
