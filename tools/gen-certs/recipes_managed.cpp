// What cert-manager says of the certificates that it keeps.
#include "kube.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

/// certificate_of cert-manager, which keeps the gateway's Secret.
Json certificate_of(std::string_view not_after, std::string_view renewal_time) {
  Json certificate = object("cert-manager.io/v1", "Certificate", kSystem, "shop");
  certificate["spec"] = {{"dnsNames", Json::array({"shop.example.com"})},
                         {"issuerRef", {{"name", "company"}}},
                         {"secretName", "shop-cert"}};
  certificate["status"] = {
      {"notAfter", not_after}, {"notBefore", "2023-12-22T00:00:00Z"}, {"renewalTime", renewal_time}};
  return certificate;
}

/// managed is a Certificate of cert-manager and the Secret that it keeps.
Sample managed(Workshop& w, std::string_view not_after, std::string_view renewal_time) {
  return kube_list({certificate_of(not_after, renewal_time), gateway_secret(w)},
                   {serving_leaf(w, "gateway/healthy").build()});
}

/// managed_alone is a Certificate without its Secret.
Sample managed_alone(std::string_view renewal_time) {
  return kube_list({certificate_of("2024-03-21T00:00:00Z", renewal_time)}, {});
}

/// managed_ca is a Certificate of ten years, of which a hundred days are left, without its Secret.
Sample managed_ca(bool is_ca) {
  Json certificate = certificate_of("2024-04-10T06:00:00Z", "2024-03-01T00:00:00Z");
  certificate["spec"]["isCA"] = is_ca;
  certificate["status"]["notBefore"] = "2014-04-10T06:00:00Z";
  return kube_list({certificate}, {});
}

Json condition(std::string_view type, std::string_view status, std::string_view reason,
               std::string_view since) {
  return {{"lastTransitionTime", since},
          {"message", "Issuing certificate as Secret was previously issued by another issuer"},
          {"reason", reason},
          {"status", status},
          {"type", type}};
}

/// in_issuance is a Certificate with conditions that a new issuance is told by, and its Secret.
Sample in_issuance(Workshop& w, std::string_view status, std::string_view reason, std::string_view since) {
  Json certificate = certificate_of("2024-03-21T00:00:00Z", "2024-02-20T00:00:00Z");
  certificate["status"]["conditions"] =
      Json::array({condition("Ready", "False", "IncorrectIssuer", "2023-12-31T05:00:00Z"),
                   condition("Issuing", status, reason, since)});
  return kube_list({certificate, gateway_secret(w)}, {serving_leaf(w, "gateway/healthy").build()});
}

/// two_keepers are two Certificates, the second with a secretName and an end of its own, and the Secret that
/// the first one keeps.
Sample two_keepers(Workshop& w, std::string_view secret_name, std::string_view name) {
  Json other = certificate_of("2024-03-19T00:00:00Z", "2024-02-18T00:00:00Z");
  other["metadata"]["name"] = name;
  other["spec"]["secretName"] = secret_name;
  Json secret = gateway_secret(w);
  secret["metadata"]["annotations"] = {{"cert-manager.io/certificate-name", "shop"}};
  return kube_list({other, certificate_of("2024-03-21T00:00:00Z", "2024-02-20T00:00:00Z"), secret},
                   {serving_leaf(w, "gateway/healthy").build()});
}

constexpr Recipe kRecipes[] = {
    {"input/managed-disagrees.yaml", "input.metadata-disagrees",
     "cert-manager says of a Certificate that it ends later than what is in its Secret: an old Secret was restored.",
     [](Workshop& w) { return managed(w, "2024-06-21T00:00:00Z", "2024-05-21T00:00:00Z"); }},
    {"validity/managed-overdue.yaml", "validity.renewal-overdue",
     "cert-manager was to renew a certificate five days ago, and did not.",
     [](Workshop& w) { return managed(w, "2024-03-21T00:00:00Z", "2023-12-27T00:00:00Z"); }},
    {"validity/healthy-managed.yaml", "", "A certificate that cert-manager is to renew next month.",
     [](Workshop& w) { return managed(w, "2024-03-21T00:00:00Z", "2024-02-20T00:00:00Z"); }},
    {"validity/managed-alone.yaml", "validity.renewal-overdue",
     "A Certificate without its Secret, which was to be renewed five days ago.",
     [](Workshop&) { return managed_alone("2023-12-27T00:00:00Z"); }},
    {"validity/healthy-managed-alone.yaml", "", "A Certificate without its Secret, to be renewed next month.",
     [](Workshop&) { return managed_alone("2024-02-20T00:00:00Z"); }},
    {"validity/managed-ca-alone.yaml", "validity.expiring",
     "A Certificate of a CA without its Secret, of which 100 days are left.",
     [](Workshop&) { return managed_ca(true); }},
    {"validity/healthy-managed-years.yaml", "", "The same of a leaf, of which 30 days are enough.",
     [](Workshop&) { return managed_ca(false); }},
    {"validity/issuance-failed.yaml", "validity.issuance-failed",
     "A Certificate whose issuer was exchanged, and its new one does not issue.",
     [](Workshop& w) { return in_issuance(w, "False", "Failed", "2023-12-31T05:00:10Z"); }},
    {"validity/issuance-stuck.yaml", "validity.issuance-failed", "The same, issuing for a day.",
     [](Workshop& w) { return in_issuance(w, "True", "IncorrectIssuer", "2023-12-31T05:00:00Z"); }},
    {"validity/healthy-in-issuance.yaml", "", "The same, issuing for ten minutes.",
     [](Workshop& w) { return in_issuance(w, "True", "IncorrectIssuer", "2024-01-01T05:50:00Z"); }},
    {"validity/secret-shared.yaml", "validity.secret-shared",
     "Two Certificates that are to keep one Secret, which names the second of them.",
     [](Workshop& w) { return two_keepers(w, "shop-cert", "a-shop"); }},
    {"validity/healthy-own-secrets.yaml", "",
     "The same with a Secret of its own for each, of which one is not given.",
     [](Workshop& w) { return two_keepers(w, "a-shop-cert", "a-shop"); }},
};

}  // namespace

std::span<const Recipe> managed_recipes() {
  return kRecipes;
}

}  // namespace gencerts
