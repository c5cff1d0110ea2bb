// Which roots an expectation speaks of, by what the input states of trust domains.
#include <doctest/doctest.h>

#include <memory>

#include "meshcert/inspect.hpp"

using namespace meshcert;

namespace {

// A root without a name of its own; what a trust bundle is for is said beside it.
Artifact bundle(const std::string& name, const std::string& trust_domain = {}) {
  Artifact artifact;
  artifact.kind = ArtifactKind::trust_bundle;
  artifact.name = name;
  artifact.source.file = "dump.json";
  artifact.source.pointer = "/" + name;
  artifact.state = SecretState::active;
  artifact.trust_domain = trust_domain;
  artifact.certificates.emplace_back();
  return artifact;
}

Artifact chain(std::string_view uri, std::size_t certificates = 1) {
  Artifact artifact;
  artifact.kind = ArtifactKind::workload_chain;
  artifact.name = "default";
  artifact.source.file = "dump.json";
  artifact.state = SecretState::active;
  artifact.certificates.resize(certificates);
  SubjectAltName names;
  names.uri_count = 1;
  names.first_uri = uri;
  names.has_spiffe_uri = true;
  artifact.certificates[0].extensions.subject_alt_name.set(true, names);
  return artifact;
}

constexpr std::string_view kWorkload = "spiffe://mesh.example/ns/a/sa/a";

template <class... Artifacts>
Inventory inventory_of(Artifacts&&... artifacts) {
  Inventory inventory;
  (inventory.artifacts.push_back(std::move(artifacts)), ...);
  return inventory;
}

// Roots that are all alike are also shared, which is not the question here.
std::vector<std::string> said(const Inventory& inventory, const Policy& policy) {
  std::vector<std::string> out;
  for (const Finding& finding :
       judge(inventory, policy, Selection{{"root"}, {"root.shared-between-trust-domains"}}))
    out.push_back(std::string(finding.spec->code) + ": " + message_of(finding));
  return out;
}

Policy asking_for(RootAuthority authority, const std::string& trust_domain = {}) {
  Policy policy;
  policy.root.authority = authority;
  policy.root.trust_domain = trust_domain;
  return policy;
}

Policy pinning(const std::string& trust_domain = {}) {
  Policy policy = asking_for(RootAuthority::unstated, trust_domain);
  policy.root.pins = {"00"};
  return policy;
}

Policy expecting_root_of(const std::string& trust_domain) {
  Expectations expectations;
  expectations.roots.emplace_back();
  expectations.roots[0].trust_domain = trust_domain;
  expectations.roots[0].pins = {"00"};
  Policy policy;
  policy.expectations = std::make_shared<const Expectations>(std::move(expectations));
  return policy;
}

bool starts_with(const std::vector<std::string>& findings, const std::string& code) {
  return findings.size() == 1 && findings[0].starts_with(code + ":");
}

}  // namespace

TEST_CASE("an authority's root is that of the trust domain that the input states") {
  struct Row {
    const char* what;
    Inventory inventory;
    const char* given;
    const char* expected;
  };
  const Row rows[] = {
      {"the leaf's", inventory_of(chain(kWorkload), bundle("ROOTCA")), "", "expected mesh.example"},
      {"the bundle's own", inventory_of(bundle("ROOTCA", "mesh.example")), "", "expected mesh.example"},
      {"the bundle's name", inventory_of(bundle("spiffe://fed.org")), "", "expected fed.org"},
      {"nothing stated", inventory_of(bundle("ROOTCA")), "", "expected to be a trust domain"},
      {"the caller's", inventory_of(chain(kWorkload), bundle("ROOTCA")), "b.org", "expected b.org"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto findings = said(row.inventory, asking_for(RootAuthority::istiod, row.given));
    REQUIRE(starts_with(findings, "root.unexpected-organization"));
    CHECK(findings[0].find(row.expected) != std::string::npos);
  }
}

TEST_CASE("two trust domains of one file are both allowed") {
  const auto findings =
      said(inventory_of(chain(kWorkload), chain("spiffe://b.org/ns/a/sa/a"), bundle("ROOTCA")),
           asking_for(RootAuthority::istiod));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].find("expected b.org or mesh.example") != std::string::npos);
}

