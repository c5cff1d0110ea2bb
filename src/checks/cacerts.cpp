// Family cacerts: a CA as istiod is given it, judged as a unit before istiod sees it,
// with istiod's own sentences (istio security/pkg/pki/util/keycertbundle.go Verify,
// security/pkg/pki/ca/ca.go, pilot/pkg/bootstrap/istio_ca.go).

#include <algorithm>
#include <array>

#include "base/words.hpp"
#include "checks/mesh_roots.hpp"
#include "checks/signing_ca.hpp"
#include "checks/trusted_roots.hpp"
#include "checks/validity.hpp"
#include "path/verify.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kIncomplete{
    "cacerts.incomplete",
    error,
    error,
    "{ca} lacks {missing}; istiod needs all of {required} and does not start ({error})",
    "put them all into it: kubectl create secret generic cacerts -n {_namespace} --from-file=ca-cert.pem "
    "--from-file=ca-key.pem --from-file=root-cert.pem --from-file=cert-chain.pem --dry-run=client -o yaml | kubectl apply -f - (with "
    "tls.crt, instead: tls.crt, tls.key and ca.crt)",
    "istio pilot/pkg/bootstrap/istio_ca.go"};
constexpr FindingSpec kCaUnparsable{
    "cacerts.unparsable",
    error,
    error,
    "{part} of {ca} holds nothing that can be read: it must be {required}; istiod does not start ({error})",
    "write {part} anew from its source, and create the Secret again: kubectl create secret generic cacerts -n {_namespace} "
    "--from-file=ca-cert.pem --from-file=ca-key.pem --from-file=root-cert.pem --from-file=cert-chain.pem --dry-run=client -o yaml | "
    "kubectl apply -f -",
    "istio security/pkg/pki/util/crypto.go; istio security/pkg/pki/util/keycertbundle.go"};
constexpr FindingSpec kNotACa{
    "cacerts.not-a-ca",
    error,
    error,
    "the certificate of {ca}, {subject}, has {found}, but needs CA:TRUE; istiod does not start (certificate is not "
    "authorized to sign other certificates)",
    "reissue it as a CA: basicConstraints=critical,CA:TRUE and keyUsage=critical,keyCertSign",
    "istio security/pkg/pki/ca/ca.go"};
constexpr FindingSpec kKeyMismatch{
    "cacerts.key-mismatch",
    error,
    error,
    "the private key of the CA is {found}, and its certificate, {subject}, has {required}: they are no pair; istiod "
    "does not start (the cert does not match the key: tls: private key does not match public key)",
    "put the key beside the certificate that was issued for it; if it is lost, have a new CA issued",
    "istio security/pkg/pki/util/keycertbundle.go"};
constexpr FindingSpec kWrongLabels{
    "cacerts.wrong-labels",
    error,
    error,
    "the first PEM block of {part} of {ca} is {found}; istiod reads that one alone, takes {required}, and does not start "
    "({error})",
    "{_fix_label}",
    "istio security/pkg/pki/util/crypto.go"};
constexpr FindingSpec kRootDoesNotAnchor{
    "cacerts.root-does-not-anchor",
    error,
    error,
    "the certificate of {ca} does not verify to its own {root}: {fault}; istiod does not start (cannot verify the cert "
    "with the provided root chain and cert pool with error: {error})",
    "put the root that issued it into {root}, and every CA between the two into {chain}: openssl verify -CAfile "
    "root-cert.pem -untrusted cert-chain.pem ca-cert.pem",
    "istio security/pkg/pki/util/keycertbundle.go"};
constexpr FindingSpec kExpired{
    "cacerts.expired",
    error,
    error,
    "{part} of {ca} holds {found}; istiod verifies its CA up to the root when it starts, at {required} here, and then does not "
    "start ({error})",
    "have what is out of date reissued, and write all parts anew before istiod restarts: kubectl create secret generic "
    "cacerts -n {_namespace} --from-file=ca-cert.pem --from-file=ca-key.pem --from-file=root-cert.pem "
    "--from-file=cert-chain.pem --dry-run=client -o yaml | kubectl apply -f -",
    "istio security/pkg/pki/util/keycertbundle.go; istio security/pkg/pki/ca/ca.go"};
