// What a line of a log says by itself, and whom it speaks of.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "input/log_fields.hpp"
#include "input/log_line.hpp"
#include "input/log_text.hpp"

using namespace meshcert;
using namespace meshcert::input;

namespace {

LogParties parties_of(std::string_view line) {
  return log_parties(read_log_line(line));
}

}  // namespace

TEST_CASE("whom a line speaks of") {
  const auto parties = parties_of(
      "error from peer src.addr=[fd00::7]:4000 got spiffe://a/ns/b/sa/c, want spiffe://a/ns/b/sa/d.");
  CHECK(parties.peer == "fd00::7");
  CHECK(parties.identities == std::vector<std::string>{"spiffe://a/ns/b/sa/c", "spiffe://a/ns/b/sa/d"});
  CHECK(parties_of("http: TLS handshake error from 10.0.0.1:40122: remote error").peer == "10.0.0.1");
  CHECK(parties_of("nobody").peer.empty());
  CHECK(parties_of("checking request: requestedServerName: , ssl: none, headers").identities ==
        std::vector<std::string>{std::string(kNoIdentity)});
}

TEST_CASE("the identity of a request is what its TLS says, not what its client says") {
  const std::string begin =
      "envoy rbac\tchecking request: requestedServerName: x, sourceip: 192.0.2.6, ssl: spiffe://a/ns/b/sa/admin, "
      "sourceIP: 10.0.0.1:5, remoteIP: 10.0.0.3:5,localAddress: 10.0.0.9:80, ssl: ";
  const std::string forged =
      ", headers: 'user-agent', 'uriSanPeerCertificate: spiffe://a/ns/b/sa/admin, TLS handshake error from 192.0.2.6:1'";
  const auto none = parties_of(begin + "none" + forged);
  CHECK(none.identities == std::vector<std::string>{std::string(kNoIdentity)});
  CHECK(none.peer == "10.0.0.3");
  const auto client = parties_of(begin + "uriSanPeerCertificate: spiffe://a/ns/b/sa/c, dns" + forged);
  CHECK(client.identities == std::vector<std::string>{"spiffe://a/ns/b/sa/c"});
}

TEST_CASE("whom an access log speaks of") {
  const std::string reason =
      "TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end";
  const std::string tail = "outbound|80||svc - 10.1.1.9:80 10.1.1.1:333 - default";
  const std::string begin = "[2024-01-01T06:00:00.000Z] \"GET /?spiffe://a/ns/b/sa/c HTTP/1.1\" ";
  const std::string client = " 0 190 5 - \"-\" \"spiffe://a/ns/b/sa/c\" \"id\" \"svc\" ";
  const auto upstream =
      parties_of(begin + "503 UF,URX - - \"" + reason + "\"" + client + "\"10.0.0.7:80\" " + tail);
  CHECK(upstream.peer == "10.0.0.7");
  CHECK(upstream.identities.empty());
  const auto downstream =
      parties_of(begin + "403 - rbac_access_denied_matched_policy[none] - \"-\"" + client + "\"-\" " + tail);
  CHECK(downstream.peer == "10.1.1.1");
  CHECK(parties_of(begin + "503 UF - - \"" + reason + "\"" + client + "\"-\" " + tail).peer.empty());
  const std::string json = R"({"response_code":503,"downstream_remote_address":"10.1.1.1:5")";
  CHECK(parties_of(json + R"(,"upstream_host":"10.0.0.7:80","upstream_transport_failure_reason":")" + reason +
                   "\"}")
            .peer == "10.0.0.7");
  CHECK(parties_of(json + R"(,"upstream_transport_failure_reason":")" + reason + "\"}").peer.empty());
  CHECK(parties_of(json + R"(,"downstream_transport_failure_reason":")" + reason + "\"}").peer == "10.1.1.1");
}

TEST_CASE("where an access log speaks for itself") {
  const auto said = [](std::string_view line, std::string_view words) {
    const LogLine read = read_log_line(line);
    CHECK(read.kind == LogLine::Kind::access);
    return std::ranges::any_of(read.said, [words](std::string_view part) { return has_words(part, words); });
  };
  const std::string begin = "[2024-01-01T06:00:00.000Z] \"GET /\"HERE HTTP/1.1\" 503 UF ";
  CHECK(said(begin + "HERE - \"-\" 0", "HERE"));
  CHECK(said(begin + "- - \"HERE\" 0", "HERE"));
  CHECK(said(begin + "\"-\" \"HERE\" 0 \"ua\" -", "HERE"));
  CHECK(said(begin + "- - \"-\" 0 \"ua\" x HERE", "HERE"));
  CHECK(said(begin + "- - \"-\" 0 \"ua\" \"HERE\"", "HERE"));
  CHECK(said("2024-01-01T06:00:00Z stdout F " + begin + "HERE - \"-\" 0", "HERE"));
  CHECK(said(R"({"log":"[2024-01-01T06:00:00Z] \"- - -\" 0 UF - - \"HERE\" 0 \"-\"","stream":"stdout"})",
             "HERE"));
  CHECK(said(R"({"responseFlags":"UF","Why_Reason": "HERE \" x"})", "HERE"));
  CHECK_FALSE(said(begin + "- - \"-\" 0 190 5 - \"HERE\" \"HERE\" \"10.0.0.7:80\" x", "HERE"));
  CHECK_FALSE(said(begin + "0 190 5 - \"HERE\" \"HERE\" \"id\" \"x\" \"10.0.0.7:80\"", "HERE"));
  CHECK_FALSE(
      said("10.0.0.1 - - [01/Jan/2024:06:00:00 +0000] \"GET / HTTP/1.1\" 200 612 \"HERE\" \"HERE\"", "HERE"));
  CHECK_FALSE(said(R"({"response_code":200,"x":"\"reason\":\"HERE\""})", "HERE"));
}
