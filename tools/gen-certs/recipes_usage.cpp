#include "recipe.hpp"

namespace gencerts {
namespace {

/// under puts a good leaf before the intermediate that a sample is about.
Sample under(Workshop& w, const CertificateBuilder& intermediate) {
  return pem_file({plugin_leaf(w, "workload/healthy-chain").build(), intermediate.build()});
}

Sample leaf_usage(Workshop& w, std::initializer_list<unsigned> bits, bool critical = true) {
  return pem_file({istio_leaf(w).key_usage(bits, critical).build()});
}

const Recipe kRecipes[] = {
    {"usage/no-key-usage.pem", "usage.no-key-usage", "The leaf has no keyUsage extension.",
     [](Workshop& w) { return pem_file({istio_leaf(w).without(ext::kKeyUsage).build()}); }},
    {"usage/key-usage-not-critical.pem", "usage.key-usage-not-critical",
     "The leaf's keyUsage is not critical, as Istio's tools/certs make it.",
     [](Workshop& w) {
       return leaf_usage(w, {ku::kDigitalSignature, ku::kKeyEncipherment}, false);
     }},
    {"usage/no-digital-signature.pem", "usage.no-digital-signature",
     "The leaf's keyUsage lacks digitalSignature.",
     [](Workshop& w) { return leaf_usage(w, {ku::kKeyEncipherment}); }},
    {"usage/server-no-digital-signature.pem", "usage.no-digital-signature",
     "A server's certificate by its extendedKeyUsage, with keyUsage keyEncipherment alone.",
     [](Workshop& w) {
       return pem_file({serving_leaf(w).key_usage({ku::kKeyEncipherment}).build(), the_web_intermediate(w)});
     }},
    {"usage/leaf-signs-certificates.pem", "usage.leaf-signs-certificates",
     "The leaf's keyUsage has keyCertSign.",
     [](Workshop& w) {
       return leaf_usage(w, {ku::kDigitalSignature, ku::kKeyEncipherment, ku::kKeyCertSign});
     }},
    {"usage/leaf-signs-crls.pem", "usage.leaf-signs-crls", "The leaf's keyUsage has cRLSign.",
     [](Workshop& w) {
       return leaf_usage(w, {ku::kDigitalSignature, ku::kKeyEncipherment, ku::kCrlSign});
     }},
    {"usage/leaf-is-ca.pem", "usage.leaf-is-ca", "The leaf says that it is a CA.",
     [](Workshop& w) { return pem_file({istio_leaf(w).ca_constraints().build()}); }},
    {"usage/leaf-is-ca-with-root.pem", "usage.leaf-is-ca",
     "A CA with the SPIFFE ID of a workload, and the root that issued it: two CAs, and no bundle.",
     [](Workshop& w) {
       const Octets leaf = istio_leaf(w, "usage/leaf-is-ca")
                               .ca_constraints()
                               .key_usage({ku::kDigitalSignature, ku::kKeyCertSign})
                               .build();
       return pem_file({leaf, the_root(w)});
     }},
    {"usage/eku-lacks-server-auth.pem", "usage.eku-lacks-server-auth",
     "The leaf's extendedKeyUsage has clientAuth alone: it cannot serve.",
     [](Workshop& w) { return pem_file({istio_leaf(w).extended_key_usage({eku::kClientAuth}).build()}); }},
    {"usage/eku-lacks-client-auth.pem", "usage.eku-lacks-client-auth",
     "The leaf's extendedKeyUsage has serverAuth alone: it cannot call.",
     [](Workshop& w) { return pem_file({istio_leaf(w).extended_key_usage({eku::kServerAuth}).build()}); }},
    {"usage/eku-any.pem", "usage.eku-lacks-server-auth",
     "The leaf's extendedKeyUsage has anyExtendedKeyUsage alone, which OpenSSL takes for no other.",
     [](Workshop& w) { return pem_file({istio_leaf(w).extended_key_usage({eku::kAny}).build()}); }},
    {"usage/healthy-eku-any-too.pem", "",
     "The leaf's extendedKeyUsage has both purposes, and anyExtendedKeyUsage beside them.",
     [](Workshop& w) {
       return pem_file(
           {istio_leaf(w).extended_key_usage({eku::kServerAuth, eku::kClientAuth, eku::kAny}).build()});
     }},
    {"usage/ca-flag-missing.pem", "usage.ca-flag-missing",
     "The intermediate has keyCertSign and no basicConstraints: not a CA.",
     [](Workshop& w) { return under(w, plugin_intermediate(w).without(ext::kBasicConstraints)); }},
    {"usage/ca-flag-missing-alone.pem", "usage.ca-flag-missing",
     "A self-signed root alone, with keyCertSign and no basicConstraints.",
     [](Workshop& w) { return pem_file({istio_root(w).without(ext::kBasicConstraints).build()}); }},
    {"usage/ca-cannot-sign.pem", "usage.ca-cannot-sign",
     "The intermediate is a CA whose keyUsage lacks keyCertSign.",
     [](Workshop& w) {
       return under(w, plugin_intermediate(w).key_usage({ku::kDigitalSignature, ku::kCrlSign}));
     }},
    {"usage/ca-eku-restricts.pem", "usage.ca-eku-restricts",
     "The intermediate's extendedKeyUsage has serverAuth alone: its leaves cannot call.",
     [](Workshop& w) { return under(w, plugin_intermediate(w).extended_key_usage({eku::kServerAuth})); }},
    {"usage/ca-eku-restricts-root.pem", "usage.ca-eku-restricts",
     "A root alone, whose extendedKeyUsage has codeSigning alone.",
     [](Workshop& w) { return pem_file({istio_root(w).extended_key_usage({"1.3.6.1.5.5.7.3.3"}).build()}); }},
    {"usage/healthy-ca-of-clients.pem", "",
     "A root alone, whose extendedKeyUsage has clientAuth alone: the CA of a gateway's clients has it so.",
     [](Workshop& w) { return pem_file({istio_root(w).extended_key_usage({eku::kClientAuth}).build()}); }},
    {"usage/ca-eku-any.pem", "usage.ca-eku-restricts",
     "The intermediate's extendedKeyUsage has anyExtendedKeyUsage alone: OpenSSL refuses what is below it.",
     [](Workshop& w) { return under(w, plugin_intermediate(w).extended_key_usage({eku::kAny})); }},
    {"usage/healthy-ca-with-eku.pem", "",
     "The intermediate's extendedKeyUsage has both purposes, and so restricts nothing in a mesh.",
     [](Workshop& w) {
       return under(w, plugin_intermediate(w).extended_key_usage({eku::kServerAuth, eku::kClientAuth}));
     }},
    {"usage/ca-no-key-usage.pem", "usage.ca-no-key-usage", "A root without a keyUsage extension.",
     [](Workshop& w) { return pem_file({istio_root(w).without(ext::kKeyUsage).build()}); }},
};

}  // namespace

std::span<const Recipe> usage_recipes() {
  return kRecipes;
}

}  // namespace gencerts
