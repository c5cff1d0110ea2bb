#include <fmt/format.h>

#include <memory>
#include <utility>

#include "input/files.hpp"
#include "input/spiffe_bundle.hpp"
#include "input/withheld.hpp"
#include "meshcert/spiffe_id.hpp"

namespace meshcert::input {

bool is_bundle_map(const Node& node) {
  const Node* domains = node.find("trust_domains");
  return domains != nullptr && domains->is(Node::Kind::mapping);
}

std::string named_domain(std::string_view name) {
  return name.empty() ? "\"\"" : shown(name);
}

void read_bundle_map(const std::string& file, const Place& document, ArtifactSink& sink) {
  const Place domains{document.node->find("trust_domains"), child_pointer(document.pointer, "trust_domains")};
  if (domains.node->members.empty()) {
    auto bundle = std::make_shared<SpiffeBundle>();
    bundle->is_spiffe = bundle->in_map = bundle->is_empty_map = true;
    Artifact artifact = begin_bundle(file, domains);
    artifact.kind = ArtifactKind::trust_bundle;
    artifact.validator = domains.pointer;
    artifact.bundle = std::move(bundle);
    return sink.artifact(std::move(artifact));
  }
  for (const Node::Member& domain : domains.node->members) {
    const Place place{&domain.value, child_pointer(domains.pointer, domain.key)};
    Artifact artifact = begin_bundle(file, place);
    FieldReader fields(file, artifact.defects);
    artifact.name = artifact.trust_domain = named_domain(domain.key);
    artifact.validator = domains.pointer;
    if (fields.expect(place, Node::Kind::mapping)) read_bundle(place, BundleRole::of_map, fields, artifact);
    if (const auto name = TrustDomain::parse(domain.key); !name && artifact.bundle) {
      auto named = std::make_shared<SpiffeBundle>(*artifact.bundle);
      named->faults.push_back(
          {BundleFaultKind::bad_metadata, fields.source(place),
           fmt::format("{} is no name of a trust domain: {}", shown(domain.key), name.error())});
      artifact.bundle = std::move(named);
    }
    sink.artifact(std::move(artifact));
  }
}

}  // namespace meshcert::input
