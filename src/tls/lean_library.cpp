#include "tls/lean_library.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "x509/ossl.hpp"

namespace meshcert::tls {
namespace {

// The default provider of the default context, whose algorithms these are. It stays loaded
// to the end of the process, as it does when nobody asks for it.
OSSL_PROVIDER* all_algorithms() {
  static OSSL_PROVIDER* const kProvider = OSSL_PROVIDER_load(nullptr, "default");
  return kProvider;
}

// Row names what is kept of one kind of algorithms.
struct Row {
  int operation;
  std::vector<std::string_view> words;  // one of them is in its names, or is the first
  bool whole;                           // the first of its names is one of the words
};

const std::array<Row, 3>& rows() {
  static const std::array<Row, 3> kRows{{
      // Keys in certificates.
      {OSSL_OP_DECODER, {"RSA", "RSA-PSS", "EC", "ED25519", "ED448", "DSA"}, true},
      // These, and what is agreed on and derived with.
      {OSSL_OP_KEYMGMT,
       {"RSA", "RSA-PSS", "EC", "ED25519", "ED448", "DSA", "DH", "X25519", "X448", "HMAC", "HKDF",
        "TLS1-PRF"},
       true},
      // Suites of TLS 1.0 to 1.3.
      {OSSL_OP_CIPHER, {"-GCM", "-CCM", "-CBC", "-ECB", "Poly1305", "RC4", "NULL"}, false},
  }};
  return kRows;
}

bool has(const char* text, std::string_view word) {
  return std::string_view(text).find(word) != std::string_view::npos;
}

// Names stand in one text, "EC:id-ecPublicKey:1.2.840.10045.2.1".
bool is_kept(const Row& row, const OSSL_ALGORITHM& algorithm) {
  const std::string_view names = algorithm.algorithm_names;
  const std::string_view first = names.substr(0, names.find(':'));
  const bool named = std::ranges::any_of(row.words, [&](std::string_view word) {
    return row.whole ? first == word : names.find(word) != std::string_view::npos;
  });
  return named && (row.operation != OSSL_OP_DECODER ||
                   (has(algorithm.property_definition, "input=der") &&
                    has(algorithm.property_definition, "structure=SubjectPublicKeyInfo")));
}

std::vector<OSSL_ALGORITHM> kept(const Row& row) {
  std::vector<OSSL_ALGORITHM> kept;
  int unused = 0;
  const OSSL_ALGORITHM* each = OSSL_PROVIDER_query_operation(all_algorithms(), row.operation, &unused);
  for (; each != nullptr && each->algorithm_names != nullptr; ++each)
    if (is_kept(row, *each)) kept.push_back(*each);
  kept.push_back({});
  return kept;
}

const OSSL_ALGORITHM* query(void* /*context*/, int operation, int* no_cache) {
  static const std::map<int, std::vector<OSSL_ALGORITHM>> kKept = [] {
    std::map<int, std::vector<OSSL_ALGORITHM>> all;
    for (const Row& row : rows()) all[row.operation] = kept(row);
    return all;
  }();
  *no_cache = 0;
  const auto found = kKept.find(operation);
  return found != kKept.end() ? found->second.data()
                              : OSSL_PROVIDER_query_operation(all_algorithms(), operation, no_cache);
}

int capabilities(void* /*context*/, const char* name, OSSL_CALLBACK* tell, void* argument) {
  return OSSL_PROVIDER_get_capabilities(all_algorithms(), name, tell, argument);
}

template <class Function>
OSSL_DISPATCH entry(int id, Function* function) {
  return {id, reinterpret_cast<void (*)()>(function)};
}

int initialise(const OSSL_CORE_HANDLE* /*core*/, const OSSL_DISPATCH* /*offered*/,
               const OSSL_DISPATCH** functions, void** context) {
  static const OSSL_DISPATCH kFunctions[] = {entry(OSSL_FUNC_PROVIDER_QUERY_OPERATION, &query),
                                             entry(OSSL_FUNC_PROVIDER_GET_CAPABILITIES, &capabilities),
                                             {0, nullptr}};
  *functions = kFunctions;
  *context = OSSL_PROVIDER_get0_provider_ctx(all_algorithms());
  return 1;
}

}  // namespace

void LeanLibrary::Free::operator()(ossl_lib_ctx_st* context) const {
  OSSL_LIB_CTX_free(context);
}

void LeanLibrary::Free::operator()(ossl_provider_st* provider) const {
  OSSL_PROVIDER_unload(provider);
}

LeanLibrary LeanLibrary::make() {
  constexpr const char* kName = "lean";
  const x509::ErrorQueue errors;
  LeanLibrary library;
  if (all_algorithms() == nullptr) return library;
  library.context_.reset(OSSL_LIB_CTX_new());
  if (library.context_ == nullptr) return library;
  if (OSSL_PROVIDER_add_builtin(library.context_.get(), kName, &initialise) == 1)
    library.provider_.reset(OSSL_PROVIDER_load(library.context_.get(), kName));
  if (library.provider_ == nullptr) library.context_.reset();
  return library;
}

}  // namespace meshcert::tls
