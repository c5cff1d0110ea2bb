#include "checks/crl_forms.hpp"

#include "checks/crl_reports.hpp"
#include "checks/signing_ca.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {
namespace {

bool is_of_another_version(const Crl& crl) {
  return crl.version != 2;
}
bool has_critical_key_id(const Crl& crl) {
  return crl.extensions.authority_key_id.critical();
}
bool has_no_extensions(const Crl& crl) {
  return crl.extensions.all.empty();
}
bool has_unknown_reason(const Crl& crl) {
  return survey(crl).not_assigned > 0;
}
bool has_no_end(const Crl& crl) {
  return !crl.next_update;
}

constexpr std::string_view kLosesFile =
    "rustls (ztunnel) takes no such CRL, and with it none of the file that it stands in";

struct Form {
  bool (*is)(const Crl&);
  std::string_view found;
  std::string_view go;  ///< how Go refuses to parse it; "": it does
  std::string_view who;
};
// Go: crypto/x509/parser.go; rustls: rustls-webpki src/crl/types.rs, ztunnel src/tls/crl.rs.
constexpr Form kForms[] = {
    {is_of_another_version, "is not of version 2", "x509: unsupported crl version",
     "Go (istiod) does not parse such a CRL, and rustls (ztunnel) takes none of the file that it stands in"},
    {has_critical_key_id, "has a critical authorityKeyIdentifier",
     "x509: authority key identifier incorrectly marked critical", "Go (istiod) does not parse such a CRL"},
    {has_no_extensions, "has no crlExtensions", "", kLosesFile},
    {has_no_end, "has no nextUpdate", "", kLosesFile},
    {has_unknown_reason, "has an entry with a reasonCode of 7 or above 10, which stands for no reason", "",
     kLosesFile},
};

}  // namespace

GoCrlFault go_fault_of(const Crl& crl) {
  for (const Form& form : kForms)
    if (!form.go.empty() && form.is(crl)) return {form.found, form.go};
  return {};
}

// What a gateway or a proxy is sent, under ca.crl or crl, Envoy alone reads. The CRLs of the mesh have this
// name in cacerts, kept for a cluster under whatever name, and in istio-ca-crl.
static bool is_read_by_the_mesh(const Artifact& artifact) {
  if (artifact.object == nullptr || artifact.name != "ca-crl.pem") return false;
  const KubernetesObject& object = *artifact.object;
  const auto* credential = object.as<Credential>();
  return object.kind == "ConfigMap"
             ? object.name == "istio-ca-crl"
             : is_ca_secret(object) || (credential != nullptr && credential->find("ca-key.pem") != nullptr);
}

void check_crl_forms(const Artifact& artifact, FindingSink& sink) {
  const bool is_file = artifact.object == nullptr && artifact.source.pointer.empty();
  if (!is_file && !is_read_by_the_mesh(artifact)) return;
  for (std::size_t i = 0; i < artifact.crls.size(); ++i)
    for (const Form& form : kForms)
      if (form.is(artifact.crls[i])) {
        report_crl(kCrlNotRead, artifact, i, {{"found", form.found}, {"_who", form.who}}, sink);
        break;
      }
}

}  // namespace meshcert::checks
