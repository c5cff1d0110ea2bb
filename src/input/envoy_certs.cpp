#include "input/envoy_certs.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

#include "input/listed.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

constexpr ListedFields kFields{"serial_number", "valid_from", "expiration_time"};
constexpr std::string_view kRoots = "ca_cert";    // the first of the bundle only
constexpr std::string_view kLeaf = "cert_chain";  // the leaf, whatever the name says

std::vector<std::string> read_uris(const Place& row, FieldReader& fields) {
  std::vector<std::string> uris;
  const auto names = fields.field(row, "subject_alt_names", Kind::sequence);
  for (std::size_t i = 0; names && i < names->node->items.size(); ++i) {
    const Place name = names->item(i);
    if (!fields.expect(name, Kind::mapping)) continue;
    std::string uri = shown(fields.text(name, "uri"));
    if (!uri.empty()) uris.push_back(std::move(uri));
  }
  return uris;
}

ArtifactKind kind_of(std::string_view list, const Listed& listed) {
  if (list == kRoots) return ArtifactKind::trust_bundle;
  const bool workload =
      std::ranges::any_of(listed.uris, [](const std::string& uri) { return uri.starts_with("spiffe://"); });
  return workload ? ArtifactKind::workload_chain : ArtifactKind::tls_secret;
}

std::string time_text(const std::optional<Instant>& instant) {
  return instant ? to_rfc3339(*instant) : "";
}

std::string contents_of(const Artifact& artifact) {
  const Listed& listed = artifact.listed.front();
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", to_string(artifact.kind), artifact.name, listed.serial,
                     time_text(listed.not_before), time_text(listed.not_after), fmt::join(listed.uris, "\n"));
}

}  // namespace

bool is_envoy_certs_entry(const Node& element) {
  return element.field("identity") == nullptr &&
         (element.field(kRoots) != nullptr || element.field(kLeaf) != nullptr);
}

void EnvoyCertsReader::read_entry(const Place& element) {
  std::vector<Defect> defects;
  FieldReader fields(file_, defects);
  read_list(element, kRoots, fields);
  read_list(element, kLeaf, fields);
  for (Defect& defect : defects) sink_.defect(std::move(defect));
}

void EnvoyCertsReader::read_list(const Place& element, std::string_view name, FieldReader& fields) {
  const auto rows = fields.field(element, name, Kind::sequence);
  for (std::size_t i = 0; rows && i < rows->node->items.size(); ++i) {
    const Place row = rows->item(i);
    if (fields.expect(row, Kind::mapping)) read_row(row, name);
  }
}

void EnvoyCertsReader::read_row(const Place& row, std::string_view list) {
  Artifact artifact;
  FieldReader fields(file_, artifact.defects);
  artifact.source = fields.source(row);
  artifact.name = shown(fields.text(row, "path"));
  if (artifact.name.empty()) artifact.name = list;
  Listed listed = read_listed(row, kFields, fields);
  listed.is_ca = list == kRoots;
  listed.uris = read_uris(row, fields);
  artifact.kind = kind_of(list, listed);
  if (!is_stated(listed) && artifact.defects.empty())
    fields.defect(DefectKind::no_certificates, row, "nothing is stated of a certificate", true);
  artifact.listed.push_back(std::move(listed));
  const bool is_new = delivered_.insert(contents_of(artifact)).second;
  if (is_new || !artifact.defects.empty()) sink_.artifact(std::move(artifact));
}

}  // namespace meshcert::input
