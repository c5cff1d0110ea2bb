// Shards that are merged are the whole, and one that is missing is told.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "meshcert/cli.hpp"
#include "tests/support/memory_env.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using meshcert::testing::MemoryEnv;
using meshcert::testing::read_source;
using Json = nlohmann::json;

namespace {

struct Outcome {
  int status;
  std::string out;
};

using Files = std::map<std::string, std::string>;

Outcome run(std::vector<std::string> words, const Files& files, const char* now = "2024-01-01T06:00:00Z") {
  MemoryEnv env;
  for (const auto& [path, text] : files) env.files[path] = text;
  env.clock = *parse_rfc3339(now);
  words.insert(words.begin(), "sweep");
  const int status = cli::run(words, env);
  return {status, env.out};
}

// Among them one that is cut off in the middle, which no object is of.
Files inputs() {
  const std::string healthy = read_source("certs/workload/healthy.pem");
  return {{"a/one.pem", healthy},
          {"a/two.pem", read_source("certs/pki/root.pem")},
          {"a/d.json", read_source("certs/dumps/healthy.json")},
          {"a/note.txt", "nothing\n"},
          {"a/cut.pem", healthy.substr(0, healthy.find("-----BEGIN") + 300)}};
}

Files shards_of(const Files& files, std::size_t count) {
  Files out;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    out["s/" + number] =
        run({"-o", "ndjson", "--shard", number + '/' + std::to_string(count), "a"}, files).out;
  }
  return out;
}

// In JSON, facts in whatever order.
void check_same(const Outcome& merged, const Outcome& direct, std::string_view format) {
  CHECK(merged.status == direct.status);
  if (format == "json")
    CHECK(Json::parse(merged.out) == Json::parse(direct.out));
  else
    CHECK(merged.out == direct.out);
}

Json merged(const Files& shards, const std::vector<std::string>& names, int status) {
  std::vector<std::string> words{"--merge", "-o", "json"};
  words.insert(words.end(), names.begin(), names.end());
  const Outcome outcome = run(words, shards);
  CHECK(outcome.status == status);
  return Json::parse(outcome.out);
}

}  // namespace

TEST_CASE("sweep --merge: what every shard tells counts once") {
  const Json whole = Json::parse(run({"-o", "json", "a"}, inputs()).out);
  REQUIRE(whole["summary"]["unread"] == 1);
  const Json sum = merged(shards_of(inputs(), 3), {"s/0", "s/1", "s/2"}, 3);
  for (const char* count :
       {"inputs", "skipped", "artifacts", "certificates", "findings", "unread", "status"}) {
    CAPTURE(count);
    CHECK(sum["summary"][count] == whole["summary"][count]);
  }
  CHECK(sum["codes"] == whole["codes"]);
}

// Some findings go by dates, the others are taken as they are told, those of no certificate too.
TEST_CASE("sweep --merge: whenever it is merged, a report is that of a run over the inputs at that time") {
  const Files files{{"a/one.pem", read_source("certs/workload/healthy.pem")},
                    {"a/two.pem", read_source("certs/pki/root.pem")},
                    {"a/hidden.pem", read_source("certs/validity/expired-intermediate.pem")},
                    {"a/future.pem", read_source("certs/validity/not-yet-valid.pem")},
                    {"a/bundle.pem", read_source("certs/bundle/one-expired.pem")},
                    {"a/request.yaml", read_source("certs/kubernetes/old-request.yaml")},
                    {"a/long.pem", read_source("certs/validity/two-years.pem")},
                    {"a/ca.pem", read_source("certs/chain/leaf-is-ca.pem")},
                    {"a/metadata.json", read_source("certs/bundle/metadata.json")},
                    {"a/certs.json", read_source("certs/dumps/envoy-certs-two-uris.json")},
                    {"a/token.txt", read_source("certs/jwt/critical-header.txt")},
                    {"a/dump.json", read_source("certs/dumps/healthy.json")},
                    {"a/request.pem", read_source("certs/input/unsupported-block.pem")},
                    {"a/header.txt", read_source("certs/xfcc/dns-disagrees.txt")}};
  const std::vector<std::string> times{"2022-06-01T00:00:00Z", "2024-01-01T06:00:00Z", "2024-01-01T23:00:00Z",
                                       "2024-06-01T00:00:00Z", "2033-01-01T00:00:00Z"};
  for (const std::string& judged : times) {
    const Files lines{{"s", run({"-o", "ndjson", "--at", judged, "a"}, files).out}};
    for (const std::string& at : times) {
      for (const char* format : {"table", "json", "ndjson", "csv", "openmetrics", "sarif", "junit", "html",
                                 "markdown", "nagios"}) {
        CAPTURE(judged);
        CAPTURE(at);
        CAPTURE(format);
        const Outcome direct = run({"-o", format, "--at", at, "a"}, files);
        const Outcome merged = run({"--merge", "-o", format, "--at", at, "s"}, lines);
        check_same(merged, direct, format);
      }
    }
  }
}

