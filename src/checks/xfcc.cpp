// Family xfcc: what an X-Forwarded-Client-Cert header says of a client, held against itself
// and the certificate in it (envoy docs/root/configuration/http/http_conn_man/headers.rst).

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "base/words.hpp"
#include "checks/check.hpp"
#include "checks/trusted_roots.hpp"
#include "checks/workload_id.hpp"
#include "meshcert/spiffe_id.hpp"
#include "meshcert/xfcc.hpp"
#include "x509/extensions.hpp"
#include "x509/name_text.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr std::string_view kHeaders = "envoy docs/root/configuration/http/http_conn_man/headers.rst";
constexpr std::string_view kParser = "envoy source/extensions/formatter/xfcc_value/xfcc_value.cc";

constexpr FindingSpec kNoHeader{
    "xfcc.no-header",
    warning,
    warning,
    "no X-Forwarded-Client-Cert came with the request: the proxy before the application took the call in plain text, or "
    "it passes none on (SANITIZE); it needs one, for nothing else names the caller",
    "is the caller in the mesh, and mutual TLS on? istioctl x describe pod POD; kubectl get peerauthentication -A; "
    "meshcert probe POD-IP:PORT --plaintext. If it is: see forwardClientCertDetails, of a gateway in its "
    "gatewayTopology; a waypoint needs the annotation ambient.istio.io/xfcc-include-client-identity",
    kHeaders};
constexpr FindingSpec kUnmatchedQuote{
    "xfcc.unmatched-quote",
    error,
    error,
    "the quote at character {character} is never closed; after it comes {after}; with a quote left open Envoy "
    "reads no key of the header",
    "who wrote it forgot the closing quote, or cut the header: write quotes in a value as \\\", and take the header "
    "whole",
    kParser};
constexpr FindingSpec kEmptyElement{
    "xfcc.empty-element",
    warning,
    warning,
    "this element says nothing of a client: {found}; each element of the header has at least one known key",
    "look for a stray comma; one inside of a value needs double quotes around the value",
    kParser};
constexpr FindingSpec kNoEqualsSign{
    "xfcc.no-equals-sign",
    warning,
    warning,
    "\"{pair}\" is no pair: Envoy takes its value for empty, istiod refuses the header; pairs are KEY=VALUE",
    "write KEY=VALUE; a \";\" inside of a value needs double quotes around the value",
    "alecholmes/xfccparser, which istiod uses; envoy source/extensions/formatter/xfcc_value/xfcc_value.cc"};
constexpr FindingSpec kStrayQuote{
    "xfcc.stray-quote",
    warning,
    warning,
    "a double quote stands inside of the value of {key}; quotes belong around a whole value, or are written \\\"",
    "put the whole value into double quotes and write those in it as \\\": other parsers read it otherwise than Envoy",
    kParser};
constexpr FindingSpec kUnknownKey{
    "xfcc.unknown-key",
    info,
    info,
    "the key {key} is none of By, Hash, Subject, Cert, Chain, URI and DNS: Envoy ignores it, istiod refuses the header",
    "leave it out of headers that are sent to istiod; who adds it? Proxies of a mesh do not",
    kHeaders};
constexpr FindingSpec kKeyCase{
    "xfcc.key-case",
    info,
    info,
    "{keys}: written otherwise than By, Hash, Subject, Cert, Chain, URI and DNS; Envoy reads keys in any case, istiod refuses the header",
    "write them as Envoy does in headers that are sent to istiod; who rewrites it? Proxies of a mesh do not",
    kHeaders};
constexpr FindingSpec kDuplicateKey{
    "xfcc.duplicate-key",
    warning,
    warning,
    "{key} occurs {count} times in one element; at most once is allowed: Envoy takes the first, others the last",
    "no proxy writes that: look for who adds to the header, and let the first trusted proxy replace it "
    "(forward_client_cert_details: SANITIZE_SET)",
    kHeaders};
constexpr FindingSpec kBadHash{
    "xfcc.bad-hash",
    error,
    error,
    "Hash must be 64 hex digits, the SHA-256 of the client's certificate, but is {found}{_guess}",
    "take the hash of the DER: openssl x509 -in CERT -outform der | sha256sum",
    kHeaders};
