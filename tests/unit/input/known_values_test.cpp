// What stands in many places is decoded once, and is the same in each.
#include <doctest/doctest.h>

#include <string>

#include "base/base64.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

/// Secrets, each with one of the fields.
Collector read(std::initializer_list<std::string> fields) {
  std::string text;
  for (const std::string& field : fields)
    text += "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: n}\n" + field;
  Collector found;
  read_input("f.yaml", as_bytes(text), ReadOptions{}, found);
  return found;
}

std::string pem(const std::string& name) {
  const std::string text = read_source("certs/pki/" + name);
  return text.substr(text.find("-----BEGIN"));
}

std::string encoded(const std::string& key, const std::string& name) {
  return "data:\n  " + key + ": " + base::encode_base64(as_bytes(pem(name))) + "\n";
}

}  // namespace

TEST_CASE("a bundle that was met before is the same at its new place") {
  const std::string field = encoded("ca.crt", "root.pem");
  const Collector found = read({field, field});
  REQUIRE(found.artifacts.size() == 2);
  CHECK(found.defects().empty());
  const Certificate& first = found.artifacts[0].certificates.at(0);
  const Certificate& second = found.artifacts[1].certificates.at(0);
  CHECK(first.der.data() == second.der.data());
  CHECK(first.line == found.artifacts[0].source.line);
  CHECK(second.line == found.artifacts[1].source.line);
  CHECK(first.line != second.line);
  CHECK(found.artifacts[1].kind == ArtifactKind::ca_bundle);
}

TEST_CASE("what is right as text is told again where its base64 belongs") {
  std::string value = "|\n";
  for (const auto& line : split_lines(pem("root.pem"))) value += "    " + line + "\n";
  const std::string text = "stringData:\n  ca.crt: " + value, data = "data:\n  ca.crt: " + value;
  const Collector found = read({text, data, data, text});
  REQUIRE(found.artifacts.size() == 4);
  for (const std::size_t right : {0, 3}) CHECK(found.artifacts[right].defects.empty());
  for (const std::size_t wrong : {1, 2}) CHECK(found.artifacts[wrong].defects.size() == 1);
}

TEST_CASE("other bundles in between are told apart") {
  const std::string one = encoded("ca.crt", "root.pem"), other = encoded("root-cert.pem", "intermediate.pem");
  const Collector found = read({one, other, one, other});
  REQUIRE(found.artifacts.size() == 4);
  const auto der = [&](std::size_t at) { return as_text(found.artifacts[at].certificates.at(0).der); };
  CHECK(der(0) == der(2));
  CHECK(der(1) == der(3));
  CHECK(der(0) != der(1));
}
