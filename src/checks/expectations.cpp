// Which entry of --expect a workload falls under.

#include <algorithm>
#include <array>
#include <span>

#include "base/glob.hpp"
#include "checks/identity_judge.hpp"
#include "checks/trust_domains.hpp"
#include "meshcert/inspect.hpp"

namespace meshcert {
namespace {

constexpr std::string_view kWildcards = "*?";

// A name like my-app.my-ns ends in no extension.
constexpr std::array<std::string_view, 10> kExtensions{".json", ".yaml", ".yml", ".txt", ".pem",
                                                       ".crt",  ".cer",  ".der", ".log", ".out"};
constexpr std::array<std::string_view, 5> kCompressed{".gz", ".zst", ".bz2", ".xz", ".lz4"};

std::string_view without_ending(std::string_view name, std::span<const std::string_view> endings) {
  const auto ending =
      std::ranges::find_if(endings, [&](std::string_view end) { return name.ends_with(end); });
  return ending == endings.end() ? name : name.substr(0, name.size() - ending->size());
}

bool is_ztunnel_identity(const Artifact& artifact) {
  return artifact.source.pointer.ends_with("/certChain") || artifact.source.pointer.ends_with("/cert_chain");
}

bool has_workload_kind(const Artifact& artifact) {
  return artifact.kind == ArtifactKind::workload_chain && !artifact.certificates.empty();
}

bool meets_root(const RootExpectation& expected, const Inventory& inventory,
                const checks::TrustDomains& domains) {
  return std::ranges::any_of(inventory.artifacts, [&](const Artifact& artifact) {
    return domains.of(artifact).contains(expected.trust_domain) && checks::shows_roots(artifact);
  });
}

}  // namespace

void Expectations::index() {
  for (std::size_t i = 0; i < workloads.size(); ++i) {
    const std::string& match = workloads[i].match;
    if (match.find_first_of(kWildcards) == std::string::npos)
      literal_.try_emplace(match, i);
    else
      globs_.push_back(i);
  }
}

std::optional<std::size_t> Expectations::find(std::string_view workload) const {
  std::optional<std::size_t> first;
  if (const auto literal = literal_.find(workload); literal != literal_.end()) first = literal->second;
  for (const std::size_t glob : globs_) {
    if (first && glob > *first) break;
    if (base::matches_glob(workloads[glob].match, workload)) return glob;
  }
  return first;
}

std::string_view workload_name(const Artifact& artifact) {
  if (!artifact.workload.empty()) return artifact.workload;
  const std::string_view file = artifact.source.file;
  const std::string_view name = file.substr(file.find_last_of("/!") + 1);  // "all.tar!web-1.shop.json"
  return without_ending(without_ending(name, kCompressed), kExtensions);
}

bool is_subject_to_expectations(const Artifact& artifact) {
  const bool named = artifact.state != SecretState::none || artifact.source.pointer.empty();
  return has_workload_kind(artifact) && !is_ztunnel_identity(artifact) && named;
}

std::vector<std::string> unmatched_expectations(const Expectations& expectations,
                                                const Inventory& inventory) {
  std::vector<bool> met(expectations.workloads.size(), false);
  for (const Artifact& artifact : inventory.artifacts) {
    if (!is_subject_to_expectations(artifact) && !checks::states_identity(artifact)) continue;
    if (const auto entry = expectations.find(workload_name(artifact))) met[*entry] = true;
  }
  std::vector<std::string> unmatched;
  for (std::size_t i = 0; i < met.size(); ++i)
    if (!met[i]) unmatched.push_back(expectations.workloads[i].match);
  const checks::TrustDomains domains(inventory);
  for (const RootExpectation& root : expectations.roots)
    if (!meets_root(root, inventory, domains)) unmatched.push_back("roots of " + root.trust_domain);
  return unmatched;
}

}  // namespace meshcert
