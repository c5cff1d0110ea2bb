// The rules of family cacerts: what istiod verifies of its CA when it starts, in its order.

#include "checks/cacerts_judge.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/words.hpp"
#include "checks/cacerts_anchor.hpp"
#include "checks/cacerts_issued.hpp"
#include "checks/trusted_roots.hpp"
#include "checks/validity.hpp"
#include "path/verify.hpp"

namespace meshcert::checks {
namespace {

// Dates are the family validity's; what BoringSSL alone refuses, istiod takes.
bool is_told_elsewhere(path::FaultKind kind) {
  using enum path::FaultKind;
  return kind == expired || kind == not_yet_valid || kind == not_strict_der;
}

// Of the CA that istiod made: no other Secret takes its place, and a new one has another key.
constexpr std::string_view kRestore =
    "restore it from a backup; if its key is lost, delete that Secret and restart istiod, which makes a new CA then: every "
    "proxy has to be restarted, and whoever was given the root needs the new one";

class CaJudge {
 public:
  CaJudge(const SigningCa& ca, std::vector<IssuedName> issued, const Policy& policy,
          x509::SignatureVerifier& signatures, FindingSink& sink)
      : ca_(ca), issued_(std::move(issued)), policy_(policy), signatures_(signatures), sink_(sink) {}

  void judge() {
    check_complete();
    check_parsable();
    check_unread(ca_, sink_);
    if (ca_.certificate == nullptr) return;
    check_ca_flag();
    check_labels(ca_, sink_);
    if (ca_.stray_key != nullptr) report_ca_mismatch(*ca_.stray_key, signer(), ca_.title, sink_);
    if (ca_.self_made || ca_.root == nullptr) return;
    check_stray_blocks(ca_, sink_);
    check_anchor();
    check_dates();
    check_sent_chain(ca_, signatures_, sink_);
  }

 private:
  [[nodiscard]] const Certificate& signer() const { return ca_.certificate->certificates.front(); }

  void report(const FindingSpec& spec, const Artifact& part, std::size_t index, std::vector<Fact> facts) {
    report_of_ca(spec, ca_, part, index, std::move(facts), sink_);
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
    std::vector<Fact> facts{
        {"ca", ca_.title},
        {"missing", base::join(missing)},
        {"required", base::join(ca_.layout->required())},
        {"_why", is_masked() ? ", and looks at none of the other names once tls.crt is there," : ""},
        {"error", absent && !ca_.self_made ? "incomplete signing CA bundle detected" : text},
        namespace_in_fix(ca_.space)};
    if (is_masked()) facts.push_back({"_fix", take_out_command(ca_, "tls.crt")});
    if (ca_.self_made) facts.push_back({"_fix", kRestore});
    sink_.report(kCaIncomplete, ca_.where, ca_.title, std::move(facts));
  }

  /// The CA is there under the other names.
  [[nodiscard]] bool is_masked() const { return ca_.unread != nullptr && ca_.certificate == nullptr; }

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
      std::vector<Fact> facts{{"ca", ca_.title},
                              {"part", row.part},
                              {"required", row.required},
                              {"error", row.error},
                              namespace_in_fix(ca_.space)};
      if (ca_.self_made) facts.push_back({"_fix", kRestore});
      sink_.report(kCaUnparsable, ca_.where, ca_.title, std::move(facts));
    }
  }

  void check_ca_flag() {
    if (signer().is_ca()) return;
    const auto& constraints = signer().extensions.basic_constraints;
    report(kSignerNotACa, *ca_.certificate, 0,
           {{"subject", title_of(signer())}, {"found", constraints ? "CA:FALSE" : "no basicConstraints"}});
  }

  [[nodiscard]] path::Store store() const {
    path::Store store;
    for (const Certificate& root : ca_.root->certificates)
      if (!root.odd_label) store.trust(root);
    for (const Artifact* part : {ca_.chain, ca_.layout->chain.empty() ? ca_.certificate : nullptr})
      if (part != nullptr)
        for (const Certificate& certificate : part->certificates) store.offer(certificate);
    return store;
  }

  // Go asks for serverAuth where nobody says otherwise.
  [[nodiscard]] path::Verdict verify(bool anchor_dates, path::Explain explain = path::Explain::best) {
    path::Settings settings;
    settings.at = policy_.at;
    settings.skew = policy_.skew;
    settings.purpose = path::Purpose::server;
    settings.anchor.dates = anchor_dates;
    settings.mesh_algorithms = true;
    return path::verify(signer(), store(), settings, signatures_, explain);
  }

