// `meshcert usage`: key usage, extended key usage, CA flag and key strength for
// the role.

#include <array>

#include "meshcert/judge_inputs.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/verbs.hpp"
#include "meshcert/words.hpp"

namespace meshcert::cli {
namespace {

constexpr std::array<Word<UsageRole>, 5> kRoles{{{"auto", UsageRole::automatic},
                                                 {"workload", UsageRole::workload},
                                                 {"server", UsageRole::server},
                                                 {"client", UsageRole::client},
                                                 {"ca", UsageRole::ca}}};

}  // namespace

void add_role_options(OptionSet& set, Options& options) {
  set.add_value(
      {"--role", "ROLE", "auto (default), workload, server, client or ca", "What the certificates are for"},
      store(options.policy.usage_role, parse_word(kRoles)));
}

void add_usage(OptionSet& set, Options& options) {
  add_role_options(set, options);
  add_common_options(set, options);
}

int run_usage(Options& options, Env& env) {
  return judge_inputs({"usage", {"usage", "key"}}, options, env);
}

}  // namespace meshcert::cli
