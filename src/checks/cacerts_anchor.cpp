#include "checks/cacerts_anchor.hpp"

#include <algorithm>
#include <string>

#include "checks/trusted_roots.hpp"
#include "path/constraint_verifiers.hpp"

namespace meshcert::checks {
namespace {

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

// Another root, or a CA between, mends what is wrong with where a path leads, and nothing else.
bool is_of_certificate(path::FaultKind kind) {
  using enum path::FaultKind;
  constexpr path::FaultKind kOfPath[] = {no_issuer,       untrusted_root,      rejected,
                                         bad_signature,   undecided_signature, name_encoding,
                                         key_id_mismatch, budget_exhausted};
  return std::ranges::find(kOfPath, kind) == std::end(kOfPath);
}

std::string_view chain_of(const SigningCa& ca) {
  return ca.layout->chain.empty() ? ca.layout->certificate : ca.layout->chain;
}

}  // namespace

const Certificate* find_unknown_constraints(const path::Path& path) {
  const auto found = std::ranges::find_if(path.certificates, [](const Certificate* certificate) {
    return !path::kind_unknown_to_go(*certificate).empty();
  });
  return found == path.certificates.end() ? nullptr : *found;
}

std::vector<Fact> facts_of_constraints(const SigningCa& ca, const Certificate& refused) {
  const std::string subject = title_of(refused);
  return {
      {"root", ca.layout->root},
      {"chain", chain_of(ca)},
      {"fault", subject + " has critical name constraints on " +
                    std::string(path::kind_unknown_to_go(refused)) + ", of which Go knows none"},
      {"error", "x509: unhandled critical extension"},
      {"_fix", "have " + subject + " issued again with name constraints on DNS names alone, or with none"}};
}

std::vector<Fact> facts_of_fault(const SigningCa& ca, const path::Fault& fault, const Policy& policy) {
  std::vector<Fact> facts{
      {"root", ca.layout->root},
      {"chain", chain_of(ca)},
      {"fault", path::describe(fault) + "; the roots there: " + contents_of(*ca.root, policy)},
      {"error", go_error(fault.kind)}};
  if (is_of_certificate(fault.kind))
    facts.push_back(
        {"_fix",
         "the root is there: have the certificate with that fault issued again without it, and write what holds it anew; "
         "meshcert inspect DIRECTORY looks at it before istiod does"});
  return facts;
}

}  // namespace meshcert::checks