constexpr FindingSpec kChainLacksSigner{
    "cacerts.chain-lacks-signer",
    error,
    error,
    "{chain} of {ca} does not hold the signing certificate, {subject}; istiod sends {chain} behind each leaf and nothing "
    "else, so peers that trust the root alone get from no leaf to it, and refuse every workload",
    "write the chain with the signing certificate first: cat ca-cert.pem intermediate.pem root-cert.pem > cert-chain.pem",
    "istio security/pkg/pki/ca/ca.go; istio tools/certs/common.mk"};
constexpr FindingSpec kChainOutOfOrder{
    "cacerts.chain-out-of-order",
    warning,
    warning,
    "{chain} of {ca} begins with {found}, but must begin with the signing certificate, {required}, and go on with what "
    "issued it; istiod sends it as it is behind each leaf, and takes the end of the first for that of the chain; Envoy and "
    "Go sort it out, peers that go by order (TLS 1.2) refuse every workload",
    "write the signing certificate first, then each issuer in turn: cat ca-cert.pem intermediate.pem root-cert.pem > "
    "cert-chain.pem",
    "RFC 5246 7.4.2; istio security/pkg/pki/ca/ca.go"};
constexpr FindingSpec kCrlMissingFor{
    "cacerts.crl-missing-for",
    error,
    error,
    "{crl} of {ca} holds no CRL signed by {missing}; once there are CRLs, istiod wants one of every certificate in {chain} "
    "and does not start (missing CRL signed by certificates: [{missing}])",
    "add the CRL of each of them, or leave {crl} out: openssl ca -gencrl -config CA.cnf >> ca-crl.pem",
    "istio security/pkg/pki/util/keycertbundle.go"};

constexpr const FindingSpec* kSpecs[] = {
    &kIncomplete,        &kCaUnparsable, &kNotACa,           &kKeyMismatch,     &kWrongLabels,
    &kRootDoesNotAnchor, &kExpired,      &kChainLacksSigner, &kChainOutOfOrder, &kCrlMissingFor};

// What istiod takes a key for by its label, and what it calls that.
struct KeyLabel {
  std::string_view label;
  KeyForm form;
  std::string_view go;
};
constexpr KeyLabel kKeyLabels[] = {
    {"PRIVATE KEY", KeyForm::pkcs8, "PKCS8"},
    {"RSA PRIVATE KEY", KeyForm::pkcs1, "RSA"},
    {"EC PRIVATE KEY", KeyForm::sec1, "ECDSA"},
};

// What Go's crypto/x509 says of a fault.
struct GoError {
  path::FaultKind kind;
  std::string_view text;
};
constexpr GoError kGoErrors[] = {
    {path::FaultKind::wrong_extended_key_usage, "x509: certificate specifies an incompatible key usage"},
    {path::FaultKind::issuer_not_ca,
     "x509: invalid signature: parent certificate cannot sign this kind of certificate"},
    {path::FaultKind::cannot_sign,
     "x509: invalid signature: parent certificate cannot sign this kind of certificate"},
    {path::FaultKind::refused_signature, "x509: cannot verify signature: insecure algorithm"},
    {path::FaultKind::unsupported_algorithm, "x509: cannot verify signature: algorithm unimplemented"},
    {path::FaultKind::path_length_exceeded, "x509: too many intermediates for path length constraint"},
    {path::FaultKind::unknown_critical_extension, "x509: unhandled critical extension"},
};

std::string go_error(path::FaultKind kind) {
  const auto* row = std::ranges::find(kGoErrors, kind, &GoError::kind);
  return std::string(row == std::end(kGoErrors) ? "x509: certificate signed by unknown authority"
                                                : row->text);
}