constexpr FindingSpec kHashDisagrees{
    "xfcc.hash-disagrees",
    error,
    error,
    "Hash is {found}, but the SHA-256 of the certificate in {key} is {required}",
    "the element was put together from two clients, or altered on its way: trust neither, and let the first trusted "
    "proxy replace the header (forward_client_cert_details: SANITIZE_SET)",
    kHeaders};
constexpr FindingSpec kChainDisagrees{
    "xfcc.chain-disagrees",
    error,
    error,
    "Chain begins with the certificate {found}, but Cert holds {required}; both are the client's own",
    "the element was put together from two clients, or altered on its way: trust neither, and let the first trusted "
    "proxy replace the header (forward_client_cert_details: SANITIZE_SET)",
    kHeaders};
constexpr FindingSpec kUriDisagrees{
    "xfcc.uri-disagrees",
    error,
    error,
    "URI says {found}, but the certificate in the same element carries {required}",
    "what is in the certificate was verified, the text beside it was not: look for what rewrites the header",
    kHeaders};
constexpr FindingSpec kDnsDisagrees{
    "xfcc.dns-disagrees",
    error,
    error,
    "DNS says {found}, but the certificate in the same element carries {required}",
    "what is in the certificate was verified, the text beside it was not: look for what rewrites the header",
    kHeaders};
constexpr FindingSpec kSubjectDisagrees{
    "xfcc.subject-disagrees",
    error,
    error,
    "Subject says {found}, but the subject of the certificate in the same element is {required}",
    "what is in the certificate was verified, the text beside it was not: look for what rewrites the header",
    kHeaders};
constexpr FindingSpec kMultipleUris{
    "xfcc.multiple-uris",
    error,
    error,
    "the client has {count} URIs, {found}; a workload's certificate carries exactly one SPIFFE ID",
    "issue the client a certificate with one URI SAN; peers refuse this one",
    "X509-SVID 2"};
constexpr FindingSpec kMalformedId{
    "xfcc.malformed-id",
    error,
    error,
    "{key} is \"{uri}\", which is no workload's SPIFFE ID: {reason}",
    "correct the identity where it is issued (trust domain, namespace, service account)",
    "SPIFFE-ID 2"};
constexpr FindingSpec kNotSpiffe{
    "xfcc.not-spiffe",
    info,
    info,
    "the client's URI is \"{uri}\", which is no SPIFFE ID; a workload of a mesh has one",
    "is the caller outside of the mesh? Then AuthorizationPolicies cannot name it in principals: look at who issued its "
    "certificate",
    "X509-SVID 2"};
constexpr FindingSpec kForeignTrustDomain{
    "xfcc.foreign-trust-domain",
    info,
    info,
    "the client is of trust domain {found}, the proxy that received it of {own}",
    "where the two meshes are federated this is as it should be; if not, look at the roots that the proxy trusts: "
    "istioctl proxy-config secret POD",
    "SPIFFE-Federation 1"};
constexpr FindingSpec kHopsDisconnected{
    "xfcc.hops-disconnected",
    warning,
    warning,
    "the caller here is {found}, but the hop before was received by {required}: what stands to the left did not "
    "come by way of this caller",
    "did the application forward a header of another request, or did a client send one of its own? At the edge of "
    "the mesh let the gateway replace it (forwardClientCertDetails: SANITIZE_SET)",
    kHeaders};

constexpr const FindingSpec* kSpecs[] = {
    &kNoHeader,       &kUnmatchedQuote, &kEmptyElement,       &kNoEqualsSign,     &kStrayQuote,
    &kUnknownKey,     &kKeyCase,        &kDuplicateKey,       &kBadHash,          &kHashDisagrees,
    &kChainDisagrees, &kUriDisagrees,   &kDnsDisagrees,       &kSubjectDisagrees, &kMultipleUris,
    &kMalformedId,    &kNotSpiffe,      &kForeignTrustDomain, &kHopsDisconnected};

using Texts = std::vector<std::string>;

Texts texts_of(const std::vector<std::string_view>& views) {
  return {views.begin(), views.end()};
}

// At most three, for a message.
std::string listed(const Texts& values) {
  return base::some_of(values, "none");
}

