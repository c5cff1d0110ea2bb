// The verb probe against servers in memory: what each does is named as what it is.
// These are the firing cases and the near misses of the family `probe`, which no
// .case file can have: it takes a server.
#include <doctest/doctest.h>

#include <openssl/ssl.h>

#include "tests/cli/probe_run.hpp"
#include "tests/support/source_tree.hpp"
#include "tests/support/tls_server.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

/// Script says its lines, one for whatever it is told.
class Script final : public FakeServer {
 public:
  Script(std::vector<std::string> lines, After end, bool speaks_first = true)
      : lines_(std::move(lines)), end_(end), speaks_first_(speaks_first) {}
  std::string connected() override { return speaks_first_ ? next() : std::string(); }
  std::string receive(std::string_view /*octets*/) override {
    told_ = true;
    return next();
  }
  [[nodiscard]] After after() const override { return told_ && at_ >= lines_.size() ? end_ : After::open; }

 private:
  std::string next() { return at_ < lines_.size() ? lines_[at_++] : std::string(); }
  std::vector<std::string> lines_;
  After end_;
  bool speaks_first_;
  bool told_ = false;
  std::size_t at_ = 0;
};

/// Trickle begins a TLS record and says one octet of it each second.
class Trickle final : public FakeServer {
 public:
  std::string receive(std::string_view /*octets*/) override { return std::string("\x16\x03\x03\x40\x00", 5); }
  std::string each_second() override { return "\x02"; }
};

/// Flood begins a Certificate message of 16 MB, in plain TLS 1.2, and never ends.
class Flood final : public FakeServer {
 public:
  std::string receive(std::string_view /*octets*/) override { return next(); }
  std::string each_second() override { return std::string(4U << 20U, '\x16'); }

 private:
  static std::string next() {
    std::string record("\x16\x03\x03\x40\x00\x02\xff\xff\xff\x03\x03", 11);
    record.resize(4U << 20U, '\0');
    return record;
  }
};

using Make = ProbedServer;

Make script(std::vector<std::string> lines, FakeServer::After end, bool speaks_first = false) {
  return [=] { return std::make_unique<Script>(lines, end, speaks_first); };
}

Make tls(TlsServerSettings settings = {}) {
  return [=] { return tls_server(settings); };
}

using Codes = std::set<std::string>;

}  // namespace

TEST_CASE("a healthy server has no finding: the near miss") {
  const Run run = probe({"cart.example:443"}, {{443, tls()}});
  CHECK(run.status == 0);
  CHECK(run.codes().empty());
  CHECK(run.certificates() == 1);
  CHECK(run.probe().at("outcome") == "established");
  CHECK(run.probe().at("protocol") == "TLSv1.3");
  CHECK(run.probe().at("server_name") == "cart.example");
  CHECK(run.probe().at("address") == "192.0.2.1:443");
  CHECK(run.heard.find("HTTP") == std::string::npos);
}

TEST_CASE("the whole chain is had, in every version") {
  for (const int version : {TLS1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsServerSettings settings;
    settings.chain = "certs/workload/healthy-chain.pem";
    settings.highest = version;
    const Run run = probe({"a:443"}, {{443, tls(settings)}});
    CHECK(run.certificates() == 2);
    CHECK(run.codes() == (version == TLS1_VERSION ? Codes{"probe.old-protocol"} : Codes{}));
  }
}

TEST_CASE("what is presented is judged as any chain") {
  const Run run = probe({"a:443", "--at", "2025-01-01T00:00:00Z"}, {{443, tls()}});
  CHECK(run.status == 1);
  CHECK(run.codes().contains("validity.expired"));
  CHECK(probe({"a:443", "--service-account", "nobody"}, {{443, tls()}})
            .codes()
            .contains("identity.service-account-mismatch"));
}

TEST_CASE("what is presented is verified against what is trusted") {
  TlsServerSettings settings;
  settings.chain = "certs/workload/healthy-chain.pem";
  const std::map<std::string, std::string> files = {{"root.pem", read_source("certs/pki/plugin-root.pem")},
                                                    {"other.pem", read_source("certs/pki/web-root.pem")}};
  const Run trusted =
      probe({"a:443", "--trust", "root.pem", "--purpose", "server"}, {{443, tls(settings)}}, files);
  CHECK(trusted.status == 0);
  CHECK(trusted.codes().empty());
  CHECK(probe({"a:443", "--trust", "other.pem"}, {{443, tls(settings)}}, files).status == 1);
  CHECK(probe({"a:443", "--trust", "root.pem", "--dns", "cart.example"}, {{443, tls(settings)}}, files)
            .codes() == Codes{"chain.name-mismatch"});
}

TEST_CASE("whoever names nobody is told that any certificate would have done") {
  TlsServerSettings settings;
  settings.chain = "certs/workload/healthy-chain.pem";
  const std::map<std::string, std::string> files = {{"root.pem", read_source("certs/pki/plugin-root.pem")}};
  const auto codes = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"a:443", "--trust", "root.pem"});
    return probe(options, {{443, tls(settings)}}, files).all_codes();
  };
  CHECK(codes({}) == Codes{"probe.no-name"});
  CHECK(codes({"--purpose", "server"}) == Codes{"probe.no-name"});
  CHECK_FALSE(codes({"--dns", "cart.example"}).contains("probe.no-name"));
  CHECK_FALSE(codes({"--namespace", "my-ns"}).contains("probe.no-name"));
}

