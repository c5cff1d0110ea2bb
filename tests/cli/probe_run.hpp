#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "meshcert/cli.hpp"
#include "tests/support/fake_network.hpp"
#include "tests/support/memory_env.hpp"

namespace meshcert::testing {

using Json = nlohmann::json;
using ProbedServer = std::function<std::unique_ptr<FakeServer>()>;

/// Run is what one run of `meshcert probe` did.
struct Run {
  int status = 0;
  Json report;
  std::string err, heard;
  std::size_t most_open = 0;

  /// codes are those of what was found; that nothing was trusted, and no name given, has its own test.
  [[nodiscard]] std::set<std::string> codes() const {
    std::set<std::string> codes = all_codes();
    codes.erase("probe.not-verified");
    codes.erase("probe.no-name");
    return codes;
  }
  [[nodiscard]] std::set<std::string> all_codes() const {
    std::set<std::string> codes;
    for (const auto& finding : report.at("findings")) codes.insert(finding.at("code"));
    return codes;
  }
  [[nodiscard]] const Json& probe() const { return report.at("artifacts").at(0).at("probe"); }
  [[nodiscard]] std::size_t certificates() const {
    return report.at("artifacts").at(0).at("certificates").size();
  }
};

/// probe runs it against the servers, which listen on these ports whatever the host.
inline Run probe(std::vector<std::string> arguments, const std::map<std::uint16_t, ProbedServer>& servers,
                 std::map<std::string, std::string> files = {}, std::chrono::milliseconds latency = {}) {
  MemoryEnv env;
  env.clock = *parse_rfc3339("2024-01-01T06:00:00Z");
  env.files = std::move(files);
  Run run;
  const auto record = std::make_shared<FakeNetwork::Record>();
  env.network = [&] {
    auto made = std::make_unique<FakeNetwork>();
    made->servers = servers;
    made->record = record;
    made->latency = latency;
    return made;
  };
  arguments.insert(arguments.begin(), {"probe", "-o", "json"});
  run.status = cli::run(arguments, env);
  run.err = env.err;
  run.heard = record->heard;
  run.most_open = record->most_open;
  run.report = Json::parse(env.out, nullptr, false);
  return run;
}

}  // namespace meshcert::testing
