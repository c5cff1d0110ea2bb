// Family svid: what X509-SVID asks of the certificates of a workload chain.

#include "checks/check.hpp"
#include "checks/trusted_roots.hpp"
#include "meshcert/spiffe_id.hpp"
#include "x509/extensions.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kNoUri{
    "svid.no-uri",
    error,
    error,
    "the workload's certificate has no URI SAN; an X509-SVID has exactly one, its SPIFFE ID",
    "issue it from the mesh CA; a certificate for hosts belongs in a gateway's credential, not in a workload",
    "X509-SVID 2"};
constexpr FindingSpec kMultipleUris{
    "svid.multiple-uris",
    error,
    error,
    "the certificate has {uri_count} URI SANs; an X509-SVID has exactly one, and validators must refuse more",
    "issue one certificate per identity",
    "X509-SVID 2, 5.2"};
constexpr FindingSpec kNotSpiffe{
    "svid.not-spiffe",
    error,
    error,
    "the URI SAN {uri} has another scheme than spiffe://{_legacy}",
    "issue it with the workload's SPIFFE ID: spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT",
    "X509-SVID 5.2"};
constexpr FindingSpec kMalformedId{
    "svid.malformed-id",
    error,
    error,
    "the URI SAN {uri} is not a SPIFFE ID: {reason}",
    "correct it where it is requested or configured (meshConfig.trustDomain, the SPIRE entry), then reissue",
    "SPIFFE-ID 2"};
constexpr FindingSpec kCaIdTrailingSlash{
    "svid.ca-id-trailing-slash",
    warning,
    warning,
    "the CA's URI SAN {uri} ends in a slash; a trust domain's own ID is spelled {required}",
    "reissue the CA certificate with the ID that has no slash at its end",
    "SPIFFE-ID 2.2"};
constexpr FindingSpec kIdTooLong{
    "svid.id-too-long",
    warning,
    warning,
    "the SPIFFE ID is {bytes} bytes long; readers need not support more than {limit}",
    "shorten the path of the ID",
    "SPIFFE-ID 2.3"};
constexpr FindingSpec kLeafWithoutPath{
    "svid.leaf-without-path",
    error,
    error,
    "the leaf's SPIFFE ID {uri} has no path: it names the trust domain, not a workload",
    "issue it with the workload's path, in Istio /ns/NAMESPACE/sa/SERVICE-ACCOUNT",
    "X509-SVID 3.1"};
constexpr FindingSpec kCaWithPath{
    "svid.ca-with-path",
    error,
    error,
    "the signing certificate's SPIFFE ID {uri} has a path; a signing certificate names its trust domain only",
    "reissue the CA certificate as {required}, or without a URI SAN",
    "X509-SVID 3.2"};
constexpr FindingSpec kCaOfOtherDomain{
    "svid.ca-of-other-trust-domain",
    warning,
    warning,
    "the issuer of the leaf has the ID {uri}, and the leaf is of the trust domain {trust_domain}; a signing certificate should be of "
    "the trust domain that it issues for",
    "legal, and rare: see that this CA is meant to issue for {trust_domain}; if so, reissue its certificate as {required}, or without a URI SAN",
    "X509-SVID 3.2"};
constexpr FindingSpec kNotIstioForm{
    "svid.not-istio-form",
    warning,
    info,
    "{uri} is a SPIFFE ID, but not of Istio's form "
    "spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT: {_why}",
    "in Istio, register the workload with that path (SPIRE: the ClusterSPIFFEID template); in another "
    "mesh, use --profile spiffe",
    "istio pkg/spiffe/spiffe.go ParseIdentity"};
constexpr FindingSpec kSanNotCritical{
    "svid.san-not-critical",
    error,
    error,
    "the subject is empty and subjectAltName is not critical; with an empty subject it must be",
    "reissue it with a critical subjectAltName; istiod does so by itself",
    "RFC 5280 4.2.1.6"};
constexpr FindingSpec kNulInName{
    "svid.nul-in-name",
    error,
    error,
    "the {type} SAN {value} holds byte 00 at offset {offset}; parsers that stop at it see another name",
    "treat it as an attack until its origin is known; reissue it, and look at who could request it",
    "RFC 5280 4.2.1.6; CVE-2009-2408"};

constexpr const FindingSpec* kSpecs[] = {
    &kNoUri,           &kMultipleUris, &kNotSpiffe,       &kMalformedId,  &kCaIdTrailingSlash, &kIdTooLong,
    &kLeafWithoutPath, &kCaWithPath,   &kCaOfOtherDomain, &kNotIstioForm, &kSanNotCritical,    &kNulInName};

