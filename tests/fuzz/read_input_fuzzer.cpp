#include "tests/fuzz/fuzzer.hpp"
#include "tests/support/collector.hpp"

using namespace meshcert;
using fuzz::require;

namespace {

void check_artifact(const Artifact& artifact) {
  require(artifact.certificates.empty() || artifact.leaf < artifact.certificates.size());
  for (std::size_t i = 0; i < artifact.certificates.size(); ++i) {
    const Certificate& certificate = artifact.certificates[i];
    bool owned = false;
    for (const auto& octets : artifact.storage) {
      owned = owned || (certificate.der.data() >= octets->data() &&
                        certificate.der.data() + certificate.der.size() <= octets->data() + octets->size());
    }
    require(owned);
    require(source_of(artifact, i).certificate == i);
    require(!to_string(role_of(artifact, i)).empty());
  }
}

}  // namespace

// Whatever the octets, there is something to say about them, and certificates
// view octets that their artifact owns.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  testing::Collector found = testing::read("f", fuzz::text_of(data, size));
  for (const Artifact& artifact : found.artifacts) check_artifact(artifact);
  for (const Defect& defect : found.defects()) require(!defect.detail.empty());
  require(!found.artifacts.empty() || !found.defects().empty());

  return 0;
}
