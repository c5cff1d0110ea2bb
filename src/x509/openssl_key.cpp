#include "x509/openssl_key.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <algorithm>

#include "x509/decode.hpp"
#include "x509/oids.hpp"
#include "x509/ossl.hpp"

namespace meshcert::x509 {
namespace {

using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;

struct Group {
  Oid oid;
  const char* name;
};
constexpr Group kGroups[] = {{kP256, "P-256"}, {kP384, "P-384"}, {kP521, "P-521"}};

OpensslKey from(const char* type, const Builder& builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  const bool made = parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
  return OpensslKey(made ? key : nullptr);
}

Number positive(std::optional<ByteView> integer) {
  if (!integer || der::bit_length(*integer) == 0) return nullptr;
  return Number(BN_bin2bn(integer->data(), static_cast<int>(integer->size()), nullptr));
}

OpensslKey rsa_key(ByteView parameters, ByteView octets) {
  if (!std::ranges::equal(parameters, der::kNullElement)) return nullptr;
  der::Reader reader(octets, nullptr);
  auto fields = reader.enter(der::kSequence);
  const Number modulus = positive(fields ? fields->read_integer() : std::nullopt);
  const Number exponent = positive(modulus ? fields->read_integer() : std::nullopt);
  const Builder builder(OSSL_PARAM_BLD_new());
  const bool whole = exponent && fields->at_end() && reader.at_end() && builder &&
                     OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
                     OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1;
  return whole ? from("RSA", builder) : nullptr;
}

OpensslKey ec_key(ByteView curve, ByteView point) {
  const auto oid = der::Reader(curve, nullptr).read_object_identifier();
  const auto* group = std::ranges::find_if(kGroups, [&](const Group& row) { return oid && row.oid == *oid; });
  if (group == std::end(kGroups)) return nullptr;
  const Builder builder(OSSL_PARAM_BLD_new());
  const bool whole =
      builder &&
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group->name, 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) ==
          1;
  return whole ? from("EC", builder) : nullptr;
}

// Null for what is not written as usual: OpenSSL's decoders say what they make of it.
OpensslKey usual_key(ByteView spki) {
  der::Reader reader(spki, nullptr);
  auto fields = reader.enter(der::kSequence);
  const auto algorithm = fields ? read_algorithm(*fields) : std::nullopt;
  const auto bits = algorithm ? fields->read_bit_string() : std::nullopt;
  if (!bits || bits->unused_bits != 0 || !fields->at_end() || !reader.at_end()) return nullptr;
  if (kRsaEncryption == algorithm->oid) return rsa_key(algorithm->parameters, bits->octets);
  if (kEcPublicKey == algorithm->oid) return ec_key(algorithm->parameters, bits->octets);
  if (kEd25519 != algorithm->oid || !algorithm->parameters.empty()) return nullptr;
  return OpensslKey(
      EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, bits->octets.data(), bits->octets.size()));
}

}  // namespace

void initialise_openssl() {
  OPENSSL_init_crypto(
      OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ATEXIT, nullptr);
}

void FreeOpensslKey::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

OpensslKey openssl_key(ByteView spki) {
  initialise_openssl();
  const ErrorQueue errors;
  OpensslKey key = usual_key(spki);
  const std::uint8_t* at = spki.data();
  if (!key) key.reset(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  return key;
}

}  // namespace meshcert::x509
