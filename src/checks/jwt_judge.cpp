#include "checks/jwt_judge.hpp"

#include <algorithm>
#include <charconv>
#include "base/ascii.hpp"
#include "base/words.hpp"
#include "checks/token_keys.hpp"
#include "checks/workload_id.hpp"
#include "meshcert/jwt.hpp"
#include "meshcert/jwt_rule.hpp"
#include "meshcert/spiffe_id.hpp"
#include "meshcert/token_signature.hpp"
#include "x509/jws_crypto.hpp"

namespace meshcert::checks {
namespace {

bool is_issuer_url(std::string_view issuer) {
  constexpr std::string_view kScheme = "https://";
  return issuer.starts_with(kScheme) && issuer.size() > kScheme.size() && issuer[kScheme.size()] != '/' &&
         issuer.find_first_of("?# ") == std::string_view::npos;
}

// Judge looks at one token.
class Judge {
 public:
  Judge(const Artifact& artifact, const Policy& policy, FindingSink& sink)
      : artifact_(artifact),
        jwt_(*artifact.jwt),
        policy_(policy),
        sink_(sink),
        svid_(is_judged_as_svid(jwt_, policy)) {}

  void run() {
    if (jwt_.is_json_form) return report(kJwtNotCompact, {});
    for (const JwtWrongKind& wrong : jwt_.wrong_kinds)
      report(kJwtWrongType, {{"found", wrong.found}, {"required", wrong.required}});
    check_header();
    check_subject();
    check_audience();
    check_times();
    check_issuer();
    if (policy_.token.keys != nullptr && x509::is_jws_algorithm(jwt_.alg))
      check_signature(*policy_.token.keys);
  }

 private:
  void report(const FindingSpec& spec, std::vector<Fact> facts) {
    sink_.report(spec, artifact_, std::move(facts));
  }

  void check_header() {
    if (jwt_.has_critical) report(kJwtCriticalHeader, {});
    if (!svid_) return;
    if (!jwt_.other_headers.empty())
      report(kJwtExtraHeader, {{"found", base::some_of(jwt_.other_headers, "")}});
    if (is_wit())
      report(
          kJwtWrongTyp,
          {{"found", *jwt_.typ},
           {"_so",
            ": this is a WIT-SVID, which proves nothing without the key that its cnf names, and must "
            "not be sent as a bearer token"},
           {"_fix",
            "ask the Workload API for a JWT-SVID; a WIT-SVID is for those who verify what its key signs"}});
    else if (jwt_.typ && *jwt_.typ != "JWT" && *jwt_.typ != "JOSE")
      report(kJwtWrongTyp, {{"found", *jwt_.typ}, {"_so", ""}});
  }

  // Such a token has no aud (WIT-SVID, JWT Claims), as is said once.
  [[nodiscard]] bool is_wit() const { return svid_ && jwt_.typ == "wit+jwt"; }

  void check_subject() {
    if (!jwt_.subject) {
      if (svid_) report(kJwtNoSubject, {{"required", "the SPIFFE ID of the workload"}});
      return;
    }
    const auto id = SpiffeId::parse(*jwt_.subject);
    if (svid_ && (!id || id->path().empty()))
      report(kJwtSubNotSpiffe, {{"found", *jwt_.subject}, {"reason", id ? kNamesNobody : id.error()}});
    const auto account = service_account_of(*jwt_.subject);
    if (!account || jwt_.kubernetes_namespace.empty() || jwt_.kubernetes_service_account.empty()) return;
    const std::string found = std::string(account->namespace_name) + "/" + std::string(account->name);
    const std::string required = jwt_.kubernetes_namespace + "/" + jwt_.kubernetes_service_account;
    if (found != required) report(kJwtSubDisagrees, {{"found", found}, {"required", required}});
  }

