// The loop, the selection and the templates; each code has its .case files.
#include <doctest/doctest.h>

#include "checks/check.hpp"

using namespace meshcert;

namespace {

constexpr FindingSpec kSpec{"validity.expired",
                            Severity::error,
                            Severity::warning,
                            "expired {expired_seconds} ago at {not_after}: {{literal}} {_note}",
                            "renew {resource} in {file}",
                            "RFC 5280 4.1.2.5"};

Finding finding() {
  return {&kSpec,
          Severity::error,
          SourceRef{"dump.json", 3, "/a", 0},
          "default",
          {{"expired_seconds", Seconds(3600)}, {"not_after", Instant(Seconds(0))}, {"_note", "x{y}"}}};
}

Artifact uninitialized(const std::string& name) {
  Artifact artifact;
  artifact.kind = ArtifactKind::workload_chain;
  artifact.name = name;
  artifact.source.file = "dump.json";
  artifact.state = SecretState::uninitialized;
  return artifact;
}

std::vector<std::string_view> codes(const std::vector<Finding>& findings) {
  std::vector<std::string_view> out;
  for (const Finding& one : findings) out.push_back(one.spec->code);
  return out;
}

}  // namespace

TEST_CASE("templates are filled with facts, and doubled braces are literal") {
  CHECK(message_of(finding()) == "expired 1h ago at 1970-01-01T00:00:00Z: {literal} x{y}");
  CHECK(fix_of(finding()) == "renew default in dump.json");
  CHECK(kSpec.family() == "validity");
  CHECK(kSpec.severity(Profile::spiffe) == Severity::warning);
}

TEST_CASE("facts render by their type") {
  CHECK(fact_text(std::string("a\tb")) == "a\tb");
  CHECK(fact_text(std::int64_t{-7}) == "-7");
  CHECK(fact_text(true) == "true");
  CHECK(fact_text(Instant(Seconds(1))) == "1970-01-01T00:00:01Z");
  CHECK(finding().fact("not_after") != nullptr);
  CHECK(finding().fact("nothing") == nullptr);
}

TEST_CASE("a selection goes by code or family, never by prefix of a word") {
  CHECK(Selection{}.wants("validity.expired"));
  CHECK(Selection{{"validity"}, {}}.wants("validity.expired"));
  CHECK(Selection{{"validity.expired"}, {}}.wants("validity.expired"));
  CHECK_FALSE(Selection{{"valid"}, {}}.wants("validity.expired"));
  CHECK_FALSE(Selection{{"validity.expire"}, {}}.wants("validity.expired"));
  CHECK_FALSE(Selection{{"svid"}, {}}.wants("validity.expired"));
  CHECK_FALSE(Selection{{}, {"validity"}}.wants("validity.expired"));
  CHECK_FALSE(Selection{{"validity"}, {"validity.expired"}}.wants("validity.expired"));
}

TEST_CASE("findings are sorted by place and said once") {
  Inventory inventory;
  inventory.artifacts.push_back(uninitialized("kubernetes://b"));
  inventory.artifacts.push_back(uninitialized("default"));
  inventory.artifacts.push_back(uninitialized("default"));
  inventory.artifacts[0].source.pointer = "/b";
  inventory.artifacts[1].source.pointer = "/a";
  inventory.artifacts[2].source.pointer = "/a";
  const auto findings = judge(inventory, Policy{}, Selection{});
  REQUIRE(codes(findings) ==
          std::vector<std::string_view>{"secret-state.uninitialized", "secret-state.uninitialized"});
  CHECK(findings[0].where.pointer == "/a");
  CHECK(fix_of(findings[0]).find("istio-proxy") != std::string::npos);
  CHECK(fix_of(findings[1]).find("kubectl get secret") != std::string::npos);
}

