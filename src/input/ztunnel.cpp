#include "input/ztunnel.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

#include "input/certificates.hpp"
#include "input/data_source.hpp"
#include "input/listed.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

constexpr ListedFields kFields{"serial_number", "valid_from", "expiration_time", true};

// What ztunnel calls an identity that no workload of the node has any more.
constexpr std::string_view kForgotten = "the identity is no longer needed";

using Entry = ZtunnelEntry;

// "Initializing", "Available", or "Unavailable: REASON" (ztunnel src/identity/manager.rs).
void read_state(const Place& element, FieldReader& fields, Entry& entry) {
  constexpr std::string_view kUnavailable = "Unavailable";
  const auto place = fields.field(element, "state", Kind::text);
  if (!place) return;
  const std::string_view state = place->node->text;
  if (state == "Available") {
    entry.state = SecretState::active;
  } else if (state == "Initializing") {
    entry.state = SecretState::uninitialized;
  } else if (state.starts_with(kUnavailable)) {
    const std::size_t reason = state.find_first_not_of(": ", kUnavailable.size());
    entry.error = reason == std::string_view::npos ? "" : shown(state.substr(reason));
    entry.forgotten = entry.error == kForgotten;
    entry.state = entry.forgotten ? SecretState::none : SecretState::error;
  } else {
    fields.defect(DefectKind::malformed, *place, fmt::format("state is none that is known: {}", shown(state)),
                  false);
  }
}

// "cluster.local" of "spiffe://cluster.local/ns/..."; "" when it is none.
std::string trust_domain_of(std::string_view identity) {
  constexpr std::string_view kScheme = "spiffe://";
  if (!identity.starts_with(kScheme)) return {};
  identity.remove_prefix(kScheme.size());
  return shown(identity.substr(0, identity.find('/')));
}

Artifact begin(ArtifactKind kind, const Entry& entry, SourceRef source) {
  Artifact artifact;
  artifact.kind = kind;
  artifact.state = entry.state;
  artifact.source = std::move(source);
  return artifact;
}

constexpr std::string_view kAskZtunnel =
    "take it again, whole: istioctl ztunnel-config certificates -o json; if it is so there, see what the CA sent: kubectl logs -n "
    "istio-system daemonset/ztunnel";

Artifact begin_chain(const Entry& entry, SourceRef source) {
  Artifact artifact = begin(ArtifactKind::workload_chain, entry, std::move(source));
  artifact.name = shown(entry.identity);
  artifact.error_details = entry.error;
  return artifact;
}

// Named as SPIRE names the bundle of a trust domain.
Artifact begin_roots(const Entry& entry, SourceRef source) {
  Artifact artifact = begin(ArtifactKind::trust_bundle, entry, std::move(source));
  artifact.trust_domain = trust_domain_of(entry.identity);
  artifact.name = artifact.trust_domain.empty() ? "rootCerts" : "spiffe://" + artifact.trust_domain;
  return artifact;
}

// Reads one {pem, serialNumber, validFrom, expirationTime}.
void read_row(const Place& row, const Limits& limits, FieldReader& fields, Artifact& artifact) {
  const std::size_t index = artifact.certificates.size();
  const std::size_t told = fields.told();
  if (!fields.expect(row, Kind::mapping)) return;
  const auto pem = fields.field(row, "pem", Kind::text);
  const bool has_pem = pem && !pem->node->text.empty();
  if (has_pem) read_pem_value(*pem, limits, fields, artifact);
  Listed listed = read_listed(row, kFields, fields);
  if (artifact.certificates.size() > index) listed.certificate = index;
  if (listed.certificate || is_stated(listed)) {
    artifact.listed.push_back(std::move(listed));
  } else if (fields.told() == told) {
    fields.defect(DefectKind::no_certificates, row, "neither a certificate nor anything about one", true);
  }
}

// Only the first of a chain has the identity that it is listed under.
void read_chain(const Place& list, std::size_t rows, const Entry& entry, const Limits& limits,
                FieldReader& fields, Artifact& artifact) {
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t before = artifact.listed.size();
    if (i == 1) artifact.first_lost = artifact.certificates.empty();
    read_row(list.item(i), limits, fields, artifact);
    if (artifact.listed.size() == before) continue;
    Listed& listed = artifact.listed.back();
    listed.is_ca = i != 0;
    if (i == 0 && !entry.identity.empty()) listed.uris = {shown(entry.identity)};
  }
}