// Their counts, for facts are not in a line.
TEST_CASE(
    "sweep --merge: tokens, certificates that are only listed, and pieces of a large text go by dates, too") {
  std::string large;
  while (large.size() <= (1U << 20U)) large += read_source("certs/pki/root.pem");
  const Files files{{"a/token.txt", read_source("certs/jwt/healthy-svid.txt")},
                    {"a/certs.json", read_source("certs/dumps/envoy-certs.json")},
                    {"a/large.pem", large}};
  const Files lines{{"s", run({"-o", "ndjson", "--at", "2024-01-01T06:00:00Z", "a"}, files).out}};
  for (const char* at : {"2022-06-01T00:00:00Z", "2024-01-01T06:00:00Z", "2033-01-01T00:00:00Z"}) {
    CAPTURE(at);
    const Outcome direct = run({"-o", "openmetrics", "--at", at, "a"}, files);
    const Outcome merged = run({"--merge", "-o", "openmetrics", "--at", at, "s"}, lines);
    CHECK(merged.status == direct.status);
    CHECK(merged.out == direct.out);
  }
}

TEST_CASE("sweep --merge: what is asked for is chosen as of the inputs") {
  const Files files{{"a/list.json", read_source("certs/kubernetes/healthy-list.json")},
                    {"a/one.pem", read_source("certs/workload/healthy.pem")}};
  const Files lines{{"s", run({"-o", "ndjson", "a"}, files).out}};
  for (const std::vector<std::string>& asked :
       std::vector<std::vector<std::string>>{{"--kind", "workload-chain"},
                                             {"--namespace", "istio-system"},
                                             {"--ignore", "validity"},
                                             {"--select", "key"}}) {
    CAPTURE(asked.front());
    std::vector<std::string> over_inputs{"-o", "openmetrics", "--at", "2033-01-01T00:00:00Z", "a"};
    std::vector<std::string> over_lines{"--merge", "-o", "openmetrics", "--at", "2033-01-01T00:00:00Z", "s"};
    over_inputs.insert(over_inputs.end(), asked.begin(), asked.end());
    over_lines.insert(over_lines.end(), asked.begin(), asked.end());
    const Outcome direct = run(over_inputs, files);
    const Outcome merged = run(over_lines, lines);
    CHECK(merged.status == direct.status);
    CHECK(merged.out == direct.out);
  }
}

namespace {

// Secrets of two namespaces, one of which is cut off; a token, and a file that is of no object.
Files lossy_inputs() {
  return {{"a/cut.yaml", read_source("certs/input/kubernetes-cut-value.yaml")},
          {"a/list.json", read_source("certs/kubernetes/healthy-list.json")},
          {"a/token.txt", read_source("certs/jwt/expired.txt")},
          {"a/cut.pem", inputs().at("a/cut.pem")}};
}

}  // namespace