constexpr std::string_view kScheme = "spiffe://";

bool is_text(GeneralName::Type type) {
  return type == GeneralName::Type::uri || type == GeneralName::Type::dns || type == GeneralName::Type::email;
}

// CVE-2009-2408 was in the common name. Peers of a mesh go by subjectAltName, and Go reads such a
// name, so that it is a warning.
void check_nul_in_subject(const Subject& subject, FindingSink& sink) {
  const DistinguishedName& name = subject.certificate.subject;
  if (as_text(name.rdns).find('\0') == std::string_view::npos) return;
  for (const std::string& value : attribute_values(name, AttributeType::common_name)) {
    const auto offset = value.find('\0');
    if (offset != std::string::npos)
      sink.report_at(
          warning, kNulInName, subject,
          {{"type", "CN"},
           {"value", value},
           {"offset", offset},
           {"_message",
            "the subject's CN " + value + " holds byte 00 at offset " + std::to_string(offset) +
                "; programs that read the CN and stop there see another name; peers of a mesh go by "
                "subjectAltName"}});
  }
}

// On every certificate: whatever compares names as C strings is fooled by it.
bool check_nul(const Subject& subject, FindingSink& sink) {
  bool found = false;
  for (const GeneralName& name : subject.certificate.extensions.subject_alt_name->names) {
    const std::string_view value = as_text(name.value);
    const auto offset = is_text(name.type) ? value.find('\0') : std::string_view::npos;
    if (offset == std::string_view::npos) continue;
    found = true;
    sink.report(kNulInName, subject, {{"type", type_name(name.type)}, {"value", value}, {"offset", offset}});
  }
  return found;
}

bool is_trust_domain_with_slash(std::string_view uri) {
  return uri.ends_with('/') && SpiffeId::parse(uri.substr(0, uri.size() - 1)).has_value() &&
         uri.find('/', kScheme.size()) == uri.size() - 1;
}

constexpr std::string_view kLegacyScheme = "istio:";

/// Bearer is who has a URI: a certificate, or a row that states one without its octets.
class Bearer {
 public:
  Bearer(const Subject& subject, FindingSink& sink)
      : sink_(sink), artifact_(subject.artifact), certificate_(&subject) {}
  Bearer(const Artifact& artifact, const Listed& listed, FindingSink& sink)
      : sink_(sink), artifact_(artifact), listed_(&listed) {}

  [[nodiscard]] bool is_leaf() const { return certificate_ == nullptr || certificate_->role == Role::leaf; }
  [[nodiscard]] bool signs() const { return certificate_ != nullptr && certificate_->signs(); }
  void report(const FindingSpec& spec, std::vector<Fact> facts) const {
    certificate_ != nullptr ? sink_.report(spec, *certificate_, std::move(facts))
                            : sink_.report(spec, listed_->where, artifact_, std::move(facts));
  }

 private:
  FindingSink& sink_;
  const Artifact& artifact_;
  const Subject* certificate_ = nullptr;
  const Listed* listed_ = nullptr;
};

void report_not_spiffe(const Bearer& bearer, std::string_view uri) {
  const bool legacy = uri.starts_with(kLegacyScheme);
  bearer.report(kNotSpiffe,
                {{"uri", uri},
                 {"_legacy", legacy ? ": this is the form of Istio's first releases, which nothing "
                                      "reads any more"
                                    : ""}});
}

void report_unparsable(const Bearer& bearer, std::string_view uri, Reason reason) {
  if (!x509::has_spiffe_scheme(uri)) return report_not_spiffe(bearer, uri);
  if (!bearer.is_leaf() && is_trust_domain_with_slash(uri))
    return bearer.report(kCaIdTrailingSlash, {{"uri", uri}, {"required", uri.substr(0, uri.size() - 1)}});
  bearer.report(kMalformedId, {{"uri", uri}, {"reason", reason}});
}

void check_length(const Bearer& bearer, std::string_view uri) {
  if (uri.size() > kMaxSpiffeIdBytes)
    bearer.report(kIdTooLong, {{"bytes", uri.size()}, {"limit", kMaxSpiffeIdBytes}});
}

std::string why_not_istio(std::string_view uri) {
  const auto identity = IstioIdentity::parse(uri);
  if (!identity) return "istiod and ztunnel read no namespace and service account in it";
  const std::string elsewhere = "spiffe://cluster.local/ns/" + std::string(identity->namespace_name) +
                                "/sa/" + std::string(identity->service_account);
  return is_istio_canonical(elsewhere)
             ? "istiod reads it, but takes no such trust domain in meshConfig: its labels have at most 63 of a-z, 0-9 "
               "and -"
             : "istiod reads it, but no namespace or service account of Kubernetes has such a name";
}

