// `meshcert logs`: which certificate trouble do these logs of istiod, Envoy, ztunnel
// or the API server show?

#include "meshcert/judge_inputs.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/verbs.hpp"

namespace meshcert::cli {

void add_logs(OptionSet& set, Options& options) {
  add_common_options(set, options);
}

int run_logs(Options& options, Env& env) {
  // Whoever says that it is a log is believed: it is read as a stream, of any size.
  if (!options.read.as) options.read.as = Format::log;
  return judge_inputs({"logs", {"log"}}, options, env);
}

}  // namespace meshcert::cli