TEST_CASE("whoever trusts nothing is told that nothing was verified") {
  const Run run = probe({"a:443"}, {{443, tls()}});
  CHECK(run.status == 0);
  CHECK(run.all_codes() == Codes{"probe.not-verified"});
  const std::map<std::string, std::string> files = {{"root.pem", read_source("certs/pki/plugin-root.pem")}};
  TlsServerSettings settings;
  settings.chain = "certs/workload/healthy-chain.pem";
  const std::string id = "spiffe://cluster.local/ns/my-ns/sa/my-sa";
  CHECK(
      probe({"a:443", "--trust", "root.pem", "--id", id}, {{443, tls(settings)}}, files).all_codes().empty());
  CHECK(probe({"a:443"}, {{443, script({}, FakeServer::After::close)}}).all_codes() == Codes{"probe.reset"});
}

TEST_CASE("a server that requires a client certificate still shows its chain") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsServerSettings settings;
    settings.requires_client = true;
    settings.highest = version;
    const Run run = probe({"a:443"}, {{443, tls(settings)}});
    CHECK(run.status == 0);
    CHECK(run.codes() == Codes{"probe.client-certificate-required"});
    CHECK(run.certificates() == 1);
    CHECK(run.probe().at("outcome") == "client-certificate-required");
    CHECK(run.probe().at("issuers").at(0) == "O=cluster.local");
    CHECK(run.probe().at("cipher").is_string());
  }
}

TEST_CASE("a refusal of the client is waited for as long as a round trip takes") {
  TlsServerSettings settings;
  settings.requires_client = true;
  settings.highest = TLS1_3_VERSION;
  for (const int latency : {0, 100, 1500, 2500}) {
    const Run run = probe({"a:443"}, {{443, tls(settings)}}, {}, std::chrono::milliseconds(latency));
    CAPTURE(latency);
    CHECK(run.probe().at("outcome") == "client-certificate-required");
  }
  settings.requires_client = false;
  settings.asks_client = true;
  // However slow, a handshake that is done is no time-out.
  const Run slow = probe({"a:443"}, {{443, tls(settings)}}, {}, std::chrono::milliseconds(4000));
  CHECK(slow.probe().at("outcome") == "established");
  CHECK(slow.probe().at("detail").is_null());
  CHECK(slow.status == 0);
  const Run cut =
      probe({"a:443", "--timeout", "6s"}, {{443, tls(settings)}}, {}, std::chrono::milliseconds(4000));
  CHECK(cut.probe().at("outcome") == "established");
  CHECK(cut.probe().at("detail") == "the time given ended before a refusal of the client could be seen");
}

TEST_CASE("what is presented is a chain, though its first certificate calls itself a CA's") {
  const std::map<std::string, std::string> files = {{"root.pem", read_source("certs/pki/root.pem")},
                                                    {"other.pem", read_source("certs/pki/plugin-root.pem")}};
  TlsServerSettings settings;
  settings.chain = "certs/pki/root.pem";
  settings.key = "certs/keys/root.pem";
  const Run run =
      probe({"a:443", "--trust", "other.pem", "--dns", "cart.example"}, {{443, tls(settings)}}, files);
  CHECK(run.status == 1);
  CHECK(run.report.at("artifacts").at(0).at("kind") == "certificate-chain");
  CHECK(run.codes().contains("chain.untrusted-root"));
  CHECK(run.codes().contains("chain.name-mismatch"));
  CHECK(probe({"a:443", "--trust", "root.pem"}, {{443, tls(settings)}}, files).status == 0);
}

