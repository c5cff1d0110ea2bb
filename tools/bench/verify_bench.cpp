// What it costs to verify many leaves under one intermediate: the signatures
// alone, our verifier, whole paths, and one call of `openssl verify` over the same
// files. Times are of all leaves together.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "path/verify.hpp"
#include "x509/crypto.hpp"

namespace {

using namespace meshcert;

constexpr long kLeaves = 10'000;
constexpr long kDay = 24 * 60 * 60;

template <auto function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    function(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using X509Certificate = std::unique_ptr<X509, Free<X509_free>>;

struct Kept {
  std::vector<std::uint8_t> octets;
  Certificate certificate;
};

void add_extension(X509* certificate, int nid, const char* value) {
  const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
  X509_add_ext(certificate, extension.get(), -1);
}

void set_name(X509_NAME* name, const char* common_name) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common_name),
                             -1, -1, 0);
}

X509Certificate issue(const char* subject, EVP_PKEY* key, const char* issuer, EVP_PKEY* signer, bool is_ca,
                      long serial) {
  X509Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  set_name(X509_get_subject_name(certificate.get()), subject);
  set_name(X509_get_issuer_name(certificate.get()), issuer);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kDay);
  X509_set_pubkey(certificate.get(), key);
  add_extension(certificate.get(), NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
  add_extension(certificate.get(), NID_key_usage,
                is_ca ? "critical,keyCertSign" : "critical,digitalSignature");
  if (!is_ca)
    add_extension(certificate.get(), NID_subject_alt_name, "URI:spiffe://cluster.local/ns/shop/sa/cart");
  X509_sign(certificate.get(), signer, EVP_sha256());
  return certificate;
}

/// Corpus is a root, an intermediate and many leaves, decoded and in files.
struct Corpus {
  std::filesystem::path directory = std::filesystem::temp_directory_path() / "meshcert-bench";
  std::vector<std::unique_ptr<Kept>> certificates;  ///< root, intermediate, leaves
  std::vector<std::string> command;                 ///< `openssl verify` of all leaves

  Corpus() {
    const Key root(EVP_RSA_gen(2048)), intermediate(EVP_RSA_gen(2048)), leaf(EVP_EC_gen("P-256"));
    std::filesystem::create_directories(directory);
    command = {"openssl", "verify", "-CAfile"};
    command.push_back(keep(issue("root", root.get(), "root", root.get(), true, 1)));
    command.emplace_back("-untrusted");
    command.push_back(keep(issue("ca", intermediate.get(), "root", root.get(), true, 2)));
    for (long i = 0; i < kLeaves; ++i)
      command.push_back(keep(issue("leaf", leaf.get(), "ca", intermediate.get(), false, 3 + i)));
  }
  ~Corpus() { std::filesystem::remove_all(directory); }

  /// keep decodes a certificate, writes it into a file and returns the file's name.
  std::string keep(const X509Certificate& certificate) {
    auto kept = std::make_unique<Kept>();
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate.get(), &der);
    kept->octets.assign(der, der + size);
    OPENSSL_free(der);
    kept->certificate = *Certificate::decode(kept->octets);
    certificates.push_back(std::move(kept));
    const auto file = directory / (std::to_string(certificates.size()) + ".pem");
    std::FILE* out = std::fopen(file.c_str(), "w");
    PEM_write_X509(out, certificate.get());
    std::fclose(out);
    return file.string();
  }
  [[nodiscard]] const Certificate& at(std::size_t index) const { return certificates[index]->certificate; }
};

const Corpus& corpus() {
  static const Corpus made;
  return made;
}

void count_leaves(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * kLeaves);
}

/// The floor: one hash and one EVP_PKEY_verify a leaf, everything prepared.
void raw_signatures(benchmark::State& state) {
  const Corpus& all = corpus();
  const ByteView spki = all.at(1).key.spki;
  const unsigned char* at = spki.data();
  const Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  const std::unique_ptr<EVP_MD, Free<EVP_MD_free>> digest(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  const std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>> hasher(EVP_MD_CTX_new());
  const std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>> context(EVP_PKEY_CTX_new(key.get(), nullptr));
  EVP_PKEY_verify_init(context.get());
  EVP_PKEY_CTX_set_signature_md(context.get(), digest.get());
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  for (auto _ : state) {
    for (std::size_t i = 2; i < all.certificates.size(); ++i) {
      const Certificate& leaf = all.at(i);
      EVP_DigestInit_ex2(hasher.get(), digest.get(), nullptr);
      EVP_DigestUpdate(hasher.get(), leaf.tbs.data(), leaf.tbs.size());
      EVP_DigestFinal_ex(hasher.get(), hash, &size);
      if (EVP_PKEY_verify(context.get(), leaf.signature.data(), leaf.signature.size(), hash, size) != 1)
        state.SkipWithError("a signature that does not verify");
    }
  }
  count_leaves(state);
}

void verifier(benchmark::State& state) {
  const Corpus& all = corpus();
  for (auto _ : state) {
    x509::SignatureVerifier signatures;
    for (std::size_t i = 2; i < all.certificates.size(); ++i)
      if (signatures.verify(all.at(i), all.at(1).key) != true) state.SkipWithError("not verified");
  }
  count_leaves(state);
}

void whole_paths(benchmark::State& state) {
  const Corpus& all = corpus();
  path::Store store;
  store.trust(all.at(0));
  store.offer(all.at(1));
  path::Settings settings;
  settings.at = all.at(0).not_before + std::chrono::hours(24);
  for (auto _ : state) {
    x509::SignatureVerifier signatures;
    for (std::size_t i = 2; i < all.certificates.size(); ++i)
      if (!path::verify(all.at(i), store, settings, signatures).valid) state.SkipWithError("not valid");
  }
  count_leaves(state);
}

/// run starts a program without a shell, whose lines are too short, and waits for it.
bool run(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  int status = -1;
  const bool started = posix_spawnp(&child, arguments[0], &quiet, nullptr, arguments.data(), environ) == 0;
  posix_spawn_file_actions_destroy(&quiet);
  return started && waitpid(child, &status, 0) == child && status == 0;
}

double seconds_of_children() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Two signatures a leaf, and all that `openssl verify` does besides; its own CPU time is a counter.
void openssl_verify(benchmark::State& state) {
  const auto& command = corpus().command;
  const double before = seconds_of_children();
  for (auto _ : state)
    if (!run(command)) state.SkipWithError("openssl verify failed");
  state.counters["cpu_seconds"] =
      benchmark::Counter(seconds_of_children() - before, benchmark::Counter::kAvgIterations);
  count_leaves(state);
}

BENCHMARK(raw_signatures)->UseRealTime()->ThreadRange(1, 2);
BENCHMARK(verifier)->UseRealTime()->ThreadRange(1, 2);
BENCHMARK(whole_paths)->UseRealTime()->ThreadRange(1, 2);
BENCHMARK(openssl_verify)->UseRealTime();

}  // namespace
