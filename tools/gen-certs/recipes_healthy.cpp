#include "der.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

Sample key_before_certificate(Workshop& w) {
  const Octets leaf = istio_leaf(w).build();
  return text_file(pem("PRIVATE KEY", pkcs8_of(w.key("workload"))) + pem(leaf), {leaf});
}

/// The authorities, and everything that is right: the positive control of the
/// other families, and near misses.
/// utf8_root_name is istio_root_name in another string type.
Octets utf8_root_name() {
  return name({{"O", "cluster.local", tag::kUtf8String}});
}

const Recipe kRecipes[] = {
    {"pki/root.pem", "",
     "The root of Istio's self-signed CA: O is the trust domain, keyUsage keyCertSign alone, ten years.",
     [](Workshop& w) { return pem_file({the_root(w)}); }},
    {"pki/root-new.pem", "",
     "A second root of the same subject with another key, as a re-installed istiod makes it.",
     [](Workshop& w) { return pem_file({the_new_root(w)}); }},
    {"pki/root-renewed.pem", "", "Istio's root after self-rotation: same subject, same key, new dates.",
     [](Workshop& w) { return pem_file({the_renewed_root(w)}); }},
    {"pki/root-ec.pem", "", "The root of Istio's self-signed CA with a P-256 key, signed with ECDSA.",
     [](Workshop& w) { return pem_file({ec_root(w, "pki/root-ec").build()}); }},
    {"pki/plugin-root.pem", "", "The root of a plugged-in CA, in the shape that Istio's tools/certs give it.",
     [](Workshop& w) { return pem_file({the_plugin_root(w)}); }},
    {"pki/intermediate.pem", "", "The intermediate of a plugged-in CA (ca-cert.pem of the cacerts Secret).",
     [](Workshop& w) { return pem_file({the_intermediate(w)}); }},
    {"pki/web-root.pem", "", "The root of a company's web PKI, under which the gateway samples are issued.",
     [](Workshop& w) { return pem_file({the_web_root(w)}); }},
    {"pki/web-intermediate.pem", "", "The issuing CA of the company's web PKI.",
     [](Workshop& w) { return pem_file({the_web_intermediate(w)}); }},

    {"workload/healthy.pem", "",
     "A workload certificate as istiod issues it: empty subject, one SPIFFE ID in a critical SAN, 24 hours.",
     [](Workshop& w) { return pem_file({the_leaf(w)}); }},
    {"workload/healthy-chain.pem", "",
     "A workload certificate under a plugged-in CA: leaf, then intermediate.",
     [](Workshop& w) {
       return pem_file({plugin_leaf(w).build(), the_intermediate(w)});
     }},
    {"workload/healthy-with-dns.pem", "",
     "A workload certificate that carries DNS names and an address beside its one SPIFFE ID, as X509-SVID allows.",
     [](Workshop& w) {
       return pem_file(
           {istio_leaf(w).san({dns("my-svc.my-ns.svc"), uri(kId), ip("\x0a\x60\x04\x11")}).build()});
     }},
    {"workload/healthy-common-name.pem", "",
     "A dual-use workload certificate: a CN in the subject, and so a SAN that need not be critical.",
     [](Workshop& w) {
       return pem_file(
           {istio_leaf(w).subject(name({{"CN", "my-svc.my-ns.svc"}})).san({uri(kId)}, false).build()});
     }},
    {"workload/healthy-ec.pem", "",
     "A workload certificate with a P-256 key, issued by the P-256 root (ECC_SIGNATURE_ALGORITHM=ECDSA).",
     [](Workshop& w) { return pem_file({ec_leaf(w).build()}); }},
    {"workload/no-eku.pem", "usage.no-extended-key-usage",
     "A workload certificate without extendedKeyUsage, which X509-SVID only recommends.",
     [](Workshop& w) { return pem_file({istio_leaf(w).without(ext::kExtendedKeyUsage).build()}); }},
    {"workload/healthy-no-basic-constraints.pem", "",
     "A workload certificate without basicConstraints: absent means that it is not a CA.",
     [](Workshop& w) { return pem_file({istio_leaf(w).without(ext::kBasicConstraints).build()}); }},
    {"workload/key-before-certificate.pem", "input.private-key-in-dump",
     "A private key before the certificate in one file, as some tools write them.", key_before_certificate},

    {"citadel/root.pem", "",
     "The root of Citadel, Istio's CA up to 1.5: O=k8s.cluster.local although the trust domain is cluster.local.",
     [](Workshop& w) { return pem_file({citadel_root(w).build()}); }},
    {"citadel/leaf.pem", "",
     "A healthy workload certificate of Citadel: issuer O and trust domain differ lawfully; the subject is an O with "
     "an empty value, so it is not empty and the SAN need not be critical; 90 days.",
     [](Workshop& w) { return pem_file({citadel_leaf(w).build()}); }},

    {"gateway/healthy.pem", "",
     "The chain that a gateway serves: DNS names, 90 days, no SPIFFE ID; leaf, then issuing CA.",
     [](Workshop& w) {
       return pem_file({serving_leaf(w).build(), the_web_intermediate(w)});
     }},

    {"bundle/healthy.pem", "", "A trust bundle of three roots.",
     [](Workshop& w) {
       return pem_file({the_root(w), the_plugin_root(w), the_web_root(w)});
     }},
    {"bundle/one-expired.pem", "bundle.expired-member",
     "A trust bundle of three roots, the second of which has expired.",
     [](Workshop& w) {
       const Octets expired =
           plugin_root(w).validity(kEpoch - std::chrono::days{3651}, kEpoch - std::chrono::days{1}).build();
       return pem_file({the_root(w), expired, the_web_root(w)});
     }},
    {"bundle/one-critical.pem", "validity.expiring",
     "A trust bundle of three roots, the second of which ends in ten days: the others live on.",
     [](Workshop& w) {
       const Instant end = kNow + std::chrono::days{10};
       const Octets dying = plugin_root(w).validity(end - std::chrono::days{3650}, end).build();
       return pem_file({the_root(w), dying, the_web_root(w)});
     }},
    {"bundle/critical-named-in-two-encodings.pem", "validity.critical",
     "A trust bundle of a CA that ends in ten days, whose own name is a PrintableString and its issuer's the "
     "same as UTF8String, and of a root.",
     [](Workshop& w) {
       const Instant end = kNow + std::chrono::days{10};
       const Octets dying =
           istio_root(w).issuer(utf8_root_name()).validity(end - std::chrono::days{3650}, end).build();
       return pem_file({dying, the_web_root(w)});
     }},
    {"bundle/expired-renewed-in-another-encoding.pem", "bundle.expired-member",
     "A trust bundle of a root that has expired, and of one with its key, whose name is the same as UTF8String.",
     [](Workshop& w) {
       const Octets expired =
           istio_root(w).validity(kEpoch - std::chrono::days{3651}, kEpoch - std::chrono::days{1}).build();
       return pem_file({expired, istio_root(w).subject(utf8_root_name()).issuer(utf8_root_name()).build()});
     }},
    {"bundle/all-critical.pem", "validity.critical",
     "A trust bundle of two roots, both of which end in ten days.",
     [](Workshop& w) {
       const Instant end = kNow + std::chrono::days{10};
       return pem_file({istio_root(w).validity(end - std::chrono::days{3650}, end).build(),
                        plugin_root(w).validity(end - std::chrono::days{3650}, end).build()});
     }},
    {"bundle/all-expired.pem", "validity.expired", "A trust bundle both roots of which have expired.",
     [](Workshop& w) {
       const Instant end = kEpoch - std::chrono::days{1};
       return pem_file({istio_root(w).validity(end - std::chrono::days{3650}, end).build(),
                        plugin_root(w).validity(end - std::chrono::days{3650}, end).build()});
     }},
};

}  // namespace

std::span<const Recipe> healthy_recipes() {
  return kRecipes;
}

}  // namespace gencerts
