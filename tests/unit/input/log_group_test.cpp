// What a group of lines names, where the lines come from, and lines that are read in pieces.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <chrono>
#include <string>

#include "meshcert/log.hpp"
#include "tests/support/collector.hpp"

using namespace meshcert;

namespace {

std::string at(int minute, std::string_view text) {
  return fmt::format("2024-01-01T06:{:02}:00.000000Z\tinfo\t{}\n", minute, text);
}

ReadOptions as_log() {
  ReadOptions options;
  options.as = Format::log;
  return options;
}

std::shared_ptr<const Log> log_of(const std::string& text, const ReadOptions& options = as_log()) {
  const auto read = meshcert::testing::read("x.log", text, options);
  REQUIRE(read.artifacts.size() == 1);
  REQUIRE(read.artifacts[0].log != nullptr);
  return read.artifacts[0].log;
}

}  // namespace

TEST_CASE("each of what the lines of one cause name is told, the most frequent first") {
  const auto missing = [](std::string_view name) {
    return fmt::format("failed to fetch key and certificate for kubernetes://{}: secret not found", name);
  };
  const auto log =
      log_of(at(0, missing("a")) + at(1, missing("b")) + at(2, missing("b")) + at(3, missing("c")));
  REQUIRE(log->groups.size() == 1);
  const LogGroup& group = log->groups[0];
  REQUIRE(group.named.size() == 3);
  CHECK(group.named[0].values[0] == "kubernetes://b");
  CHECK(group.named[0].lines == 2);
  CHECK(group.named[1].values[0] == "kubernetes://a");
  CHECK(group.named[2].values[0] == "kubernetes://c");
  CHECK_FALSE(group.more_named);
  // What belongs together stays together.
  const std::string got = "peer did not present the expected SAN (spiffe://a/{0}), got spiffe://b/{0}";
  const auto pairs =
      log_of(at(0, fmt::format(fmt::runtime(got), 1)) + at(1, fmt::format(fmt::runtime(got), 2)));
  REQUIRE(pairs->groups[0].named.size() == 2);
  CHECK(pairs->groups[0].named[1].values == LogValues{"spiffe://a/2", "spiffe://b/2", ""});
  // One name, however often, is one.
  CHECK(log_of(at(0, missing("a")) + at(1, missing("a")))->groups[0].named.size() == 1);
}

TEST_CASE("of deadlines the earliest comes first, and is kept where not all are") {
  ReadOptions options = as_log();
  options.limits.log_names = 2;
  std::string text;
  for (const int hour : {12, 11, 13, 9, 10})
    text += at(0, fmt::format("certificate renewal failed (x); retaining existing valid certificate until "
                              "2024-01-01T{:02}:00:00Z; next retry at 2024-01-01T06:05:00Z",
                              hour));
  const auto log = log_of(text, options);
  REQUIRE(log->groups.size() == 1);
  REQUIRE(log->groups[0].named.size() == 2);
  CHECK(log->groups[0].named[0].values[0] == "2024-01-01T09:00:00Z");
  CHECK(log->groups[0].named[1].values[0] == "2024-01-01T10:00:00Z");
  CHECK(log->groups[0].more_named);
}

TEST_CASE("a certificate that another pod got ends no failure") {
  const std::string failed = "failed to warm certificate: failed to generate workload certificate: x";
  const std::string issued = "generated new workload certificate";
  const auto course = [&](std::string_view failing, std::string_view getting) {
    const auto log = log_of(std::string(failing) + at(0, failed) + std::string(getting) + at(5, issued));
    for (const LogGroup& group : log->groups)
      if (group.pattern->cause == LogCause::signing_failed) return course_of(*log, group);
    return LogCourse::unknown;
  };
  CHECK(course("", "") == LogCourse::transient);
  CHECK(course("[pod/a-1/istio-proxy] ", "[pod/a-1/istio-proxy] ") == LogCourse::transient);
  CHECK(course("[pod/a-1/istio-proxy] ", "[pod/b-1/istio-proxy] ") == LogCourse::recent);
  CHECK(course("a-1 istio-proxy ", "a-1 istio-proxy ") == LogCourse::transient);
  CHECK(course("a-1 istio-proxy ", "b-1 istio-proxy ") == LogCourse::recent);
  const auto json = [&](std::string_view pod) {
    const std::string begin = R"({"pod":")" + std::string(pod) + R"(","time":"2024-01-01T06:0)";
    const auto log =
        log_of(begin + R"(0:00Z","log":"failed to sign CSR: x"})" + "\n" +
               R"({"pod":"a-1","time":"2024-01-01T06:05:00Z","log":"generated new workload certificate"})");
    return course_of(*log, log->groups[0]);
  };
  CHECK(json("a-1") == LogCourse::transient);
  CHECK(json("b-1") == LogCourse::recent);
  // Of two pods that failed one got its certificate.
  const auto two = log_of("[pod/a-1/x] " + at(0, failed) + "[pod/b-1/x] " + at(0, failed) + "[pod/a-1/x] " +
                          at(5, issued));
  CHECK(course_of(*two, two->groups[0]) == LogCourse::recent);
  const std::string loki = "2024-01-01T06:00:00Z {pod=\"a-1\"} ",
                    other = "2024-01-01T06:05:00Z {pod=\"b-1\"} ";
  const auto stored = [&](const std::string& second) {
    const auto log = log_of(loki + failed + "\n" + second + issued + "\n");
    return course_of(*log, log->groups[0]);
  };
  CHECK(stored(other) == LogCourse::recent);
  CHECK(stored("2024-01-01T06:05:00Z {pod=\"a-1\"} ") == LogCourse::transient);
}

TEST_CASE("a byte order mark is no part of the first line") {
  const std::string line = at(0, "failed to sign CSR: x");
  CHECK(log_of("\xEF\xBB\xBF" + line)->first == log_of(line)->first);
  CHECK(log_of("\xEF\xBB\xBF{\"response_code\":503,\"start_time\":\"2024-01-01T06:00:00Z\",\"reason\":"
               "\"RBAC: access denied\"}\n")
            ->groups.size() == 1);
}

TEST_CASE("a line that is read in pieces is one line") {
  const std::string said = "failed to sign CSR: x ";
  std::string longest;
  while (longest.size() < (3U << 20U)) longest += said + std::string(1000, '.');
  const auto log = log_of(longest + "\n" + at(1, "failed to warm root certificate"));
  CHECK(log->lines == 2);
  REQUIRE(log->groups.size() == 2);
  CHECK(log->groups[0].lines == 1);
  CHECK(log->groups[0].first_line == 1);
  CHECK(log->groups[1].first_line == 2);
  CHECK(log_of(longest)->lines == 1);
  CHECK(log_of(at(0, said) + at(1, said))->groups[0].lines == 2);
}

TEST_CASE("a line that holds thousands is read in time that grows with it") {
  std::string text = R"({"resourceLogs":[)";
  for (int i = 0; i < 10'000; ++i)
    text.append(i == 0 ? "" : ",").append(R"({"body":"CSR signing error: x","attributes":[]})");
  const auto begin = std::chrono::steady_clock::now();
  const auto log = log_of(text + "]}\n");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(15));
  REQUIRE(log->groups.size() == 1);
  CHECK(log->groups[0].lines == 10'000);
}