// Dates are the family validity's; what BoringSSL alone refuses, istiod takes.
bool is_told_elsewhere(path::FaultKind kind) {
  using enum path::FaultKind;
  return kind == expired || kind == not_yet_valid || kind == not_strict_der;
}

Fact namespace_in_fix(const std::string& space) {
  return {"_namespace", space.empty() ? std::string("istio-system") : space};
}

void report_mismatch(const PublicHalf& half, const Certificate& signer, const std::string& resource,
                     FindingSink& sink) {
  const std::string found = to_string(half.key), required = to_string(signer.key);
  sink.report(kKeyMismatch, half.where, resource,
              {{"found", found},
               {"required", (found == required ? "another " : "") + required},
               {"subject", title_of(signer)}});
}

class CaJudge {
 public:
  CaJudge(const SigningCa& ca, const Policy& policy, x509::SignatureVerifier& signatures, FindingSink& sink)
      : ca_(ca), policy_(policy), signatures_(signatures), sink_(sink) {}

  void judge() {
    check_complete();
    check_parsable();
    if (ca_.certificate == nullptr) return;
    check_ca_flag();
    check_labels();
    if (ca_.stray_key != nullptr) report_mismatch(*ca_.stray_key, signer(), ca_.title, sink_);
    if (ca_.self_made || ca_.root == nullptr) return;
    check_anchor();
    check_dates();
    if (ca_.chain != nullptr || ca_.empty.contains(ca_.layout->chain)) check_chain();
    if (ca_.chain != nullptr && ca_.crls != nullptr && !ca_.crls->crls.empty()) check_crls();
  }

 private:
  [[nodiscard]] const Certificate& signer() const { return ca_.certificate->certificates.front(); }

  void report(const FindingSpec& spec, const Artifact& part, std::size_t index, std::vector<Fact> facts) {
    facts.insert(facts.begin(), {"ca", ca_.title});
    facts.push_back(namespace_in_fix(ca_.space));
    sink_.report(spec, Subject{part, part.certificates[index], index, role_of(part, index)},
                 std::move(facts));
  }

  void check_complete() {
    const auto missing = ca_.missing();
    if (missing.empty()) return;
    const bool absent =
        std::ranges::any_of(missing, [this](auto name) { return !ca_.present.contains(name); });
    const std::string_view first = missing.front();
    const std::string text =
        first == ca_.layout->key    ? "failed to parse private key PEM: invalid PEM-encoded key"
        : first == ca_.layout->root ? "cannot verify the cert with the provided root chain and cert pool"
                                    : "failed to parse cert PEM: invalid PEM encoded certificate";
    sink_.report(kIncomplete, ca_.where, ca_.title,
                 {{"ca", ca_.title},
                  {"missing", base::join(missing)},
                  {"required", base::join(ca_.layout->required())},
                  {"error", absent && !ca_.self_made ? "incomplete signing CA bundle detected" : text},
                  namespace_in_fix(ca_.space)});
  }

  /// Of files, the readers tell what they cannot read; that istiod does not start is said of the Secret.
  void check_parsable() {
    if (ca_.in_files) return;
    const bool has_key = ca_.certificate == nullptr || !ca_.certificate->key ||
                         ca_.certificate->key->encrypted || !ca_.certificate->key->halves.empty();
    const bool has_crls = ca_.crls != nullptr && !ca_.crls->crls.empty();
    const struct {
      std::string_view part;
      bool read;
      std::string_view required, error;
    } rows[] = {{ca_.layout->certificate, ca_.certificate != nullptr, "a certificate as PEM",
                 "failed to parse cert PEM"},
                {ca_.layout->key, has_key, "a private key as PEM", "failed to parse private key PEM"},
                {ca_.layout->root, ca_.root != nullptr, "certificates as PEM",
                 "cannot verify the cert with the provided root chain and cert pool"},
                {ca_.layout->crl, has_crls, "CRLs as PEM", "failed to parse CRL PEM"}};
    for (const auto& row : rows) {
      if (row.read || row.part.empty() || !ca_.present.contains(row.part) || ca_.empty.contains(row.part) ||
          ca_.withheld.contains(row.part))
        continue;
      sink_.report(kCaUnparsable, ca_.where, ca_.title,
                   {{"ca", ca_.title},
                    {"part", std::string(row.part)},
                    {"required", std::string(row.required)},
                    {"error", std::string(row.error)},
                    namespace_in_fix(ca_.space)});
    }
  }

