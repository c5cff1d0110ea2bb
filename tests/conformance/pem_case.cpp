#include "tests/conformance/pem_case.hpp"

#include <algorithm>
#include <chrono>

#include "meshcert/input.hpp"

namespace meshcert::conformance {
namespace {

bool lost_any(const std::vector<Defect>& defects) {
  return std::ranges::any_of(defects, &Defect::lost);
}

/// The block that a certificate was decoded from.
ByteView behind(const Artifact& artifact, const Certificate& certificate) {
  for (const auto& block : artifact.storage)
    if (certificate.der.data() == block->data()) return ByteView(*block).subspan(certificate.der.size());
  return {};
}

}  // namespace

Result<std::vector<PemCertificate>, std::string> read_certificates(const std::string& pem) {
  InventorySink collector;
  ReadOptions options;
  options.as = Format::pem;
  read_input("case.pem", as_bytes(pem), options, collector);
  if (lost_any(collector.inventory.defects)) return fail(std::string("a PEM block that cannot be read"));
  std::vector<PemCertificate> certificates;
  for (Artifact& artifact : collector.inventory.artifacts) {
    if (lost_any(artifact.defects)) return fail(std::string("a certificate that cannot be read"));
    for (const Certificate& certificate : artifact.certificates) {
      const ByteView after = behind(artifact, certificate);
      auto octets =
          std::make_unique<std::vector<std::uint8_t>>(certificate.der.data(), after.data() + after.size());
      if (after.empty()) octets->assign(certificate.der.begin(), certificate.der.end());
      const std::size_t size = certificate.der.size();
      auto decoded = Certificate::decode(*octets);
      if (!decoded) return fail(std::string(decoded.error()));
      const ByteView rest = ByteView(*octets).subspan(size);
      certificates.push_back({std::move(octets), *decoded, rest});
    }
  }
  if (certificates.empty()) return fail(std::string("no certificate"));
  return certificates;
}

Result<std::vector<std::string>, std::string> text_list(const Json& row, const char* name) {
  std::vector<std::string> list;
  const auto member = row.find(name);
  if (member == row.end() || member->is_null()) return list;
  const std::string complaint = "member \"" + std::string(name) + "\" is no list of text";
  if (!member->is_array()) return fail(complaint);
  for (const Json& item : *member) {
    if (!item.is_string()) return fail(complaint);
    list.push_back(item.get<std::string>());
  }
  return list;
}

Result<Instant, std::string> instant_of(const Json& row) {
  const auto member = row.find("validation_time");
  if (member == row.end() || member->is_null())
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (!member->is_string()) return fail(std::string("validation_time is not text"));
  auto instant = parse_rfc3339(member->get<std::string>());
  if (!instant) return fail("validation_time: " + std::string(instant.error()));
  return *instant;
}

}  // namespace meshcert::conformance
