// How chains are followed, where no sample can show it: many certificates, and
// arrangements of artifacts.
#include <doctest/doctest.h>

#include <iterator>
#include <memory>
#include <set>

#include "base/base64.hpp"
#include "checks/chain_walk.hpp"
#include "checks/trusted_roots.hpp"
#include "meshcert/inspect.hpp"
#include "meshcert/verification.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/sample.hpp"

using namespace meshcert;
using namespace meshcert::checks;
using meshcert::testing::sample;

namespace {

Artifact read_as(ArtifactKind kind, const std::string& text, const std::string& pointer = "/0/chain") {
  auto found = meshcert::testing::read("dump.json", text);
  REQUIRE(found.artifacts.size() == 1);
  Artifact artifact = std::move(found.artifacts.front());
  artifact.kind = kind;
  artifact.leaf = 0;
  artifact.name = "default";
  artifact.state = SecretState::active;
  artifact.source.pointer = pointer;
  return artifact;
}

Artifact bundle(const std::string& name, const std::string& text, const std::string& pointer = "/1/bundle") {
  Artifact artifact = read_as(ArtifactKind::trust_bundle, text, pointer);
  artifact.name = name;
  return artifact;
}

std::string codes(const Inventory& inventory) {
  std::string text;
  Policy policy;
  policy.at = *parse_rfc3339("2024-01-01T06:00:00Z");
  for (const Finding& finding : judge(inventory, policy, Selection{{"chain"}, {}}))
    text += (text.empty() ? "" : " ") + std::string(finding.spec->code);
  return text;
}

std::string codes(Artifact chain, Artifact roots) {
  Inventory inventory;
  inventory.artifacts.push_back(std::move(chain));
  inventory.artifacts.push_back(std::move(roots));
  return codes(inventory);
}

/// The certificate with another RSA key, which is none that signed anything.
std::string with_other_key(const std::string& text, std::size_t number) {
  const std::size_t begin = text.find('\n', text.find("-----BEGIN")) + 1;
  std::string body = text.substr(begin, text.find("-----END") - begin);
  std::erase(body, '\n');
  auto octets = base::decode_base64(body);
  REQUIRE(octets);
  const std::string_view modulus("\x02\x82\x01\x01\x00", 5);
  const std::size_t at = as_text(*octets).find(modulus);
  REQUIRE(at != std::string_view::npos);
  octets->at(at + 100) = static_cast<std::uint8_t>(number);
  return "-----BEGIN CERTIFICATE-----\n" + base::encode_base64(*octets) + "\n-----END CERTIFICATE-----\n";
}

Artifact leaf() {
  return read_as(ArtifactKind::workload_chain, sample("workload/healthy.pem"));
}

}  // namespace

TEST_CASE("the dates of what --untrusted holds count as if it were sent") {
  const auto codes_with = [](std::size_t untrusted) {
    Inventory inventory;
    inventory.artifacts.push_back(
        read_as(ArtifactKind::workload_chain, sample("validity/outlives-issuer.pem")));
    auto told = std::make_shared<Verification>();
    told->trusted.push_back(bundle("root.pem", sample("pki/plugin-root.pem")));
    auto& chain = inventory.artifacts.front().certificates;
    chain.erase(chain.begin() + 1, chain.end());
    if (untrusted != 0) told->untrusted.push_back(bundle("ca.pem", sample("validity/outlives-issuer.pem")));
    Policy policy;
    policy.at = *parse_rfc3339("2024-01-01T06:00:00Z");
    policy.verification = told;
    std::set<std::string> text;
    for (const Finding& finding : judge(inventory, policy, Selection{{"validity"}, {}}))
      text.insert(std::string(finding.spec->code));
    return text;
  };
  CHECK(codes_with(0).empty());
  CHECK(codes_with(1) == std::set<std::string>{"validity.effective-expiry", "validity.outlives-issuer"});
}

