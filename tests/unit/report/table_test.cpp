// The table as people see it, whole: in a pipe, on a wide and on a narrow terminal.
#include <doctest/doctest.h>

#include "tests/unit/report/hand_made.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

constexpr std::string_view kWide =
    R"(RESOURCE NAME    IDENTITY                                TYPE        STATUS         VALID CERT  EXPIRES   SERIAL NUMBER  NOT AFTER             NOT BEFORE            ISSUER
default          spiffe://cluster.local/ns/shop/sa/cart  Cert Chain  ACTIVE         false       2h ago    6fbe           2024-01-02T00:00:00Z  2024-01-01T00:00:00Z  CN=Root
ROOTCA           CN=Root                                 CA          ACTIVE         true        in 9y 1d  1              2033-01-01T00:00:00Z  2023-01-01T00:00:00Z  CN=Root
  [1]            CN=Other                                CA          ACTIVE         true        in 9y 1d  2              2033-01-01T00:00:00Z  2023-01-01T00:00:00Z  CN=Root
kubernetes://gw                                                      UNINITIALIZED

error    validity.expired  default, certificate 0
         expired 2h ago
         at:  dump.json:12 /a/0
         fix: restart the pod
warning  root.twin-subject  ROOTCA, certificate 1
         two roots with one subject and different keys, which readers of names alone take for one another
         at:  dump.json:20 /a/1
         fix: look at what the proxy trusts
unread   other.pem
         Permission denied

incomplete: 3 certificates in 3 resources, 1 input; 1 error, 1 warning, 0 info; 1 unread; at 2024-01-02T02:00:00Z
)";

constexpr std::string_view kNarrow = R"(RESOURCE NAME
    IDENTITY
    TYPE        STATUS         VALID CERT  NOT AFTER             EXPIRES
    SERIAL NUMBER  NOT BEFORE            ISSUER
default
    spiffe://cluster.local/ns/shop/sa/cart
    Cert Chain  ACTIVE         false       2024-01-02T00:00:00Z  2h ago
    6fbe           2024-01-01T00:00:00Z  CN=Root
ROOTCA
[0] CN=Root
    CA          ACTIVE         true        2033-01-01T00:00:00Z  in 9y 1d
    1              2023-01-01T00:00:00Z  CN=Root
[1] CN=Other
    CA          ACTIVE         true        2033-01-01T00:00:00Z  in 9y 1d
    2              2023-01-01T00:00:00Z  CN=Root
kubernetes://gw
                UNINITIALIZED

error    validity.expired  default, certificate 0
         expired 2h ago
         at:  dump.json:12 /a/0
         fix: restart the pod
warning  root.twin-subject  ROOTCA, certificate 1
         two roots with one subject and different keys, which readers of names
         alone take for one another
         at:  dump.json:20 /a/1
         fix: look at what the proxy trusts
unread   other.pem
         Permission denied

incomplete: 3 certificates in 3 resources, 1 input; 1 error, 1 warning, 0 info;
  1 unread; at 2024-01-02T02:00:00Z
)";

/// plain takes the colours off again.
std::string plain(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b')
      i = text.find('m', i);
    else
      out += text[i];
  }
  return out;
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0, start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos;
       start = end + 1, end = text.find('\n', start))
    widest = std::max(widest, end - start);
  return widest;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

/// one_certificate is a report about a single leaf.
Report one_certificate(const CertificateText& text, const std::string& at) {
  Report report;
  report.policy.at = instant(at);
  report.inventory.artifacts.emplace_back();
  report.inventory.artifacts[0].name = "a.pem";
  add_certificate(report.inventory.artifacts[0], text);
  return report;
}

}  // namespace

TEST_CASE("a pipe and a wide terminal get one line per certificate") {
  CHECK(render_table(healthy_and_expired(), {0, false, false, false}) == kWide);
  CHECK(render_table(healthy_and_expired(), {200, false, false, false}) == kWide);
}

TEST_CASE("a narrow terminal gets blocks that stay aligned") {
  CHECK(render_table(healthy_and_expired(), {80, false, false, false}) == kNarrow);
}

TEST_CASE("no width makes the table wider than the terminal") {
  for (std::size_t width = 80; width < 220; ++width) {
    CAPTURE(width);
    CHECK(widest_line(render_table(healthy_and_expired(), {width, false, false, false})) <= width);
  }
}

// Without line breaks, and the spaces that begin lines.
std::string joined_lines(std::string text) {
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at))
    text.erase(at, text.find_first_not_of(" \n", at) - at);
  return text;
}

TEST_CASE("places and heads of findings break at spaces and slashes, and lose nothing") {
  Report report = healthy_and_expired();
  const std::string file = "must-gather/namespaces/istio-system/pods/istiod-7d4b9c5f8-x2x7k/config_dump.json";
  const std::string pointer = "/configs/3/dynamic_active_secrets/17/secret/tls_certificate/certificate_chain";
  report.findings[0].where = {file, 12, pointer, 0};
  report.findings[0].resource =
      "Secret istio-system/a-name-as-long-as-a-name-of-kubernetes-may-be-and-then-some";
  const std::string narrow = render_table(report, {80, false, false, false});
  CHECK(widest_line(narrow) <= 80);
  CHECK(joined_lines(narrow).find(file + ":12" + pointer) != std::string::npos);
  const std::string wide = render_table(report, {0, false, false, false});
  CHECK(wide.find("at:  " + file + ":12 " + pointer + "\n") != std::string::npos);
  CHECK(wide.find("  " + report.findings[0].resource + ", certificate 0\n") != std::string::npos);
}