// What is left out is not unread, and what is of no object is left out by nothing.
TEST_CASE("sweep --merge: of what could not be used, what is asked for counts") {
  Files files = lossy_inputs();
  const std::vector<std::vector<std::string>> filters{
      {}, {"--kind", "jwt"}, {"--kind", "tls-secret"}, {"--namespace", "istio-system"}};
  for (const bool whole : {true, false}) {
    if (whole) files.erase("a/cut.pem");
    for (const std::vector<std::string>& filter : filters) {
      for (const char* format :
           {"table", "json", "ndjson", "openmetrics", "sarif", "junit", "html", "nagios"}) {
        CAPTURE(whole);
        CAPTURE(filter.empty() ? "" : filter.back());
        CAPTURE(format);
        std::vector<std::string> words{"-o", format};
        words.insert(words.end(), filter.begin(), filter.end());
        std::vector<std::string> over_lines = words;
        words.emplace_back("a");
        over_lines.insert(over_lines.end(), {"--merge", "s"});
        const Outcome direct = run(words, files);
        const Outcome merged = run(over_lines, {{"s", run({"-o", "ndjson", "a"}, files).out}});
        check_same(merged, direct, format);
      }
    }
    files = lossy_inputs();
  }
}

TEST_CASE("sweep --merge: a line that was lost is told, whatever it was") {
  const std::string whole = run({"-o", "ndjson", "a"}, lossy_inputs()).out;
  REQUIRE(merged({{"s", whole}}, {"s"}, 3)["errors"].empty());
  for (const char* kind : {"{\"error\":", "{\"lost\":", "{\"artifact\":", "{\"term\":"}) {
    CAPTURE(kind);
    const std::size_t at = whole.find(kind);
    REQUIRE(at != std::string::npos);
    std::string less = whole;
    less.erase(at, whole.find('\n', at) + 1 - at);
    const Json errors = merged({{"s", less}}, {"s"}, 3)["errors"];
    REQUIRE(errors.size() == 1);
    CHECK(errors[0]["message"].get<std::string>().starts_with("its summary counts "));
  }
}

TEST_CASE("sweep --merge: a shard that is missing makes the run incomplete") {
  Files healthy = inputs();
  healthy.erase("a/cut.pem");
  Files shards = shards_of(healthy, 3);
  CHECK(merged(shards, {"s/0", "s/1", "s/2"}, 0)["errors"].empty());
  const Json two = merged(shards, {"s/0", "s/2"}, 3);
  REQUIRE(two["errors"].size() == 1);
  CHECK(two["errors"][0]["message"].get<std::string>().starts_with("shard 1/3 is missing"));
  // What a pod that was tried again printed is there twice; which of the two is too much nobody can tell.
  shards["r/1"] = shards["s/1"];
  const Json again = merged(shards, {"s/0", "s/1", "s/2", "r/1"}, 3);
  REQUIRE(again["errors"].size() == 1);
  CHECK(again["errors"][0]["message"].get<std::string>().starts_with(
      "shard 1/3 is there more often than the others"));
  const Json none = merged(shards, {"s/1", "r/1"}, 3);
  REQUIRE(none["errors"].size() == 1);
  CHECK(none["errors"][0]["message"].get<std::string>().starts_with("shards 0/3, 2/3 are missing"));
  // Of two clusters, each shard is there twice.
  for (const char* name : {"0", "1", "2"})
    shards[std::string("t/") + name] = shards[std::string("s/") + name];
  CHECK(merged(shards, {"s/0", "s/1", "s/2", "t/0", "t/1", "t/2"}, 0)["errors"].empty());
  const Json five = merged(shards, {"s/0", "s/1", "s/2", "t/0", "t/1"}, 3);
  REQUIRE(five["errors"].size() == 1);
  CHECK(five["errors"][0]["message"].get<std::string>().starts_with("shard 2/3 is missing"));
}

TEST_CASE(
    "sweep --merge: files that are all of an earlier night make the run incomplete, unless a time is given") {
  Files healthy = inputs();
  healthy.erase("a/cut.pem");
  const Files shards = shards_of(healthy, 2);
  const std::vector<std::string> words{"--merge", "-o", "json", "--fail-on", "never", "s/0", "s/1"};
  CHECK(run(words, shards, "2024-01-02T05:59:00Z").status == 0);
  const Outcome late = run(words, shards, "2024-01-02T06:01:00Z");
  CHECK(late.status == 3);
  const Json errors = Json::parse(late.out)["errors"];
  REQUIRE(errors.size() == 1);
  CHECK(errors[0]["message"].get<std::string>().starts_with("it was judged at 2024-01-01T06:00:00Z, 1d ago"));
  for (const char* at : {"2024-01-01T06:00:00Z", "2024-03-01T00:00:00Z"}) {
    std::vector<std::string> judged = words;
    judged.insert(judged.end(), {"--at", at});
    CHECK(run(judged, shards, "2024-02-01T06:00:00Z").status == 0);
  }
}