// Of a name in text, the attributes that every program writes alike, and in no order.
std::vector<x509::NameAttribute> main_attributes(std::string_view subject) {
  constexpr std::array<std::string_view, 6> kMain = {"CN", "O", "OU", "C", "L", "ST"};
  auto attributes = x509::read_name_text(subject);
  std::erase_if(attributes, [&](const x509::NameAttribute& attribute) {
    return std::ranges::find(kMain, attribute.type) == kMain.end();
  });
  std::ranges::sort(attributes);
  return attributes;
}

// Judge looks at one hop.
class Judge {
 public:
  Judge(const Artifact& artifact, FindingSink& sink)
      : artifact_(artifact), hop_(*artifact.xfcc), sink_(sink) {}

  void run() {
    if (hop_.is_absent()) return report(kNoHeader, {});
    if (hop_.unmatched_quote) return report_quote();
    check_pairs();
    check_case();
    check_repeats();
    check_hash();
    check_chain();
    check_names();
    check_ids();
    check_trust_domains();
    check_route();
  }

 private:
  void report(const FindingSpec& spec, std::vector<Fact> facts) {
    sink_.report(spec, artifact_, std::move(facts));
  }

  void report_quote() {
    report(kUnmatchedQuote, {{"character", *hop_.unmatched_quote + 1},
                             {"after", hop_.after_quote.empty() ? "nothing" : "'" + hop_.after_quote + "'"}});
  }

  void check_pairs() {
    const auto known = [](const XfccField& field) { return field.key != XfccKey::unknown; };
    if (std::ranges::none_of(hop_.fields, known)) {
      const std::string found =
          hop_.fields.empty() ? "it is empty" : "its first key is " + hop_.fields.front().name;
      return report(kEmptyElement, {{"found", found}});
    }
    for (const XfccField& field : hop_.fields) {
      if (!field.has_equals)
        report(kNoEqualsSign, {{"pair", field.name}});
      else if (!known(field))
        report(kUnknownKey, {{"key", field.name}});
      if (field.stray_quote) report(kStrayQuote, {{"key", field.name}});
    }
  }

  void check_case() {
    Texts odd;
    for (const XfccField& field : hop_.fields)
      if (field.key != XfccKey::unknown && field.name != to_string(field.key)) odd.push_back(field.name);
    if (!odd.empty()) report(kKeyCase, {{"keys", listed(odd)}});
  }

  void check_repeats() {
    for (const XfccKey key : {XfccKey::hash, XfccKey::subject, XfccKey::cert, XfccKey::chain}) {
      const std::size_t count = hop_.values(key).size();
      if (count > 1) report(kDuplicateKey, {{"key", to_string(key)}, {"count", count}});
    }
  }

  void check_hash() {
    constexpr std::size_t kDigits = 64, kShown = 80;
    const auto values = hop_.values(XfccKey::hash);
    if (values.empty()) return;
    const std::string hash = base::lowered(values.front());
    const bool hex = std::ranges::all_of(hash, base::is_hex_digit);
    if (hash.size() != kDigits || !hex) {
      const bool sha1 = hex && hash.size() == 40;
      const std::string found =
          hash.empty() ? "empty" : "\"" + std::string(base::cut(values.front(), kShown)) + "\"";
      return report(kBadHash, {{"found", found}, {"_guess", sha1 ? "; this is as long as a SHA-1" : ""}});
    }
    const bool of_cert = !hop_.cert_sha256.empty();
    const std::string& required = of_cert ? hop_.cert_sha256 : hop_.chain_sha256;
    if (!required.empty() && required != hash)
      report(kHashDisagrees, {{"found", hash}, {"key", of_cert ? "Cert" : "Chain"}, {"required", required}});
  }

  void check_chain() {
    if (hop_.cert_sha256.empty() || hop_.chain_sha256.empty() || hop_.cert_sha256 == hop_.chain_sha256)
      return;
    report(kChainDisagrees, {{"found", hop_.chain_sha256}, {"required", hop_.cert_sha256}});
  }

