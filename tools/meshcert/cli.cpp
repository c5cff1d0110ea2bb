// Which verb, and its arguments. Only the verb that is named registers its
// options: CLI11 is slow at that, and a program that is run for every file in a
// loop must start at once.

#include "meshcert/cli.hpp"

#include <algorithm>
#include <array>

#include "base/escape.hpp"
#include "input/withheld.hpp"
#include "meshcert/help.hpp"
#include "meshcert/messages.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/parse.hpp"
#include "meshcert/report.hpp"
#include "meshcert/suggest.hpp"
#include "meshcert/verbs.hpp"

namespace meshcert::cli {
namespace {

constexpr auto kVerbs = std::to_array<Verb>({
    {"inspect", "[INPUT...]", "what is in here, and is any of it wrong? Every check that applies",
     "istioctl proxy-config secret POD -n NAMESPACE -o json | meshcert inspect", add_inspect, run_inspect},
    {"chain", "[INPUT...]", "does this chain verify, link by link, to these anchors?",
     "meshcert chain --trust root-cert.pem cert-chain.pem", add_chain, run_chain},
    {"identity", "[INPUT...]", "is this workload who it should be?",
     "istioctl proxy-config secret POD -n NAMESPACE -o json |\n"
     "    meshcert identity --namespace NAMESPACE --service-account SA",
     add_identity, run_identity},
    {"expiry", "[INPUT...]", "what is expired, not yet valid, or expiring?",
     "meshcert expiry --warn 14d --fail-on warning DIRECTORY", add_expiry, run_expiry},
    {"usage", "[INPUT...]", "key usage, extended key usage, CA flag and key strength for the role",
     "meshcert usage cert-chain.pem", add_usage, run_usage},
    {"root", "[INPUT...]", "is the root the one that this trust domain should have?",
     "kubectl get configmap istio-ca-root-cert -n NAMESPACE -o yaml |\n"
     "    meshcert root --ca istiod",
     add_root, run_root},
    {"webhook", "[INPUT...]", "will the API server trust these webhooks?",
     "kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations,\\\n"
     "secrets,configmaps -A -o yaml | meshcert webhook",
     add_webhook, run_webhook},
    {"gateway", "[INPUT...]", "will every Gateway listener present a working certificate?",
     "kubectl get gateways.networking.istio.io,pods,secrets,configmaps -A -o yaml |\n"
     "    meshcert gateway",
     add_gateway, run_gateway},
    {"sweep", "[INPUT...]", "the expiry state of everything under here, at scale",
     "meshcert sweep --kubectl 'get secrets,configmaps -A'", add_sweep, run_sweep},
    {"xfcc", "[INPUT...]", "what does this X-Forwarded-Client-Cert header say, and is it coherent?",
     "meshcert xfcc --header 'By=spiffe://...;Hash=...;URI=spiffe://...'", add_xfcc, run_xfcc},
    {"probe", "HOST:PORT...", "connect, fetch the chain that a server presents, and judge it",
     "meshcert probe shop.example.com:443", add_probe, run_probe},
    {"jwt", "[INPUT...]", "decode and verify a JWT-SVID or service account's token",
     "kubectl create token SA -n NAMESPACE | meshcert jwt", add_jwt, run_jwt},
    {"logs", "[INPUT...]", "which certificate trouble do these istiod, Envoy or ztunnel logs show?",
     "kubectl logs -n istio-system deploy/istiod | meshcert logs", add_logs, run_logs},
    {"bundle", "[INPUT [INPUT]]", "show, convert (PEM, SPIFFE JWKS) and compare trust bundles",
     "meshcert bundle before.pem after.pem", add_bundle, run_bundle},
    {"explain", "CODE|FAMILY...", "what a finding means, why it matters, how to fix it",
     "meshcert explain validity.expired", add_explain, run_explain},
    {"findings", "", "list every finding code", "meshcert findings -o json", add_findings, run_findings},
});

constexpr int kUsage = static_cast<int>(ExitStatus::usage);

int usage_error(Env& env, std::string_view message, std::string_view help) {
  write_error(env, message);
  write_note(env, "try '" + std::string(help) + "'");
  return kUsage;
}

int print(Env& env, std::string_view text) {
  return deliver_stdout(env, text) ? 0 : static_cast<int>(ExitStatus::incomplete);
}

/// no_verb explains a first argument that is none.
int no_verb(const std::string& word, Env& env) {
  if (word == "-" || env.look_at(word))
    return usage_error(env, "no verb given; did you mean: meshcert inspect " + word, "meshcert --help");
  if (word.starts_with('-'))
    return usage_error(env, "option " + word + " before the verb; write: meshcert <verb> " + word,
                       "meshcert --help");
  std::vector<std::string_view> known{"help"};
  for (const Verb& verb : kVerbs) known.push_back(verb.name);
  return usage_error(env, no_such_word(word, "verb, nor a file here", known), "meshcert --help");
}

/// asks_for_nagios, as far as can be told where the arguments are wrong.
bool asks_for_nagios(std::span<const std::string> args) {
  for (std::size_t at = 0; at < args.size(); ++at) {
    if (args[at] == "-onagios" || args[at] == "--output=nagios") return true;
    const bool next = args[at] == "-o" || args[at] == "--output";
    if (next && at + 1 < args.size() && args[at + 1] == "nagios") return true;
  }
  return false;
}

/// unknown_state answers monitoring, to which status 2 would mean CRITICAL.
int unknown_state(Env& env, std::string_view message) {
  constexpr int kUnknown = 3;
  static_cast<void>(print(env, "MESHCERT UNKNOWN - " + base::escape_for_terminal(message) + "\n"));
  return kUnknown;
}

/// without_key: what is named as a file of options may be a key, and values are repeated
/// where they are no good.
std::string without_key(const std::string& message, std::span<const std::string> args) {
  const bool from_file =
      std::ranges::any_of(args, [](const std::string& word) { return word.starts_with("--config"); });
  if (!from_file || !input::holds_key(message)) return message;
  const std::size_t end = message.find(": ");
  const std::string place = end == std::string::npos ? "" : message.substr(0, end + 2);
  return (input::holds_key(place) ? "" : place) +
         "what is there looks like key material, and is not repeated";
}

/// refuse_tokens: where a file, a target or a word belongs may be a token, a secret that is not to be
/// repeated.
void refuse_tokens(std::span<const std::string> args, Env& env) {
  for (const std::string& word : args)
    if (input::without_tokens(word) != word && !env.look_at(word))
      throw UsageError{
          "a token does not belong on the command line, where every process of the machine can read it: put it "
          "into a file, or pipe it in"};
}

int run_verb(const Verb& verb, std::span<const std::string> args, Env& env) {
  try {
    refuse_tokens(args, env);
    Options options = parse(verb, args, env);
    if (options.help) return print(env, verb_help(verb));
    refuse_contradictions(options);
    load_password(options, env);
    options.read.exists = [&env](const std::string& path) { return env.look_at(path).has_value(); };
    return verb.run(options, env);
  } catch (const UsageError& error) {
    const std::string message = without_key(error.message, args);
    const int status = usage_error(env, message, "meshcert " + std::string(verb.name) + " --help");
    return asks_for_nagios(args) ? unknown_state(env, message) : status;
  }
}

bool asks_for_help(std::string_view word) {
  return word == "help" || word == "--help" || word == "-h";
}

int run_help(std::span<const std::string> args, Env& env) {
  if (args.empty() || asks_for_help(args.front())) return print(env, general_help());
  if (const Verb* verb = find_verb(args.front())) return print(env, verb_help(*verb));
  return no_verb(args.front(), env);
}

}  // namespace

std::span<const Verb> all_verbs() {
  return kVerbs;
}

const Verb* find_verb(std::string_view name) {
  const auto found = std::ranges::find(kVerbs, name, &Verb::name);
  return found == kVerbs.end() ? nullptr : &*found;
}

int run(std::span<const std::string> args, Env& env) {
  if (args.empty()) {
    // Teach, but do not let `something | meshcert` in a script pass for a verdict.
    print(env, general_help());
    return kUsage;
  }
  const std::string& word = args.front();
  if (word == "--version" || word == "-V") return print(env, "meshcert " MESHCERT_VERSION "\n");
  if (asks_for_help(word)) return run_help(word == "help" ? args.subspan(1) : args.first(0), env);
  if (const Verb* verb = find_verb(word)) return run_verb(*verb, args.subspan(1), env);
  return no_verb(word, env);
}

}  // namespace meshcert::cli
