// `meshcert inspect`: what is in here, and is any of it wrong? Every check that
// applies; so it takes the options of the verbs that ask one question.

#include "meshcert/chain_options.hpp"
#include "meshcert/judge_inputs.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/verbs.hpp"
#include "meshcert/verification.hpp"

namespace meshcert::cli {

namespace {

/// take_asked: whoever names whom a leaf should be asks about a leaf, even of a file whose certificates call
/// themselves CAs.
void take_asked(const Options& options, Env&, Inventory& inventory) {
  if (options.verification != nullptr && options.verification->names_somebody())
    take_for_chains(options, inventory);
}

}  // namespace

void add_inspect(OptionSet& set, Options& options) {
  add_chain_options(set, options);
  add_identity_options(set, options);
  add_threshold_options(set, options);
  add_role_options(set, options);
  add_root_options(set, options);
  add_webhook_options(set, options);
  add_gateway_options(set, options);
  add_token_options(set, options);
  add_common_options(set, options);
}

int run_inspect(Options& options, Env& env) {
  load_verification(options, env);
  load_against(options, env);
  load_jwks(options, env);
  return judge_inputs({"inspect", {}}, options, env, &take_asked);
}

}  // namespace meshcert::cli