  void check_ca_flag() {
    if (signer().is_ca()) return;
    const auto& constraints = signer().extensions.basic_constraints;
    report(kNotACa, *ca_.certificate, 0,
           {{"subject", title_of(signer())},
            {"found", std::string(constraints ? "CA:FALSE" : "no basicConstraints")}});
  }

  void report_key_label(std::string found, std::string required, const std::string& error) {
    report(kWrongLabels, *ca_.certificate, 0,
           {{"part", std::string(ca_.layout->key)},
            {"found", std::move(found)},
            {"required", std::move(required)},
            {"error", "failed to parse private key PEM: " + error},
            {"_fix_label", std::string("write the key alone, without a password, into the file: openssl "
                                       "pkey -in OLD -out ca-key.pem")}});
  }

  void check_key_label() {
    if (ca_.key_label.empty()) return;
    const auto* row = std::ranges::find(kKeyLabels, ca_.key_label, &KeyLabel::label);
    if (row == std::end(kKeyLabels)) {
      std::string taken;
      for (const KeyLabel& label : kKeyLabels)
        taken += (taken.empty() ? "" : ", ") + std::string(label.label);
      return report_key_label(ca_.key_label, std::move(taken),
                              "unsupported PEM block type for a private key: " + ca_.key_label);
    }
    if (ca_.key_form == KeyForm::unknown || ca_.key_form == row->form) return;
    report_key_label(ca_.key_label + " with " + std::string(to_string(ca_.key_form)) + " in it",
                     std::string(to_string(row->form)) + " under that label",
                     "failed to parse the " + std::string(row->go) + " private key");
  }

  void check_labels() {
    check_key_label();
    if (ca_.certificate_label.empty() || ca_.certificate_label == "CERTIFICATE") return;
    // The older label is no obstacle to the parser, but to tls.X509KeyPair behind it, unless
    // the same certificate follows.
    const bool parses = ca_.certificate_label == "X509 CERTIFICATE";
    const auto& certificates = ca_.certificate->certificates;
    if (parses && std::ranges::count_if(certificates, [this](const Certificate& other) {
                    return as_text(other.der) == as_text(signer().der);
                  }) > 1)
      return;
    report(kWrongLabels, *ca_.certificate, 0,
           {{"part", std::string(ca_.layout->certificate)},
            {"found", ca_.certificate_label},
            {"required", std::string("CERTIFICATE")},
            {"error", std::string(parses ? "the cert does not match the key: tls: failed to find "
                                           "\"CERTIFICATE\" PEM block in certificate input"
                                         : "failed to parse cert PEM: failed to parse X.509 certificate")},
            {"_fix_label", std::string("write the certificate alone into the file: openssl x509 -in OLD -out "
                                       "ca-cert.pem")}});
  }

  [[nodiscard]] path::Store store() const {
    path::Store store;
    for (const Certificate& root : ca_.root->certificates) store.trust(root);
    for (const Artifact* part : {ca_.chain, ca_.layout->chain.empty() ? ca_.certificate : nullptr})
      if (part != nullptr)
        for (const Certificate& certificate : part->certificates) store.offer(certificate);
    return store;
  }

