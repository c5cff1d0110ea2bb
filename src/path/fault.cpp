#include "path/fault.hpp"

#include <algorithm>

namespace meshcert::path {
namespace {

/// Extent is how much of a path has to be known to find a fault.
enum class Extent : std::uint8_t {
  path,
  certificate,  ///< the certificate alone: it has the fault on every path
  note,         ///< makes no path wrong by itself
};

/// Row: `what` follows "certificate N"; `found` and `required` say what to put
/// before the two values.
struct Row {
  FaultKind kind;
  std::string_view code;
  std::string_view clause;
  std::string_view what;
  std::string_view found;
  std::string_view required;
  Extent extent = Extent::path;
};

using enum FaultKind;

constexpr Row kRows[] = {
    {no_issuer, "chain.incomplete", "RFC 5280 6.1", "has no issuer here", "it names ", "at hand: "},
    {untrusted_root, "chain.untrusted-root", "RFC 5280 6.1.1 (d)", "is a root that is not trusted", "",
     "trusted: "},
    {rejected, "chain.untrusted-root", "RFC 5280 6.1.1 (d)", "is not trusted for this use by its settings",
     "", ""},
    {bad_signature, "chain.bad-signature", "RFC 5280 6.1.3 (a)(1)", "is not signed by its issuer's key", "",
     "issuer "},
    {undecided_signature, "chain.bad-signature", "RFC 5280 6.1.3 (a)(1)",
     "has a signature that cannot be verified", "", "with "},
    {algorithm_mismatch, "chain.bad-signature", "RFC 5280 4.1.1.2",
     "names one signature algorithm inside and another outside", "", "", Extent::certificate},
    {refused_signature, "chain.bad-signature", "RFC 6151 2; RFC 6149 6",
     "is signed by a digest that can be forged", "", "no peer takes less than ", Extent::certificate},
    {unsupported_algorithm, "chain.unsupported-algorithm", "RFC 5280 6.1.3 (a)(1)",
     "has what no verifier of a mesh verifies", "", "required: "},
    {weak_signature, "chain.weak-signature", "RFC 9155 2; SP 800-131A", "has a weak signature", "",
     "the floor is ", Extent::certificate},
    {weak_key, "key.weak", "SP 800-131A", "has a weak key", "", "the floor is ", Extent::certificate},
    {unusable_key, "key.unparsable", "RFC 5280 4.1.2.7; SEC 1 3.2.2.1", "has a public key that is none",
     "it holds ", "required: ", Extent::certificate},
    {expired, "validity.expired", "RFC 5280 6.1.3 (a)(2)", "has expired", "notAfter ", "judged at ",
     Extent::certificate},
    {not_yet_valid, "validity.not-yet-valid", "RFC 5280 6.1.3 (a)(2)", "is not valid yet", "notBefore ",
     "judged at ", Extent::certificate},
    {malformed_extension, "input.not-strict-der", "RFC 5280 4.2", "has an extension that cannot be used", "",
     "", Extent::certificate},
    {not_strict_der, "input.not-strict-der", "X.690; RFC 5280 4.1",
     "is not encoded as DER and RFC 5280 have it", "", "", Extent::certificate},
    {unknown_critical_extension, "chain.unknown-critical-extension", "RFC 5280 6.1.4 (o), 6.1.5 (f)",
     "has a critical extension that is not understood", "", "", Extent::certificate},
    {issuer_not_ca, "chain.issuer-not-ca", "RFC 5280 6.1.4 (k)", "signs another and is no CA", "it has ",
     "required: "},
    {cannot_sign, "chain.issuer-not-ca", "RFC 5280 6.1.4 (n)",
     "signs another, which its keyUsage does not allow", "it has ", "required: "},
    {path_length_exceeded, "chain.path-length-exceeded", "RFC 5280 6.1.4 (l), (m)",
     "has more CAs below it than it allows", "below it: ", "pathLenConstraint "},
    {too_deep, "chain.path-length-exceeded", "RFC 5280 6.1", "is deeper than was allowed", "depth ",
     "allowed "},
    {not_a_ca, "chain.wrong-purpose", "RFC 5280 4.2.1.9", "was asked for as a CA and is none", "it has ",
     "required: ", Extent::certificate},
    {wrong_key_usage, "usage.no-digital-signature", "RFC 5280 4.2.1.3",
     "is not for this purpose by its keyUsage", "it has ", "required: ", Extent::certificate},
    {wrong_extended_key_usage, "usage.eku-lacks-server-auth", "RFC 5280 4.2.1.12",
     "is not for this purpose by its extendedKeyUsage", "it has ", "required: ", Extent::certificate},
    {name_constraint_violated, "chain.name-constraint-violated", "RFC 5280 6.1.3 (b), (c)",
     "has a name that a CA above it does not allow", "", ""},
    {unsupported_name_constraint, "chain.name-constraint-violated", "RFC 5280 4.2.1.10",
     "has a name constraint that cannot be applied", "", ""},
    {policy_violated, "chain.policy-violated", "RFC 5280 6.1.3 (f), 6.1.5 (g)",
     "has no acceptable certificate policy", "", "required: "},
    {name_mismatch, "chain.name-mismatch", "RFC 6125 6", "has none of the names asked for", "it has ",
     "asked for ", Extent::certificate},
    {name_encoding, "chain.names-differ-in-encoding", "RFC 5280 7.1", "names its issuer in another encoding",
     "", "the issuer has ", Extent::note},
    {key_id_mismatch, "chain.key-id-mismatch", "RFC 5280 4.2.1.1",
     "names another certificate as its issuer's", "it names ", "the issuer has ", Extent::note},
    {revoked, "chain.revoked", "RFC 5280 6.3.3", "is revoked", "", "by "},
    {crl_missing, "chain.crl-missing", "RFC 5280 6.3.3", "has no CRL that answers for it", "issuer ", ""},
    {crl_unusable, "chain.crl-missing", "RFC 5280 5.2, 5.3", "has a CRL that may not be used", "", ""},
    {crl_bad_signature, "chain.crl-bad-signature", "RFC 5280 6.3.3 (f), (g)",
     "has a CRL that nobody signed who may", "", ""},
    {crl_expired, "chain.crl-expired", "RFC 5280 5.1.2.5", "has a CRL of another time only", "",
     "judged at "},
    {budget_exhausted, "chain.budget-exhausted", "docs/limits.md", "takes more work than is allowed", "",
     "at most "},
    {too_many_names, "chain.does-not-verify", "docs/limits.md",
     "has more names below more name constraints than are compared", "", "at most "},
};

const Row& row_of(FaultKind kind) {
  return *std::ranges::find(kRows, kind, &Row::kind);
}

}  // namespace

std::string_view code_of(FaultKind kind) {
  return row_of(kind).code;
}

std::string_view clause_of(FaultKind kind) {
  return row_of(kind).clause;
}

bool is_note(FaultKind kind) {
  return row_of(kind).extent == Extent::note;
}

bool is_of_certificate_alone(FaultKind kind) {
  return row_of(kind).extent == Extent::certificate;
}

std::string describe(const Fault& fault) {
  return describe(fault, "certificate " + std::to_string(fault.certificate));
}

std::string describe(const Fault& fault, std::string_view certificate) {
  const Row& row = row_of(fault.kind);
  std::string text = std::string(certificate) + " " + std::string(row.what);
  if (!fault.found.empty()) text += ": " + std::string(row.found) + fault.found;
  if (!fault.required.empty())
    text += (fault.found.empty() ? ": " : ", ") + std::string(row.required) + fault.required;
  return text;
}

bool is_sound(const std::vector<Fault>& faults) {
  return std::ranges::all_of(faults, [](const Fault& fault) { return is_note(fault.kind); });
}

}  // namespace meshcert::path