// An error line without a code is an input that could not be had, for all that is known.
TEST_CASE("sweep --merge: findings that a line of an earlier version does not tell are told to be missing") {
  std::string lines = run({"-o", "ndjson", "a"}, {{"a/token.txt", read_source("certs/jwt/expired.txt")}}).out;
  REQUIRE(merged({{"s", lines}}, {"s"}, 1)["errors"].empty());
  const auto drop = [&lines](const std::string& begin, const std::string& end) {
    const std::size_t at = lines.find(begin);
    REQUIRE(at != std::string::npos);
    lines.erase(at, lines.find(end, at) - at);
  };
  drop(",\"lines\":", ",\"verdict\"");
  REQUIRE(merged({{"s", lines}}, {"s"}, 1)["errors"].empty());
  drop("{\"term\"", "{\"error\"");
  drop("\"code\":\"jwt.expired\",", "\"severity\"");
  const Json sum = merged({{"s", lines}}, {"s"}, 3);
  REQUIRE(sum["errors"].size() == 2);
  CHECK(sum["errors"][1]["message"].get<std::string>().starts_with(
      "its summary counts 1 finding, and its lines tell 0"));
}

TEST_CASE(
    "sweep --merge: a line with a fingerprint, serial number or type of name that is none is none, too") {
  const std::string lines =
      run({"-o", "ndjson", "a"}, {{"a/one.pem", read_source("certs/workload/healthy.pem")}}).out;
  for (const char* key : {"\"sha256\":\"", "\"serial\":\"", "{\"type\":\""}) {
    CAPTURE(key);
    const std::size_t at = lines.find(key);
    REQUIRE(at != std::string::npos);
    std::string forged = lines;
    forged.insert(at + std::string_view(key).size(), "\\u001b[31m\\\",\\\"");
    const Outcome outcome = run({"--merge", "-o", "ndjson", "s"}, {{"s", forged}});
    CHECK(outcome.status == 3);
    CHECK(outcome.out.find("line 1 is none of") != std::string::npos);
    CHECK(outcome.out.find('\x1b') == std::string::npos);
  }
}

// Of a certificate's line, and of those of an error and a finding.
TEST_CASE("sweep --merge: a line with a fact of a name that no fact has is none, too") {
  const std::string facts = "\"facts\":{";
  const Files files{{"a/ca.pem", read_source("certs/chain/leaf-is-ca.pem")},
                    {"a/request.pem", read_source("certs/input/unsupported-block.pem")},
                    {"a/token.txt", read_source("certs/jwt/critical-header.txt")}};
  const std::string whole = run({"-o", "ndjson", "a"}, files).out;
  for (std::size_t at = whole.find(facts), count = 0; at != std::string::npos;
       at = whole.find(facts, at + 1), ++count) {
    for (const char* name : {"x\\u001b[31m\\\"\\n{\\\"summary\\\":{}}", "Upper", "_message", "1st", ""}) {
      CAPTURE(count);
      CAPTURE(name);
      std::string forged = whole;
      const char next = forged[at + facts.size()];
      forged.insert(at + facts.size(), "\"" + std::string(name) + "\":\"y\"" + (next == '}' ? "" : ","));
      const Outcome outcome = run({"--merge", "-o", "ndjson", "s"}, {{"s", forged}});
      CHECK(outcome.status == 3);
      CHECK(outcome.out.find(" is none of") != std::string::npos);
      CHECK(outcome.out.find('\x1b') == std::string::npos);
      CHECK(outcome.out.find("31m") == std::string::npos);
    }
    std::string other = whole;  // of a later version
    const char next = other[at + facts.size()];
    other.insert(at + facts.size(), std::string("\"new_in_2\":\"y\"") + (next == '}' ? "" : ","));
    const Outcome outcome = run({"--merge", "-o", "ndjson", "s"}, {{"s", other}});
    CHECK(outcome.out.find(" is none of") == std::string::npos);
  }
  CHECK(whole.find("{\"finding\":") != std::string::npos);
  CHECK(whole.find("{\"error\":") != std::string::npos);
  CHECK(whole.find("\"details\":") != std::string::npos);
}