  // Go asks for serverAuth where nobody says otherwise.
  [[nodiscard]] path::Verdict verify(bool anchor_dates) {
    path::Settings settings;
    settings.at = policy_.at;
    settings.skew = policy_.skew;
    settings.purpose = path::Purpose::server;
    settings.anchor.dates = anchor_dates;
    settings.mesh_algorithms = true;
    return path::verify(signer(), store(), settings, signatures_);
  }

  void check_anchor() {
    const path::Verdict verdict = verify(false);
    const path::Path& best = verdict.best();
    if (best.holds_for_go()) return;
    const auto counts = [](const path::Fault& fault) {
      const bool note = path::is_note(fault.kind) && fault.kind != path::FaultKind::name_encoding;
      return !note && !is_told_elsewhere(fault.kind);
    };
    const auto fault = std::ranges::find_if(best.faults, counts);
    if (fault == best.faults.end()) return;
    const std::string_view chain = ca_.layout->chain.empty() ? ca_.layout->certificate : ca_.layout->chain;
    report(kRootDoesNotAnchor, *ca_.certificate, 0,
           {{"root", std::string(ca_.layout->root)},
            {"chain", std::string(chain)},
            {"fault", path::describe(*fault) + "; the roots there: " + contents_of(*ca_.root, policy_)},
            {"error", go_error(fault->kind)}});
  }

  [[nodiscard]] const char* date_fault(const Certificate& certificate) const {
    if (is_expired(certificate, policy_)) return "after";
    return is_not_yet_valid(certificate, policy_) ? "before" : nullptr;
  }

  void report_date(const Artifact& part, const Certificate& certificate, std::string error) {
    const auto index = static_cast<std::size_t>(&certificate - part.certificates.data());
    const bool expired = is_expired(certificate, policy_);
    report(kExpired, part, index,
           {{"part",
             part.object == nullptr ? part.source.file.substr(part.source.file.rfind('/') + 1) : part.name},
            {"found", name_of(certificate.subject) +
                          (expired ? ", which expired at " : ", which is valid from ") +
                          to_rfc3339(expired ? certificate.not_after : certificate.not_before)},
            {"required", to_rfc3339(policy_.at)},
            {"error", std::move(error)}});
  }

  // Go goes by the dates of the root, too. The lifetime of what is issued is cut to that
  // of the first of the chain.
  void check_dates() {
    const path::Verdict verdict = verify(true);
    if (!verdict.valid) {
      for (const Certificate* certificate : verdict.best().certificates) {
        const char* side = date_fault(*certificate);
        const Artifact* part = side == nullptr ? nullptr : part_of(*certificate);
        if (part == nullptr) continue;
        const Instant limit =
            is_expired(*certificate, policy_) ? certificate->not_after : certificate->not_before;
        return report_date(
            *part, *certificate,
            "cannot verify the cert with the provided root chain and cert pool with error: x509: "
            "certificate has expired or is not yet valid: current time " +
                to_rfc3339(policy_.at) + " is " + side + ' ' + to_rfc3339(limit));
      }
    } else if (ca_.chain != nullptr && is_expired(ca_.chain->certificates.front(), policy_)) {
      report_date(*ca_.chain, ca_.chain->certificates.front(), "cert chain has expired");
    }
  }

  // The path holds certificates of the parts themselves.
  [[nodiscard]] const Artifact* part_of(const Certificate& certificate) const {
    for (const Artifact* part : {ca_.certificate, ca_.chain, ca_.root}) {
      const bool in_it =
          part != nullptr && std::ranges::any_of(part->certificates, [&](const Certificate& other) {
            return &other == &certificate;
          });
      if (in_it) return part;
    }
    return nullptr;
  }

  static bool is_same(const Certificate& a, const Certificate& b) {
    return std::ranges::equal(a.key.spki, b.key.spki) && a.subject == b.subject;
  }

