#include "meshcert/help.hpp"

#include <fmt/format.h>

#include <string_view>

#include "report/layout.hpp"

namespace meshcert::cli {
namespace {

constexpr std::string_view kOpening =
    R"(meshcert inspects the certificates and SPIFFE identities of an Istio mesh:
what is in there, what is wrong with it, and what to do about it.

Examples to paste:

  # One workload, as its proxy sees it
  istioctl proxy-config secret my-pod -n my-ns -o json | meshcert inspect

  # Is it who it should be?
  istioctl proxy-config secret my-pod -n my-ns -o json |
    meshcert identity --trust-domain cluster.local \
      --namespace my-ns --service-account my-sa

  # The root that a namespace trusts
  kubectl get configmap istio-ca-root-cert -n my-ns \
    -o jsonpath='{.data.root-cert\.pem}' |
    meshcert root --ca istiod

  # What expires within two weeks, here and in every directory below
  meshcert expiry --warn 14d --warn-ca 14d --fail-on warning certs/

  # What a finding means and how to fix it
  meshcert explain validity.expired

Verbs:

)";

constexpr std::string_view kClosing = R"(
  meshcert help VERB    a verb's options          meshcert --version
  man meshcert          the whole story, with the exit statuses

Exit status: 0 nothing wrong, 1 something is, 2 wrong usage, 3 some input could
not be read.
)";

/// Of a terminal that nobody made wider.
constexpr std::size_t kWidth = 80;

std::string option_line(const Option& option) {
  constexpr std::size_t kNames = 28;
  std::string names = option.text.names;
  names.insert(0, names.starts_with("--") ? "    " : "");
  if (const std::size_t comma = names.find(','); comma != std::string::npos) names.insert(comma + 1, " ");
  names.append(" ").append(option.text.placeholder);
  const bool fits = names.size() <= kNames;
  const std::string before = fmt::format("  {:<{}}  ", fits ? names : "", kNames);
  return (fits ? "" : "  " + names + "\n") + report::hanging(before, option.text.description, kWidth);
}

}  // namespace

std::string general_help() {
  std::string text(kOpening);
  for (const Verb& verb : all_verbs())
    text += report::hanging(fmt::format("  {:<9} ", verb.name), verb.summary, kWidth);
  return text + std::string(kClosing);
}

std::string verb_help(const Verb& verb) {
  Options unused;
  OptionSet set;
  verb.add_options(set, unused);
  std::string text = fmt::format("usage: meshcert {} [options]{}{}\n\n", verb.name,
                                 verb.arguments.empty() ? "" : " ", verb.arguments);
  text += report::hanging("", verb.summary, kWidth);
  text += fmt::format("\n  {}\n", verb.example);
  std::string_view group;
  for (const Option& option : set.options()) {
    if (option.text.group != group) text += fmt::format("\n{}:\n", option.text.group);
    group = option.text.group;
    text += option_line(option);
  }
  return text;
}

}  // namespace meshcert::cli