  void check_audience() {
    const auto& expected = policy_.token.audiences;
    if (!jwt_.audiences || jwt_.audiences->empty()) {
      if (is_wit() || (!jwt_.audiences && states("aud"))) return;
      if (svid_ || !expected.empty())
        report(kJwtNoAudience,
               {{"_expected", expected.empty() ? "" : ", here " + base::some_of(expected, "")}});
      return;
    }
    const auto named = [this](const std::string& audience) {
      return std::ranges::find(*jwt_.audiences, audience) != jwt_.audiences->end();
    };
    if (expected.empty() || std::ranges::any_of(expected, named)) return;
    const auto shown = [](const std::string& audience) { return audience.empty() ? "\"\"" : audience; };
    report(kJwtAudienceMismatch, {{"found", base::some_of(*jwt_.audiences, "nobody", 3, shown)},
                                  {"expected", base::some_of(expected, "")},
                                  {"_next", audience_advice(expected)}});
  }

  static std::string_view audience_advice(const std::vector<std::string>& expected) {
    if (std::ranges::find(expected, "istio-ca") != expected.end())
      return "istiod takes tokens for istio-ca alone: mount a projected token with audience istio-ca "
             "(volumes[].projected.sources[].serviceAccountToken), as the injected volume istio-token has it";
    return "ask for a token for the service that verifies it: kubectl create token SA --audience AUDIENCE";
  }

  void check_times() {
    const Instant at = policy_.at;
    const Seconds skew = policy_.token.skew;
    const std::string allowed = skew == Seconds(0) ? "" : " (" + humanize(skew) + " are allowed)";
    if (!jwt_.expires && !states("exp"))
      report_no_expiry();
    else if (jwt_.expires && at > *jwt_.expires + skew)
      report(kJwtExpired, {{"not_after", *jwt_.expires},
                           {"at", at},
                           {"_ago", humanize(at - *jwt_.expires)},
                           {"_skew", allowed}});
    check_distance();
    if (jwt_.not_before && *jwt_.not_before > at + skew)
      report(kJwtNotYetValid, {{"not_before", *jwt_.not_before},
                               {"at", at},
                               {"_in", humanize(*jwt_.not_before - at)},
                               {"_skew", allowed}});
    if (jwt_.issued_at && *jwt_.issued_at > at + skew)
      report(kJwtIssuedInFuture, {{"issued_at", *jwt_.issued_at},
                                  {"at", at},
                                  {"_in", humanize(*jwt_.issued_at - at)},
                                  {"_skew", allowed}});
  }

  // The end of all calendars is where the reader puts what lies behind it.
  void check_distance() {
    constexpr Instant kEnd{Seconds(253402300799)};
    if (!jwt_.expires || *jwt_.expires < kEnd) return;
    const auto claim = std::ranges::find(jwt_.claims, "exp", &JwtClaim::name);
    const std::string found = claim == jwt_.claims.end() ? "" : claim->json;
    double seconds = 0;
    std::from_chars(found.data(), found.data() + found.size(), seconds);
    if (seconds < static_cast<double>(kEnd.time_since_epoch().count()) + 1) return;  // it is the last second
    const bool of_thousands = found.size() == 13 && base::are_digits(found);
    report(kJwtDistantExpiry,
           {{"found", found}, {"_guess", of_thousands ? "; these look like milliseconds" : ""}});
  }

  // One of a wrong type is there, and told already.
  [[nodiscard]] bool states(std::string_view claim) const {
    return std::ranges::find(jwt_.claims, claim, &JwtClaim::name) != jwt_.claims.end();
  }

  void report_no_expiry() {
    report(kJwtNoExpiry,
           {{"_note", is_out_of_secret(jwt_) ? "; it is a token out of a Secret, which is good for "
                                               "ever, and which istiod does not take"
                                             : ""}});
  }

