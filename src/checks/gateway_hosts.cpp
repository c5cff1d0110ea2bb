// References, continued: the hosts of servers.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/address.hpp"
#include "checks/gateway_judge.hpp"
#include "checks/gateway_references.hpp"

namespace meshcert::checks {
namespace {

// What Envoy counts (source/common/tls/server_context_impl.cc): an e-mail address is no name of a server.
bool has_names(const Certificate& certificate) {
  using enum GeneralName::Type;
  const auto& names = certificate.extensions.subject_alt_name;
  const auto counts = [](const GeneralName& name) {
    return name.type == dns || name.type == ip || name.type == uri;
  };
  return (names && std::ranges::any_of(names->names, counts)) ||
         !attribute_values(certificate.subject, AttributeType::common_name).empty();
}

std::string shown_secret(const Artifact& chain) {
  return chain.resource.empty() ? chain.source.file : chain.resource;
}

}  // namespace

void References::present_file(const Artifact& chain, const Use& use) {
  check_hosts(use, {&chain});
}

const HostNames& References::names_of_chain(const Artifact& chain) {
  const auto [entry, is_new] = host_names_.try_emplace(&chain);
  if (is_new) entry->second.add(chain.certificates[chain.leaf]);
  return entry->second;
}

// Of several certificates Envoy presents the one that fits; so one has to.
void References::check_hosts(const Use& use, const Presented& presented) {
  using Cover = HostNames::Cover;
  if (presented.empty() || !use.serves) return;
  std::vector<std::string> bare, partly;
  for (const std::string& host : use.hosts) {
    if (host == "*" || host.empty()) continue;
    Cover best = Cover::none;
    for (const Artifact* chain : presented) best = std::min(best, names_of_chain(*chain).covers(host));
    if (best != Cover::whole) (best == Cover::part ? partly : bare).push_back(host);
  }
  if (bare.empty() && partly.empty()) return check_any_name(use, presented);
  const HostNames& names = names_of_chain(*presented.front());
  const std::size_t others = bare.size() + partly.size() - 1;
  const std::string& host = bare.empty() ? partly.front() : bare.front();
  const Artifact& chain = *presented.front();
  const bool is_address = !base::parse_address(host).empty();
  std::vector<Fact> facts{
      {"host", host},
      {"_more", others == 0 ? std::string() : fmt::format(" (and {} more that it is not for)", others)},
      {"secret", shown_secret(chain)},
      {"found", names.text()},
      {"_kind", is_address ? "IP address" : "DNS name"},
      {"_field", is_address ? "spec.ipAddresses" : "spec.dnsNames"},
      {"_why", bare.empty() ? "; " + host + " stands for every name below it" : names.why(host)}};
  if (!bare.empty()) return report(kHostNotCovered, use, std::move(facts));
  facts.push_back({"server", use.part});
  sink_.report_milder(kHostNotCovered, use.where, use.resource(), std::move(facts));
}

// The host "*" asks for no name, and Envoy for one all the same.
void References::check_any_name(const Use& use, const Presented& presented) {
  for (const Artifact* chain : presented) {
    const Certificate& leaf = chain->certificates[chain->leaf];
    if (!has_names(leaf))
      report(kNoNames, use, {{"subject", name_of(leaf.subject)}, {"secret", shown_secret(*chain)}});
  }
}

}  // namespace meshcert::checks
