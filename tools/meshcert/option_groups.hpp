#pragma once

#include "meshcert/options.hpp"

namespace meshcert::cli {

/// Groups of options that a verb owns and `inspect` takes as well.
void add_identity_options(OptionSet& set, Options& options);
/// refuse_contradictions throws a UsageError where --id says something else than --trust-domain,
/// --namespace or --service-account: no workload could be what both say.
void refuse_contradictions(const Options& options);
void add_threshold_options(OptionSet& set, Options& options);
void add_role_options(OptionSet& set, Options& options);
void add_root_options(OptionSet& set, Options& options);
/// store_size makes a Take of a size: "1048576", "64M", "1GiB".
[[nodiscard]] Take store_size(std::size_t& target);
void add_gateway_options(OptionSet& set, Options& options);
void add_webhook_options(OptionSet& set, Options& options);
/// load_against reads what --against names into the policy.
void load_against(Options& options, Env& env);
void add_token_options(OptionSet& set, Options& options);
/// load_jwks reads the file of --jwks, if there is one, into the policy. Throws UsageError.
void load_jwks(Options& options, Env& env);
/// --trust-domain is shared by `identity` and `root`.
void add_trust_domain_option(OptionSet& set, Options& options, const char* group);

}  // namespace meshcert::cli
