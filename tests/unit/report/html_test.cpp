// The page: what a browser needs of it, and what it must not be able to do.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/hex.hpp"
#include "meshcert/sweep.hpp"
#include "tests/unit/report/hand_made.hpp"
#include "x509/crypto.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t begin = text.find(before);
  REQUIRE(begin != std::string::npos);
  const std::size_t from = begin + before.size();
  return text.substr(from, text.find(after, from) - from);
}

nlohmann::json rows_of(const std::string& page) {
  return nlohmann::json::parse(
      between(page, "<script id=\"data\" type=\"application/json\">", "</script>"))["rows"];
}

/// As healthy_and_expired, with octets: a fingerprint for each certificate.
Report with_octets() {
  Report report = healthy_and_expired();
  std::uint8_t octet = 0;
  for (Artifact& artifact : report.inventory.artifacts) {
    for (Certificate& certificate : artifact.certificates) {
      artifact.storage.push_back(std::make_unique<const std::vector<std::uint8_t>>(1, ++octet));
      certificate.der = *artifact.storage.back();
    }
  }
  return report;
}

std::string digest(const std::string& text) {
  return "'sha256-" + base::encode_base64(*base::parse_hex(x509::sha256_hex(as_bytes(text)))) + "'";
}

}  // namespace

TEST_CASE("html: the policy allows the page's own style and script, and nothing else") {
  const std::string page = render_html(healthy_and_expired(), {});
  const std::string policy = between(page, "Content-Security-Policy\" content=\"", "\"");
  CHECK(policy == "default-src 'none'; style-src " + digest(between(page, "<style>", "</style>")) +
                      "; script-src " + digest(between(page, "\n<script>", "</script>")) +
                      "; base-uri 'none'; form-action 'none'");
  for (const std::string foreign :
       {"http:", "https:", "//cdn", "style=\"", "onclick", "url(", "@import", "innerHTML"})
    CHECK_MESSAGE(!has(page, foreign), foreign);
}

TEST_CASE("html: what breaks next, the timeline, the certificates and the findings") {
  const std::string page = render_html(with_octets(), {});
  CHECK(has(page, "<h1>1 certificate has expired; next: CN="));
  CHECK(has(page, " expires in 9y 1d</h1>"));
  CHECK(has(page, "<span class=\"verdict incomplete\">incomplete</span>"));
  CHECK(has(page, "aria-label=\"1 certificate expired\""));
  CHECK(has(page, "aria-label=\"2 certificates within 10 years\""));
  CHECK(has(page, "<p class=\"fix\">Fix: restart the pod</p>"));
  CHECK(has(page, "<b>other.pem</b>: Permission denied"));
  const nlohmann::json rows = rows_of(page);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0][0] == "spiffe://cluster.local/ns/shop/sa/cart");
  CHECK(rows[0][1] == 3);
  CHECK(rows[0][11] == nlohmann::json::array({"validity.expired"}));
}

TEST_CASE("html: identical certificates are one row with its places") {
  Report report = with_octets();
  Artifact& bundle = report.inventory.artifacts[1];
  bundle.certificates.push_back(bundle.certificates[0]);
  const nlohmann::json rows = rows_of(render_html(report, {}));
  CHECK(rows.size() == 3);
  CHECK(std::ranges::any_of(rows,
                            [](const nlohmann::json& row) { return row[9] == 2 && row[10].size() == 2; }));
}

TEST_CASE("html: what is too much for a page is counted, not shown") {
  Report report = with_octets();
  constexpr std::size_t kMany = 20'010;
  for (std::size_t i = 0; i < kMany; ++i) report.findings.push_back(report.findings[i % 2]);
  Artifact& bundle = report.inventory.artifacts[1];
  const Certificate model = bundle.certificates[0];
  auto octets = std::make_unique<const std::vector<std::uint8_t>>(kMany + 32, std::uint8_t{7});
  for (std::size_t i = 0; i < kMany; ++i) {
    bundle.certificates.push_back(model);
    bundle.certificates.back().der = ByteView(*octets).subspan(0, 32 + i);  // each its own fingerprint
  }
  bundle.storage.push_back(std::move(octets));
  const std::string page = render_html(report, {});
  CHECK(rows_of(page).size() == 20'000);
  CHECK(has(page, "Listed are the 20000 certificates that end first"));
  CHECK(has(page, "more not shown here"));
  CHECK(page.size() < 10'000'000);
}

TEST_CASE("html: without certificates there is no table, and it says so") {
  const std::string page = render_html(Report{}, {});
  CHECK(has(page, "<h1>no certificate found</h1>"));
  CHECK_FALSE(has(page, "<script"));
  CHECK(has(page, "</html>"));
}
