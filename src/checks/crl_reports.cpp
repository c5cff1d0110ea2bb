#include "checks/crl_reports.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "path/crl_scope.hpp"
#include "x509/name_match.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {

std::string number_words(const Crl& crl) {
  const auto number = crl_number_text(crl);
  return number ? " (number " + *number + ")" : "";
}

namespace {

constexpr std::string_view kRefusedForDates = "Envoy refuses every chain of that CA with it";
constexpr std::string_view kDeltaOver =
    "it is a delta CRL, which Envoy (BoringSSL) and ztunnel (rustls) never look at, and who does goes by the complete one alone";

}  // namespace

std::vector<Fact> facts_of_dates(const Crl& crl, Instant at) {
  std::vector<Fact> facts{
      {"issuer", name_of(crl.issuer)},
      {"_number", number_words(crl)},
      {"this_update", crl.this_update},
      {"next_update", crl.next_update ? to_rfc3339(*crl.next_update) : std::string("no stated end")},
      {"at", at},
      {"_who", crl.is_delta() ? kDeltaOver : kRefusedForDates},
      {"_here", std::string()}};
  if (at < crl.this_update)
    facts.push_back({"_fix",
                     "leave the CRL before it in place until this one begins; if it should "
                     "hold already, look at the clock of the machine that made it"});
  return facts;
}

void check_crl_dates(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  constexpr std::size_t kBesideLooked = 1024;
  std::unordered_map<std::string, std::vector<const Crl*>> current;  // by canonical_name of the issuer
  for (const Crl& crl : artifact.crls)
    if (path::is_current(crl, policy.at, policy.skew)) {
      auto& of_it = current[x509::canonical_name(crl.issuer)];
      if (of_it.size() < kBesideLooked) of_it.push_back(&crl);
    }
  for (std::size_t i = 0; i < artifact.crls.size(); ++i) {
    const Crl& crl = artifact.crls[i];
    if (path::is_current(crl, policy.at, policy.skew)) continue;
    const auto beside = current.find(x509::canonical_name(crl.issuer));
    const auto replaces = [&crl](const Crl* other) { return path::is_of_one_scope(crl, *other); };
    if (beside != current.end() && std::ranges::any_of(beside->second, replaces)) continue;
    sink.report(kCrlExpired, source_of_crl(artifact, i), artifact.shown_name(),
                facts_of_dates(crl, policy.at));
  }
}

void report_crl(const FindingSpec& spec, const Artifact& holder, std::size_t index, std::vector<Fact> facts,
                FindingSink& sink, bool milder) {
  const Crl& crl = holder.crls[index];
  facts.push_back({"issuer", name_of(crl.issuer)});
  facts.push_back({"_number", number_words(crl)});
  SourceRef where = source_of_crl(holder, index);
  if (milder) return sink.report_milder(spec, std::move(where), holder.shown_name(), std::move(facts));
  sink.report(spec, std::move(where), holder.shown_name(), std::move(facts));
}

std::string_view kind_unused_by_peers(const Crl& crl) {
  const auto& point = crl.extensions.issuing_distribution_point;
  if (crl.is_delta()) return "a delta CRL";
  if (point && point->indirect) return "an indirect CRL";
  return point && point->only_some_reasons ? "a CRL of some reasons alone" : "";
}

namespace {

std::string who_knows(const path::Revocation& answer) {
  const std::string_view unused = kind_unused_by_peers(*answer.crl);
  if (unused.empty() && answer.early)
    return "that CRL begins at " + to_rfc3339(answer.crl->this_update) +
           " only: rustls (ztunnel), which looks at nextUpdate alone, refuses the certificate now; Envoy refuses every chain of its issuer until then, and this one after";
  if (unused.empty())
    return "Envoy refuses the handshake where it has that CRL, ztunnel also closes connections that are open";
  return "it is " + std::string(unused) +
         ", which Envoy (BoringSSL) and ztunnel (rustls) do not use, so that they take the "
         "certificate until a complete CRL of its issuer lists it";
}

}  // namespace

void report_revoked(const Subject& at, const Certificate& revoked, const path::Revocation& answer,
                    FindingSink& sink, const RevokedWords& words) {
  const bool stands_there = std::ranges::equal(at.certificate.der, revoked.der);
  std::vector<Fact> facts{
      {"certificate", at.index},
      {"_which", stands_there ? "certificate " + std::to_string(at.index) + ", " : std::string()},
      {"subject", title_of(revoked)},
      {"serial", serial_hex(revoked)},
      {"revoked_at", answer.revoked_at},
      {"reason", to_string(answer.reason)},
      {"issuer", name_of(answer.crl->issuer)},
      {"_number", number_words(*answer.crl)},
      {"_who", words.who.empty() ? who_knows(answer) : words.who}};
  if (!words.fix.empty()) facts.push_back({"_fix", words.fix});
  sink.report(kRevoked, at, std::move(facts));
}

std::vector<Fact> facts_of_lone_anchor(const Certificate& anchor) {
  const std::string issuer = name_of(anchor.issuer);
  return {{"subject", title_of(anchor)},
          {"issuer", issuer},
          {"_what",
           title_of(anchor) + " is trusted without " + issuer +
               ", its issuer: Envoy asks for a CRL about what ends a chain, too, and takes none whose issuer "
               "it does not have (unable to get certificate CRL)"},
          {"_fix", "trust " + issuer +
                       " beside it, with its CRL; or leave all CRLs out; or let Envoy look at leaves alone "
                       "(only_verify_leaf_cert_crl)"}};
}

void report_unsigned_crl(const Subject& at, const Certificate& certificate, const path::Revocation& answer,
                         std::string who, FindingSink& sink) {
  const std::string why = answer.why.empty()
                              ? "none of the keys on its path and of what is trusted made its signature"
                              : std::string(answer.why);
  sink.report(
      kCrlBadSignature, at,
      {{"issuer", name_of(answer.crl->issuer)},
       {"_number", number_words(*answer.crl)},
       {"_who", std::move(who)},
       {"_what", "is not signed by anybody who may sign it for " + title_of(certificate) + ": " + why}});
}

void raise_expired_crl(Finding& finding, std::string here) {
  finding.severity = Severity::error;
  auto& words = std::get<std::string>(std::ranges::find(finding.facts, "_here", &Fact::name)->value);
  if (words.empty()) words = std::move(here);
}

void report_expired_crl(const Subject& at, const Certificate& leaf, const Crl& crl, Instant when,
                        ToldCrls& told, FindingSink& sink) {
  const std::size_t before = sink.so_far().size();
  const auto [known, added] = told.expired.try_emplace(as_text(crl.der), before);
  if (added) sink.report(kCrlExpired, at, facts_of_dates(crl, when));
  if (known->second >= sink.so_far().size()) {
    told.expired.erase(known);
    return;
  }
  raise_expired_crl(sink.so_far()[known->second], ", here that of " + title_of(leaf));
}

}  // namespace meshcert::checks