TEST_CASE("only the mesh's own bundles anchor a workload's chain") {
  const std::string other = sample("pki/plugin-root.pem");
  CHECK(codes(leaf(), bundle("ROOTCA", sample("pki/root.pem"))).empty());
  CHECK(codes(leaf(), bundle("ROOTCA", other)) == "chain.untrusted-root");
  CHECK(codes(leaf(), bundle("ALL", other)) == "chain.untrusted-root");
  CHECK(codes(leaf(), bundle("spiffe://cluster.local", other)) == "chain.untrusted-root");
  // Somebody else's anchors: nothing is known of this workload's.
  CHECK(codes(leaf(), bundle("spiffe://east.local", other)).empty());
  CHECK(codes(leaf(), bundle("kubernetes://shop-cert-cacert", other)).empty());
  CHECK(codes(leaf(), bundle("file-root:/etc/ssl/certs.pem", other)).empty());
  Artifact of_a_file = leaf();
  of_a_file.name = "file-cert:/etc/client/tls.crt~/etc/client/tls.key";
  CHECK(codes(std::move(of_a_file), bundle("ROOTCA", other)).empty());
  Artifact elsewhere = bundle("ROOTCA", other);
  elsewhere.source.file = "other.json";
  CHECK(codes(leaf(), std::move(elsewhere)).empty());
}

TEST_CASE("a bundle in the same entry of a list comes before all others") {
  Inventory inventory;
  inventory.artifacts.push_back(leaf());
  inventory.artifacts.push_back(bundle("rootCerts", sample("pki/root.pem"), "/0/rootCerts"));
  inventory.artifacts.push_back(bundle("ROOTCA", sample("pki/plugin-root.pem"), "/1/rootCerts"));
  CHECK(codes(inventory).empty());
  inventory.artifacts[1].source.pointer = "/2/rootCerts";
  CHECK(codes(inventory) == "chain.untrusted-root");
}

TEST_CASE("a bundle on its way counts only where there is no other") {
  Artifact warming = bundle("ROOTCA", sample("pki/plugin-root.pem"));
  warming.state = SecretState::warming;
  Inventory inventory;
  inventory.artifacts.push_back(leaf());
  inventory.artifacts.push_back(std::move(warming));
  CHECK(codes(inventory) == "chain.untrusted-root");
  inventory.artifacts.push_back(bundle("ROOTCA", sample("pki/root.pem"), "/2/bundle"));
  CHECK(codes(inventory).empty());
}

TEST_CASE("what could not be read may be what is missed") {
  const Defect lost{DefectKind::broken_pem_block, {}, "", true};
  Artifact lossy = bundle("ROOTCA", sample("pki/plugin-root.pem"));
  lossy.defects.push_back(lost);
  CHECK(codes(leaf(), std::move(lossy)).empty());
  Artifact chain = leaf();
  chain.defects.push_back(lost);
  CHECK(codes(std::move(chain), bundle("ROOTCA", sample("pki/plugin-root.pem"))).empty());
}

TEST_CASE("a leaf that signed itself is trusted where it stands in the bundle itself") {
  const std::string self = sample("pki/root.pem");
  CHECK(codes(read_as(ArtifactKind::workload_chain, self), bundle("ROOTCA", self)).empty());
  CHECK(codes(read_as(ArtifactKind::workload_chain, self), bundle("ROOTCA", sample("pki/plugin-root.pem"))) ==
        "chain.untrusted-root");
}

TEST_CASE("an intermediate before the leaf is told also where a proxy serves it") {
  const std::string chain = sample("chain/wrong-order.pem");
  CHECK(codes(read_as(ArtifactKind::tls_secret, chain), bundle("x", sample("pki/root.pem"))) ==
        "chain.wrong-order");
}

