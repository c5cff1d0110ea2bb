// References, continued: the hosts of servers, and the rows that list them.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/address.hpp"
#include "checks/gateway_judge.hpp"
#include "checks/gateway_references.hpp"

namespace meshcert::checks {

void References::begin(const Use& use) {
  ServerRow& row = rows_.emplace_back();
  row.report = {use.object->title(), use.part, use.mode, use.hosts, {}, std::nullopt, {}};
  row.places.push_back(place_key(use.where, use.resource()));
}

void References::note_in_row(const Use& use, const CredentialName& named) {
  if (rows_.empty() || use.alone) return;
  rows_.back().report.credentials.push_back(named.written);
  rows_.back().unknown = rows_.back().unknown || named.kind == CredentialName::Kind::elsewhere;
}

// What a server uses, found or not, goes into its row.
void References::note_in_row(const Use& use, const Target& target, const Located& located) {
  if (rows_.empty() || use.alone) return;
  ServerRow& row = rows_.back();
  row.unknown = row.unknown || located.unknown;
  for (const KubernetesObject* object : located.found) row.report.credentials.push_back(object->title());
  if (located.found.empty())
    row.report.credentials.push_back(
        Target{target.kind, located.missing.empty() ? target.space : located.missing.front(), target.name, ""}
            .title());
}

void References::note_in_row(const Use& use, const Taken& taken, bool presented) {
  if (rows_.empty() || use.alone) return;
  ServerRow& row = rows_.back();
  std::ranges::move(places_used(taken), std::back_inserter(row.places));
  if (!presented || !taken.is_readable()) return;
  const Instant end = taken.part->certificates[taken.part->leaf].not_after;
  row.report.not_after = std::min(row.report.not_after.value_or(end), end);
}

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
  if (bare.empty() && partly.empty()) return;
  const HostNames& names = names_of_chain(*presented.front());
  const std::size_t others = bare.size() + partly.size() - 1;
  const std::string& host = bare.empty() ? partly.front() : bare.front();
  const Artifact& chain = *presented.front();
  const bool is_address = !base::parse_address(host).empty();
  std::vector<Fact> facts{
      {"host", host},
      {"_more", others == 0 ? std::string() : fmt::format(" (and {} more that it is not for)", others)},
      {"secret", chain.resource.empty() ? chain.source.file : chain.resource},
      {"found", names.text()},
      {"_kind", std::string(is_address ? "IP address" : "DNS name")},
      {"_field", std::string(is_address ? "spec.ipAddresses" : "spec.dnsNames")},
      {"_why", bare.empty() ? "; " + host + " stands for every name below it" : names.why(host)}};
  if (!bare.empty()) return report(kHostNotCovered, use, std::move(facts));
  facts.push_back({"server", use.part});
  sink_.report_milder(kHostNotCovered, use.where, use.resource(), std::move(facts));
}

}  // namespace meshcert::checks
