#include "meshcert/chain_report.hpp"

#include "checks/chain_path.hpp"
#include "checks/chain_walk.hpp"

namespace meshcert {
namespace {

PathLink link_of(const Certificate& certificate) {
  const auto uris = uri_names(certificate);
  return {to_rfc4514(certificate.subject), uris.empty() ? std::string() : std::string(uris.front()),
          sha256_fingerprint(certificate)};
}

std::vector<std::string> names_of(const Certificate& leaf, const path::Settings& settings) {
  std::vector<std::string> names;
  for (const auto& wanted : settings.names)
    for (const path::PeerName& name : wanted)
      if (path::has_name(leaf, name)) names.push_back(to_string(name));
  return names;
}

ChainReport::Path report_of(const path::Path& path, const path::Settings& settings) {
  ChainReport::Path report;
  report.holds = path.holds();
  report.names = names_of(*path.certificates.front(), settings);
  for (const Certificate* certificate : path.certificates) report.links.push_back(link_of(*certificate));
  report.links.back().trusted = path.anchored;
  for (const path::Fault& fault : path.faults)
    report.faults.push_back({std::string(path::code_of(fault.kind)), fault.certificate, path::describe(fault),
                             std::string(path::clause_of(fault.kind))});
  return report;
}

}  // namespace

std::vector<ChainReport> report_chains(const Inventory& inventory, const Policy& policy) {
  checks::ChainVerifier verifier(inventory, policy);
  std::vector<ChainReport> reports;
  for (std::size_t i = 0; i < inventory.artifacts.size(); ++i) {
    const Artifact& chain = inventory.artifacts[i];
    if (is_bundle(chain.kind) || chain.certificates.empty()) continue;
    const std::size_t leaf = checks::walk_chain(chain, verifier.signatures()).path.front();
    ChainReport report{i, {}};
    for (const path::Path& path : verifier.verify(chain, leaf, path::Explain::every_path).verdict.paths)
      report.paths.push_back(report_of(path, verifier.settings()));
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace meshcert
