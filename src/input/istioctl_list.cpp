#include "input/istioctl_list.hpp"

#include <utility>

#include "input/certificates.hpp"
#include "input/data_source.hpp"
#include "input/envoy_material.hpp"
#include "input/listed.hpp"
#include "input/secret_names.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

constexpr ListedFields kFields{"serial_number", "not_before", "not_after"};

SecretState state_of(std::string_view word, bool has_data) {
  if (word == "UNINITIALIZED" || (word == "WARMING" && !has_data)) return SecretState::uninitialized;
  if (word == "WARMING") return SecretState::warming;
  return word == "ACTIVE" ? SecretState::active : SecretState::none;
}

ArtifactKind kind_of(const Artifact& artifact, std::string_view type) {
  if (!artifact.certificates.empty() && is_workload_leaf(artifact.certificates.front()))
    return ArtifactKind::workload_chain;
  const ArtifactKind kind = kind_by_name(artifact.name);
  return type == "CA" && kind == ArtifactKind::tls_secret ? ArtifactKind::trust_bundle : kind;
}

}  // namespace

bool is_istioctl_item(const Node& element) {
  return element.field("resource_name") != nullptr &&
         (element.field("cert") != nullptr || element.field("serial_number") != nullptr);
}

void read_istioctl_item(const std::string& file, const Place& element, const Limits& limits,
                        ArtifactSink& sink) {
  Artifact artifact;
  FieldReader fields(file, artifact.defects);
  artifact.source = fields.source(element);
  artifact.name = shown(fields.text(element, "resource_name"));
  artifact.trust_domain = shown(fields.text(element, "trust_domain"));
  const auto pem = fields.field(element, "cert", Kind::text);
  const bool has_pem = pem && !pem->node->text.empty();
  if (has_pem) read_pem_value(*pem, limits, fields, artifact);
  Listed listed = read_listed(element, kFields, fields);
  const std::string type = fields.text(element, "type");
  artifact.kind = kind_of(artifact, type);
  artifact.state = state_of(fields.text(element, "state"), has_pem || is_stated(listed));
  listed.is_ca = type == "CA";
  if (!artifact.certificates.empty()) listed.certificate = 0;
  if (is_stated(listed)) {
    artifact.listed.push_back(std::move(listed));
  } else if (artifact.state != SecretState::uninitialized && !has_pem && artifact.defects.empty()) {
    fields.defect(DefectKind::no_certificates, element, "neither a certificate nor anything about one", true);
  }
  sink.artifact(std::move(artifact));
}

}  // namespace meshcert::input