TEST_CASE("a client certificate: asked for, given, refused") {
  const std::map<std::string, std::string> files = {{"cert.pem", read_source("certs/workload/healthy.pem")},
                                                    {"key.pem", read_source("certs/keys/workload.pem")},
                                                    {"other.pem", read_source("certs/keys/p256.pem")}};
  TlsServerSettings settings;
  settings.asks_client = true;
  const Run asked = probe({"a:443"}, {{443, tls(settings)}});
  CHECK(asked.status == 0);
  CHECK(asked.codes().empty());
  CHECK(asked.probe().at("certificate_requested") == true);
  // The server's clock is the real one, to which the certificate has expired.
  settings.requires_client = true;
  const Run refused =
      probe({"a:443", "--cert", "cert.pem", "--key", "key.pem"}, {{443, tls(settings)}}, files);
  CHECK(refused.codes() == Codes{"probe.client-certificate-refused"});
  CHECK(refused.probe().at("certificate_sent") == true);
  const Run wrong =
      probe({"a:443", "--cert", "cert.pem", "--key", "other.pem"}, {{443, tls(settings)}}, files);
  CHECK(wrong.status == 2);
  CHECK(wrong.err.find("not the key of --cert") != std::string::npos);
  CHECK(probe({"a:443", "--key", "key.pem"}, {}, files).status == 2);
}

TEST_CASE("what is no TLS is named") {
  struct Row {
    std::string code, outcome;
    int status;
    Make server;
  };
  using enum FakeServer::After;
  const Row rows[] = {
      {"probe.plaintext-server", "plaintext-server", 1, script({"HTTP/1.1 400 Bad Request\r\n\r\n"}, close)},
      {"probe.plaintext-server", "plaintext-server", 1, script({"SSH-2.0-OpenSSH_9.2\r\n"}, open, true)},
      {"probe.reset", "reset", 1, script({}, reset)},
      {"probe.reset", "reset", 1, script({}, close)},
      {"probe.alert", "alert", 1, script({std::string("\x15\x03\x03\x00\x02\x02\x70", 7)}, close)},
      {"probe.handshake-failed", "handshake-failed", 1,
       script({std::string("\x16\x03\x03\x00\x04\x63\x00\x00\x00", 9)}, close)},
      {"probe.timeout", "timeout", 3, script({}, open)},
      {"probe.timeout", "timeout", 3, [] { return std::make_unique<Trickle>(); }},
      {"probe.oversized", "oversized", 3, [] { return std::make_unique<Flood>(); }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code);
    const Run run = probe({"a:443"}, {{443, row.server}});
    CHECK(run.status == row.status);
    CHECK(run.codes() == Codes{row.code});
    CHECK(run.probe().at("outcome") == row.outcome);
  }
}

TEST_CASE("silence and a trickle are told apart") {
  const auto told = [](const Make& server) {
    return probe({"a:443"}, {{443, server}}).report.at("findings").at(0).at("message").get<std::string>();
  };
  CHECK(told(script({}, FakeServer::After::open)).ends_with("the server said nothing within the time given"));
  CHECK(told([] { return std::make_unique<Trickle>(); }).find(": it had sent ") != std::string::npos);
}

TEST_CASE("what cannot be reached is incomplete, and the rest is reported") {
  const Run run = probe({"a:443", "a:2", "nowhere.example:443", "a:1"}, {{443, tls()}});
  CHECK(run.status == 3);
  CHECK(run.codes() == Codes{"probe.refused", "probe.unreachable", "probe.timeout"});
  CHECK(run.report.at("artifacts").size() == 4);
  CHECK(run.certificates() == 1);
  CHECK(run.report.at("summary").at("unread") == 3);
}

