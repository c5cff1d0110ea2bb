// What stands beside tls.crt, by which istiod tells the two styles of a CA's Secret apart (istio
// pilot/pkg/bootstrap/istio_ca.go).

#include <utility>

#include "base/words.hpp"
#include "checks/cacerts_judge.hpp"
#include "checks/credentials.hpp"
#include "checks/trusted_roots.hpp"

namespace meshcert::checks {
namespace {

// A directory is in no namespace; what istiod reads is in istio-system.
std::string space_in_command(const SigningCa& ca) {
  return ca.space.empty() ? "istio-system" : pasteable(ca.space, "NAMESPACE");
}

void report_unread(const SigningCa& ca, std::string found, std::string effect, std::string rename,
                   FindingSink& sink) {
  sink.report(kCaValueNotRead, ca.where, ca.title,
              {{"ca", ca.title},
               {"found", std::move(found)},
               {"required", base::join(ca.layout->required())},
               {"_effect", std::move(effect)},
               {"_rename", std::move(rename)}});
}

}  // namespace

std::string take_out_command(const SigningCa& ca, std::string_view key) {
  return "take " + std::string(key) + " out: kubectl patch secret cacerts -n " + space_in_command(ca) +
         " --type=json -p '[{\"op\":\"remove\",\"path\":\"/data/" + std::string(key) + "\"}]'";
}

void check_unread(const SigningCa& ca, FindingSink& sink) {
  constexpr std::string_view kList = "ca-crl.pem";
  if (!ca.is_tls_style()) return;
  if (ca.present.contains(kList) && !ca.empty.contains(kList))
    report_unread(
        ca, std::string(kList), "no proxy is told of the CRLs, and nobody is refused for being in one",
        "call the parts ca-cert.pem, ca-key.pem, root-cert.pem and cert-chain.pem, beside which istiod reads "
        "ca-crl.pem: kubectl create secret generic cacerts -n " +
            space_in_command(ca) +
            " --from-file=ca-cert.pem --from-file=ca-key.pem --from-file=root-cert.pem "
            "--from-file=cert-chain.pem --from-file=ca-crl.pem --dry-run=client -o yaml | kubectl replace --force -f -",
        sink);
  if (ca.unread == nullptr || ca.certificate == nullptr) return;
  const Certificate &used = ca.certificate->certificates.front(), &unused = ca.unread->certificates.front();
  if (as_text(used.der) == as_text(unused.der)) return;
  report_unread(ca, "ca-cert.pem with " + title_of(unused) + key_words(key_id_of(unused)),
                "it signs with " + title_of(used) + key_words(key_id_of(used)),
                "keep one of the two; for that in ca-cert.pem, " + take_out_command(ca, "tls.crt"), sink);
}

}  // namespace meshcert::checks
