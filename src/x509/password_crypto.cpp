#include "x509/password_crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs12err.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "x509/decode.hpp"
#include "x509/oids.hpp"
#include "x509/openssl_key.hpp"
#include "x509/ossl.hpp"

namespace meshcert::x509 {
namespace {

using base::SecretOctets;

constexpr Oid kPbes2{"1.2.840.113549.1.5.13"}, kPbkdf2{"1.2.840.113549.1.5.12"};

const char* text_of(const SecretOctets& password) {
  static constexpr char kNothing[] = "";
  return password.empty() ? kNothing : reinterpret_cast<const char*>(password.reveal().data());
}

/// The iterationCount behind the salt, of PBKDF2-params and of PBEParameter alike.
std::optional<std::uint64_t> iterations_in(ByteView parameters) {
  auto fields = der::Reader(parameters, nullptr).enter(der::kSequence);
  if (!fields || !fields->read(der::kOctetString)) return std::nullopt;
  const auto count = fields->read_integer();
  return count ? der::unsigned_value(*count) : std::nullopt;
}

/// nullopt for schemes whose work is not known: scrypt asks for memory.
std::optional<std::uint64_t> iterations_of(const AlgorithmIdentifier& algorithm) {
  if (kPbes2 != algorithm.oid) return iterations_in(algorithm.parameters);
  auto schemes = der::Reader(algorithm.parameters, nullptr).enter(der::kSequence);
  const auto derivation = schemes ? read_algorithm(*schemes) : std::nullopt;
  return derivation && kPbkdf2 == derivation->oid ? iterations_in(derivation->parameters) : std::nullopt;
}

Decrypted refuse(std::string why) {
  return fail(std::move(why));
}

}  // namespace

bool DerivationBudget::take(std::uint64_t iterations) {
  std::uint64_t left = left_;
  while (iterations <= left)
    if (left_.compare_exchange_weak(left, left - iterations)) return true;
  return false;
}

std::string DerivationBudget::refusal(std::uint64_t iterations) const {
  return "its password would have to be hashed " + std::to_string(iterations) + " times, and " +
         std::to_string(left_) + " of the " + std::to_string(kIterations) +
         " that are allowed for one input are left";
}

namespace {

// What stands under a password in a PKCS#12: SafeContents or PrivateKeyInfo.
bool is_sequence(ByteView octets) {
  return der::Reader(octets, nullptr).read(der::kSequence).has_value();
}

// What OpenSSL's queue says of it.
std::string why_not_decrypted() {
  const unsigned long error = ERR_peek_last_error();
  if (ERR_GET_REASON(error) == PKCS12_R_PKCS12_CIPHERFINAL_ERROR) return "the password is another";
  for (unsigned long at = ERR_get_error(); at != 0; at = ERR_get_error())
    if (ERR_GET_REASON(at) == EVP_R_UNSUPPORTED_ALGORITHM || ERR_GET_REASON(at) == ERR_R_UNSUPPORTED ||
        ERR_GET_REASON(at) == EVP_R_UNKNOWN_CIPHER)
      return "its cipher is none that OpenSSL 3 still has (RC2, single DES)";
  return "it is none that OpenSSL takes: its parameters, or its length, do not fit the cipher";
}

}  // namespace

Decrypted decrypt_pbe(ByteView algorithm, ByteView ciphertext, const SecretOctets& password,
                      DerivationBudget& budget) {
  der::Reader reader(algorithm, nullptr);
  const auto scheme = read_algorithm(reader);
  const auto iterations = scheme ? iterations_of(*scheme) : std::nullopt;
  if (!iterations)
    return refuse("its key is derived in a way that is not known (PBKDF2 and PKCS#12's own are)");
  if (!budget.take(*iterations)) return refuse(budget.refusal(*iterations));
  initialise_openssl();
  const ErrorQueue errors;
  const std::uint8_t* at = algorithm.data();
  const std::unique_ptr<X509_ALGOR, Deleter<X509_ALGOR_free>> parsed(
      d2i_X509_ALGOR(nullptr, &at, static_cast<long>(algorithm.size())));
  unsigned char* plain = nullptr;
  int size = 0;
  const auto decrypt = [&](const char* text) {
    return parsed &&
           PKCS12_pbe_crypt(parsed.get(), text, static_cast<int>(password.reveal().size()), ciphertext.data(),
                            static_cast<int>(ciphertext.size()), &plain, &size, 0) != nullptr;
  };
  bool done = decrypt(text_of(password));
  // No password at all is written in two ways (RFC 7292 B.1), and padding may be right by chance.
  if (password.reveal().empty() && !(done && is_sequence({plain, static_cast<std::size_t>(size)}))) {
    if (done) OPENSSL_clear_free(plain, static_cast<std::size_t>(size));
    done = decrypt(nullptr);
  }
  if (!done) return refuse(why_not_decrypted());
  std::vector<std::uint8_t> octets(plain, plain + size);
  OPENSSL_clear_free(plain, static_cast<std::size_t>(size));
  return SecretOctets(std::move(octets));
}

Decrypted decrypt_private_key(ByteView octets, const SecretOctets& password, DerivationBudget& budget) {
  auto fields = der::Reader(octets, nullptr).enter(der::kSequence);
  const auto algorithm = fields ? fields->read(der::kSequence) : std::nullopt;
  const auto ciphertext = algorithm ? fields->read(der::kOctetString) : std::nullopt;
  if (!ciphertext) return refuse("it is no EncryptedPrivateKeyInfo");
  return decrypt_pbe(algorithm->whole, ciphertext->contents, password, budget);
}

Decrypted decrypt_traditional(const std::string& headers, const SecretOctets& octets,
                              const SecretOctets& password) {
  initialise_openssl();
  const ErrorQueue errors;
  EVP_CIPHER_INFO info;
  std::string copy = headers;
  if (PEM_get_EVP_CIPHER_INFO(copy.data(), &info) != 1)
    return refuse("its header DEK-Info names no cipher that OpenSSL knows");
  const ByteView under = octets.reveal();
  std::vector<std::uint8_t> plain(under.begin(), under.end());
  long size = static_cast<long>(plain.size());
  const auto give = [](char* buffer, int room, int, void* data) {
    const ByteView secret = static_cast<const SecretOctets*>(data)->reveal();
    const int length = static_cast<int>(std::min<std::size_t>(secret.size(), static_cast<std::size_t>(room)));
    std::memcpy(buffer, secret.data(), static_cast<std::size_t>(length));
    return length;
  };
  const bool done =
      PEM_do_header(&info, plain.data(), &size, give, const_cast<SecretOctets*>(&password)) == 1;
  SecretOctets whole(std::move(plain));
  if (!done) return refuse("the password is another");
  const ByteView shown = whole.reveal().first(static_cast<std::size_t>(size));
  return SecretOctets(std::vector<std::uint8_t>(shown.begin(), shown.end()));
}

bool has_right_mac(ByteView pfx, const SecretOctets& password) {
  initialise_openssl();
  const ErrorQueue errors;
  const std::uint8_t* at = pfx.data();
  const std::unique_ptr<PKCS12, Deleter<PKCS12_free>> store(
      d2i_PKCS12(nullptr, &at, static_cast<long>(pfx.size())));
  const int size = static_cast<int>(password.reveal().size());
  bool right = store && PKCS12_verify_mac(store.get(), text_of(password), size) == 1;
  // No password at all is written in two ways (RFC 7292 B.1).
  if (store && !right && size == 0) right = PKCS12_verify_mac(store.get(), nullptr, 0) == 1;
  return right;
}

}  // namespace meshcert::x509
