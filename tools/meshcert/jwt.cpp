// `meshcert jwt`: decode and verify a JWT-SVID or a service account's token. A token is a
// secret: it is read from a file or standard input, never from the command line.

#include <memory>

#include "input/jwt.hpp"
#include "meshcert/expectations.hpp"
#include "meshcert/judge_inputs.hpp"
#include "meshcert/jwt.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/verbs.hpp"

namespace meshcert::cli {
namespace {

constexpr const char* kGroup = "What the token should be";

auto take_named(std::string& target, const char* what) {
  return [&target, what](const std::string& value) {
    target = value;
    return value.empty() ? std::string(what) + " is empty" : std::string{};
  };
}

}  // namespace

void add_token_options(OptionSet& set, Options& options) {
  set.add_value({"--jwks", "FILE", "verify with these keys: a JWKS, or a SPIFFE bundle", kGroup},
                take_named(options.jwks_file, "the file's name"));
  set.add_values({"--audience", "A", "who it should be for, such as istio-ca (repeatable: any)", kGroup},
                 [&options](const std::string& value) {
                   options.policy.token.audiences.push_back(value);
                   return value.empty() ? std::string("the audience is empty") : std::string{};
                 });
  set.add_value({"--issuer", "I", "who should have issued it", kGroup}, [&options](const std::string& value) {
    options.policy.token.issuer = value;
    return value.empty() ? std::string("the issuer is empty") : std::string{};
  });
}

void load_jwks(Options& options, Env& env) {
  if (options.jwks_file.empty()) return;
  const auto contents = env.read_file(options.jwks_file, options.read.limits.value_bytes);
  if (!contents) throw UsageError{"--jwks " + options.jwks_file + ": " + contents.error()};
  if (contents->cut) throw UsageError{"--jwks " + options.jwks_file + ": larger than --max-value"};
  auto set = input::read_jwks(options.jwks_file, contents->octets, options.read.limits);
  if (!set) throw UsageError{"--jwks " + options.jwks_file + ": " + set.error().message};
  options.policy.token.keys = std::make_shared<const JwkSet>(std::move(*set));
}

void add_jwt(OptionSet& set, Options& options) {
  add_token_options(set, options);
  add_identity_options(set, options);
  add_common_options(set, options);
}

int run_jwt(Options& options, Env& env) {
  load_expectations(options, env);
  load_jwks(options, env);
  if (!options.read.as) options.read.as = Format::jwt;
  return judge_inputs({"jwt", {"jwt", "identity"}}, options, env);
}

}  // namespace meshcert::cli
