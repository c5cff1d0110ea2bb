// `meshcert expiry`: what is expired, not yet valid, expiring, overdue for renewal?

#include "meshcert/add_option.hpp"
#include "meshcert/judge_inputs.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/verbs.hpp"

namespace meshcert::cli {

void add_threshold_options(CLI::App& app, Options& options) {
  constexpr const char* kGroup = "Thresholds: 90s 15m 12h 30d 2w, a share of the lifetime (33%), or the smaller of both (30d,33%)";
  auto& thresholds = options.policy.thresholds;
  add_value(app, {"--warn", "LIMIT", "warn when less is left (default 30d,33%)", kGroup},
            store(thresholds.warn, parse_threshold));
  add_value(app, {"--critical", "LIMIT", "error when less is left (default 7d,10%)", kGroup},
            store(thresholds.critical, parse_threshold));
  add_value(app, {"--warn-ca", "LIMIT", "the same for CA certificates (default 180d,20%)", kGroup},
            store(thresholds.warn_ca, parse_threshold));
  add_value(app, {"--critical-ca", "LIMIT", "the same for CA certificates (default 30d,5%)", kGroup},
            store(thresholds.critical_ca, parse_threshold));
}

void add_expiry(CLI::App& app, Options& options) {
  add_threshold_options(app, options);
  add_common_options(app, options);
}

int run_expiry(Options& options, Env& env) {
  return judge_inputs({"expiry", {"validity", "bundle.expired-member"}}, options, env);
}

}  // namespace meshcert::cli