// Says why an identity has no certificate, where its state does not.
void note_none(const Place& element, const Entry& entry, FieldReader& fields) {
  if (entry.forgotten) {
    fields.defect(DefectKind::unsupported_block, element, fmt::format("ztunnel says that {}", kForgotten),
                  false);
  } else if (entry.state == SecretState::active || entry.state == SecretState::none) {
    fields.defect(Defect{DefectKind::no_certificates, fields.source(element),
                         entry.state == SecretState::active
                             ? "the identity is Available, but its certChain is empty"
                             : "an identity without state and certificates",
                         true, std::string(kAskZtunnel)});
  }
}

// Whether an entry without identity is one of ztunnel's: Envoy's /certs has neither of these.
bool is_ztunnel_rest(const Node& element) {
  if (element.field("root_certs") != nullptr) return true;
  const Node* chain = element.field("cert_chain");
  return chain != nullptr &&
         std::ranges::any_of(chain->items, [](const Node& row) { return row.field("pem") != nullptr; });
}

// Whether two artifacts say the same.
std::string contents_of(const Artifact& artifact) {
  std::string contents = artifact.trust_domain + '\n';
  for (const Certificate& certificate : artifact.certificates) contents += as_text(certificate.der);
  for (const Listed& listed : artifact.listed) {
    contents +=
        fmt::format("\n{} {} {}", listed.serial, listed.not_before ? to_rfc3339(*listed.not_before) : "",
                    listed.not_after ? to_rfc3339(*listed.not_after) : "");
  }
  return contents;
}

}  // namespace

bool is_ztunnel_identity(const Node& element) {
  if (element.field("identity") == nullptr) return is_ztunnel_rest(element);
  return element.field("state") != nullptr || element.field("cert_chain") != nullptr;
}

void ZtunnelReader::read_identity(const Place& element) {
  std::vector<Defect> defects;
  FieldReader fields(file_, defects);
  Entry entry;
  entry.identity = fields.text(element, "identity");
  if (entry.identity.empty())
    fields.defect(DefectKind::malformed, element,
                  "an entry without identity, which ztunnel writes in each: it was cut off, or edited", true);
  read_state(element, fields, entry);
  const auto chain = fields.field(element, "cert_chain", Kind::sequence);
  const auto roots = fields.field(element, "root_certs", Kind::sequence);
  const std::size_t rows = chain ? chain->node->items.size() : 0;
  const Node* stated_roots = element.node->field("root_certs");
  const bool unstated = stated_roots == nullptr || stated_roots->is(Kind::null);
  const bool legacy = rows > 1 && unstated && !entry.identity.empty();  // what was cut off has lost its last

  Artifact workload = begin_chain(entry, fields.source(chain && rows > 0 ? *chain : element));
  if (rows == 0 && defects.empty()) note_none(element, entry, fields);
  if (roots && roots->node->items.empty() && entry.state == SecretState::active)
    fields.defect(Defect{DefectKind::no_certificates, fields.source(*roots),
                         "rootCerts is empty: no peer can be verified", true, std::string(kAskZtunnel)});
  workload.defects = std::move(defects);
  FieldReader of_workload(file_, workload.defects);
  if (chain) read_chain(*chain, rows - (legacy ? 1 : 0), entry, limits_, of_workload, workload);
  auto rest = take_rest(workload);
  sink_.artifact(std::move(workload));
  if (rest) sink_.artifact(*std::move(rest));

  if (legacy) return read_roots(*chain, rows - 1, entry);
  if (roots && !roots->node->items.empty()) read_roots(*roots, 0, entry);
}

void ZtunnelReader::read_roots(const Place& list, std::size_t first, const ZtunnelEntry& entry) {
  Artifact artifact = begin_roots(entry, SourceRef{file_, list.node->line, list.pointer});
  FieldReader fields(file_, artifact.defects);
  for (std::size_t i = first; i < list.node->items.size(); ++i)
    read_row(list.item(i), limits_, fields, artifact);
  for (Listed& listed : artifact.listed) listed.is_ca = true;
  const bool is_new = roots_.insert(contents_of(artifact)).second;
  if (is_new || !artifact.defects.empty()) sink_.artifact(std::move(artifact));
}

}  // namespace meshcert::input
