#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "meshcert/finding.hpp"
#include "meshcert/inventory.hpp"
#include "meshcert/policy.hpp"

namespace meshcert {

/// Selection narrows what is reported: whole families for a verb
/// (`expiry` = validity), codes or families for --select and --ignore.
struct Selection {
  std::vector<std::string> only;    ///< codes or families; empty is everything
  std::vector<std::string> ignore;  ///< codes or families
  std::size_t most = SIZE_MAX;      ///< findings that are kept, and one more that tells of the rest
  /// losses: also findings of other codes that say why octets could not be used.
  bool losses = false;
  [[nodiscard]] bool wants(std::string_view code) const;
  /// wants_loss: the same of a finding that says so.
  [[nodiscard]] bool wants_loss(std::string_view code) const;
};

/// judge runs every check over the inventory and returns the findings, sorted
/// by place and without repeats.
[[nodiscard]] std::vector<Finding> judge(const Inventory& inventory, const Policy& policy,
                                         const Selection& selection);

/// decide_self_signed verifies every self-issued certificate with its own key,
/// for the rules and reports that tell roots from namesakes. The only
/// cryptography of a run without path verification.
void decide_self_signed(Inventory& inventory);

/// ValidityStatus is what the dates of a certificate say against the policy's
/// instant and thresholds; the worst that holds.
enum class ValidityStatus : std::uint8_t { ok, warning, critical, expired, not_yet_valid };
inline constexpr std::size_t kValidityStatuses = 5;
[[nodiscard]] std::string_view to_string(ValidityStatus status);  ///< "ok", "not-yet-valid" ...
[[nodiscard]] ValidityStatus validity_status(const Certificate& certificate, const Policy& policy);

/// workload_name is what --expect matches: POD.NAMESPACE of the dump an artifact
/// comes from, else the name of its file without a known extension.
[[nodiscard]] std::string_view workload_name(const Artifact& artifact);

/// holds_mesh_roots: a bundle with certificates that workloads trust for their mesh, not one for an upstream
/// alone.
[[nodiscard]] bool holds_mesh_roots(const Artifact& artifact);

/// is_subject_to_expectations: a workload's chain of the workload that its dump or
/// file is named for. What a ztunnel lists are the identities of others.
[[nodiscard]] bool is_subject_to_expectations(const Artifact& artifact);

/// unmatched_expectations lists the entries that were compared with nothing in the
/// inputs: globs of workloads, "roots of TRUST-DOMAIN".
[[nodiscard]] std::vector<std::string> unmatched_expectations(const Expectations& expectations,
                                                              const Inventory& inventory);

/// finding_specs lists the whole catalogue, in its order.
[[nodiscard]] std::span<const FindingSpec* const> finding_specs();
/// find_spec finds a code; null when it is unknown.
[[nodiscard]] const FindingSpec* find_spec(std::string_view code);
/// is_family answers whether the word is a family of the catalogue.
[[nodiscard]] bool is_family(std::string_view word);
/// nearest_codes suggests what a misspelt code or family may have meant.
[[nodiscard]] std::vector<std::string_view> nearest_codes(std::string_view word);

}  // namespace meshcert
