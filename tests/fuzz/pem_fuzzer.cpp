#include "input/pem_text.hpp"
#include "tests/fuzz/fuzzer.hpp"

using namespace meshcert;
using fuzz::require;

// Every BEGIN of a text is accounted for, and what cannot be used is explained.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Limits limits;
  limits.pem_blocks = 64;
  limits.defects = 8;
  Artifact artifact;
  const input::PemOrigin origin{SourceRef{"f"}, true};
  const input::PemTally tally = input::append_pem(fuzz::text_of(data, size), origin, limits, artifact);
  require(tally.begun == tally.certificates + tally.sets + tally.wrapped + tally.keys + tally.parameters +
                             tally.unsupported + tally.rejected);
  bool lost = false;
  for (const Defect& defect : artifact.defects) {
    require(!defect.detail.empty());
    lost = lost || defect.lost;
  }
  require(tally.rejected == 0 || lost);
  require(artifact.certificates.size() >= tally.certificates);
  for (const Certificate& certificate : artifact.certificates) {
    require(certificate.der.size() > 2 && certificate.der[0] == 0x30 && certificate.line != 0);
  }
  return 0;
}
