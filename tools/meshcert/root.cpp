// `meshcert root`: is the root the one that this trust domain should have?

#include <array>

#include "base/ascii.hpp"
#include "meshcert/fingerprint.hpp"
#include "meshcert/judge_inputs.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/verbs.hpp"
#include "meshcert/words.hpp"

namespace meshcert::cli {
namespace {

constexpr const char* kGroup = "What the root should be";

constexpr std::array<Word<RootAuthority>, 4> kAuthorities{{{"istiod", RootAuthority::istiod},
                                                           {"mesh-ca", RootAuthority::mesh_ca},
                                                           {"spire", RootAuthority::spire},
                                                           {"custom", RootAuthority::custom}}};

std::string take_pin(std::vector<std::string>& pins, const std::string& text) {
  auto pin = parse_fingerprint(text);
  if (!pin) return pin.error();
  pins.push_back(std::move(*pin));
  return {};
}

/// skip_label leaves out what tools print before the digits, of lower-case text:
/// "sha256 fingerprint=" (openssl x509), "sha256:".
std::string_view skip_label(std::string_view text) {
  for (const std::string_view label : {"sha256", "sha-256"}) {
    if (!text.starts_with(label)) continue;
    const std::size_t end = text.find_first_of(":=", label.size());
    const std::string_view between = text.substr(label.size(), end - label.size());
    const bool known = between.empty() || between == " fingerprint";
    return end != std::string_view::npos && known ? text.substr(end + 1) : text;
  }
  return text;
}

}  // namespace

Result<std::string, std::string> parse_fingerprint(const std::string& text) {
  constexpr std::size_t kDigits = 64;
  const std::string lower = base::lowered(text);
  std::string digits;
  for (const char c : skip_label(lower)) {
    if (c == ':' || c == ' ') continue;
    if (!base::is_hex_digit(c))
      return fail("'" + text + "' is no SHA-256 fingerprint: only hexadecimal digits and colons");
    digits += c;
  }
  if (digits.size() != kDigits)
    return fail("'" + text + "' is no SHA-256 fingerprint: " + std::to_string(digits.size()) +
                " digits, not 64");
  return digits;
}

void add_root_options(OptionSet& set, Options& options) {
  auto& expected = options.policy.root;
  set.add_value(
      {"--ca", "WHO",
       "who should have issued it: istiod (O is the trust domain: --trust-domain, else that of the workloads "
       "beside it, else any), mesh-ca, spire or custom",
       kGroup},
      store(expected.authority, parse_word(kAuthorities)));
  set.add_value({"--root-cn", "REGEX", "its subject's common name (RE2; '^$' is none)", kGroup},
                store(expected.common_name, Pattern::compile));
  set.add_value({"--root-org", "REGEX", "its subject's organization (RE2; '^$' is none)", kGroup},
                store(expected.organization, Pattern::compile));
  set.add_values(
      {"--pin", "SHA256", "an allowed fingerprint, as openssl prints it or bare (repeatable)", kGroup},
      [&expected](const std::string& text) { return take_pin(expected.pins, text); });
}

void add_root(OptionSet& set, Options& options) {
  add_root_options(set, options);
  add_trust_domain_option(set, options, kGroup);
  add_common_options(set, options);
}

int run_root(Options& options, Env& env) {
  const RootExpectation& expected = options.policy.root;
  if (options.policy.identity.trust_domain && !expected.any())
    throw UsageError{"--trust-domain alone says nothing of a root: add --ca, --root-cn, --root-org or --pin"};
  options.policy.root.asked = true;
  return judge_inputs({"root", {"root", "bundle.differs", "bundle.missing", "input.several-clusters"}},
                      options, env);
}

}  // namespace meshcert::cli
