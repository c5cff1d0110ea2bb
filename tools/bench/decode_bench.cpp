// What it costs to decode and to judge one certificate, in time and in
// allocations (none).
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <new>
#include <string>

#include "base/base64.hpp"
#include "checks/check.hpp"
#include "meshcert/certificate.hpp"

namespace {

std::atomic<std::size_t> allocations{0};

}  // namespace

// Not inlined: g++ 12 would take new and free for a mismatched pair.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

using meshcert::Certificate;

/// The first certificate of a file under certs/; empty when there is none.
std::vector<std::uint8_t> first_certificate(const std::string& name) {
  std::ifstream file(std::string(MESHCERT_SOURCE_DIR) + "/certs/" + name, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::string begin = "-----BEGIN CERTIFICATE-----";
  const auto from = text.find(begin);
  const auto to = text.find("-----END CERTIFICATE-----");
  if (from == std::string::npos || to == std::string::npos) return {};
  const auto body = text.substr(from + begin.size(), to - from - begin.size());
  return meshcert::base::decode_base64(body).value_or(std::vector<std::uint8_t>());
}

void BM_decode(benchmark::State& state, const char* name) {
  const auto der = first_certificate(name);
  if (!Certificate::decode(der)) return state.SkipWithError("certs/ has no such certificate");
  const auto before = allocations.load();
  for (auto _ : state) {
    auto certificate = Certificate::decode(der);
    benchmark::DoNotOptimize(certificate);
  }
  const auto made = static_cast<double>(allocations.load() - before);
  state.counters["allocations"] = benchmark::Counter(made, benchmark::Counter::kAvgIterations);
  state.counters["octets"] = static_cast<double>(der.size());
}
/// What a sweep does with a certificate: decode it and run every rule that
/// looks at one certificate, findings as data.
void BM_decode_and_judge(benchmark::State& state, const char* name) {
  const auto der = first_certificate(name);
  meshcert::Policy policy;
  policy.at = meshcert::parse_rfc3339("2024-01-01T06:00:00Z").value();
  const meshcert::Selection everything;
  meshcert::Artifact artifact;
  artifact.kind = meshcert::ArtifactKind::workload_chain;
  artifact.certificates.resize(1);
  std::vector<meshcert::Finding> findings;
  const auto before = allocations.load();
  for (auto _ : state) {
    artifact.certificates[0] = *Certificate::decode(der);
    const meshcert::checks::Subject subject{artifact, artifact.certificates[0], 0, meshcert::Role::leaf};
    meshcert::checks::judge_certificate(subject, policy, everything, findings);
    benchmark::DoNotOptimize(findings.data());
  }
  if (!findings.empty()) return state.SkipWithError("the certificate is not healthy");
  const auto made = static_cast<double>(allocations.load() - before);
  state.counters["allocations"] = benchmark::Counter(made, benchmark::Counter::kAvgIterations);
}
BENCHMARK_CAPTURE(BM_decode_and_judge, leaf_rsa_2048, "workload/healthy.pem");
BENCHMARK_CAPTURE(BM_decode_and_judge, leaf_p_256, "workload/healthy-ec.pem");

BENCHMARK_CAPTURE(BM_decode, leaf_rsa_2048, "workload/healthy.pem");
BENCHMARK_CAPTURE(BM_decode, leaf_p_256, "workload/healthy-ec.pem");
BENCHMARK_CAPTURE(BM_decode, root, "root/custom.pem");

}  // namespace