  static bool holds(const Artifact* part, const Certificate& wanted) {
    return part != nullptr &&
           std::ranges::any_of(part->certificates, [&wanted](const Certificate& certificate) {
             return is_same(certificate, wanted);
           });
  }

  void check_chain() {
    if (holds(ca_.chain, signer())) return check_order();
    if (holds(ca_.root, signer())) return;
    report(kChainLacksSigner, *ca_.certificate, 0,
           {{"chain", std::string(ca_.layout->chain)}, {"subject", title_of(signer())}});
  }

  void check_order() {
    const Certificate& first = ca_.chain->certificates.front();
    if (is_same(first, signer())) return;
    report(kChainOutOfOrder, *ca_.chain, 0,
           {{"chain", std::string(ca_.layout->chain)},
            {"found", title_of(first)},
            {"required", title_of(signer())}});
  }

  void check_crls() {
    std::vector<std::string> missing;
    for (const Certificate& certificate : ca_.chain->certificates) {
      const auto signed_by_it = [&](const Crl& crl) {
        return signatures_.verify(crl, certificate.key).value_or(false);
      };
      if (std::ranges::none_of(ca_.crls->crls, signed_by_it)) missing.push_back(title_of(certificate));
    }
    if (missing.empty()) return;
    sink_.report(kCrlMissingFor, *ca_.crls,
                 {{"ca", ca_.title},
                  {"crl", std::string(ca_.layout->crl)},
                  {"chain", std::string(ca_.layout->chain)},
                  {"missing", base::join(missing)}});
  }

  const SigningCa& ca_;
  const Policy& policy_;
  x509::SignatureVerifier& signatures_;
  FindingSink& sink_;
};

void check_artifact(const Artifact& artifact, const Policy&, FindingSink& sink) {
  if (!artifact.key || artifact.key->matches_leaf.value_or(true) || !is_signing_ca(artifact)) return;
  if (const PublicHalf* half = artifact.key->half())
    report_mismatch(*half, artifact.certificates[artifact.leaf], artifact.shown_name(), sink);
}

// istiod does not take it for a CA at all (checkCABundleCompleteness).
void report_misnamed(const KubernetesObject& object, FindingSink& sink) {
  constexpr std::string_view kRequired = "ca-cert.pem, ca-key.pem, root-cert.pem, cert-chain.pem";
  constexpr std::size_t kShown = 8;
  std::vector<std::string_view> names;
  for (const Credential::Key& key : object.as<Credential>()->keys)
    if (names.size() < kShown) names.push_back(key.name);
  const std::string found = base::join(names);
  sink.report(kIncomplete, object.source, object.title(),
              {{"ca", object.title()},
               {"found", found},
               {"required", std::string(kRequired)},
               namespace_in_fix(object.namespace_name),
               {"_message",
                object.title() + " has none of the keys that istiod reads a CA from, " +
                    std::string(kRequired) + ", but " + found +
                    "; istiod passes over it and signs with a CA of its own (Use self-signed certificate as "
                    "the CA certificate), which nobody trusts who was given the root of this one"}});
}

void check_inventory(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  const Cluster cluster(inventory);
  x509::SignatureVerifier signatures;
  for (const SigningCa& ca : find_signing_cas(inventory, cluster))
    CaJudge(ca, policy, signatures, sink).judge();
  const std::set<std::string> running = spaces_of_istiods(inventory);
  const auto is_looked_at = [&](const KubernetesObject& object) {
    const std::string& space = object.namespace_name;
    return space.empty() || space == "istio-system" || running.contains(space) ||
           cluster.find("Secret", space, "istio-ca-secret") != nullptr;
  };
  for (const auto& object : inventory.objects)
    if (is_misnamed_ca(*object, cluster) && is_looked_at(*object)) report_misnamed(*object, sink);
}

}  // namespace

extern const Check k_cacerts_check;
const Check k_cacerts_check{"cacerts", kSpecs, nullptr, &check_artifact, &check_inventory};

}  // namespace meshcert::checks
