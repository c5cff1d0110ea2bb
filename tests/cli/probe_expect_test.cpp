// Whom the servers that `probe` asks should be: by --expect, or by nobody.
#include <doctest/doctest.h>

#include "tests/cli/probe_run.hpp"
#include "tests/support/source_tree.hpp"
#include "tests/support/tls_server.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

Run probe_expecting(const std::string& file, const std::string& expectations) {
  return probe({"a:443", "--expect", "e.json"}, {{443, [] { return tls_server({}); }}},
               {{file, expectations}});
}

}  // namespace

TEST_CASE("a server is who --expect says it is") {
  const Run other =
      probe_expecting("e.json", R"({"workloads": [{"match": "a:443", "serviceAccount": "nobody"}]})");
  CHECK(other.status == 1);
  CHECK(other.codes() == std::set<std::string>{"identity.service-account-mismatch"});
  const Run own = probe_expecting("e.json", R"({"workloads": [{"match": "*", "serviceAccount": "my-sa"}]})");
  CHECK(own.status == 0);
  CHECK(own.codes().empty());
  CHECK(own.err.find("compared with nothing") == std::string::npos);
}

TEST_CASE("that nobody was expected is said together with the name that was asked for") {
  TlsServerSettings settings;
  const auto said = [&](const std::string& host, const std::string& chain) {
    settings.chain = chain;
    const Run run =
        probe({host + ":443", "--trust", "root.pem"}, {{443, [&] { return tls_server(settings); }}},
              {{"root.pem", read_source("certs/pki/web-root.pem")}});
    for (const Json& finding : run.report.at("findings"))
      if (finding.at("code") == "probe.no-name") return finding.at("message").get<std::string>();
    return std::string();
  };
  CHECK(said("cart.example", "certs/gateway/healthy.pem").find("it was asked for cart.example") !=
        std::string::npos);
  CHECK(said("shop.example.com", "certs/gateway/healthy.pem").ends_with("that its clients ask for"));
  CHECK(said("cart.example", "certs/workload/healthy.pem").ends_with("that its clients ask for"));
}

TEST_CASE("without the file of --expect nobody is asked") {
  const Run run = probe_expecting("other.json", "");
  CHECK(run.status == 2);
  CHECK(run.err.find("--expect e.json") != std::string::npos);
  CHECK(run.most_open == 0);
}
