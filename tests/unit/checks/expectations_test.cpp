// Which entry of --expect a workload falls under.
#include <doctest/doctest.h>

#include "meshcert/inspect.hpp"

using namespace meshcert;

namespace {

Expectations expecting(std::initializer_list<const char*> globs) {
  Expectations expectations;
  for (const char* glob : globs) expectations.workloads.push_back({glob, {}});
  expectations.index();
  return expectations;
}

std::string name_of(const std::string& file, const std::string& workload = {}) {
  Artifact artifact;
  artifact.source.file = file;
  artifact.workload = workload;
  return std::string(workload_name(artifact));
}

}  // namespace

TEST_CASE("globs match whole names") {
  struct Row {
    const char *glob, *name;
    bool matches;
  };
  const Row rows[] = {
      {"a.b", "a.b", true},
      {"a.b", "a.bc", false},
      {"a.b", "xa.b", false},
      {"*.b", "a.b", true},
      {"*.b", ".b", true},
      {"*.b", "a.c", false},
      {"a-*.b", "a-1-2.b", true},
      {"a-*.b", "a.b", false},
      {"*", "", true},
      {"?", "", false},
      {"?", "a", true},
      {"?", "ab", false},
      {"a?c*e", "abcde", true},
      {"a?c*e", "abcd", false},
      {"**a**", "xxaxx", true},
      {"*a*b", "ababab", true},
      {"*a*b", "ababa", false},
      {"*.b", "a.c.b", true},
      {"a*a*a*a*b", "aaaaaaaa", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.glob);
    CAPTURE(row.name);
    CHECK(expecting({row.glob}).find(row.name).has_value() == row.matches);
  }
}

TEST_CASE("the first entry that matches counts, whatever its kind") {
  CHECK(expecting({"a.b", "*.b"}).find("a.b") == 0);
  CHECK(expecting({"*.b", "a.b"}).find("a.b") == 0);
  CHECK(expecting({"x*", "a.b", "*.b"}).find("a.b") == 1);
  CHECK(expecting({"x*", "a.b", "*.b"}).find("c.b") == 2);
  CHECK(expecting({"a.b", "a.b"}).find("a.b") == 0);
  CHECK_FALSE(expecting({"a.b"}).find("c.b").has_value());
  CHECK_FALSE(Expectations{}.find("a.b").has_value());
}

TEST_CASE("a dump is known by its workload, a file by its name") {
  CHECK(name_of("dumps/my-app-0.my-ns.json") == "my-app-0.my-ns");
  CHECK(name_of("my-app-0.my-ns") == "my-app-0.my-ns");
  CHECK(name_of("my-app-0.my-ns.pem") == "my-app-0.my-ns");
  CHECK(name_of("my-app-0.my-ns.json.gz") == "my-app-0.my-ns");
  CHECK(name_of("all.tar!my-app-0.my-ns.json") == "my-app-0.my-ns");
  CHECK(name_of("d/all.tar.gz!dumps/my-app-0.my-ns.json") == "my-app-0.my-ns");
  CHECK(name_of("all.tar!inner.zip!my-app-0.my-ns.yaml.zst") == "my-app-0.my-ns");
  CHECK(name_of("-") == "-");
  CHECK(name_of("x.json", "my-app-0.my-ns") == "my-app-0.my-ns");
}

TEST_CASE("what a ztunnel lists is not the ztunnel's") {
  Artifact artifact;
  artifact.kind = ArtifactKind::workload_chain;
  artifact.certificates.emplace_back();
  CHECK(is_subject_to_expectations(artifact));  // a file of PEM
  artifact.state = SecretState::active;
  artifact.source.pointer = "/certificates/0/certChain";
  CHECK_FALSE(is_subject_to_expectations(artifact));
  artifact.source.pointer = "/dynamicActiveSecrets/0";
  CHECK(is_subject_to_expectations(artifact));
  artifact.kind = ArtifactKind::tls_secret;
  CHECK_FALSE(is_subject_to_expectations(artifact));
}
