#include "checks/identity_bearer.hpp"

#include <algorithm>

#include "checks/trusted_roots.hpp"
#include "meshcert/jwt.hpp"
#include "meshcert/spiffe_id.hpp"

namespace meshcert::checks {
namespace {

constexpr std::string_view kCallerFix =
    "another workload called than was expected: look at the spec.serviceAccountName of the one that should have, "
    "or correct the expectation";

bool is_caller(const Artifact& artifact) {
  return artifact.xfcc != nullptr || artifact.jwt != nullptr;
}

std::string token_words(const Jwt& jwt) {
  return jwt.subject ? "a token with the sub \"" + *jwt.subject + '"' : "a token without sub";
}

void check_part(const FindingSpec& spec, const Bearer& bearer, std::string_view uri, std::string_view found,
                const std::optional<std::string>& expected, FindingSink& sink) {
  if (!expected || found == *expected) return;
  bearer.report(spec,
                {{"id", shown_id(uri)}, {"found", found}, {"expected", *expected}, {"_is", is_words(found)}},
                sink);
}

// One fault, however much was expected: the family svid says which rule it breaks.
void report_no_identity(const Bearer& bearer, const IdentityExpectation& expected, FindingSink& sink) {
  struct Part {
    const FindingSpec& spec;
    const std::optional<std::string>& expected;
  };
  const Part parts[] = {{kIdentityIdMismatch, expected.id},
                        {kIdentityServiceAccountMismatch, expected.service_account},
                        {kIdentityNamespaceMismatch, expected.namespace_name},
                        {kIdentityTrustDomainMismatch, expected.trust_domain}};
  const auto part = std::ranges::find_if(parts, [](const Part& row) { return row.expected.has_value(); });
  if (part == std::end(parts)) return;
  std::vector<Fact> facts{{"id", bearer.none_in()},
                          {"found", std::string()},
                          {"expected", *part->expected},
                          {"_is", "cannot be told"}};
  if (&part->spec == &kIdentityTrustDomainMismatch)
    facts = {{"found", bearer.none_in()},
             {"expected", *part->expected},
             {"_is", "of " + bearer.none_in() + " cannot be told"},
             {"_aliases", std::string()}};
  if (bearer.subject != nullptr)
    facts.push_back({"_fix",
                     "there is no single identity to compare: reissue the certificate with exactly one URI "
                     "SAN, its SPIFFE ID, and compare again"});
  if (bearer.artifact.jwt != nullptr)
    facts.push_back(
        {"_fix",
         "there is no identity to compare: let the issuer write the workload's SPIFFE ID into sub, or "
         "take the token of another issuer"});
  bearer.report(part->spec, std::move(facts), sink);
}

// The same path in a trust domain that is accepted, too.
bool is_under_alias(std::string_view uri, const IdentityExpectation& expected) {
  const auto found = SpiffeId::parse(uri), wanted = SpiffeId::parse(*expected.id);
  const auto& aliases = expected.trust_domain_aliases;
  return found && wanted && found->path() == wanted->path() &&
         std::ranges::find(aliases, found->trust_domain().name()) != aliases.end();
}

void check_id(const Bearer& bearer, std::string_view uri, const IdentityExpectation& expected,
              FindingSink& sink) {
  if (!expected.id || uri == *expected.id) return;
  if (!is_under_alias(uri, expected))
    return check_part(kIdentityIdMismatch, bearer, uri, uri, expected.id, sink);
  if (expected.trust_domain) return;  // it was told above
  bearer.report(kIdentityAliasUsed,
                {{"found", spiffe_trust_domain(uri)}, {"expected", spiffe_trust_domain(*expected.id)}}, sink);
}

}  // namespace

void Bearer::report(const FindingSpec& spec, std::vector<Fact> facts, FindingSink& sink) const {
  if (subject != nullptr) return sink.report(spec, *subject, std::move(facts));
  const bool has_fix = std::ranges::find(facts, "_fix", &Fact::name) != facts.end();
  if (is_caller(artifact) && !has_fix) facts.push_back({"_fix", kCallerFix});
  sink.report(spec, artifact, std::move(facts));
}

std::string Bearer::none_in() const {
  if (artifact.jwt != nullptr) return token_words(*artifact.jwt);
  if (subject == nullptr) return is_caller(artifact) ? "a call without a URI" : "a list without a URI";
  const auto& san = subject->certificate.extensions.subject_alt_name;
  return "a certificate with " + std::to_string(san ? san->uri_count : 0) + " URI SANs";
}

std::string shown_id(std::string_view uri) {
  return uri.empty() ? "(none)" : std::string(uri);
}

std::string is_words(std::string_view found) {
  return "is \"" + std::string(found) + '"';
}

void check_trust_domain(const Bearer& bearer, std::string_view uri, const IdentityExpectation& expected,
                        FindingSink& sink) {
  const std::string_view found = spiffe_trust_domain(uri);
  if (!expected.trust_domain || found == *expected.trust_domain) return;
  std::vector<Fact> facts{{"found", found}, {"expected", *expected.trust_domain}, {"_is", is_words(found)}};
  if (std::ranges::find(expected.trust_domain_aliases, found) != expected.trust_domain_aliases.end())
    return bearer.report(kIdentityAliasUsed, std::move(facts), sink);
  std::string aliases;
  for (const std::string& alias : expected.trust_domain_aliases)
    aliases += (aliases.empty() ? " or " : ", ") + alias;
  facts.push_back({"_aliases", std::move(aliases)});
  bearer.report(kIdentityTrustDomainMismatch, std::move(facts), sink);
}

void check_uri(const Bearer& bearer, std::string_view uri, const IdentityExpectation& expected,
               FindingSink& sink) {
  if (uri.empty()) return report_no_identity(bearer, expected, sink);
  const IstioIdentity identity = IstioIdentity::parse(uri).value_or(IstioIdentity{});
  check_trust_domain(bearer, uri, expected, sink);
  check_part(kIdentityNamespaceMismatch, bearer, uri, identity.namespace_name, expected.namespace_name, sink);
  check_part(kIdentityServiceAccountMismatch, bearer, uri, identity.service_account, expected.service_account,
             sink);
  check_id(bearer, uri, expected, sink);
}

}  // namespace meshcert::checks
