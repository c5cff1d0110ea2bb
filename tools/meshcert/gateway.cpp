// `meshcert gateway`: will every Gateway listener present a working certificate?

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.hpp"
#include "meshcert/judge_inputs.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/verbs.hpp"

namespace meshcert::cli {
namespace {

constexpr std::array<std::string_view, 3> kModes{"SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"};

std::string store_mode(const std::string& written, std::string& target) {
  const std::string word = base::uppered(written);
  if (std::ranges::find(kModes, word) == kModes.end())
    return "'" + word + "' is none of SIMPLE, MUTUAL, OPTIONAL_MUTUAL: other modes take no Secret";
  target = word;
  return "";
}

}  // namespace

void add_gateway_options(OptionSet& set, Options& options) {
  constexpr const char* kGroup = "What a Secret alone is to serve";
  set.add_values(
      {"--host", "NAME", "a host that a gateway with this Secret is to serve (repeatable)", kGroup},
      [&options](const std::string& name) {
        const std::string host = name.substr(name.find('/') + 1);  // "NAMESPACE/HOST", as Gateways have it
        options.policy.serving.hosts.push_back(host);
        return host.empty() ? std::string("the name is empty") : std::string{};
      });
  set.add_value(
      {"--mode", "MODE", "its TLS mode: SIMPLE (the default), MUTUAL or OPTIONAL_MUTUAL", kGroup},
      [&options](const std::string& word) { return store_mode(word, options.policy.serving.mode); });
}

void add_gateway(OptionSet& set, Options& options) {
  add_gateway_options(set, options);
  add_threshold_options(set, options);
  add_common_options(set, options);
}

int run_gateway(Options& options, Env& env) {
  options.policy.serving.asked = true;
  return judge_inputs(
      {"gateway", {"gateway", "validity", "chain", "usage", "key", "bundle", "input.several-clusters"}},
      options, env);
}

}  // namespace meshcert::cli