TEST_CASE("a pin needs no trust domain") {
  const auto foreign = [] { return inventory_of(chain(kWorkload), bundle("ROOTCA", "mesh.example")); };
  CHECK(starts_with(said(foreign(), pinning()), "root.pin-mismatch"));
  CHECK(starts_with(said(foreign(), pinning("mesh.example")), "root.pin-mismatch"));
  const auto other = said(foreign(), pinning("cluster.local"));
  REQUIRE(starts_with(other, "root.no-root"));
  CHECK(other[0].find("of the trust domain cluster.local, only of mesh.example") != std::string::npos);
  CHECK(said(inventory_of(chain(kWorkload)), pinning("cluster.local")) ==
        std::vector<std::string>{"root.no-root: a root was expected, but no input holds a trust bundle"});
}

TEST_CASE("a federated bundle is judged as its own trust domain's") {
  const auto federated = [] {
    return inventory_of(chain(kWorkload), bundle("spiffe://mesh.example"), bundle("spiffe://fed.org"));
  };
  CHECK(said(federated(), pinning()).size() == 2);
  CHECK(said(federated(), pinning("mesh.example")).size() == 1);
  CHECK(said(federated(), expecting_root_of("mesh.example")).size() == 1);
  CHECK(said(federated(), expecting_root_of("fed.org")).size() == 1);
  CHECK(said(federated(), expecting_root_of("b.org")).empty());
}

TEST_CASE("bundles named by trust domain IDs may share a key as others may") {
  const auto shared = [](const char* name) {
    return judge(inventory_of(bundle("spiffe://mesh.example"), bundle(name)), Policy{},
                 Selection{{"root"}, {}})
        .size();
  };
  CHECK(shared("spiffe://fed.org") == 1);
  CHECK(shared("spiffe://mesh.example") == 0);
  CHECK(shared("ALL") == 0);
}

TEST_CASE("roots without a name are no namesakes") {
  constexpr std::string_view kName = "\x31\x0a\x30\x08\x06\x03\x55\x04\x0a\x13\x01x";
  const auto are_twins = [](std::string_view name) {
    Artifact roots = bundle("ROOTCA");
    roots.certificates.resize(2);
    for (Certificate& root : roots.certificates) root.subject.rdns = root.issuer.rdns = as_bytes(name);
    roots.certificates[0].key.spki = as_bytes("one");
    roots.certificates[1].key.spki = as_bytes("another");
    return !judge(inventory_of(std::move(roots)), Policy{}, Selection{{"root.twin-subject"}, {}}).empty();
  };
  CHECK(are_twins(kName));
  CHECK_FALSE(are_twins(""));
}

TEST_CASE("the root that ends a workload's chain is judged, whoever expects") {
  CHECK(said(inventory_of(chain(kWorkload, 2)), pinning()).size() == 1);
  CHECK(said(inventory_of(chain(kWorkload, 2)), pinning("mesh.example")).size() == 1);
  CHECK(starts_with(said(inventory_of(chain(kWorkload, 2)), pinning("b.org")), "root.no-root"));
  CHECK(said(inventory_of(chain(kWorkload, 2)), expecting_root_of("mesh.example")).size() == 1);
  CHECK(said(inventory_of(chain(kWorkload, 2)), expecting_root_of("b.org")).empty());
  CHECK(said(inventory_of(chain(kWorkload)), expecting_root_of("mesh.example")).empty());
}

TEST_CASE("an expected root that was compared with nothing is listed") {
  const auto unmatched = [](const Inventory& inventory, const std::string& trust_domain) {
    return unmatched_expectations(*expecting_root_of(trust_domain).expectations, inventory).size();
  };
  CHECK(unmatched(inventory_of(chain(kWorkload)), "mesh.example") == 1);  // no root in it
  CHECK(unmatched(inventory_of(chain(kWorkload, 2)), "mesh.example") == 0);
  CHECK(unmatched(inventory_of(chain(kWorkload), bundle("ROOTCA")), "mesh.example") == 0);
  CHECK(unmatched(inventory_of(chain(kWorkload), bundle("ROOTCA")), "b.org") == 1);
  CHECK(unmatched(inventory_of(bundle("ROOTCA")), "mesh.example") == 1);  // whose it is, nothing says
  CHECK(unmatched(inventory_of(bundle("spiffe://fed.org")), "fed.org") == 0);
}
