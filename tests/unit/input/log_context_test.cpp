// Whose request a verdict of rbac is about, where threads write in between.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "meshcert/log.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/processor_time.hpp"

using namespace meshcert;

namespace {

std::shared_ptr<const Log> log_of(const std::string& text) {
  ReadOptions options;
  options.as = Format::log;
  auto read = meshcert::testing::read("x.log", text, options);
  REQUIRE(read.artifacts.size() == 1);
  REQUIRE(read.artifacts[0].log != nullptr);
  return read.artifacts[0].log;
}

}  // namespace

TEST_CASE("a verdict of rbac is its thread's, whatever other threads write in between") {
  const auto line = [](int second, std::string_view text, int thread) {
    return fmt::format("2024-01-01T06:00:{:02}.000000Z\tdebug\tenvoy rbac\t{}\tthread={}\n", second, text,
                       thread);
  };
  const auto check = [](std::string_view who) {
    return fmt::format("checking request: sourceIP: 10.0.0.3:1, ssl: uriSanPeerCertificate: {}, headers: 'x'",
                       who);
  };
  const std::string denied = "enforced denied, matched policy none";
  const std::string good = line(0, check("spiffe://a/ns/b/sa/good"), 20);
  const std::string evil = line(1, check("spiffe://a/ns/b/sa/evil"), 21);
  const auto identity = [](const std::string& text) {
    const auto log = log_of(text);
    const auto group = std::ranges::find(log->groups, LogCause::access_denied,
                                         [](const LogGroup& g) { return g.pattern->cause; });
    REQUIRE(group != log->groups.end());
    return group->identities.empty() ? std::string() : group->identities[0].text;
  };
  CHECK(identity(good + evil + line(2, denied, 20)) == "spiffe://a/ns/b/sa/good");
  CHECK(identity(good + evil + line(2, denied, 21)) == "spiffe://a/ns/b/sa/evil");
  // A dry-run speaks first, and says nothing of the thread's next verdict.
  CHECK(identity(evil + line(2, "shadow denied, matched policy x", 21) + line(2, denied, 21)) ==
        "spiffe://a/ns/b/sa/evil");
  CHECK(identity(good + evil + line(2, denied, 22)).empty());
  CHECK(identity(evil + line(2, "enforced allowed", 21) + line(3, denied, 21)).empty());
  // The message goes on, and its thread stands at the end; what a client wrote does not count.
  const std::string lines = "2024-01-01T06:00:01.000000Z\tdebug\tenvoy rbac\t" +
                            check("spiffe://a/ns/b/sa/evil") +
                            " thread=20'\n':path', '/\tthread=20'\n\tthread=21\n";
  CHECK(identity(good + lines + line(2, denied, 20)) == "spiffe://a/ns/b/sa/good");
  CHECK(identity(good + lines + line(2, denied, 21)) == "spiffe://a/ns/b/sa/evil");
  // Envoy's own form, and a connection.
  CHECK(
      identity("[2024-01-01 06:00:00.000][20][debug][rbac] [f:1] checking connection: requestedServerName: , "
               "ssl: uriSanPeerCertificate: spiffe://a/ns/b/sa/good, dns\n"
               "[2024-01-01 06:00:00.000][21][debug][rbac] [f:1] checking connection: requestedServerName: , "
               "ssl: none\n"
               "[2024-01-01 06:00:01.000][20][debug][rbac] [f:1] enforced denied\n") ==
      "spiffe://a/ns/b/sa/good");
}

TEST_CASE("threads are bounded") {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text +=
        fmt::format("checking request: ssl: uriSanPeerCertificate: spiffe://a/b/c{}, \tthread={}\n", i, i);
  const auto log = log_of(text + "rbac enforced denied\tthread=2999\n" + "rbac enforced denied\tthread=0\n");
  REQUIRE(log->groups.size() == 1);
  REQUIRE(log->groups[0].identities.size() == 1);
  CHECK(log->groups[0].identities[0].text == "spiffe://a/b/c2999");
}

TEST_CASE("requests whose thread is never named end soon") {
  std::string text;
  while (text.size() < (4U << 20U)) text += "checking request: \n";
  const double begin = testing::processor_seconds();
  CHECK(log_of("2024-01-01T06:00:00Z begin\n" + text)->groups.empty());
  CHECK(testing::processor_seconds() - begin < 30);
}
