#include "keys.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <vector>

namespace gencerts {
namespace {

struct KeyRow {
  std::string_view name;
  std::string_view used_for;
  EvpKey (*make)();
};

EvpKey generate(const char* type, void (*configure)(EVP_PKEY_CTX*)) {
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  require(context && EVP_PKEY_keygen_init(context.get()) > 0, "no key generator");
  if (configure != nullptr) configure(context.get());
  EVP_PKEY* key = nullptr;
  require(EVP_PKEY_generate(context.get(), &key) > 0, "key generation failed");
  return EvpKey(key);
}

EvpKey rsa_2048() {
  return EvpKey(EVP_RSA_gen(2048));
}
EvpKey rsa_1024() {
  return EvpKey(EVP_RSA_gen(1024));
}

EvpKey rsa_exponent_3() {
  return generate("RSA", [](EVP_PKEY_CTX* context) {
    BIGNUM* exponent = BN_new();
    BN_set_word(exponent, 3);
    EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048);
    EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, exponent);
    BN_free(exponent);
  });
}

template <const char* curve>
EvpKey ec() {
  return EvpKey(EVP_EC_gen(curve));
}
constexpr char kP224[] = "P-224", kP256[] = "P-256", kP384[] = "P-384", kSecp256k1[] = "secp256k1";

EvpKey ed25519() {
  return generate("ED25519", nullptr);
}

constexpr std::array kTable{
    KeyRow{"root", "Istio's self-signed root, O=cluster.local", rsa_2048},
    KeyRow{"other-root", "any other root", rsa_2048},
    KeyRow{"intermediate", "intermediate CAs", rsa_2048},
    KeyRow{"workload", "leaves, unless a sample is about its key", rsa_2048},
    KeyRow{"rsa-1024", "samples of too short a key", rsa_1024},
    KeyRow{"rsa-exponent-3", "the sample of a small public exponent", rsa_exponent_3},
    KeyRow{"p224", "the sample of a curve that Envoy refuses", ec<kP224>},
    KeyRow{"p256", "P-256 leaves", ec<kP256>},
    KeyRow{"p256-root", "the P-256 root", ec<kP256>},
    KeyRow{"p384", "P-384 leaves", ec<kP384>},
    KeyRow{"secp256k1", "the sample of a curve outside the web PKI", ec<kSecp256k1>},
    KeyRow{"ed25519", "Ed25519 samples", ed25519},
};

std::string file_name(const KeyRow& row) {
  return std::string(row.name) + ".pem";
}

void write_key(const std::filesystem::path& path, const KeyRow& row) {
  const EvpKey key = row.make();
  require(key != nullptr, fmt::format("cannot make key {}", row.name));
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  std::ofstream(path) << fmt::format(
                             "TEST ONLY. This private key is public: it protects nothing.\n"
                             "Key {} ({}): {}.\n"
                             "Made once by `gen-certs --new-keys`; never made anew; do not edit.\n\n",
                             row.name, describe(key.get()), row.used_for)
                      << octets_of(bio);
}

Octets encode_spki(EVP_PKEY* key) {
  unsigned char* data = nullptr;
  const int size = i2d_PUBKEY(key, &data);
  require(size > 0, "cannot encode a public key");
  Octets out(reinterpret_cast<char*>(data), static_cast<std::size_t>(size));
  OPENSSL_free(data);
  return out;
}

}  // namespace

Keys Keys::load(const std::filesystem::path& directory) {
  Keys keys;
  for (const KeyRow& row : kTable) {
    const auto path = directory / file_name(row);
    const Bio bio(BIO_new_file(path.c_str(), "r"));
    EvpKey key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    require(key != nullptr, fmt::format("{}: no private key; see `gen-certs --new-keys`", path.string()));
    keys.keys_.emplace(row.name, std::move(key));
  }
  return keys;
}

void Keys::make(const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  for (const KeyRow& row : kTable) {
    const auto path = directory / file_name(row);
    if (!std::filesystem::exists(path)) write_key(path, row);
  }
}

std::vector<std::string> Keys::file_names() {
  std::vector<std::string> names;
  for (const KeyRow& row : kTable) names.push_back(file_name(row));
  return names;
}

EVP_PKEY* Keys::operator[](std::string_view name) const {
  const auto found = keys_.find(name);
  require(found != keys_.end(), fmt::format("no key {}", name));
  return found->second.get();
}

Octets spki_of(EVP_PKEY* key) {
  return encode_spki(key);
}

Octets explicit_spki_of(EVP_PKEY* key) {
  const EvpKey copy(EVP_PKEY_dup(key));
  EVP_PKEY_set_utf8_string_param(copy.get(), OSSL_PKEY_PARAM_EC_ENCODING, OSSL_PKEY_EC_ENCODING_EXPLICIT);
  return encode_spki(copy.get());
}

Octets pkcs8_of(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(i2d_PKCS8PrivateKey_bio(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) > 0, "PKCS#8");
  return octets_of(bio);
}

Octets traditional_of(EVP_PKEY* key) {
  unsigned char* data = nullptr;
  const int size = i2d_PrivateKey(key, &data);
  require(size > 0, "cannot encode a private key");
  Octets out(reinterpret_cast<char*>(data), static_cast<std::size_t>(size));
  OPENSSL_free(data);
  return out;
}

