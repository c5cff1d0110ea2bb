// How fast a log is read in which no line is known: access logs of ztunnel and Envoy,
// and the worst, text in which the ends of the literals stand without their beginnings.
#include <benchmark/benchmark.h>

#include <string>

#include "meshcert/artifact.hpp"
#include "meshcert/input.hpp"

namespace {

using namespace meshcert;

class Nothing final : public ArtifactSink {
 public:
  void artifact(Artifact&& artifact) override { benchmark::DoNotOptimize(artifact.log); }
  void defect(Defect&& /*defect*/) override {}
};

constexpr const char* kZtunnel =
    "2024-04-12T10:17:44.080629Z\tinfo\taccess\tconnection complete\tsrc.addr=10.244.0.16:52008 "
    "src.workload=productpage-v1-87d54dd59-fzflt src.namespace=bookinfo "
    "src.identity=\"spiffe://cluster.local/ns/bookinfo/sa/bookinfo-productpage\" dst.addr=10.244.0.14:15008 "
    "dst.service=reviews.bookinfo.svc.cluster.local direction=\"outbound\" bytes_sent=200 duration=\"2ms\"\n";
constexpr const char* kEnvoy =
    "[2024-01-01T06:00:00.123Z] \"GET /cart HTTP/1.1\" 200 - via_upstream - \"-\" 0 152 9 8 \"-\" \"curl/8.4.0\" "
    "\"0b7d1f0c-5a0e-9a62-8f0e-2b1f0c5a0e9a\" \"cart:8080\" \"10.0.0.12:8080\" "
    "outbound|8080||cart.shop.svc.cluster.local 10.1.1.1:41000 10.1.1.1:8080 10.0.0.5:50022 - default\n";
constexpr const char* kNearly =
    "2024-01-01T06:00:00.123Z\tinfo\tcertificate fetch done, signing gRPC answered, handshake without error from "
    "client, failed calling nobody, peer did present the expected SAN, certificate verification went well\n";

void BM_log(benchmark::State& state, const char* line) {
  std::string text;
  while (text.size() < (64U << 20U)) text += line;
  ReadOptions options;
  options.as = Format::log;
  for (auto _ : state) {
    Nothing sink;
    MemorySource source(as_bytes(text));
    benchmark::DoNotOptimize(read_input("x", source, options, sink));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}
BENCHMARK_CAPTURE(BM_log, ztunnel, kZtunnel);
BENCHMARK_CAPTURE(BM_log, envoy, kEnvoy);
BENCHMARK_CAPTURE(BM_log, nearly, kNearly);

}  // namespace
