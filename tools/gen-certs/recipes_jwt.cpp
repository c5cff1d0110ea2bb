#include <fmt/format.h>

#include "mutate.hpp"
#include "recipe.hpp"
#include "tokens.hpp"

namespace gencerts {
namespace {

constexpr std::string_view kHeader = R"({"alg":"RS256","kid":"k1","typ":"JWT"})";
constexpr std::string_view kNoKid = R"({"alg":"RS256","typ":"JWT"})";

std::string svid_claims(std::string_view subject = kId, int issued = -1, int ends = 1) {
  return fmt::format(R"({{"aud":["shop"],"exp":{},"iat":{},"sub":"{}"}})", seconds_at(ends),
                     seconds_at(issued), subject);
}

std::string account_claims(std::string_view issuer = "https://kubernetes.default.svc.cluster.local",
                           int begins = -1, std::string_view account = "my-sa") {
  return fmt::format(
      R"({{"aud":["istio-ca"],"exp":{},"iat":{},"iss":"{}","kubernetes.io":{{"namespace":"my-ns","pod":{{"name":"my-pod",)"
      R"("uid":"9f2c"}},"serviceaccount":{{"name":"{}","uid":"41d0"}}}},"nbf":{},"sub":"system:serviceaccount:my-ns:my-sa"}})",
      seconds_at(1), seconds_at(-1), issuer, account, seconds_at(begins));
}

Sample line(const std::string& text) {
  return bare_file(text + "\n");
}

/// set_of is a JSON Web Key Set.
Sample set_of(Json keys) {
  return bare_file(Json{{"keys", std::move(keys)}}.dump(2) + "\n");
}

/// without takes a member out of a JWK; altered puts another value there.
Json without(Json key, const char* member) {
  key.erase(member);
  return key;
}
Json altered(Json key, const char* member, const char* value) {
  key[member] = value;
  return key;
}

/// jwks is the key that these tokens are signed with.
Sample jwks(Workshop& w) {
  return set_of(Json::array({token_key(w, "k1", "jwt-svid")}));
}

const Recipe kRecipes[] = {
    {"jwt/keys.json", "", "The JSON Web Key Set of the tokens here: one RSA key, k1.", jwks},
    {"jwt/healthy-svid.txt", "", "A JWT-SVID for the audience shop, an hour old, with an hour left.",
     [](Workshop& w) { return line(token(w, kHeader, svid_claims())); }},
    {"jwt/healthy-service-account.txt", "",
     "What istiod takes: a bound token of a service account for istio-ca.",
     [](Workshop& w) { return line("Authorization: Bearer " + token(w, kHeader, account_claims())); }},
    {"jwt/healthy-token-request.json", "", "The answer of the API server to a TokenRequest.",
     [](Workshop& w) {
       return bare_file(fmt::format(
           "{{\n  \"kind\": \"TokenRequest\",\n  \"apiVersion\": \"authentication.k8s.io/v1\",\n"
           "  \"status\": {{\n    \"token\": \"{}\",\n    \"expirationTimestamp\": \"{}\"\n  }}\n}}\n",
           token(w, kHeader, account_claims()), to_rfc3339(kNow + std::chrono::hours{1})));
     }},
    {"jwt/not-compact.json", "jwt.not-compact", "A token in the JSON form of JWS.",
     [](Workshop&) {
       return bare_file(fmt::format("{{\"payload\":\"{}\",\"protected\":\"{}\",\"signature\":\"AAAA\"}}\n",
                                    base64url(svid_claims()), base64url(kHeader)));
     }},
    {"jwt/wrong-type.txt", "jwt.wrong-type", "The exp is a string.",
     [](Workshop& w) {
       return line(
           token(w, kHeader, fmt::format(R"({{"aud":"shop","exp":"{}","sub":"{}"}})", seconds_at(1), kId)));
     }},
    {"jwt/alg-refused.txt", "jwt.alg-refused", "A token without a signature: alg is none.",
     [](Workshop&) { return line(base64url(R"({"alg":"none"})") + "." + base64url(svid_claims()) + "."); }},
    {"jwt/critical-header.txt", "jwt.critical-header",
     "The header says that it cannot be understood without b64.",
     [](Workshop& w) {
       return line(token(w, R"({"alg":"RS256","b64":true,"crit":["b64"],"kid":"k1"})", account_claims()));
     }},
    {"jwt/extra-header.txt", "jwt.extra-header", "The header of a JWT-SVID says where to fetch the key.",
     [](Workshop& w) {
       return line(token(w, R"({"alg":"RS256","jku":"https://example.com/keys","kid":"k1"})", svid_claims()));
     }},
    {"jwt/wrong-typ.txt", "jwt.wrong-typ", "The typ of a JWT-SVID is at+jwt.",
     [](Workshop& w) {
       return line(token(w, R"({"alg":"RS256","kid":"k1","typ":"at+jwt"})", svid_claims()));
     }},
    {"jwt/wit.txt", "jwt.wrong-typ", "A WIT-SVID, which has no audience, and the key that it is bound to.",
     [](Workshop& w) {
       return line(token(
           w, R"({"alg":"RS256","kid":"k1","typ":"wit+jwt"})",
           fmt::format(R"({{"cnf":{{"jwk":{{"alg":"ES256"}}}},"exp":{},"sub":"{}"}})", seconds_at(1), kId)));
     }},
    {"jwt/no-subject.txt", "jwt.no-subject", "A token without sub.",
     [](Workshop& w) {
       return line(token(w, kHeader, fmt::format(R"({{"aud":"shop","exp":{}}})", seconds_at(1))));
     },
     kNow, "--profile spiffe"},
    {"jwt/sub-not-spiffe.txt", "jwt.sub-not-spiffe", "The SPIFFE ID in sub has an empty namespace.",
     [](Workshop& w) { return line(token(w, kHeader, svid_claims("spiffe://cluster.local/ns//sa/my-sa"))); }},
    {"jwt/sub-trust-domain.txt", "jwt.sub-not-spiffe", "The sub is a trust domain, and no workload in it.",
     [](Workshop& w) { return line(token(w, kHeader, svid_claims("spiffe://cluster.local"))); }},
    {"jwt/sub-disagrees.txt", "jwt.sub-disagrees",
     "The sub is another service account than kubernetes.io says.",
     [](Workshop& w) {
       return line(
           token(w, kHeader, account_claims("https://kubernetes.default.svc.cluster.local", -1, "other-sa")));
     }},
    {"jwt/no-audience.txt", "jwt.no-audience", "A JWT-SVID for nobody.",
     [](Workshop& w) {
       return line(token(w, kHeader, fmt::format(R"({{"exp":{},"sub":"{}"}})", seconds_at(1), kId)));
     }},
    {"jwt/no-expiry.txt", "jwt.no-expiry", "A JWT-SVID that never ends.",
     [](Workshop& w) { return line(token(w, kHeader, fmt::format(R"({{"aud":"shop","sub":"{}"}})", kId))); }},
    {"jwt/legacy-service-account.txt", "jwt.no-expiry",
     "The token of a Secret, as Kubernetes made them up to 1.23.",
     [](Workshop& w) {
       return line(token(w, R"({"alg":"RS256","kid":"k1"})",
                         R"({"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:my-ns:my-sa"})"));
     }},
    {"jwt/distant-expiry.txt", "jwt.distant-expiry", "The exp of a JWT-SVID is in milliseconds.",
     [](Workshop& w) {
       return line(
           token(w, kHeader, fmt::format(R"({{"aud":"shop","exp":{}000,"sub":"{}"}})", seconds_at(1), kId)));
     }},
    {"jwt/healthy-last-second.txt", "", "A JWT-SVID that ends with the year 9999.",
     [](Workshop& w) {
       return line(token(w, kHeader, fmt::format(R"({{"aud":"shop","exp":253402300799,"sub":"{}"}})", kId)));
     }},
    {"jwt/audience-type.txt", "jwt.wrong-type", "The aud is a number.",
     [](Workshop& w) {
       return line(token(w, kHeader, fmt::format(R"({{"aud":5,"exp":{},"sub":"{}"}})", seconds_at(1), kId)));
     }},
    {"jwt/expired.txt", "jwt.expired", "A JWT-SVID that ended an hour ago.",
     [](Workshop& w) { return line(token(w, kHeader, svid_claims(kId, -2, -1))); }},
    {"jwt/not-yet-valid.txt", "jwt.not-yet-valid", "A service account's token that begins in an hour.",
     [](Workshop& w) {
       return line(token(w, kHeader, account_claims("https://kubernetes.default.svc.cluster.local", 1)));
     }},
    {"jwt/issued-in-future.txt", "jwt.issued-in-future", "A JWT-SVID that was issued in an hour.",
     [](Workshop& w) { return line(token(w, kHeader, svid_claims(kId, 1, 2))); }},
    {"jwt/issuer-not-url.txt", "jwt.issuer-not-url", "The issuer is a name, below which nobody finds keys.",
     [](Workshop& w) { return line(token(w, kHeader, account_claims("my-cluster"))); }},
    {"jwt/no-kid.txt", "jwt.no-kid", "A JWT-SVID that does not name its key.",
     [](Workshop& w) { return line(token(w, kNoKid, svid_claims())); }, kNow, "--jwks certs/jwt/keys.json"},
    {"jwt/unknown-key.txt", "jwt.unknown-key", "A JWT-SVID that names a key which is not in the set.",
     [](Workshop& w) { return line(token(w, R"({"alg":"RS256","kid":"k2"})", svid_claims())); }, kNow,
     "--jwks certs/jwt/keys.json"},
    {"jwt/keys-without-kid.json", "",
     "A JSON Web Key Set of two keys without kid; the second signs the tokens here.",
     [](Workshop& w) {
       return set_of(Json::array(
           {without(token_key(w, "", "sig", "rsa-1024"), "kid"), without(token_key(w, "", "sig"), "kid")}));
     }},
    {"jwt/unusable-keys.json", "",
     "The JSON Web Key Set of the tokens here, with a modulus that is no base64url.",
     [](Workshop& w) { return set_of(Json::array({altered(token_key(w, "k1", "sig"), "n", "a+/=")})); }},
    {"jwt/other-alg-keys.json", "",
     "The JSON Web Key Set of the tokens here, whose key is said to be for RS512.",
     [](Workshop& w) { return set_of(Json::array({altered(token_key(w, "k1", "sig"), "alg", "RS512")})); }},
    {"jwt/weak-keys.json", "", "The JSON Web Key Set of weak-key.txt: one RSA key of 1024 bits.",
     [](Workshop& w) {
       const Json key = token_key(w, "k1", "jwt-svid", "rsa-1024");
       return bare_file(Json{{"keys", Json::array({key})}}.dump(2) + "\n");
     }},
    {"jwt/weak-key.txt", "jwt.weak-key", "A JWT-SVID that is signed with an RSA key of 1024 bits.",
     [](Workshop& w) { return line(token(w, kHeader, svid_claims(), "rsa-1024")); }, kNow,
     "--jwks certs/jwt/weak-keys.json"},
    {"jwt/bad-signature.txt", "jwt.bad-signature", "A JWT-SVID with the claims of another than were signed.",
     [](Workshop& w) {
       const std::string good = token(w, kHeader, svid_claims());
       return line(base64url(kHeader) + "." +
                   base64url(svid_claims("spiffe://cluster.local/ns/my-ns/sa/admin")) +
                   good.substr(good.rfind('.')));
     },
     kNow, "--jwks certs/jwt/keys.json"},
    {"jwt/cut.txt", "jwt.bad-signature", "A JWT-SVID of which the end was not copied.",
     [](Workshop& w) {
       const std::string whole = token(w, kHeader, svid_claims());
       return line(whole.substr(0, whole.rfind('.') + 41));
     },
     kNow, "--jwks certs/jwt/keys.json"},
    {"jwt/unsigned.txt", "jwt.bad-signature", "A JWT-SVID whose signature was taken away.",
     [](Workshop&) {
       return line(base64url(R"({"alg":"ES256","kid":"k1"})") + "." + base64url(svid_claims()) + ".");
     },
     kNow, "--jwks certs/jwt/keys.json"},
};

}  // namespace

std::span<const Recipe> jwt_recipes() {
  return kRecipes;
}

}  // namespace gencerts