namespace {

constexpr const char* kPassword = "meshcert";

std::array<unsigned char, 16> salt_and_iv() {
  std::array<unsigned char, 16> octets{};
  octets.fill(0x5a);
  return octets;
}

X509_ALGOR* pbes2() {
  auto fixed = salt_and_iv();
  return PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), 2048, fixed.data(), 16, fixed.data(), NID_hmacWithSHA256);
}

std::string base64_lines(const Octets& octets) {
  std::vector<unsigned char> text(octets.size() / 3 * 4 + octets.size() / 48 + 8);
  const int size = EVP_EncodeBlock(text.data(), reinterpret_cast<const unsigned char*>(octets.data()),
                                   static_cast<int>(octets.size()));
  std::string lines;
  for (int at = 0; at < size; at += 64)
    lines += std::string(reinterpret_cast<char*>(text.data()) + at,
                         static_cast<std::size_t>(std::min(64, size - at))) +
             "\n";
  return lines;
}

}  // namespace

Octets encrypted_traditional_of(EVP_PKEY* key) {
  const Octets plain = traditional_of(key);
  const auto iv = salt_and_iv();
  std::array<unsigned char, EVP_MAX_KEY_LENGTH> derived{};
  EVP_BytesToKey(EVP_aes_256_cbc(), EVP_md5(), iv.data(), reinterpret_cast<const unsigned char*>(kPassword),
                 static_cast<int>(std::string_view(kPassword).size()), 1, derived.data(), nullptr);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(context, EVP_aes_256_cbc(), nullptr, derived.data(), iv.data());
  Octets sealed(plain.size() + 32, '\0');
  auto* out = reinterpret_cast<unsigned char*>(sealed.data());
  int size = 0, rest = 0;
  EVP_EncryptUpdate(context, out, &size, reinterpret_cast<const unsigned char*>(plain.data()),
                    static_cast<int>(plain.size()));
  require(EVP_EncryptFinal_ex(context, out + size, &rest) == 1, "encrypted key");
  EVP_CIPHER_CTX_free(context);
  sealed.resize(static_cast<std::size_t>(size + rest));
  std::string hex;
  for (const unsigned char octet : iv) hex += fmt::format("{:02X}", octet);
  const std::string label = EVP_PKEY_is_a(key, "RSA") != 0 ? "RSA PRIVATE KEY" : "EC PRIVATE KEY";
  return "-----BEGIN " + label + "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC," + hex + "\n\n" +
         base64_lines(sealed) + "-----END " + label + "-----\n";
}

Octets sealed(const Octets& octets) {
  X509_ALGOR* scheme = pbes2();
  unsigned char* out = nullptr;
  int size = 0;
  require(PKCS12_pbe_crypt(scheme, kPassword, 8, reinterpret_cast<const unsigned char*>(octets.data()),
                           static_cast<int>(octets.size()), &out, &size, 1) != nullptr,
          "sealed");
  unsigned char* algorithm = nullptr;
  const int length = i2d_X509_ALGOR(scheme, &algorithm);
  const Octets contents(reinterpret_cast<char*>(out), static_cast<std::size_t>(size));
  const Octets made = Octets(reinterpret_cast<char*>(algorithm), static_cast<std::size_t>(length)) +
                      tlv(tag::context(0), contents);
  OPENSSL_free(out);
  OPENSSL_free(algorithm);
  X509_ALGOR_free(scheme);
  return made;
}

Octets with_mac(const Octets& pfx, const char* password) {
  const auto* at = reinterpret_cast<const unsigned char*>(pfx.data());
  PKCS12* store = d2i_PKCS12(nullptr, &at, static_cast<long>(pfx.size()));
  auto salt = salt_and_iv();
  require(store != nullptr && PKCS12_set_mac(store, password, -1, salt.data(), 8, 2048, EVP_sha256()) == 1,
          "MAC");
  const Bio bio(BIO_new(BIO_s_mem()));
  i2d_PKCS12_bio(bio.get(), store);
  PKCS12_free(store);
  return octets_of(bio);
}

Octets encrypted_pkcs8_of(EVP_PKEY* key) {
  X509_ALGOR* scheme = pbes2();
  PKCS8_PRIV_KEY_INFO* plain = EVP_PKEY2PKCS8(key);
  X509_SIG* encrypted = PKCS8_set0_pbe("meshcert", 8, plain, scheme);
  const Bio bio(BIO_new(BIO_s_mem()));
  require(encrypted != nullptr && i2d_PKCS8_bio(bio.get(), encrypted) > 0, "encrypted PKCS#8");
  X509_SIG_free(encrypted);
  PKCS8_PRIV_KEY_INFO_free(plain);
  return octets_of(bio);
}

std::string describe(EVP_PKEY* key) {
  std::array<char, 64> group{};
  const std::string type = EVP_PKEY_get0_type_name(key);
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) > 0)
    return fmt::format("{} {}", type, group.data());
  if (type == "RSA") return fmt::format("RSA {}", EVP_PKEY_get_bits(key));
  return type;
}

}  // namespace gencerts