  void check_anchor() {
    if (report_root_label(ca_, sink_)) return;
    const path::Verdict verdict = verify(false);
    const path::Path& best = verdict.best();
    if (best.holds_for_go()) {
      const Certificate* refused = find_unknown_constraints(best);
      if (refused == nullptr || has_way_for_go()) return check_issued(best);
      return report(kRootDoesNotAnchor, *ca_.certificate, 0, facts_of_constraints(ca_, *refused));
    }
    const auto counts = [](const path::Fault& fault) {
      const bool note = path::is_note(fault.kind) && fault.kind != path::FaultKind::name_encoding;
      return !note && !is_told_elsewhere(fault.kind);
    };
    const auto fault = std::ranges::find_if(best.faults, counts);
    if (fault == best.faults.end()) return;
    report(kRootDoesNotAnchor, *ca_.certificate, 0, facts_of_fault(ca_, *fault, policy_));
  }

  // Go takes any way.
  [[nodiscard]] bool has_way_for_go() {
    const path::Verdict all = verify(false, path::Explain::every_path);
    return std::ranges::any_of(all.paths, [](const path::Path& way) {
      return way.holds_for_go() && find_unknown_constraints(way) == nullptr;
    });
  }

  [[nodiscard]] bool suits(const path::Path& way) { return !find_narrow(way) && !barred_.find(way); }

  // Each way costs another look at the constraints on it: of more than anybody writes, the one that is there
  // is enough.
  [[nodiscard]] bool has_other_way() {
    constexpr std::size_t kMostConstraints = std::size_t{64} * 1024;  // octets
    std::size_t constraints = 0;
    for (const Artifact* part : {ca_.certificate, ca_.chain, ca_.root})
      for (const Certificate& certificate :
           part == nullptr ? std::span<const Certificate>() : part->certificates)
        if (const auto& names = certificate.extensions.name_constraints)
          constraints += names->permitted.size() + names->excluded.size();
    if (constraints > kMostConstraints) return false;
    const path::Verdict all = verify(false, path::Explain::every_path);
    return std::ranges::any_of(
        all.paths, [this](const path::Path& other) { return other.holds_for_go() && suits(other); });
  }

  // What istiod verifies as a leaf stands above leaves. Peers take any way that suits these.
  void check_issued(const path::Path& way) {
    if (suits(way) || has_other_way()) return;
    if (const auto narrow = find_narrow(way))
      report(kCaPathLength, *ca_.certificate, 0,
             {{"subject", title_of(signer())},
              {"issuer", title_of(*narrow->certificate)},
              {"found", narrow->below},
              {"required", narrow->room}});
    if (auto barred = barred_.find(way))
      report(kCaBarsNames, *ca_.certificate, 0,
             {{"subject", title_of(signer())},
              {"issuer", title_of(*barred->certificate)},
              {"found", std::move(barred->how)},
              {"name", barred->name->value},
              {"_whose", barred->name->type == GeneralName::Type::dns
                             ? "proxies and the API server refuse istiod itself"
                             : "peers refuse every workload"}});
  }

  [[nodiscard]] const char* date_fault(const Certificate& certificate) const {
    if (is_expired(certificate, policy_)) return "after";
    return is_not_yet_valid(certificate, policy_) ? "before" : nullptr;
  }

  void report_date(const Artifact& part, const Certificate& certificate, std::string error) {
    const auto index = static_cast<std::size_t>(&certificate - part.certificates.data());
    const bool expired = is_expired(certificate, policy_);
    report(kCaExpired, part, index,
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

  const SigningCa& ca_;
  const std::vector<IssuedName> issued_;
  BarredNames barred_{issued_};
  const Policy& policy_;
  x509::SignatureVerifier& signatures_;
  FindingSink& sink_;
};

}  // namespace

void judge_signing_ca(const SigningCa& ca, const Inventory& inventory, const Policy& policy,
                      x509::SignatureVerifier& signatures, FindingSink& sink) {
  CaJudge(ca, issued_names(ca, inventory, policy), policy, signatures, sink).judge();
}

Fact namespace_in_fix(const std::string& space) {
  return {"_namespace", space.empty() ? std::string("istio-system") : space};
}

void report_of_ca(const FindingSpec& spec, const SigningCa& ca, const Artifact& part, std::size_t index,
                  std::vector<Fact> facts, FindingSink& sink) {
  facts.insert(facts.begin(), {"ca", ca.title});
  facts.push_back(namespace_in_fix(ca.space));
  sink.report(spec, Subject::of(part, index), std::move(facts));
}

void report_ca_mismatch(const PublicHalf& half, const Certificate& signer, const std::string& resource,
                        FindingSink& sink) {
  const std::string found = to_string(half.key), required = to_string(signer.key);
  sink.report(kCaKeyMismatch, half.where, resource,
              {{"found", found},
               {"required", (found == required ? "another " : "") + required},
               {"subject", title_of(signer)}});
}

}  // namespace meshcert::checks
