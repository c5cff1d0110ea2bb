// meshcert-conformance SUITE < cases.jsonl > verdicts.jsonl
#include <iostream>

#include "tests/conformance/suite.hpp"

namespace {

int usage() {
  std::cerr << "usage: meshcert-conformance SUITE < cases.jsonl > verdicts.jsonl\nsuites:";
  for (const auto& suite : meshcert::conformance::all_suites()) std::cerr << ' ' << suite.name;
  std::cerr << '\n';
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const auto* suite = argc == 2 ? meshcert::conformance::find_suite(argv[1]) : nullptr;
  if (suite == nullptr) return usage();
  std::ios::sync_with_stdio(false);
  meshcert::conformance::judge_lines(*suite, std::cin, std::cout);
  return std::cout.flush() ? 0 : 1;
}
