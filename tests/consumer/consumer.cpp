#include <fstream>
#include <iostream>
#include <iterator>

#include "meshcert/input.hpp"
#include "meshcert/report.hpp"

struct Collector : meshcert::ArtifactSink {
  meshcert::Inventory found;
  void artifact(meshcert::Artifact&& artifact) override { found.artifacts.push_back(std::move(artifact)); }
  void defect(meshcert::Defect&& defect) override { found.defects.push_back(std::move(defect)); }
};

int main(int, char** argv) {
  std::ifstream file(argv[1], std::ios::binary);
  const std::string octets(std::istreambuf_iterator<char>(file), {});
  Collector sink;
  meshcert::read_input(argv[1], meshcert::as_bytes(octets), {}, sink);
  meshcert::Policy policy;
  policy.at = meshcert::parse_rfc3339(argv[2]).value();
  for (const auto& finding : meshcert::judge(sink.found, policy, {}))
    std::cout << finding.spec->code << ": " << message_of(finding) << "\n";
}