// SPIRE's CAs are such: Go and BoringSSL compare octets, and their issuer is another name to them.
TEST_CASE("sweep --merge: names of one text are not one name where their octets differ") {
  const std::string dying = read_source("certs/bundle/critical-named-in-two-encodings.pem");
  const std::string alone = dying.substr(0, dying.find("-----BEGIN", 1));
  const std::vector<std::string> times{"2022-06-01T00:00:00Z", "2024-01-01T06:00:00Z",
                                       "2025-01-01T00:00:00Z"};
  for (const std::string& bundle : {dying, alone, read_source("certs/workload/healthy.pem") + alone,
                                    read_source("certs/bundle/expired-renewed-in-another-encoding.pem"),
                                    read_source("certs/bundle/one-critical.pem")}) {
    for (const std::string& at : times) {
      CAPTURE(bundle);
      CAPTURE(at);
      const Files files{{"a/ca.pem", bundle}};
      const std::string lines = run({"-o", "ndjson", "--at", times[1], "a"}, files).out;
      const Files merge{{"s", lines},
                        {"t", run({"--merge", "-o", "ndjson", "--at", at, "s"}, {{"s", lines}}).out}};
      for (const char* format : {"table", "json", "ndjson", "junit"})
        for (const char* from : {"s", "t"})
          check_same(run({"--merge", "-o", format, "--at", at, from}, merge),
                     run({"-o", format, "--at", at, "a"}, files), format);
    }
  }
  const auto run_on = [&](const char* path) {
    return run({"-o", "ndjson", "--at", times[1], "a"}, {{"a/ca.pem", read_source(path)}}).out;
  };
  CHECK(run_on("certs/bundle/critical-named-in-two-encodings.pem").find("\"issuer_form\":1") !=
        std::string::npos);
  CHECK(run_on("certs/bundle/one-critical.pem").find("_form\"") == std::string::npos);
}

TEST_CASE("sweep --merge: severities are those of the profile that the sweeps were given") {
  const Files files{{"a.pem", read_source("certs/usage/key-usage-not-critical.pem")}};
  for (const char* profile : {"istio", "spiffe"}) {
    CAPTURE(std::string(profile));
    const Outcome lines = run({"-o", "ndjson", "--profile", profile, "a.pem"}, files);
    const Outcome direct = run({"-o", "json", "--profile", profile, "a.pem"}, files);
    const Outcome merged = run({"--merge", "-o", "json", "s"}, {{"s", lines.out}});
    CHECK(merged.status == direct.status);
    CHECK(Json::parse(merged.out)["findings"] == Json::parse(direct.out)["findings"]);
  }
  CHECK(run({"--merge", "--profile", "spiffe", "s"}, {{"s", ""}}).status == 2);
}

TEST_CASE("sweep --merge: findings of shards stand as those of a run over their directory") {
  const std::string expired = read_source("certs/validity/expired.pem");
  Files files{{"a/list.yaml", read_source("certs/kubernetes/healthy-list.yaml")}};
  for (const char* name : {"b.pem", "b/1.pem", "b/2.pem", "c", "d", "e"})
    files[std::string("a/") + name] = expired;
  const auto findings = [](const std::string& report) { return Json::parse(report)["findings"]; };
  const Json whole = findings(run({"-o", "json", "--at", "2024-06-01T00:00:00Z", "a"}, files).out);
  REQUIRE(whole.size() > 7);
  for (const std::size_t count : {2U, 3U, 5U}) {
    CAPTURE(count);
    std::vector<std::string> words{"--merge", "-o", "json", "--at", "2024-06-01T00:00:00Z"};
    for (std::size_t i = 0; i < count; ++i) words.push_back("s/" + std::to_string(i));
    CHECK(findings(run(words, shards_of(files, count)).out) == whole);
  }
}