TEST_CASE("a file of certificates that have nothing to do with each other is no chain") {
  const auto file = [](const std::string& text) {
    Artifact artifact = read_as(ArtifactKind::certificate_chain, text);
    artifact.state = SecretState::none;
    artifact.leaf = artifact.certificates.size() - 1;
    Inventory inventory;
    inventory.artifacts.push_back(std::move(artifact));
    return codes(inventory);
  };
  const std::string end = sample("workload/healthy-ec.pem");
  CHECK(file(sample("pki/web-root.pem") + sample("pki/plugin-root.pem") + end).empty());
  CHECK(file(sample("pki/web-root.pem") + end) == "chain.unrelated-certificate");
  CHECK(file(sample("pki/root-ec.pem") + end) == "chain.root-included chain.wrong-order");
  CHECK(file(sample("pki/root-ec.pem") + sample("pki/web-root.pem") + end) ==
        "chain.root-included chain.unrelated-certificate chain.wrong-order");
}

TEST_CASE("certificates of no use are told one by one as far as anybody reads, then counted") {
  const auto findings = [](std::size_t namesakes) {
    std::string text = meshcert::testing::pem_of("workload/healthy.pem");
    for (std::size_t i = 0; i < namesakes; ++i) text += with_other_key(sample("pki/web-root.pem"), i);
    Inventory inventory;
    inventory.artifacts.push_back(read_as(ArtifactKind::workload_chain, text));
    Policy policy;
    policy.at = *parse_rfc3339("2024-01-01T06:00:00Z");
    return judge(inventory, policy, Selection{{"chain.unrelated-certificate"}, {}});
  };
  const auto few = findings(16);
  REQUIRE(few.size() == 16);
  CHECK(message_of(few.back()).find("more after it") == std::string::npos);
  const auto many = findings(200);
  REQUIRE(many.size() == 16);
  CHECK(message_of(many.front()).find("more after it") == std::string::npos);
  CHECK(message_of(many.back()).find("; nor are 184 more after it") != std::string::npos);
}

TEST_CASE("a chain is followed by signatures first, and by names where none verifies") {
  // A verifier remembers keys and signatures by their octets, which have to outlive it.
  const auto walk = [](const std::string& above) {
    const Artifact chain = read_as(ArtifactKind::tls_secret, sample("workload/healthy.pem") + above);
    x509::SignatureVerifier verifier;
    return walk_chain(chain, verifier);
  };
  const ChainWalk twin = walk(sample("pki/root-new.pem"));
  CHECK(twin.path == std::vector<std::size_t>{0, 1});
  CHECK(twin.reach == std::vector<Reach>{Reach::verified, Reach::by_name});
  const ChainWalk both = walk(sample("pki/root-new.pem") + sample("pki/root.pem"));
  CHECK(both.path == std::vector<std::size_t>{0, 2});
  CHECK(both.reach == std::vector<Reach>{Reach::verified, Reach::none, Reach::verified});
  CHECK(both.ends_in_root);
  const ChainWalk twice =
      walk(sample("pki/root.pem") + sample("pki/root.pem") + sample("pki/root-renewed.pem"));
  CHECK(twice.path == std::vector<std::size_t>{0, 1});
  CHECK(twice.duplicate_of == std::vector<std::size_t>{0, 1, 1, 3});
  CHECK(twice.reach[3] == Reach::verified);
  CHECK_FALSE(walk("").ends_in_root);
}

TEST_CASE("ten thousand certificates of one name and key are one link") {
  Artifact chain = read_as(ArtifactKind::tls_secret, sample("workload/healthy.pem"));
  const Artifact roots = bundle("ROOTCA", sample("pki/root.pem") + sample("pki/root-renewed.pem"));
  for (int i = 0; i < 5000; ++i)
    chain.certificates.insert(chain.certificates.end(), roots.certificates.begin(), roots.certificates.end());
  Inventory inventory;
  inventory.artifacts.push_back(std::move(chain));
  const auto findings = judge(inventory, Policy{}, Selection{{"chain"}, {"chain.duplicate-certificate"}});
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().spec->code == "chain.root-included");
}
