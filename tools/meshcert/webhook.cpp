// `meshcert webhook`: will the API server trust these webhooks?

#include <memory>
#include <utility>

#include "meshcert/gather.hpp"
#include "meshcert/judge_inputs.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/verbs.hpp"

namespace meshcert::cli {

void add_webhook_options(OptionSet& set, Options& options) {
  set.add_value({"--against", "FILE",
                 "the chain that the service presents, or its CA: PEM, a dump, or openssl s_client",
                 "Whom the webhooks call"},
                [&options](const std::string& path) {
                  options.against_file = path;
                  return path.empty() ? "no file name" : "";
                });
}

void load_against(Options& options, Env& env) {
  if (!options.against_file) return;
  Options other = options;
  other.inputs = {*options.against_file};
  Inventory inventory = gather(other, env);
  const std::string option = "--against " + *options.against_file + ": ";
  if (!inventory.errors.empty()) throw UsageError{option + inventory.errors.front().message};
  if (inventory.artifacts.empty()) throw UsageError{option + "no certificate in it"};
  options.policy.webhook_against = std::make_shared<const Inventory>(std::move(inventory));
}

void add_webhook(OptionSet& set, Options& options) {
  add_webhook_options(set, options);
  add_common_options(set, options);
}

int run_webhook(Options& options, Env& env) {
  load_against(options, env);
  options.policy.webhook_asked = true;
  return judge_inputs({"webhook", {"webhook", "bundle.expired-member", "input.several-clusters"}}, options,
                      env);
}

}  // namespace meshcert::cli