  void check_issuer() {
    const auto& expected = policy_.token.issuer;
    const std::string found = jwt_.issuer.value_or("none");
    if (expected && jwt_.issuer != expected) {
      const bool slash = found + "/" == *expected || found == *expected + "/";
      report(kJwtIssuerMismatch, {{"found", found},
                                  {"expected", *expected},
                                  {"_slash", slash ? ": they differ in the slash at the end alone" : ""}});
    }
    // The keys of a JWT-SVID come from a bundle, not from its issuer.
    if (jwt_.issuer && !jwt_.is_svid() && !is_issuer_url(*jwt_.issuer))
      report(kJwtIssuerNotUrl, {{"found", *jwt_.issuer}});
  }

  void check_signature(const SpiffeBundle& set) {
    const std::string& keys = policy_.token.keys_name;
    const KeySearch search = search_keys(jwt_, set);
    if (!jwt_.kid) report(kJwtNoKid, {{"keys", keys}});
    if (search.verified) return check_strength(search, artifact_, sink_);
    if (search.tried == 0)
      return report(
          kJwtUnknownKey,
          {{"kid", jwt_.kid.value_or("(none)")},
           {"keys", keys},
           {"known", search.known.empty() ? "no key for tokens" : "only " + base::some_of(search.known, "")},
           {"_issuer", issuer_words(jwt_)}});
    const bool one = search.tried == 1;
    if (search.unusable) return report_unusable(search);
    report(kJwtBadSignature,
           {{"kid", jwt_.kid.value_or("")},
            {"keys", keys},
            {"_what", (one ? "the signature is not by the key " + search.key
                           : "the signature is by none of " + std::to_string(search.tried) + " keys") +
                          " of " + keys},
            {"_why", one && !search.why.empty() ? ": " + search.why : ""},
            {"_next",
             "the token was altered, cut, or signed by another issuer; get a new one, and the keys of " +
                 issuer_words(jwt_)}});
  }

  // Nothing was verified: it may be the set that is wrong, and not the token.
  void report_unusable(const KeySearch& search) {
    const bool one = search.tried == 1;
    report(kJwtBadSignature,
           {{"kid", jwt_.kid.value_or("")},
            {"keys", policy_.token.keys_name},
            {"_what",
             "the signature was held against nothing: " +
                 (one ? "the key " + search.key : "each of the " + std::to_string(search.tried) + " keys") +
                 " of " + policy_.token.keys_name},
            {"_why", (one ? " cannot be used for this token: "
                          : " cannot be used for this token, the last because ") +
                         search.why},
            {"_next",
             "fetch the keys again, or correct that entry where the set is made: kubectl get --raw "
             "/openid/v1/jwks, or spire-server bundle show -format spiffe; if it is as published, the token "
             "is not by " +
                 issuer_words(jwt_)}});
  }

  const Artifact& artifact_;
  const Jwt& jwt_;
  const Policy& policy_;
  FindingSink& sink_;
  const bool svid_;  // JWT-SVID's rules apply
};

}  // namespace

std::string issuer_words(const Jwt& jwt) {
  if (jwt.issuer) return "its issuer, " + *jwt.issuer;
  return jwt.is_svid() ? "its trust domain" : "whoever issued it";
}

bool is_judged_as_svid(const Jwt& jwt, const Policy& policy) {
  if (jwt.is_svid() || policy.profile == Profile::spiffe) return true;
  const bool of_bundle = policy.token.keys != nullptr && policy.token.keys->is_spiffe;
  return of_bundle && !service_account_of(jwt.subject.value_or(""));
}

bool is_out_of_secret(const Jwt& jwt) {
  return jwt.issuer && *jwt.issuer == "kubernetes/serviceaccount";
}

void check_strength(const KeySearch& search, const Artifact& artifact, FindingSink& sink) {
  constexpr std::uint32_t kLeast = 2048;
  if (search.rsa_bits == 0 || search.rsa_bits >= kLeast) return;
  sink.report(kJwtWeakKey, artifact, {{"key", search.key}, {"bits", search.rsa_bits}});
}

void check_token(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  if (artifact.jwt != nullptr) Judge(artifact, policy, sink).run();
}

}  // namespace meshcert::checks
