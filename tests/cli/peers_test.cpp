// What other programs make of ours: the verb probe against real servers, on this
// machine's loopback alone, and readers of formats. A test whose peer is not installed
// says so and is passed over.
#include <doctest/doctest.h>

#include <string>

#include "tests/support/program.hpp"

using meshcert::testing::run_shell;

namespace {

/// with_server starts `openssl s_server` on a free port, and runs a command of which
/// $P is the port; the server ends with it. Skipped without openssl.
meshcert::testing::Outcome with_server(const std::string& options, const std::string& command) {
  return run_shell(
      "command -v openssl > /dev/null || { echo skipped; exit 0; }; T=$(mktemp -d); "
      "sleep 30 | openssl s_server -accept 127.0.0.1:0 -naccept 20 -cert certs/workload/healthy-chain.pem -cert_chain "
      "certs/workload/healthy-chain.pem -key certs/keys/workload.pem " +
      options +
      " > $T/out 2>&1 & S=$!; trap 'kill $S 2> /dev/null; rm -rf \"$T\"' EXIT; "
      "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do "
      "P=$(sed -n 's/^ACCEPT .*:\\([0-9][0-9]*\\)$/\\1/p' $T/out); [ -n \"$P\" ] && break; sleep 0.1; done; " +
      command);
}

bool was_skipped(const meshcert::testing::Outcome& outcome, const char* peer = "openssl") {
  if (outcome.out != "skipped\n") return false;
  MESSAGE("skipped: ", peer, " is not installed");
  return true;
}

const std::string kProbe = "meshcert probe -o json --at 2024-01-01T06:00:00Z 127.0.0.1:$P ";

}  // namespace

TEST_CASE("openssl s_server: chain, protocol, ALPN") {
  const auto outcome = with_server("-alpn istio", kProbe + "--alpn istio");
  if (was_skipped(outcome)) return;
  CHECK(outcome.status == 0);
  CHECK(outcome.out.find("\"protocol\": \"TLSv1.3\"") != std::string::npos);
  CHECK(outcome.out.find("\"alpn\": \"istio\"") != std::string::npos);
  CHECK(outcome.out.find("spiffe://cluster.local/ns/my-ns/sa/my-sa") != std::string::npos);
}

TEST_CASE("openssl s_server that requires a client certificate, in both versions") {
  for (const std::string version : {"-tls1_2", "-tls1_3"}) {
    const auto outcome = with_server(version + " -Verify 2 -CAfile certs/pki/root.pem", kProbe);
    if (was_skipped(outcome)) return;
    CAPTURE(outcome.out);
    CHECK(outcome.status == 0);
    CHECK(outcome.out.find("probe.client-certificate-required") != std::string::npos);
    CHECK(outcome.out.find("\"sha256\"") != std::string::npos);
  }
}

TEST_CASE("openssl s_server takes a plain request for what it is") {
  const auto outcome = with_server("", kProbe + "--plaintext");
  if (was_skipped(outcome)) return;
  CHECK(outcome.status == 0);
  CHECK(outcome.out.find("\"outcome\": \"plaintext-rejected\"") != std::string::npos);
}

TEST_CASE("a port where nothing listens, and a socket that is not there") {
  CHECK(run_shell("meshcert probe 127.0.0.1:1").status == 3);
  CHECK(run_shell("meshcert probe unix:/nonexistent.sock").status == 3);
  CHECK(run_shell("meshcert probe '[::1]:1'").status == 3);
}

TEST_CASE("two thousand refused ports end at once") {
  const auto outcome = run_shell(
      "T=$(mktemp); trap 'rm -f $T' EXIT; for i in $(seq 0 1999); do echo 127.1.$((i / 250)).$((i % 250 + 1)):1; done > $T; "
      "timeout 60 meshcert probe --targets $T -o json | grep -c '\"code\": \"probe.refused\"'");
  CHECK(outcome.out == "2000\n");
}

TEST_CASE("promtool takes what -o openmetrics says of every certificate here, and would not take anything") {
  for (const std::string& filter : {std::string("cat"), std::string("sed '/_info{/s/,index=/index=/'")}) {
    CAPTURE(filter);
    const auto outcome = run_shell(
        "command -v promtool > /dev/null || { echo skipped; exit 0; }; "
        "meshcert inspect -o openmetrics certs | " +
        filter + " | promtool check metrics 2>&1");
    if (was_skipped(outcome, "promtool")) return;
    CHECK_MESSAGE((outcome.status == 0) == (filter == "cat"), outcome.out);
    CHECK(outcome.out.empty() == (filter == "cat"));
  }
}
