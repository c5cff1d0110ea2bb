#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "meshcert/finding.hpp"
#include "meshcert/inspect.hpp"

namespace meshcert::checks {

/// Subject is one certificate in its place, as per-certificate rules see it.
struct Subject {
  const Artifact& artifact;
  const Certificate& certificate;
  std::size_t index;
  Role role;
  /// The newest update inside the same dump: the dump is no older than this.
  std::optional<Instant> dump_taken = std::nullopt;
  /// Another certificate of the artifact names this one as its issuer.
  bool is_named_as_issuer = false;
  /// The artifact is a bundle in which another anchor is valid, and one that is not
  /// near its end either: a root for a root; for a CA below one, its own successor.
  bool bundle_has_valid = false;
  bool bundle_lives_on = false;
  /// Of a bundle's root: a chain beside it leads to a newer root of the same authority,
  /// which lasts, and none leads to this one.
  bool is_succeeded = false;
  /// Of a CA in a chain: another certificate of its name and key, trusted or sent with it,
  /// is valid, and not near its end either.
  bool has_valid_twin = false;
  bool has_lasting_twin = false;
  /// In a chain: who issued it, by name and key identifiers; of several, the one that is
  /// valid longest. For its leaf: which certificate of its path ends first.
  const Certificate* issuer = nullptr;
  const Certificate* first_to_end = nullptr;
  /// Of a leaf: the Certificate of cert-manager that keeps it.
  const KubernetesObject* keeper = nullptr;

  /// of is that certificate of the artifact, in the role that it has there.
  [[nodiscard]] static Subject of(const Artifact& artifact, std::size_t index) {
    return {artifact, artifact.certificates[index], index, role_of(artifact, index)};
  }
  /// Whether it signs others, by its own word or by theirs.
  [[nodiscard]] bool signs() const { return certificate.is_ca() || is_named_as_issuer; }
  /// Whether X509-SVID's rules apply: a certificate of a workload chain.
  [[nodiscard]] bool in_workload_chain() const { return is_workload_chain(artifact); }
};

/// FindingSink collects what one check reports, and asserts that it reports
/// only what its row declares.
class FindingSink {
 public:
  FindingSink(std::span<const FindingSpec* const> may_report, const Policy& policy,
              const Selection& selection, std::vector<Finding>& out)
      : may_report_(may_report), policy_(policy), selection_(selection), out_(out) {}

  /// wants: a finding of this code, of whatever family, is asked for.
  [[nodiscard]] bool wants(std::string_view code) const { return selection_.wants(code); }
  /// is_left_out: others were asked for (--select), and it was not told to be ignored.
  [[nodiscard]] bool is_left_out(std::string_view code) const;
  /// wants_any: something that the check may report is asked for at all.
  [[nodiscard]] bool wants_any() const;
  void report(const FindingSpec& spec, const Subject& subject, std::vector<Fact> facts = {});
  void report(const FindingSpec& spec, const Artifact& artifact, std::vector<Fact> facts = {});
  void report(const FindingSpec& spec, SourceRef where, std::string resource, std::vector<Fact> facts = {});
  /// at another place in the artifact than its own.
  void report(const FindingSpec& spec, SourceRef where, const Artifact& artifact, std::vector<Fact> facts);
  /// report_loss says why octets could not be used: no verb's question hides that.
  void report_loss(const FindingSpec& spec, SourceRef where, const Artifact& artifact,
                   std::vector<Fact> facts);
  /// report_at reports with a severity of its own, whatever the profile: what depends on who refuses.
  void report_at(Severity severity, const FindingSpec& spec, const Subject& subject, std::vector<Fact> facts);
  void report_at(Severity severity, const FindingSpec& spec, const Artifact& artifact,
                 std::vector<Fact> facts);
  /// report_milder reports with a severity one step below the spec's: what is over.
  void report_milder(const FindingSpec& spec, const Subject& subject, std::vector<Fact> facts);
  void report_milder(const FindingSpec& spec, const Artifact& artifact, std::vector<Fact> facts);
  void report_milder(const FindingSpec& spec, SourceRef where, std::string resource, std::vector<Fact> facts);
  /// so_far is every finding of the run until now, of any family, for a check that knows
  /// more facts of them.
  [[nodiscard]] std::span<Finding> so_far() { return out_; }

 private:
  void add(const FindingSpec& spec, SourceRef where, std::string resource, std::vector<Fact> facts);

  std::span<const FindingSpec* const> may_report_;
  const Policy& policy_;
  const Selection& selection_;
  std::vector<Finding>& out_;
};

/// Check is one row of the table: the findings a family may report and a
/// function per thing it looks at. A null function says "does not apply".
struct Check {
  std::string_view family;
  std::span<const FindingSpec* const> may_report;
  void (*on_certificate)(const Subject&, const Policy&, FindingSink&) = nullptr;
  void (*on_artifact)(const Artifact&, const Policy&, FindingSink&) = nullptr;
  void (*on_inventory)(const Inventory&, const Policy&, FindingSink&) = nullptr;
  bool adds_facts = false;  ///< to findings of others: on_inventory runs whatever is asked for
};

/// all_checks is the table: checks.def, in its order.
[[nodiscard]] std::span<const Check* const> all_checks();

/// first_input names the first input of a run, for findings about what none of
/// them holds.
[[nodiscard]] SourceRef first_input(const Inventory& inventory);

/// judge_certificate runs every per-certificate rule: what `sweep` does with
/// each certificate, and what the benchmark measures.
void judge_certificate(const Subject& subject, const Policy& policy, const Selection& selection,
                       std::vector<Finding>& out);

}  // namespace meshcert::checks
