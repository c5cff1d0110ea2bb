#include "input/certificates.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <utility>

#include "x509/decode.hpp"

namespace meshcert::input {
namespace {

// A SPIFFE ID of a trust domain itself, as signing certificates carry.
bool is_pathless(std::string_view uri) {
  constexpr std::string_view kScheme = "spiffe://";
  return uri.size() <= kScheme.size() || uri.find('/', kScheme.size()) == std::string_view::npos;
}

bool may_sign(const Certificate& certificate) {
  const auto& usage = certificate.extensions.key_usage;
  return certificate.is_ca() && (!usage || usage->has(KeyUsage::key_cert_sign));
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

std::string block_prefix(std::size_t block, std::size_t of) {
  return of > 1 ? fmt::format("block {} of {}: ", block, of) : "";
}

SourceRef CertificatePlace::where() const {
  SourceRef place = source;
  place.line = line;
  return place;
}

std::string CertificatePlace::prefix() const {
  return block_prefix(block, of);
}

bool is_blank(ByteView octets) {
  return std::ranges::all_of(
      octets, [](std::uint8_t octet) { return octet == ' ' || (octet >= '\t' && octet <= '\r'); });
}

std::optional<std::string> append_certificate(ByteView octets, const CertificatePlace& place,
                                              Artifact& artifact) {
  Certificate& certificate = artifact.certificates.emplace_back();
  if (const auto reason = x509::decode_into(certificate, octets)) {
    artifact.certificates.pop_back();
    return std::string(*reason);
  }
  certificate.line = place.line;
  const ByteView rest = octets.subspan(certificate.der.size());
  if (!rest.empty() && !place.more_follows) {
    Defect defect{DefectKind::trailing_data, place.where(),
                  fmt::format("{}{} octets", place.prefix(), rest.size()), !is_blank(rest)};
    defect.where.certificate = static_cast<std::uint32_t>(artifact.certificates.size() - 1);
    artifact.defects.push_back(std::move(defect));
  }
  return std::nullopt;
}

std::optional<std::string> append_crl(ByteView octets, const CertificatePlace& place, Artifact& artifact) {
  auto decoded = Crl::decode(octets);
  if (!decoded) return std::string(decoded.error());
  decoded->line = place.line;
  const ByteView rest = octets.subspan(decoded->der.size());
  if (!rest.empty() && !place.more_follows)
    artifact.defects.push_back(Defect{DefectKind::trailing_data, place.where(),
                                      fmt::format("{}{} octets", place.prefix(), rest.size()),
                                      !is_blank(rest)});
  artifact.crls.push_back(*std::move(decoded));
  return std::nullopt;
}

bool is_ca_like(const Certificate& certificate) {
  const Extensions& extensions = certificate.extensions;
  if (!extensions.basic_constraints.absent()) return certificate.is_ca();
  const bool end_entity = !extensions.extended_key_usage.absent() || !extensions.subject_alt_name.absent() ||
                          (extensions.key_usage && !extensions.key_usage->has(KeyUsage::key_cert_sign));
  return certificate.is_self_issued() && !end_entity;
}

bool is_workload_leaf(const Certificate& certificate) {
  const auto& names = certificate.extensions.subject_alt_name;
  if (!names || !names->has_spiffe_uri) return false;
  if (!certificate.is_ca()) return true;
  // A path names a workload, and a CA that has one was meant for it, unless it is a root.
  return !is_pathless(names->first_uri) && (!may_sign(certificate) || !certificate.is_self_issued());
}

std::size_t find_leaf(const std::vector<Certificate>& certificates) {
  if (!is_ca_like(certificates.front())) return 0;
  const auto leaf = std::ranges::find_if_not(certificates, is_ca_like);
  return leaf == certificates.end() ? 0 : static_cast<std::size_t>(leaf - certificates.begin());
}

void classify_file(Artifact& artifact, bool as_workload_chain) {
  const auto& certificates = artifact.certificates;
  artifact.leaf = find_leaf(certificates);
  const Certificate& leaf = certificates[artifact.leaf];
  const bool bundle = std::ranges::all_of(certificates, is_ca_like);
  // One CA certificate that another CA issued may be the leaf of someone who says so; a root never is.
  const bool lone_ca = bundle && certificates.size() == 1 && !leaf.is_self_issued();
  const auto& names = leaf.extensions.subject_alt_name;
  const bool of_workload = names && names->has_spiffe_uri && !is_pathless(names->first_uri);
  if (base_name(artifact.source.file) == "root-cert.pem") {
    artifact.kind = ArtifactKind::trust_bundle;
  } else if (is_workload_leaf(leaf) || (as_workload_chain && (!bundle || lone_ca || of_workload))) {
    artifact.kind = ArtifactKind::workload_chain;
  } else {
    artifact.kind = bundle ? ArtifactKind::ca_bundle : ArtifactKind::certificate_chain;
  }
}

bool has_lost_leaf(const Artifact& artifact) {
  return artifact.first_lost && !artifact.certificates.empty() &&
         is_ca_like(artifact.certificates[artifact.leaf]);
}

std::optional<Artifact> take_rest(Artifact& chain) {
  if (!has_lost_leaf(chain) || is_bundle(chain.kind) || chain.kind == ArtifactKind::ca_secret) return {};
  Artifact rest;
  rest.first_lost = true;
  rest.kind = ArtifactKind::ca_bundle;
  rest.name = chain.name;
  rest.resource = chain.resource;
  rest.document = chain.document;
  rest.workload = chain.workload;
  rest.source = chain.source;
  rest.state = chain.state;
  rest.last_updated = chain.last_updated;
  rest.version_info = chain.version_info;
  rest.object = chain.object;
  rest.certificates = std::exchange(chain.certificates, {});
  rest.storage = chain.storage;
  const auto [behind, end] =
      std::ranges::partition(chain.listed, [](const Listed& listed) { return !listed.certificate; });
  std::ranges::move(behind, end, std::back_inserter(rest.listed));
  chain.listed.erase(behind, end);
  return rest;
}

void classify_presented(Artifact& artifact, bool as_workload_chain) {
  artifact.presented = true;
  artifact.leaf = 0;
  const auto& names = artifact.certificates.front().extensions.subject_alt_name;
  const bool workload = as_workload_chain || (names && names->has_spiffe_uri);
  artifact.kind = workload ? ArtifactKind::workload_chain : ArtifactKind::certificate_chain;
}

}  // namespace meshcert::input