void check_leaf_id(const Bearer& bearer, const SpiffeId& id) {
  if (id.path().empty())
    bearer.report(kLeafWithoutPath, {{"uri", id.uri()}});
  else if (!is_istio_canonical(id.uri()))
    bearer.report(kNotIstioForm, {{"uri", id.uri()}, {"_why", why_not_istio(id.uri())}});
}

// A signing certificate need not be an SVID (Istio's are not); one that is
// names the trust domain alone.
void check_ca_id(const Bearer& bearer, const SpiffeId& id) {
  if (!id.path().empty())
    bearer.report(kCaWithPath, {{"uri", id.uri()},
                                {"required", std::string(kScheme) + std::string(id.trust_domain().name())}});
}

void check_id(const Bearer& bearer, std::string_view uri) {
  check_length(bearer, uri);
  const auto id = SpiffeId::parse(uri);
  if (!id) return report_unparsable(bearer, uri, id.error());
  if (bearer.is_leaf()) return check_leaf_id(bearer, *id);
  if (bearer.signs()) check_ca_id(bearer, *id);
}

void check_certificate(const Subject& subject, const Policy&, FindingSink& sink) {
  const auto& san = subject.certificate.extensions.subject_alt_name;
  check_nul_in_subject(subject, sink);
  const bool nul = san && check_nul(subject, sink);
  const std::uint32_t uris = san ? san->uri_count : 0;
  if (!subject.in_workload_chain()) {
    // Nothing but a workload's certificate of that time has such a name.
    if (subject.role == Role::leaf && uris == 1 && san->first_uri.starts_with(kLegacyScheme))
      report_not_spiffe(Bearer(subject, sink), san->first_uri);
    return;
  }
  if (subject.role == Role::leaf) {
    if (uris == 0 && !san.malformed()) sink.report(kNoUri, subject);
    if (san && subject.certificate.subject.empty() && !san.critical()) sink.report(kSanNotCritical, subject);
  }
  if (uris > 1 && (subject.role == Role::leaf || san->has_spiffe_uri))
    sink.report(kMultipleUris, subject, {{"uri_count", uris}});
  if (uris == 1 && !nul && (subject.role == Role::leaf || san->has_spiffe_uri))
    check_id(Bearer(subject, sink), san->first_uri);
}

bool may_have_issued(const Certificate& ca, const Certificate& leaf) {
  const ByteView own = key_id_of(ca), named = authority_key_id_of(leaf);
  const bool is_another = !own.empty() && !named.empty() && !std::ranges::equal(own, named);
  return ca.is_ca() && ca.subject == leaf.issuer && !is_another;
}

// Of the one that issued the leaf: a CA above it may be of an upstream's trust domain. Of several that may
// have, nothing is said.
void check_issuer(const Artifact& chain, FindingSink& sink) {
  const std::string_view domain = trust_domain_of(chain);
  if (domain.empty()) return;
  std::optional<std::size_t> issuer;
  for (std::size_t i = 0; i < chain.certificates.size(); ++i) {
    if (i == chain.leaf || !may_have_issued(chain.certificates[i], chain.certificates[chain.leaf])) continue;
    if (issuer) return;
    issuer = i;
  }
  if (!issuer) return;
  const auto& san = chain.certificates[*issuer].extensions.subject_alt_name;
  const auto id = SpiffeId::parse(san && san->uri_count == 1 ? san->first_uri : std::string_view{});
  if (id && id->trust_domain().name() != domain)
    sink.report(kCaOfOtherDomain, Subject::of(chain, *issuer),
                {{"uri", id->uri()},
                 {"trust_domain", domain},
                 {"required", std::string(kScheme) + std::string(domain)}});
}

// What is stated of a workload's leaf, where its certificate is not there to ask.
void check_chain(const Artifact& artifact, const Policy&, FindingSink& sink) {
  if (!is_workload_chain(artifact)) return;
  check_issuer(artifact, sink);
  for (const Listed& listed : artifact.listed) {
    if (listed.certificate || listed.is_ca || listed.uris.empty()) continue;
    const Bearer bearer(artifact, listed, sink);
    if (listed.uris.size() == 1)
      check_id(bearer, listed.uris.front());
    else
      bearer.report(kMultipleUris, {{"uri_count", listed.uris.size()}});
  }
}

}  // namespace

extern const Check k_svid_check;
const Check k_svid_check{"svid", kSpecs, &check_certificate, &check_chain};

}  // namespace meshcert::checks