TEST_CASE("what to do about a secret that did not come goes by its name") {
  struct Row {
    const char *name, *has;
  };
  const Row rows[] = {
      {"kubernetes://shop", "kubectl get secret shop -n NAMESPACE"},
      {"kubernetes://ns/x-cacert", "kubectl get secret x-cacert x -n ns;"},
      {"kubernetes://ns/x-cacert", "grep 'failed to fetch ca certificate'"},
      {"kubernetes-gateway://ns/x", "referencegrant -n ns"},
      {"kubernetes-gateway://ns/x", "grep 'failed to fetch key and certificate'"},
      {"configmap://ns/ca", "kubectl get configmap ca -n ns"},
      {"configmap://ca", "states no namespace, and configmap://NAMESPACE/NAME is required"},
      {"invalid://x", "on purpose"},
      {"file-root:system", "its own image"},
      {"file-cert:/a/b.pem~/a/k.pem", "ls -l /a/b.pem /a/k.pem"},
      {"file-root:/a;reboot", "ls -l the paths in its name"},
      {"file-root:/a -la", "ls -l the paths in its name"},
      {"file-root:-la", "ls -l the paths in its name"},
      {"kubernetes://ns;reboot/x;reboot", "there cannot be"},
      {"sds://x", "the SDS provider of the pod"},
      {"spiffe://a/ns/b/sa/c", "daemonset/ztunnel"},
      {"default", "CSR signing error"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Inventory inventory;
    inventory.artifacts.push_back(uninitialized(row.name));
    const auto findings = judge(inventory, Policy{}, Selection{});
    REQUIRE(findings.size() == 1);
    CHECK(fix_of(findings[0]).find(row.has) != std::string::npos);
  }
}

TEST_CASE("an expectation that met no workload is said, and only then") {
  Inventory inventory;
  Policy policy;
  CHECK(judge(inventory, policy, Selection{}).empty());
  policy.identity.service_account = "reviews";
  CHECK(codes(judge(inventory, policy, Selection{})) ==
        std::vector<std::string_view>{"identity.no-workload"});
  policy.identity = {};
  Expectations expectations;
  expectations.workloads.push_back({"*", {}});
  policy.expectations = std::make_shared<const Expectations>(std::move(expectations));
  CHECK(codes(judge(inventory, policy, Selection{})) ==
        std::vector<std::string_view>{"identity.no-workload"});
  policy.expectations = nullptr;
  policy.root.pins = {"00"};
  CHECK(codes(judge(inventory, policy, Selection{})) == std::vector<std::string_view>{"root.no-root"});
}

TEST_CASE("a trust domain given for the root's sake expects no workload") {
  Policy policy;
  policy.identity.trust_domain = "cluster.local";
  policy.root.authority = RootAuthority::istiod;
  CHECK(codes(judge(Inventory{}, policy, Selection{{"identity"}, {}})).empty());
  policy.root = {};
  policy.root.pins = {"00"};
  CHECK(codes(judge(Inventory{}, policy, Selection{{"identity"}, {}})).empty());
  policy.identity.namespace_name = "shop";
  CHECK(codes(judge(Inventory{}, policy, Selection{{"identity"}, {}})).size() == 1);
}

TEST_CASE("misspelt codes are recognised, wild ones are not") {
  CHECK(nearest_codes("validity.expird") == std::vector<std::string_view>{"validity.expired"});
  CHECK(nearest_codes("expired").front() == "validity.expired");
  CHECK(nearest_codes("completely.different").empty());
  CHECK(nearest_codes(std::string(100'000, 'x')).empty());
  CHECK(is_family("secret-state"));
  CHECK_FALSE(is_family("secret"));
  CHECK(find_spec("svid.no-uri") != nullptr);
  CHECK(find_spec("svid.no-urn") == nullptr);
}

TEST_CASE("patterns are RE2's, in linear time, and bad ones say why") {
  const auto pattern = Pattern::compile("^cluster\\.local$");
  REQUIRE(pattern);
  CHECK(pattern->matches("cluster.local"));
  CHECK_FALSE(pattern->matches("clusterxlocal"));
  CHECK_FALSE(Pattern::compile("(").has_value());
  CHECK_FALSE(Pattern::compile("(").error().empty());
}
