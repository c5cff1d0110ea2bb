#include "dumps.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

Sample root_named(Workshop& w, Octets subject) {
  return pem_file({istio_root(w).subject(subject).issuer(subject).build()});
}

/// unmarked_root has no key identifiers.
Octets unmarked_root(Workshop& w, std::string_view key) {
  return istio_root(w, "root/unmarked").key(key).signer(key).key_ids(false, false).build();
}

/// spire_root is of SPIRE's own CA: it carries the ID of its trust domain.
Octets spire_root(Workshop& w, std::string_view key) {
  const Octets subject = name({{"C", "US"}, {"O", "SPIFFE"}});
  return istio_root(w)
      .subject(subject)
      .issuer(subject)
      .san({uri("spiffe://cluster.local")}, false)
      .key(key)
      .signer(key)
      .build();
}

const Recipe kRecipes[] = {
    {"root/mesh-ca.pem", "", "A root as Google's Mesh CA names it.",
     [](Workshop& w) {
       return root_named(
           w, name({{"C", "US"},
                    {"ST", "California"},
                    {"L", "Mountain View"},
                    {"O", "Google LLC"},
                    {"OU", "istio_v1_cloud_workload"},
                    {"CN", "istio_v1_cloud_workload_root-signer-0-2024-01-01T00:00:00Z", tag::kUtf8String}}));
     },
     kNow, "--ca mesh-ca"},
    {"root/custom.pem", "", "A company's own mesh root.",
     [](Workshop& w) {
       return root_named(
           w, name({{"C", "DE"}, {"O", "Example Corp"}, {"OU", "Mesh"}, {"CN", "Example Mesh Root R1"}}));
     },
     kNow, "--root-cn ^Example --root-org Corp$"},
    {"root/other-organization.pem", "root.unexpected-organization",
     "A self-signed istiod root of trust domain mesh.example.",
     [](Workshop& w) {
       return root_named(w, name({{"O", "mesh.example"}}));
     },
     kNow, "--ca istiod"},
    {"root/unexpected-cn.pem", "root.unexpected-cn",
     "A root like istiod's with a CN, which istiod's has not.",
     [](Workshop& w) {
       return root_named(w, name({{"O", "cluster.local"}, {"CN", "Evil Root"}}));
     },
     kNow, "--ca istiod"},
    {"root/not-self-signed.pem", "root.not-self-signed",
     "Issuer and subject are both O=cluster.local, but another key signed it.",
     [](Workshop& w) { return pem_file({istio_root(w).signer("other-root").build()}); }, kNow, "--ca istiod"},
    {"root/intermediate-as-anchor.pem", "root.not-self-signed",
     "The intermediate of a plugged-in CA where a root is expected.",
     [](Workshop& w) { return pem_file({the_intermediate(w)}); }, kNow, "--root-org ^Istio$"},
    {"root/pin-mismatch.pem", "root.pin-mismatch", "A good root that is not the one pinned.",
     [](Workshop& w) { return pem_file({the_root(w)}); }, kNow,
     "--pin 0000000000000000000000000000000000000000000000000000000000000000"},
    {"root/no-root.pem", "root.no-root", "A workload certificate alone, where a root is expected.",
     [](Workshop& w) { return pem_file({the_leaf(w)}); }, kNow, "--ca istiod"},
    {"root/version-1.pem", "usage.ca-no-key-usage",
     "A root of X.509 version 1, without extensions: OpenSSL and Go take it as an anchor.",
     [](Workshop& w) { return pem_file({istio_root(w).version(1).build()}); }},
    {"root/healthy-self-issued-leaf.pem", "",
     "A leaf whose subject equals its issuer's, signed by the root of that name: self-issued, not self-signed.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w).subject(istio_root_name()).san({uri(kId)}, false).build()});
     }},

    {"root/shared-between-trust-domains.json", "root.shared-between-trust-domains",
     "Envoy's SPIFFE validator trusts one root for two trust domains.",
     [](Workshop& w) {
       return spire_dump(the_leaf(w), {{"cluster.local", the_root(w)}, {"east.local", the_root(w)}});
     }},
    {"root/twin-subject.pem", "root.twin-subject",
     "A bundle of two roots of one name, each with its own key, and neither has a subjectKeyIdentifier.",
     [](Workshop& w) {
       return pem_file({istio_root(w, "root/twin-old").key_ids(false, false).build(),
                        istio_root(w).key("other-root").signer("other-root").key_ids(false, false).build()});
     }},
    {"root/spire-rotated.pem", "",
     "A bundle of two of SPIRE's roots: one name, one ID, a key of their own each.",
     [](Workshop& w) {
       return pem_file({spire_root(w, "root"), spire_root(w, "other-root")});
     }},
    {"root/healthy-cross-certificate.json", "",
     "The chain carries the new root as the old one signed it, which is what ROOTCA holds: one name, two keys.",
     [](Workshop& w) {
       const Octets cross =
           istio_root(w, "root/cross").key("other-root").signer("root").key_ids(true, true).build();
       return workload_dump({istio_leaf(w).signer("other-root").build(), cross}, {the_root(w)});
     }},
    {"root/rotation-ahead.json", "root.missing-from-bundle",
     "A workload already has a leaf of the new root, and trusts both; healthy by itself.",
     [](Workshop& w) {
       const Octets leaf = istio_leaf(w).signer("other-root").build();
       return workload_dump({leaf}, {the_root(w), the_new_root(w)});
     }},
    {"root/no-key-ids-old.json", "",
     "A workload under a root that it trusts alone; nothing has key identifiers.",
     [](Workshop& w) {
       return workload_dump({istio_leaf(w).key_ids(false, false).build()}, {unmarked_root(w, "root")});
     }},
    {"root/no-key-ids-new.json", "root.twin-subject",
     "Its neighbour under a new root of the same name, which trusts both.",
     [](Workshop& w) {
       return workload_dump({istio_leaf(w).signer("other-root").key_ids(false, false).build()},
                            {unmarked_root(w, "root"), unmarked_root(w, "other-root")});
     }},
    {"root/spire.pem", "", "The root of SPIRE's own CA: it carries the ID of its trust domain.",
     [](Workshop& w) { return pem_file({spire_root(w, "root")}); }, kNow, "--ca spire"},
};

}  // namespace

std::span<const Recipe> root_recipes() {
  return kRecipes;
}

}  // namespace gencerts
