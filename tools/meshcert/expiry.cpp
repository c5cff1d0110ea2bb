// `meshcert expiry`: what is expired, not yet valid, expiring, overdue for renewal?

#include "meshcert/judge_inputs.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/verbs.hpp"

namespace meshcert::cli {

void add_threshold_options(OptionSet& set, Options& options) {
  constexpr const char* kGroup = "Thresholds (LIMIT: 12h, 30d, 33% of the lifetime, or the smaller: 30d,33%)";
  auto& thresholds = options.policy.thresholds;
  set.add_value({"--warn", "LIMIT", "warn when less is left (default 30d,33%)", kGroup},
                store(thresholds.warn, parse_threshold));
  set.add_value({"--critical", "LIMIT", "error when less is left (default 7d,10%)", kGroup},
                store(thresholds.critical, parse_threshold));
  set.add_value({"--warn-ca", "LIMIT", "the same for CA certificates (default 180d,20%)", kGroup},
                store(thresholds.warn_ca, parse_threshold));
  set.add_value({"--critical-ca", "LIMIT", "the same for CA certificates (default 30d,5%)", kGroup},
                store(thresholds.critical_ca, parse_threshold));
}

void add_expiry(OptionSet& set, Options& options) {
  add_threshold_options(set, options);
  add_common_options(set, options);
}

int run_expiry(Options& options, Env& env) {
  return judge_inputs({"expiry", {"validity", "bundle.expired-member"}}, options, env);
}

}  // namespace meshcert::cli