TEST_CASE("the table of usage says what each certificate is for") {
  Report report = one_certificate({"a", {"spiffe://cluster.local/ns/shop/sa/cart"}}, "2024-01-01T00:00:00Z");
  add_certificate(report.inventory.artifacts[0], {"Root", {}, {}, {}, {}, true});
  report.verb = "usage";
  const std::string wide = render_table(report, {});
  CHECK(first_line(wide).starts_with("RESOURCE NAME  IDENTITY "));
  CHECK(first_line(wide).ends_with("CA   KEY USAGE  EXTENDED KEY USAGE"));
  CHECK(wide.find("\na.pem          spiffe://cluster.local/ns/shop/sa/cart  ") != std::string::npos);
  CHECK(wide.find("  no   absent     absent\n") != std::string::npos);
  CHECK(wide.find("\n  [1]          CN=Root ") != std::string::npos);
  CHECK(wide.find("  yes  absent     absent\n") != std::string::npos);
  const std::string narrow = render_table(report, {60, false, false, false});
  CHECK(widest_line(narrow) <= 60);
  CHECK(narrow.find("a.pem\n    spiffe://cluster.local/ns/shop/sa/cart\n    KEY ") == 0);
  CHECK(narrow.find("\n    EXTENDED KEY USAGE  absent\n") != std::string::npos);
}

TEST_CASE("where the issuer does not fit it is narrowed, then left out") {
  const Report report =
      one_certificate({"a", {"spiffe://cluster.local/ns/shop/sa/cart"}}, "2024-01-01T00:00:00Z");
  const std::string whole = first_line(render_table(report, {}));
  CHECK(whole.ends_with("ISSUER"));
  CHECK(first_line(render_table(report, {whole.size() - 1, false, false, false})).ends_with("NOT BEFORE"));
  CHECK(first_line(render_table(report, {100, false, false, false})) == "RESOURCE NAME");
}

TEST_CASE("colour changes no character") {
  for (const std::size_t width : {0U, 80U, 200U}) {
    const std::string colored = render_table(healthy_and_expired(), {width, true, false, false});
    CHECK(plain(colored) == render_table(healthy_and_expired(), {width, false, false, false}));
    CHECK(colored.find("\x1b[1;31mfalse\x1b[0m") != std::string::npos);
    CHECK(colored.find("\x1b[32mtrue\x1b[0m") != std::string::npos);
    CHECK(colored.find("\x1b[1;31merror\x1b[0m    \x1b[1mvalidity.expired\x1b[0m") != std::string::npos);
    CHECK(colored.find("\x1b[32mfix:\x1b[0m restart the pod") != std::string::npos);
  }
}

TEST_CASE("quiet leaves findings and errors") {
  const std::string quiet = render_table(healthy_and_expired(), {0, false, false, true});
  CHECK(quiet.starts_with("error    validity.expired"));
  CHECK(quiet.ends_with("unread   other.pem\n         Permission denied\n"));
}

TEST_CASE("the identity is the SPIFFE ID, else another name, else the subject") {
  const std::string spiffe = "spiffe://td/ns/a/sa/b";
  struct Row {
    CertificateText text;
    std::string identity;
  };
  const std::vector<Row> rows{
      {{"cn", {spiffe}, {}}, spiffe},
      {{"cn", {spiffe}, {"a.example", "b.example"}}, spiffe + " (+2 more)"},
      {{"cn", {}, {"a.example"}}, "a.example"},
      {{"cn", {}, std::vector<std::string>(198, "a.example")}, "a.example (+197 more)"},
      {{"cn", {}, {}}, "CN=cn"},
      {{"cn", {}, {"ca.example"}, {}, {}, true}, "CN=cn"},
      {{"cn", {spiffe}, {}, {}, {}, true}, spiffe},
  };
  for (const Row& row : rows) {
    CAPTURE(row.identity);
    const std::string table = render_table(one_certificate(row.text, "2024-01-01T00:00:00Z"), {});
    CHECK(table.find("\na.pem          " + row.identity + "  ") != std::string::npos);
  }
}

TEST_CASE("VALID CERT and EXPIRES go by the instant and the skew, to the second") {
  const CertificateText text{"cn", {}, {}, instant("2024-01-01T00:00:00Z"), instant("2024-01-02T00:00:00Z")};
  struct Row {
    std::string at;
    Seconds skew;
    std::string_view shown;
  };
  const std::vector<Row> rows{
      {"2023-12-31T23:59:59Z", Seconds(0), "false       begins in 1s"},
      {"2023-12-31T23:59:59Z", Seconds(1), "true        in 1d"},
      {"2024-01-01T00:00:00Z", Seconds(0), "true        in 1d"},
      {"2024-01-02T00:00:00Z", Seconds(0), "true        in 0s"},
      {"2024-01-02T00:00:01Z", Seconds(0), "false       1s ago"},
      {"2024-01-02T00:00:01Z", Seconds(1), "true        1s ago"},
  };
  for (const Row& row : rows) {
    Report report = one_certificate(text, row.at);
    report.policy.skew = row.skew;
    CAPTURE(row.at);
    CHECK(render_table(report, {}).find(row.shown) != std::string::npos);
  }
}
