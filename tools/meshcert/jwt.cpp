// `meshcert jwt`: decode and verify a JWT-SVID or a service account's token. A token is a
// secret: it is read from a file or standard input, never from the command line.

#include <memory>

#include "input/spiffe_bundle.hpp"
#include "meshcert/gather.hpp"
#include "meshcert/judge_inputs.hpp"
#include "meshcert/jwt_rule.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/spiffe_bundle.hpp"
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
  auto set = input::read_key_set(options.jwks_file, contents->octets, options.read.limits);
  if (!set) throw UsageError{"--jwks " + to_string(set.error().where) + ": " + set.error().message};
  options.policy.token.keys_name = options.jwks_file;
  options.policy.token.keys = std::make_shared<const SpiffeBundle>(std::move(*set));
}

namespace {

void add_rules_option(OptionSet& set, Options& options) {
  set.add_values({"--rules", "FILE",
                  "does it satisfy these? RequestAuthentications, and dumps of proxies (repeatable)", kGroup},
                 [&options](const std::string& value) {
                   options.rule_files.push_back(value);
                   return value.empty() ? std::string("the file's name is empty") : std::string{};
                 });
}

/// append_rules reads the files of --rules beside the tokens: of what is in them, only rules
/// for tokens and the proxies that should have them.
void append_rules(const Options& options, Env& env, Inventory& inventory) {
  for (const std::string& file : options.rule_files) {
    Options other = options;
    other.inputs = {file};
    other.read.as.reset();
    Inventory rules = gather(other, env);
    if (!rules.errors.empty()) throw UsageError{"--rules " + file + ": " + rules.errors.front().message};
    const std::size_t before = inventory.artifacts.size() + inventory.objects.size();
    for (Artifact& artifact : rules.artifacts)
      if (artifact.jwt_rule != nullptr) inventory.artifacts.push_back(std::move(artifact));
    for (auto& object : rules.objects)
      if (object->as<RequestAuthentication>() != nullptr || object->as<ProxyConfig>() != nullptr)
        inventory.objects.push_back(std::move(object));
    const bool none = inventory.artifacts.size() + inventory.objects.size() == before;
    if (none && !rules.defects.empty())
      throw UsageError{"--rules " + to_string(rules.defects.front().where) + ": " +
                       rules.defects.front().detail};
    for (Defect& defect : rules.defects)
      if (defect.kind == DefectKind::malformed) inventory.defects.push_back(std::move(defect));
    if (none)
      throw UsageError{"--rules " + file +
                       ": neither a RequestAuthentication nor the listeners of a proxy in it"};
  }
}

}  // namespace

void add_jwt(OptionSet& set, Options& options) {
  add_token_options(set, options);
  add_rules_option(set, options);
  add_identity_options(set, options);
  add_common_options(set, options);
}

int run_jwt(Options& options, Env& env) {
  load_jwks(options, env);
  if (!options.read.as) options.read.as = Format::jwt;
  options.policy.token.rules_asked = true;
  return judge_inputs({"jwt", {"jwt", "jwt-rule", "identity"}}, options, env, append_rules);
}

}  // namespace meshcert::cli
