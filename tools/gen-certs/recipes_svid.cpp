#include "recipe.hpp"

namespace gencerts {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kAsChain = "--as workload-chain";

Sample leaf_with(Workshop& w, std::initializer_list<Octets> names) {
  return pem_file({istio_leaf(w).san(names).build()});
}

Sample leaf_of(Workshop& w, std::string_view id) {
  return leaf_with(w, {uri(id)});
}

/// ca_with_id is a chain whose intermediate carries a SPIFFE ID.
Sample ca_with_id(Workshop& w, std::string_view id) {
  return pem_file({plugin_leaf(w, "workload/healthy-chain").build(),
                   plugin_intermediate(w).san({uri(id)}, false).build()});
}

/// id_of_length is an ID in Istio's form with a service account as long as it takes.
std::string id_of_length(std::size_t octets) {
  const std::string_view start = "spiffe://cluster.local/ns/my-ns/sa/";
  return std::string(start) + std::string(octets - start.size(), 'a');
}

const Recipe kRecipes[] = {
    {"svid/no-uri.pem", "svid.no-uri", "The leaf's SAN holds a DNS name and no URI: no SPIFFE ID at all.",
     [](Workshop& w) { return leaf_with(w, {dns("my-svc.my-ns.svc")}); }, kNow, kAsChain},
    {"svid/no-san.pem", "svid.no-uri", "The leaf has no SAN extension: no SPIFFE ID at all.",
     [](Workshop& w) {
       return pem_file(
           {istio_leaf(w).subject(name({{"CN", "my-sa"}})).without(ext::kSubjectAltName).build()});
     },
     kNow, kAsChain},
    {"svid/multiple-uris.pem", "svid.multiple-uris",
     "The leaf carries two SPIFFE IDs; an X509-SVID carries exactly one.",
     [](Workshop& w) {
       return leaf_with(w, {uri(kId), uri("spiffe://cluster.local/ns/my-ns/sa/other-sa")});
     }},
    {"svid/two-leaves.pem", "",
     "The certificates of two workloads in one file: the second is no signing certificate.",
     [](Workshop& w) {
       const auto other = uri("spiffe://cluster.local/ns/my-ns/sa/other-sa");
       return pem_file({istio_leaf(w).build(), istio_leaf(w).san({other}, true).build()});
     }},
    {"svid/second-uri-not-spiffe.pem", "svid.multiple-uris",
     "The leaf carries an https URI after its SPIFFE ID; any second URI is one too many.",
     [](Workshop& w) {
       return leaf_with(w, {uri(kId), uri("https://example.com/my-sa")});
     }},
    {"svid/not-spiffe.pem", "svid.not-spiffe", "The leaf's one URI is an https URL.",
     [](Workshop& w) { return leaf_with(w, {uri("https://cluster.local/ns/my-ns/sa/my-sa")}); }, kNow,
     kAsChain},

    {"svid/not-spiffe-legacy.pem", "svid.not-spiffe",
     "The leaf's one URI is of the form of Istio's first releases, and says so without being told.",
     [](Workshop& w) {
       return pem_file({citadel_leaf(w).san({uri("istio:account1.foo.cluster.local")}, false).build()});
     }},
    {"svid/malformed-id-upper-case-trust-domain.pem", "svid.malformed-id",
     "The trust domain is spelled in upper case.",
     [](Workshop& w) { return leaf_of(w, "spiffe://Cluster.Local/ns/my-ns/sa/my-sa"); }},
    {"svid/malformed-id-trailing-slash.pem", "svid.malformed-id", "The ID ends in a slash.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local/ns/my-ns/sa/my-sa/"); }},
    {"svid/malformed-id-percent-encoding.pem", "svid.malformed-id", "The path is percent-encoded.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local/ns/my-ns/sa/my%2dsa"); }},
    {"svid/malformed-id-port.pem", "svid.malformed-id", "The trust domain has a port.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local:8080/ns/my-ns/sa/my-sa"); }},
    {"svid/malformed-id-userinfo.pem", "svid.malformed-id", "The trust domain has a user name before it.",
     [](Workshop& w) { return leaf_of(w, "spiffe://me@cluster.local/ns/my-ns/sa/my-sa"); }},
    {"svid/malformed-id-query.pem", "svid.malformed-id", "The ID has a query.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local/ns/my-ns/sa/my-sa?version=2"); }},
    {"svid/malformed-id-fragment.pem", "svid.malformed-id", "The ID has a fragment.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local/ns/my-ns/sa/my-sa#1"); }},
    {"svid/malformed-id-dot-segment.pem", "svid.malformed-id", "The path has a dot segment.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local/ns/../sa/my-sa"); }},
    {"svid/malformed-id-empty-segment.pem", "svid.malformed-id", "The namespace is empty.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local/ns//sa/my-sa"); }},
    {"svid/malformed-id-empty-trust-domain.pem", "svid.malformed-id", "The trust domain is empty.",
     [](Workshop& w) { return leaf_of(w, "spiffe:///ns/my-ns/sa/my-sa"); }},
    {"svid/malformed-id-space.pem", "svid.malformed-id", "The service account has a space in it.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local/ns/my-ns/sa/my sa"); }},

    {"svid/leaf-without-path.pem", "svid.leaf-without-path",
     "The leaf's ID is a trust domain alone, which only a CA may carry.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local"); }},
    {"svid/ca-with-path.pem", "svid.ca-with-path",
     "The intermediate's SPIFFE ID has a path, which only a leaf's may have.",
     [](Workshop& w) { return ca_with_id(w, "spiffe://cluster.local/ca/cluster1"); }},
    {"svid/ca-id-trailing-slash.pem", "svid.ca-id-trailing-slash",
     "The intermediate's SPIFFE ID is its trust domain and a slash.",
     [](Workshop& w) { return ca_with_id(w, "spiffe://cluster.local/"); }},
    {"svid/healthy-ca-with-id.pem", "",
     "The intermediate carries a SPIFFE ID without a path, as X509-SVID recommends.",
     [](Workshop& w) { return ca_with_id(w, "spiffe://cluster.local"); }},
    {"svid/ca-of-other-domain.pem", "svid.ca-of-other-trust-domain",
     "The intermediate's SPIFFE ID is that of another trust domain than the leaf's.",
     [](Workshop& w) { return ca_with_id(w, "spiffe://mesh.example"); }},
    {"svid/ca-of-others-beside.pem", "chain.unrelated-certificate",
     "Beside the intermediate stands a CA of its name, of another key and trust domain.",
     [](Workshop& w) {
       return pem_file({plugin_leaf(w, "workload/healthy-chain").build(),
                        plugin_intermediate(w).san({uri("spiffe://cluster.local")}, false).build(),
                        plugin_intermediate(w, "svid/beside")
                            .key("other-root")
                            .san({uri("spiffe://mesh.example")}, false)
                            .build()});
     }},
    {"svid/not-istio-form.pem", "svid.not-istio-form",
     "A valid SPIFFE ID that is not /ns/<namespace>/sa/<service account>: Istio's policies cannot name it.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local/workload/my-app"); }},
    {"svid/not-istio-trust-domain.pem", "svid.not-istio-form",
     "A SPIFFE ID of trust domain cluster_local, which SPIFFE allows and istiod does not.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster_local/ns/my-ns/sa/my-sa"); }},
    {"svid/san-not-critical.pem", "svid.san-not-critical",
     "The subject is empty and the SAN is not critical (RFC 5280 4.2.1.6).",
     [](Workshop& w) { return pem_file({istio_leaf(w).san({uri(kId)}, false).build()}); }},
    {"svid/nul-in-uri.pem", "svid.nul-in-name",
     "The URI holds a NUL: C programs read spiffe://cluster.local/ns/my-ns/sa/my-sa, others all of it.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local/ns/my-ns/sa/my-sa\0.evil.example"sv); }},
    {"svid/nul-in-dns.pem", "svid.nul-in-name", "A DNS name beside the SPIFFE ID holds a NUL.",
     [](Workshop& w) {
       return leaf_with(w, {uri(kId), dns("my-svc.my-ns.svc\0.evil.example"sv)});
     }},
    {"svid/nul-in-cn.pem", "svid.nul-in-name", "The subject's common name holds a NUL.",
     [](Workshop& w) {
       const Octets subject = name({{"CN", "my-svc.my-ns.svc\0.evil.example"sv, tag::kUtf8String}});
       return pem_file({istio_leaf(w).subject(subject).build()});
     }},
    {"svid/healthy-cn-in-ucs2.pem", "",
     "The subject's common name is a BMPString, in which each other octet is 00.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w).subject(name({{"CN", "\0a\0b"sv, tag::kBmpString}})).build()});
     }},
    {"svid/id-too-long.pem", "svid.id-too-long",
     "The SPIFFE ID is 2049 octets long; none longer than 2048 should be made. (No service account has such a name either.)",
     [](Workshop& w) { return leaf_of(w, id_of_length(2049)); }},
    {"svid/id-of-2048-octets.pem", "svid.not-istio-form",
     "The SPIFFE ID is 2048 octets long, the most that everyone must support; only Kubernetes has no such name.",
     [](Workshop& w) { return leaf_of(w, id_of_length(2048)); }},

    {"identity/other-trust-domain.pem", "identity.trust-domain-mismatch",
     "A healthy workload certificate of trust domain old.example.",
     [](Workshop& w) { return leaf_of(w, "spiffe://old.example/ns/my-ns/sa/my-sa"); }, kNow,
     "--trust-domain cluster.local"},
    {"identity/other-namespace.pem", "identity.namespace-mismatch",
     "A healthy workload certificate of namespace other-ns.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local/ns/other-ns/sa/my-sa"); }, kNow,
     "--namespace my-ns"},
    {"identity/other-service-account.pem", "identity.service-account-mismatch",
     "A healthy workload certificate of service account default.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local/ns/my-ns/sa/default"); }, kNow,
     "--service-account my-sa"},
    {"identity/other-id.pem", "identity.id-mismatch", "A healthy workload certificate of another workload.",
     [](Workshop& w) { return leaf_of(w, "spiffe://cluster.local/ns/other-ns/sa/other-sa"); }, kNow,
     "--id spiffe://cluster.local/ns/my-ns/sa/my-sa"},
    {"identity/no-workload.pem", "identity.no-workload", "A root alone, where a workload is expected.",
     [](Workshop& w) { return pem_file({the_root(w)}); }, kNow, "--namespace my-ns"},
    {"identity/alias.pem", "identity.alias-used",
     "A healthy workload certificate of trust domain old.example, an alias of cluster.local.",
     [](Workshop& w) { return leaf_of(w, "spiffe://old.example/ns/my-ns/sa/my-sa"); }, kNow,
     "--trust-domain cluster.local --trust-domain-alias old.example"},
};

}  // namespace

std::span<const Recipe> svid_recipes() {
  return kRecipes;
}

}  // namespace gencerts
