// `meshcert identity`: is this workload who it should be?

#include <algorithm>

#include "meshcert/expectations.hpp"
#include "meshcert/judge_inputs.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/spiffe_id.hpp"
#include "meshcert/verbs.hpp"

namespace meshcert::cli {
namespace {

constexpr const char* kGroup = "Who it should be";

std::string take_id(Options& options, const std::string& uri) {
  const auto id = SpiffeId::parse(uri);
  if (!id) return "'" + uri + "' is no SPIFFE ID: " + std::string(id.error());
  options.policy.identity.id = uri;
  options.read.as_workload_chain = true;
  return {};
}

std::string take_alias(Options& options, const std::string& text) {
  const auto name = TrustDomain::parse_name_or_id(text);
  if (!name) return "'" + text + "': " + std::string(name.error());
  options.policy.identity.trust_domain_aliases.emplace_back(name->name());
  return {};
}

auto take_text(std::optional<std::string>& target, const char* what) {
  return [&target, what](const std::string& value) {
    target = value;
    return value.empty() ? std::string(what) + " is empty" : std::string{};
  };
}

// An ID names what other options name too.
void agree(const char* option, const std::optional<std::string>& expected, std::string_view of_id,
           const std::string& id) {
  if (expected && *expected != of_id)
    throw UsageError{std::string(option) + " " + *expected + " and --id " + id +
                     " contradict each other: leave one out"};
}

}  // namespace

void refuse_contradictions(const Options& options) {
  const IdentityExpectation& expected = options.policy.identity;
  if (!expected.id) return;
  const auto& aliases = expected.trust_domain_aliases;
  const auto id = SpiffeId::parse(*expected.id);
  const std::string_view domain = id ? id->trust_domain().name() : std::string_view{};
  if (std::ranges::find(aliases, domain) == aliases.end())
    agree("--trust-domain", expected.trust_domain, domain, *expected.id);
  const auto parts = IstioIdentity::parse(*expected.id).value_or(IstioIdentity{});
  agree("--namespace", expected.namespace_name, parts.namespace_name, *expected.id);
  agree("--service-account", expected.service_account, parts.service_account, *expected.id);
}

void add_trust_domain_option(OptionSet& set, Options& options, const char* group) {
  set.add_value({"--trust-domain", "TD", "expected trust domain", group},
                [&options](const std::string& text) {
                  const auto name = TrustDomain::parse_name_or_id(text);
                  if (!name) return "'" + text + "': " + std::string(name.error());
                  options.policy.identity.trust_domain = name->name();
                  options.policy.root.trust_domain = name->name();
                  return std::string{};
                });
}

void add_identity_options(OptionSet& set, Options& options) {
  auto& expected = options.policy.identity;
  add_trust_domain_option(set, options, kGroup);
  set.add_values({"--trust-domain-alias", "TD", "another trust domain to accept (repeatable)", kGroup},
                 [&options](const std::string& text) { return take_alias(options, text); });
  set.add_value({"--namespace", "NS", "expected namespace", kGroup},
                take_text(expected.namespace_name, "the namespace"));
  set.add_value({"--service-account", "SA", "expected service account", kGroup},
                take_text(expected.service_account, "the service account"));
  set.add_value({"--id", "SPIFFE-ID", "expected SPIFFE ID, whole", kGroup},
                [&options](const std::string& uri) { return take_id(options, uri); });
  add_expect_option(set, options);
}

void add_identity(OptionSet& set, Options& options) {
  add_identity_options(set, options);
  add_common_options(set, options);
}

int run_identity(Options& options, Env& env) {
  load_expectations(options, env);
  const Expectations* expectations = options.policy.expectations.get();
  if (!options.policy.identity.any() && expectations == nullptr)
    throw UsageError{
        "nothing to compare with: give --trust-domain, --namespace, --service-account, --id or --expect"};
  options.read.as_workload_chain = true;
  Scope scope{"identity", {"identity", "svid"}};
  if (expectations != nullptr && !expectations->roots.empty()) scope.only.push_back("root");
  return judge_inputs(scope, options, env);
}

}  // namespace meshcert::cli