  // Names are compared where the header names any: each of them can be switched off.
  void check_names() {
    if (artifact_.certificates.empty()) return;
    const Certificate& certificate = artifact_.certificates.front();
    const auto uris = uri_names(certificate);
    compare(kUriDisagrees, XfccKey::uri, {uris.begin(), uris.end()});
    Texts names;
    if (const auto& san = certificate.extensions.subject_alt_name)
      for (const GeneralName& name : san->names)
        if (type_name(name.type) == "DNS") names.push_back(to_string(name));
    compare(kDnsDisagrees, XfccKey::dns, std::move(names));
    compare_subject(certificate);
  }

  void compare_subject(const Certificate& certificate) {
    const auto subjects = hop_.values(XfccKey::subject);
    if (subjects.empty()) return;
    const std::string carried = to_rfc4514(certificate.subject);
    if (main_attributes(subjects.front()) != main_attributes(carried))
      report(kSubjectDisagrees, {{"found", in_words(subjects.front())}, {"required", in_words(carried)}});
  }

  static std::string in_words(std::string_view subject) {
    return subject.empty() ? "that there is none" : "\"" + std::string(subject) + "\"";
  }

  void compare(const FindingSpec& spec, XfccKey key, Texts required) {
    Texts found = texts_of(hop_.values(key));
    if (found.empty()) return;
    std::erase(found, "");  // "URI=" is how Envoy writes that there is none
    const std::string stated = listed(found), carried = listed(required);
    std::ranges::sort(found);
    std::ranges::sort(required);
    if (found != required) report(spec, {{"found", stated}, {"required", carried}});
  }

  // Of a certificate beside it, family svid says the same.
  void check_ids() {
    const Texts uris = texts_of(hop_.values(XfccKey::uri));
    const auto is_spiffe = &x509::has_spiffe_scheme;
    if (artifact_.certificates.empty() && uris.size() > 1 && std::ranges::any_of(uris, is_spiffe))
      report(kMultipleUris, {{"count", uris.size()}, {"found", listed(uris)}});
    if (artifact_.certificates.empty() && !hop_.caller().empty() && !is_spiffe(hop_.caller()))
      report(kNotSpiffe, {{"uri", hop_.caller()}});
    for (const XfccKey key : {XfccKey::by, XfccKey::uri}) {
      if (key == XfccKey::uri && !artifact_.certificates.empty()) continue;
      for (const std::string_view uri : hop_.values(key)) {
        const auto id = SpiffeId::parse(uri);
        const bool of_nobody = key == XfccKey::uri && id && id->path().empty();
        if (is_spiffe(uri) && (!id || of_nobody))
          report(kMalformedId, {{"key", to_string(key)},
                                {"uri", uri},
                                {"reason", of_nobody ? std::string(kNamesNobody) : std::string(id.error())}});
      }
    }
  }

  void check_trust_domains() {
    const std::string_view own = trust_domain_of_first(XfccKey::by);
    const std::string_view found = trust_domain_of_first(XfccKey::uri);
    if (!own.empty() && !found.empty() && own != found)
      report(kForeignTrustDomain, {{"found", found}, {"own", own}});
  }

  [[nodiscard]] std::string_view trust_domain_of_first(XfccKey key) const {
    for (const std::string_view uri : hop_.values(key))
      if (const std::string_view domain = spiffe_trust_domain(uri); !domain.empty()) return domain;
    return {};
  }

  // The proxy that received one hop is the caller of the next.
  void check_route() {
    Texts callers = texts_of(hop_.values(XfccKey::uri));
    std::erase(callers, "");
    if (hop_.previous_by.empty() || callers.empty()) return;
    const bool connected = std::ranges::any_of(callers, [this](const std::string& uri) {
      return std::ranges::find(hop_.previous_by, uri) != hop_.previous_by.end();
    });
    if (!connected)
      report(kHopsDisconnected, {{"found", listed(callers)}, {"required", listed(hop_.previous_by)}});
  }

  const Artifact& artifact_;
  const XfccHop& hop_;
  FindingSink& sink_;
};

void check_artifact(const Artifact& artifact, const Policy&, FindingSink& sink) {
  if (artifact.xfcc != nullptr) Judge(artifact, sink).run();
}

}  // namespace

extern const Check k_xfcc_check;
const Check k_xfcc_check{"xfcc", kSpecs, nullptr, &check_artifact};

}  // namespace meshcert::checks
