#include <fstream>
#include <iostream>
#include <iterator>

#include "meshcert/input.hpp"
#include "meshcert/report.hpp"

int main(int, char** argv) {
  std::ifstream file(argv[1], std::ios::binary);
  const std::string octets(std::istreambuf_iterator<char>(file), {});
  meshcert::InventorySink sink;
  meshcert::read_input(argv[1], meshcert::as_bytes(octets), {}, sink);
  meshcert::Policy policy;
  policy.at = meshcert::parse_rfc3339(argv[2]).value();
  for (const auto& finding : meshcert::judge(sink.inventory, policy, {}))
    std::cout << finding.spec->code << ": " << message_of(finding) << "\n";
}