TEST_CASE("ten thousand refused ports, and a thousand that never answer, end") {
  std::string targets = "# all of them\n";
  for (int i = 0; i < 10'000; ++i) targets += "a:" + std::to_string(2 + i) + "  # nothing there\n";
  const Run refused = probe({"--targets", "list"}, {}, {{"list", targets}});
  CHECK(refused.report.at("artifacts").size() == 10'000);
  CHECK(refused.codes() == Codes{"probe.refused"});
  std::string silent;
  for (int i = 0; i < 1'000; ++i) silent += "a:1\n";
  const Run late = probe({"--targets", "list"}, {}, {{"list", silent}});
  CHECK(late.report.at("artifacts").size() == 1'000);
  CHECK(late.codes() == Codes{"probe.timeout"});
  CHECK(late.most_open == 64);
}

TEST_CASE("--plaintext: one request, and what becomes of it") {
  using enum FakeServer::After;
  const Run answered = probe({"a:80", "--plaintext"}, {{80, script({"HTTP/1.1 200 OK\r\n\r\n"}, close)}});
  CHECK(answered.status == 1);
  CHECK(answered.codes() == Codes{"probe.plaintext-accepted"});
  CHECK(answered.heard == "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::pair<std::string, Make> rows[] = {
      {"the server reset the connection", script({}, reset)},
      {"the server closed the connection", script({}, close)},
      {"the server answered with the TLS alert protocol_version",
       script({std::string("\x15\x03\x03\x00\x02\x02\x46", 7)}, close)},
      {"the server answered in TLS", script({std::string("\x15\x03", 2)}, close)},
  };
  for (const auto& [detail, server] : rows) {
    const Run rejected = probe({"a:80", "--plaintext"}, {{80, server}});
    CHECK(rejected.status == 0);
    CHECK(rejected.codes().empty());
    CHECK(rejected.probe().at("outcome") == "plaintext-rejected");
    CHECK(rejected.probe().at("detail") == detail);
  }
  CHECK(probe({"a:80", "--plaintext"}, {{80, tls()}}).probe().at("outcome") == "plaintext-rejected");
  CHECK(probe({"a:80", "--plaintext"}, {}).codes() == Codes{"probe.refused"});
  CHECK(probe({"a:80", "--plaintext", "--starttls", "smtp"}, {}).status == 2);
}

TEST_CASE("--plaintext: a server of HTTPS that says so in words enforces TLS") {
  using enum FakeServer::After;
  const std::string nginx =
      "HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n<h1>The plain HTTP request was sent to HTTPS port</h1>";
  const std::string go = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
  for (const std::string& text : {nginx, go}) {
    const Run run = probe({"a:80", "--plaintext"}, {{80, script({text}, close)}});
    CHECK(run.status == 0);
    CHECK(run.codes().empty());
    CHECK(run.probe().at("outcome") == "plaintext-rejected");
  }
  // The same words of a server that serves, a 400 for another reason, one that goes on for ever.
  for (const std::string& text :
       {"HTTP/1.1 200 OK" + nginx.substr(24), std::string("HTTP/1.1 400 Bad Request\r\n\r\nno"),
        "HTTP/1.1 400 Bad Request\r\n\r\n" + std::string(8192, 'x')}) {
    const Run run = probe({"a:80", "--plaintext"}, {{80, script({text}, close)}});
    CHECK(run.status == 1);
    CHECK(run.codes() == Codes{"probe.plaintext-accepted"});
  }
  const Run held = probe({"a:80", "--plaintext", "--timeout", "2s"},
                         {{80, script({"HTTP/1.1 400 Bad Request\r\n\r\nno"}, open)}});
  CHECK(held.codes() == Codes{"probe.plaintext-accepted"});
  const Run frames = probe({"a:80", "--plaintext"},
                           {{80, script({std::string("\0\0\x06\4\0\0\0\0\0\0\3\0\0\0\x64", 15)}, close)}});
  CHECK(frames.codes() == Codes{"probe.plaintext-accepted"});
  CHECK(frames.probe().at("detail") == "frames of HTTP/2");
}

TEST_CASE("ALPN: chosen, refused, and passed over") {
  TlsServerSettings settings;
  settings.alpn = "istio";
  const Run chosen = probe({"a:443", "--alpn", "h2,istio"}, {{443, tls(settings)}});
  CHECK(chosen.codes().empty());
  CHECK(chosen.probe().at("alpn") == "istio");
  const Run refused = probe({"a:443", "--alpn", "h2"}, {{443, tls(settings)}});
  CHECK(refused.codes() == Codes{"probe.alert"});
  CHECK(refused.probe().at("detail") == "no_application_protocol");
  CHECK(probe({"a:443", "--alpn", "h2"}, {{443, tls()}}).codes() == Codes{"probe.alpn-not-chosen"});
}

TEST_CASE("versions are kept to") {
  TlsServerSettings old;
  old.highest = TLS1_2_VERSION;
  CHECK(probe({"a:443", "--tls-min", "1.3"}, {{443, tls(old)}}).codes() == Codes{"probe.alert"});
  CHECK(probe({"a:443", "--tls-max", "1.2"}, {{443, tls()}}).probe().at("protocol") == "TLSv1.2");
  CHECK(probe({"a:443", "--tls-min", "1.3", "--tls-max", "1.2"}, {}).status == 2);
}

TEST_CASE("STARTTLS: what each protocol says, and a server that will not") {
  using enum FakeServer::After;
  TlsServerSettings postgres;
  postgres.answer = "S";
  const Run run = probe({"a:5432", "--starttls", "postgres"}, {{5432, tls(postgres)}});
  CHECK(run.codes().empty());
  CHECK(run.heard.starts_with(std::string("\0\0\0\x08\x04\xd2\x16\x2f", 8)));
  TlsServerSettings pop3;
  pop3.greeting = "+OK ready\r\n";
  pop3.answer = "+OK begin\r\n";
  CHECK(probe({"a:110", "--starttls", "pop3"}, {{110, tls(pop3)}}).codes().empty());
  CHECK(probe({"a:25", "--starttls", "smtp"},
              {{25, script({"220-first\r\n220 ready\r\n", "250-STARTTLS\r\n250 OK\r\n", "454 no\r\n"}, open,
                           true)}})
            .codes() == Codes{"probe.starttls-refused"});
  CHECK(probe({"a:5432", "--starttls", "postgres"}, {{5432, script({"N"}, open)}}).codes() ==
        Codes{"probe.starttls-refused"});
}

TEST_CASE("control bytes of a banner reach nobody") {
  using enum FakeServer::After;
  MemoryEnv env;
  env.network = [] {
    auto made = std::make_unique<FakeNetwork>();
    made->servers[443] = script({"\x1b[31mred\x9b\r\n"}, close, true);
    return made;
  };
  for (const std::string format : {"table", "text", "json"}) {
    env.out.clear();
    CHECK(cli::run(std::vector<std::string>{"probe", "-o", format, "a:443"}, env) == 1);
    CHECK(env.out.find('\x1b') == std::string::npos);
    CHECK(env.out.find('\x9b') == std::string::npos);
  }
}

TEST_CASE("the table shows what was agreed on and asked for") {
  TlsServerSettings settings;
  settings.requires_client = true;
  settings.alpn = "istio";
  MemoryEnv env;
  env.clock = *parse_rfc3339("2024-01-01T06:00:00Z");
  env.network = [&settings] {
    auto made = std::make_unique<FakeNetwork>();
    made->servers[443] = [settings] { return tls_server(settings); };
    made->servers[80] = script({}, FakeServer::After::reset);
    return made;
  };
  CHECK(cli::run(std::vector<std::string>{"probe", "a:443", "--alpn", "h2,istio"}, env) == 0);
  for (const std::string_view words :
       {"protocol        TLSv1.3, TLS_", "ALPN            istio (offered: h2,istio)",
        "client cert     required", "of these CAs    O=cluster.local", "OCSP staple     none"}) {
    CAPTURE(words);
    CHECK(env.out.find(words) != std::string::npos);
  }
  env.out.clear();
  CHECK(cli::run(std::vector<std::string>{"probe", "a:80", "--plaintext"}, env) == 0);
  CHECK(env.out.find("plaintext-rejected: the server reset the connection") != std::string::npos);
}

TEST_CASE("a stapled response that says nothing good") {
  TlsServerSettings settings;
  settings.staple = revoked_staple();
  const Run run = probe({"a:443"}, {{443, tls(settings)}});
  CHECK(run.probe().at("staple").at("status") == "revoked");
  CHECK(run.codes().contains("probe.staple-revoked"));
  CHECK_FALSE(run.codes().contains("probe.staple-expired"));
  CHECK(probe({"a:443", "--at", "2024-01-03T00:00:00Z"}, {{443, tls(settings)}})
            .codes()
            .contains("probe.staple-expired"));
  settings.staple = "nonsense";
  CHECK(probe({"a:443"}, {{443, tls(settings)}}).probe().at("staple").at("status") == "unreadable");
}

TEST_CASE("targets that are none are a usage error") {
  for (const std::string target :
       {"a", "a:", "a:0", "a:65536", "::1:443", "https://a:443", "", ":443", "[::1]", "a b:1", "unix:"}) {
    CAPTURE(target);
    const Run run = probe({target}, {});
    CHECK(run.status == (target == "unix:" ? 3 : 2));
  }
  CHECK(probe({"a:99999"}, {}).err.find("the port is 99999, but must be a number from 1 to 65535") !=
        std::string::npos);
  CHECK(probe({"a"}, {}).err.find("'a' has no port") != std::string::npos);
  for (const std::string name : {"a\nb", "a b", "a\xff", "\x7f"})
    CHECK(probe({"a:443", "--sni", name}, {}).status == 2);
  CHECK(probe({"a:443", "--sni", "a_b.c"}, {{443, tls()}}).status == 0);
  CHECK(probe({}, {}).status == 2);
  CHECK(probe({"--targets", "none"}, {}).status == 2);
  const Run line = probe({"--targets", "list"}, {}, {{"list", "a:443\nnonsense\n"}});
  CHECK(line.status == 2);
  CHECK(line.err.find("list:2:") != std::string::npos);
  CHECK(probe({"[::1]:443", "unix:/run/x"}, {{443, tls()}, {0, tls()}}).status == 0);
}
