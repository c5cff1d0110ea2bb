// What a line of a log says by itself, and whom it speaks of.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "input/log_fields.hpp"
#include "input/log_line.hpp"
#include "input/log_store.hpp"
#include "input/log_text.hpp"
#include "meshcert/limits.hpp"

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
  CHECK(parties_of("failed to complete security handshake from \"10.0.0.7:4\": x509").peer == "10.0.0.7");
  CHECK(parties_of(R"({"message":"x","src.addr":"10.0.0.8:4"})").peer == "10.0.0.8");
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
  const std::string request = "[2024-01-01T06:00:00.000Z] \"GET /\"HERE HTTP/1.1\" 503 UF ";
  const std::string client = " 0 190 5 - \"HERE\" \"HERE\" \"id\" \"svc\" \"10.0.0.7:80\" ";
  const std::string tail = "outbound|80||svc - 10.1.1.9:80 10.1.1.1:333 - default";
  CHECK(said(request + "HERE - \"-\" 0", "HERE"));
  CHECK(said("2024-01-01T06:00:00Z stdout F " + request + "HERE - \"-\" 0", "HERE"));
  CHECK(said(request + "- - \"HERE\"" + client + tail, "HERE"));
  CHECK(said(request + "\"-\" \"HERE\"" + client + tail, "HERE"));
  CHECK(said(R"({"responseFlags":"UF","Why_Reason": "HERE \" x"})", "HERE"));
  const std::string none = "[2024-01-01T06:00:00.000Z] \"- - -\" 0 - - - ";
  CHECK(said(none + "\"-\" 0 \"TLS_error:|HERE\"", "HERE"));
  CHECK(said(none + "\"-\" 0 0 TLS_error:|HERE", "HERE"));
  CHECK_FALSE(said(none + "\"-\" 0 0 HERE", "HERE"));  // may be the server name
  CHECK_FALSE(said(request + "- - \"-\"" + client + tail, "HERE"));
  CHECK_FALSE(said(request + "- - \"-\"" + client + "outbound|80||svc - - - HERE HERE", "HERE"));
  // Formats that begin or end in what a client sends, and clients that write quotes.
  CHECK_FALSE(said(request + "- - \"-\" 0 \"ua\" \"TLS_error:|HERE\"", "HERE"));
  CHECK_FALSE(said(request + "- - \"HERE\"", "HERE"));
  CHECK_FALSE(said(request + "\"-\" \"HERE\" 0 \"ua\" -", "HERE"));
  CHECK_FALSE(said(request + "- - \"HERE\" 0 190 5 - \"\" \"\" \"\" \"\" \"\" x - - - - -\"", "HERE"));
  CHECK_FALSE(said(request + "- - \"HERE\"" + client + "\"ua\" " + tail, "HERE"));
  CHECK_FALSE(said("[2024-01-01T06:00:00.000Z] \"HERE\" 503 UF HERE - \"-\" 0", "HERE"));
  CHECK_FALSE(said("2024-01-01T06:00:00.000Z GET / HTTP/2 503 UF \"HERE\"", "HERE"));
  CHECK_FALSE(
      said("I0101 06:00:00.000000 1 httplog.go:132] \"HTTP\" verb=\"GET\" userAgent=\"HERE\"", "HERE"));
  CHECK_FALSE(said(request + "0 190 5 - \"HERE\" \"HERE\" \"id\" \"x\" \"10.0.0.7:80\"", "HERE"));
  CHECK_FALSE(
      said("10.0.0.1 - - [01/Jan/2024:06:00:00 +0000] \"GET / HTTP/1.1\" 200 612 \"HERE\" \"HERE\"", "HERE"));
  CHECK_FALSE(said(R"({"response_code":200,"x":"\"reason\":\"HERE\""})", "HERE"));
  CHECK_FALSE(said(R"({"code":200,"ua":"HERE","request_body":"HERE"})", "HERE"));
}

TEST_CASE("what a program of the mesh writes is no access log, whatever protocol it names") {
  for (const std::string_view line :
       {"2024-01-01T06:00:00.000Z\terror\tads\tPost HTTP/1.1 HERE",
        "2024-01-01T06:00:00.000Z  WARN proxy{x}: HTTP/2 HERE",
        "[2024-01-01 06:00:00.000][17][debug][http] HTTP/1.1 HERE", "2024/01/01 06:00:00 http: HTTP/1.1 HERE",
        "[pod/istiod-7d/discovery] 2024-01-01T06:00:00Z E0101 06:00:00.1 HTTP/2 HERE",
        R"({"level":"error","time":"2024-01-01T06:00:00Z","msg":"HTTP/1.1 HERE"})"}) {
    CAPTURE(line);
    CHECK(read_log_line(line).kind == LogLine::Kind::message);
  }
}

