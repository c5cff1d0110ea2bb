// What it costs to decode one certificate, in time and in allocations (none).
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <new>
#include <string>

#include "base/base64.hpp"
#include "meshcert/certificate.hpp"

namespace {

std::atomic<std::size_t> allocations{0};

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
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
BENCHMARK_CAPTURE(BM_decode, leaf_rsa_2048, "workload/healthy.pem");
BENCHMARK_CAPTURE(BM_decode, leaf_p_256, "workload/healthy-ec.pem");
BENCHMARK_CAPTURE(BM_decode, root, "root/custom.pem");

}  // namespace
