#include "report/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/escape.hpp"
#include "meshcert/jwt.hpp"
#include "meshcert/token_signature.hpp"
#include "report/layout.hpp"
#include "report/rows.hpp"

namespace meshcert::report {
namespace {

constexpr std::size_t kIndent = 4, kLabel = 15;

std::string signature_words(const Jwt& jwt, const Report& report) {
  const TokenSignature found = token_signature(jwt, report.inventory, report.policy.token);
  if (found.held) return "held against " + found.keys;
  if (found.by_secret) return "not verified: " + found.keys;
  return found.keys.empty() ? "not verified: give the keys, --jwks FILE"
                            : "not verified: " + found.keys + "; give --jwks FILE";
}

/// Lines writes one token, a claim a line.
class Lines {
 public:
  Lines(const Jwt& jwt, const Report& report, const RenderOptions& options)
      : jwt_(jwt), report_(report), policy_(report.policy), options_(options) {}

  std::string run() {
    line("subject", jwt_.subject.value_or("(none)"), Paint::bold);
    line("issuer", jwt_.issuer.value_or("(none)"));
    if (jwt_.issuer && jwt_.issuer->starts_with("https://") && !jwt_.is_svid())
      line("keys at", discovery_of(*jwt_.issuer), Paint::dim);
    if (jwt_.audiences)
      for (const std::string& audience : *jwt_.audiences)
        line(&audience == jwt_.audiences->data() ? "for" : "", audience);
    else
      line("for", "(no audience)", Paint::dim);
    time("issued", jwt_.issued_at);
    time("valid from", jwt_.not_before);
    time("expires", jwt_.expires);
    signature();
    rules();
    others();
    return std::move(out_);
  }

 private:
  static std::string discovery_of(std::string_view issuer) {
    while (issuer.ends_with('/')) issuer.remove_suffix(1);
    return std::string(issuer) + "/.well-known/openid-configuration";
  }

  void line(std::string_view label, std::string_view value, Paint paint = Paint::plain) {
    out_ += std::string(kIndent, ' ') +
            painted(padded(base::escape_for_terminal(label), kLabel), Paint::dim, options_.color) +
            painted(base::escape_for_terminal(value), paint, options_.color) + "\n";
  }

  void time(std::string_view label, const std::optional<Instant>& instant) {
    if (!instant) return;
    const bool past = *instant + policy_.token.skew < policy_.at;
    const bool wrong = label == "expires" ? past : *instant > policy_.at + policy_.token.skew;
    line(label, fmt::format("{} ({})", to_rfc3339(*instant), relative_time(*instant, policy_.at)),
         wrong ? Paint::red : Paint::plain);
  }

  void signature() {
    const std::string how = jwt_.alg.empty() ? "no alg" : jwt_.alg;
    const std::string kid = jwt_.kid ? ", key " + *jwt_.kid : "";
    line("signature", how + kid + " (" + signature_words(jwt_, report_) + ")");
  }

  // Of tokens, one rule of a set is enough: which that is, and which are not.
  void rules() {
    const TokenRules found = token_rules(jwt_, report_.inventory, policy_);
    list("satisfies", found.satisfied);
    list("may satisfy", found.unproven);
    list("refused by", found.refusing);
  }

  void list(std::string_view label, const std::vector<std::string>& titles) {
    constexpr std::size_t kMost = 8;
    for (std::size_t i = 0; i < std::min(titles.size(), kMost); ++i) line(i == 0 ? label : "", titles[i]);
    if (titles.size() > kMost) line("", fmt::format("and {} more", titles.size() - kMost), Paint::dim);
  }

  void others() {
    constexpr std::array<std::string_view, 6> kShown = {"sub", "iss", "aud", "iat", "nbf", "exp"};
    for (const JwtClaim& claim : jwt_.claims)
      if (std::ranges::find(kShown, claim.name) == kShown.end())
        line(base::elide_end(base::escape_for_terminal(claim.name), kLabel - 1),
             base::elide_end(base::escape_for_terminal(claim.json), kWidest));
  }

  static constexpr std::size_t kWidest = 512;

  const Jwt& jwt_;
  const Report& report_;
  const Policy& policy_;
  const RenderOptions& options_;
  std::string out_;
};

}  // namespace

std::string token_lines(const Jwt& jwt, const Report& report, const RenderOptions& options) {
  return jwt.is_json_form ? std::string() : Lines(jwt, report, options).run();
}

std::string tokens_block(const Report& report, const RenderOptions& options) {
  std::string out;
  for (const Artifact& artifact : report.inventory.artifacts) {
    if (artifact.jwt == nullptr) continue;
    const std::string file = artifact.source.file == "-" ? "standard input" : artifact.source.file;
    out += painted(base::escape_for_terminal(fmt::format("{}, {}", file, artifact.name)), Paint::bold,
                   options.color) +
           "\n" + token_lines(*artifact.jwt, report, options);
  }
  return out;
}

Json jwt_json(const Jwt& jwt, const Report& report) {
  Json object;
  Json& header = object["header"] = Json::object();
  header["alg"] = jwt.alg.empty() ? Json(nullptr) : Json(jwt.alg);
  header["kid"] = jwt.kid ? Json(*jwt.kid) : Json(nullptr);
  header["typ"] = jwt.typ ? Json(*jwt.typ) : Json(nullptr);
  header["other"] = jwt.other_headers;
  Json& claims = object["claims"] = Json::object();
  for (const JwtClaim& claim : jwt.claims) {
    Json value = Json::parse(claim.json, nullptr, false);
    claims[claim.name] = value.is_discarded() ? Json(claim.json) : std::move(value);
  }
  object["signature"] = signature_words(jwt, report);
  const TokenRules rules = token_rules(jwt, report.inventory, report.policy);
  object["rules"] = {
      {"satisfied", rules.satisfied}, {"unproven", rules.unproven}, {"refusing", rules.refusing}};
  return object;
}

}  // namespace meshcert::report