namespace {

// Each text with a bar behind it.
std::string stored_in(std::string_view line) {
  std::string all;
  for (const std::string& text : stored_log_lines(line, Limits{})) all += text + "|";
  return all;
}

}  // namespace

TEST_CASE("a line inside JSON is read as the line it was") {
  const std::string entry = "[2024-01-01T06:00:00Z] \"GET / HTTP/1.1\" 200";
  CHECK(stored_in(R"({"log":"a \"b\"\n","stream":"stdout","time":"x"})") == "a \"b\"|");
  CHECK(stored_in(R"({"stream":"stdout","log":"a\tb\r\n"})") == "a\tb|");
  CHECK(stored_in(R"({"message":"[2024-01-01T06:00:00Z] \"GET / HTTP/1.1\" 200 -"})") == entry + " -|");
  CHECK(stored_in(R"({"message":"2024-01-01T06:00:00Z\terror\tx"})") == "2024-01-01T06:00:00Z\terror\tx|");
  CHECK(stored_in(R"({"message":"{\"a\":1}"})") == "{\"a\":1}|");
  CHECK(stored_in(R"({"message":"failed to sign CSR: x"})").empty());
  CHECK(stored_in(R"({"log":1})").empty());
  CHECK(stored_in(R"({"log":"cut)").empty());
  CHECK(stored_in("2024-01-01T06:00:00Z \"log\"").empty());
}

TEST_CASE("a line that a store of logs exports is read as the line it was") {
  CHECK(stored_in("2024-01-01T06:00:00Z {app=\"a\", pod=\"a \\\"}\"}   x\ty") == "x\ty|");
  CHECK(stored_in("2024-01-01T06:00:00+01:00 {} {\"log\":\"x\"}") == "x|");
  CHECK(stored_in(R"({"labels":{"app":"a"},"line":"x","timestamp":"t"})") == "x|");
  CHECK(stored_in(R"({"textPayload":"x\ny\n"})") == "x\ny|");
  CHECK(stored_in(R"({"preview":false,"result":{"_raw":"x"}})") == "x|");
  CHECK(stored_in(R"({"_source":{"message":"E0101 06:00:00.1 1 d.go:1] x"}})") ==
        "E0101 06:00:00.1 1 d.go:1] x|");
  CHECK(stored_in(R"({"body":"x","resource":{}})") == "x|");
  CHECK(
      stored_in(
          R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","body":{"stringValue":"x"}},)"
          R"({"timeUnixNano":"2","body":{"stringValue":"y"}}]}]}]})") == "x|y|");
  // What is none of them, or may be a client's.
  CHECK(stored_in("2024-01-01T06:00:00Z {app=\"a\"}").empty());
  CHECK(stored_in("2024-01-01T06:00:00Z {app=a} x").empty());
  CHECK(stored_in("2024-01-01T06:00:00Z {app=\"a} x").empty());
  CHECK(stored_in("GET {app=\"a\"} x").empty());
  CHECK(stored_in("2024-01-01T06:00:00Z GET {app=\"a\"} x").empty());
  CHECK(stored_in(R"({"path":"/","line":"x"})").empty());
  CHECK(stored_in(R"({"path":"/","body":"x"})").empty());
  CHECK(stored_in(R"({"response_code":1,"attributes":{},"body":"x"})").empty());
  CHECK(stored_in(R"({"response_code":1,"message":"2024-01-01T06:00:00Z\terror\tx"})").empty());
  CHECK(stored_in(R"({"request":{"textPayload":"x"}})").empty());
}

TEST_CASE("a brace behind a level opens no object, and one behind what a runtime puts before a line does") {
  const std::string message = "2024-01-01T05:41:00Z debug   envoy jwt Loaded JwtAuthConfig: providers {";
  CHECK(read_log_line(message).kind == LogLine::Kind::message);
  CHECK(read_log_line(message).said.size() == 1);
  CHECK(read_log_line("2024-01-01T05:41:00Z stdout F {\"response_code\":503}").kind == LogLine::Kind::access);
  CHECK(read_log_line("{\"path\":\"/Loaded JwtAuthConfig\",\"response_code\":503}").said.empty());
}
