#include "x509/second_opinion.hpp"

#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <utility>

#include "x509/openssl_key.hpp"
#include "x509/ossl.hpp"
#include "x509/signature_schemes.hpp"

#ifdef __SANITIZE_ADDRESS__
extern "C" void __lsan_disable();
extern "C" void __lsan_enable();
#endif

namespace meshcert::x509 {
namespace {

/// OpenSSL 3.0 forgets the policyConstraints of a certificate that has no certificatePolicies
/// (crypto/x509/pcy_cache.c, policy_cache_new): what it allocates meanwhile is not held against us.
int verify_unwatched(X509_STORE_CTX* context) {
#ifdef __SANITIZE_ADDRESS__
  __lsan_disable();
  const int answer = X509_verify_cert(context);
  __lsan_enable();
  return answer;
#else
  return X509_verify_cert(context);
#endif
}

void free_certificates(STACK_OF(X509) * stack) {
  sk_X509_pop_free(stack, X509_free);
}
using Decoded = std::unique_ptr<X509, Deleter<X509_free>>;
using DecodedCrl = std::unique_ptr<X509_CRL, Deleter<X509_CRL_free>>;
using Certificates = std::unique_ptr<STACK_OF(X509), Deleter<free_certificates>>;
using VerifyContext = std::unique_ptr<X509_STORE_CTX, Deleter<X509_STORE_CTX_free>>;

/// Null for what OpenSSL refuses, and for keys that cost seconds.
Decoded decode(const Certificate& certificate) {
  if (!is_bounded(certificate.key)) return nullptr;
  const std::uint8_t* der = certificate.der.data();
  return Decoded(d2i_X509(nullptr, &der, static_cast<long>(certificate.der.size())));
}

// d2i_X509_AUX reads the settings behind the certificate as well.
Decoded decode(const Anchor& anchor) {
  if (anchor.settings.empty() || !is_bounded(anchor.certificate->key)) return decode(*anchor.certificate);
  const std::uint8_t* der = anchor.certificate->der.data();
  return Decoded(d2i_X509_AUX(nullptr, &der, anchor.settings.data() + anchor.settings.size() - der));
}

int purpose_of(OpinionPurpose purpose) {
  switch (purpose) {
    case OpinionPurpose::any:
      return 0;
    case OpinionPurpose::server:
      return X509_PURPOSE_SSL_SERVER;
    case OpinionPurpose::client:
      return X509_PURPOSE_SSL_CLIENT;
  }
  return 0;
}

// Setting a time takes precedence over NO_CHECK_TIME without a word, so it is one of the
// two. No callback goes on after a fault: that would make the call succeed.
void set_parameters(const OpinionQuestion& question, bool has_crls, X509_VERIFY_PARAM* parameters) {
  unsigned long flags = X509_V_FLAG_POLICY_CHECK;
  if (question.partial_chain) flags |= X509_V_FLAG_PARTIAL_CHAIN;
  if (!question.at) flags |= X509_V_FLAG_NO_CHECK_TIME;
  if (has_crls) flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_EXTENDED_CRL_SUPPORT | X509_V_FLAG_USE_DELTAS;
  if (has_crls && !question.only_leaf_crl) flags |= X509_V_FLAG_CRL_CHECK_ALL;
  X509_VERIFY_PARAM_set_flags(parameters, flags);
  // Where no policy is acceptable by name, OpenSSL finds none that is: any has to be said.
  if (ASN1_OBJECT* any = OBJ_nid2obj(NID_any_policy); X509_VERIFY_PARAM_add0_policy(parameters, any) != 1)
    ASN1_OBJECT_free(any);
  if (question.at) X509_VERIFY_PARAM_set_time(parameters, question.at->time_since_epoch().count());
  if (const int purpose = purpose_of(question.purpose); purpose != 0) {
    X509_VERIFY_PARAM_set_purpose(parameters, purpose);
    // Trust settings are read for the purpose only if it is said twice.
    X509_VERIFY_PARAM_set_trust(
        parameters, purpose == X509_PURPOSE_SSL_CLIENT ? X509_TRUST_SSL_CLIENT : X509_TRUST_SSL_SERVER);
  }
}

struct Habit {
  int error;
  std::string_view why;
};
constexpr std::string_view kGoesNotBack =
    "OpenSSL follows one path, by name, key identifiers and dates, and does not go back where it fails";
constexpr Habit kHabits[] = {
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
     "OpenSSL takes a leaf that is named as its issuer for self-signed"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, kGoesNotBack},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, kGoesNotBack},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, kGoesNotBack},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, kGoesNotBack},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, kGoesNotBack},
    {X509_V_ERR_CERT_HAS_EXPIRED, kGoesNotBack},
};

std::string_view habit_of(int error) {
  const auto row = std::ranges::find(kHabits, error, &Habit::error);
  return row == std::end(kHabits) ? std::string_view() : row->why;
}

OpinionMatter matter_of(int error) {
  switch (error) {
    case X509_V_ERR_CERT_REVOKED:
      return OpinionMatter::revoked;
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
      return OpinionMatter::crl;
    default:
      return OpinionMatter::other;
  }
}

}  // namespace

struct SecondOpinion::Store {
  std::unique_ptr<X509_STORE, Deleter<X509_STORE_free>> store{X509_STORE_new()};
  bool has_crls = false;

  bool trust(const Anchor& anchor) {
    const Decoded decoded = decode(anchor);
    return decoded != nullptr && X509_STORE_add_cert(store.get(), decoded.get()) == 1;
  }
  bool add(const Crl& crl) {
    const std::uint8_t* der = crl.der.data();
    const DecodedCrl decoded(d2i_X509_CRL(nullptr, &der, static_cast<long>(crl.der.size())));
    has_crls = true;
    return decoded != nullptr && X509_STORE_add_crl(store.get(), decoded.get()) == 1;
  }
};

SecondOpinion::SecondOpinion(std::span<const Anchor> trusted, std::span<const Crl> crls) {
  const auto is_large = [](const Anchor& anchor) { return anchor.certificate->der.size() > kMostOctets; };
  if (trusted.size() > kMostCertificates || crls.size() > kMostCertificates ||
      std::ranges::any_of(trusted, is_large))
    return;
  initialise_openssl();
  const ErrorQueue errors;
  auto store = std::make_unique<Store>();
  const bool whole =
      store->store != nullptr &&
      std::ranges::all_of(trusted, [&](const Anchor& anchor) { return store->trust(anchor); }) &&
      std::ranges::all_of(crls, [&](const Crl& crl) { return store->add(crl); });
  if (whole) store_ = std::move(store);
}

SecondOpinion::~SecondOpinion() = default;
SecondOpinion::SecondOpinion(SecondOpinion&&) noexcept = default;
SecondOpinion& SecondOpinion::operator=(SecondOpinion&&) noexcept = default;

std::optional<Opinion> SecondOpinion::ask(const OpinionQuestion& question) const {
  if (store_ == nullptr || question.untrusted.size() > kMostCertificates ||
      question.leaf->der.size() > kMostOctets)
    return std::nullopt;
  const ErrorQueue errors;
  const Decoded leaf = decode(*question.leaf);
  const Certificates untrusted(sk_X509_new_null());
  const VerifyContext context(X509_STORE_CTX_new());
  if (!leaf || !untrusted || !context) return std::nullopt;
  for (const Certificate* certificate : question.untrusted)
    if (certificate->der.size() > kMostOctets)
      return std::nullopt;
    else if (Decoded decoded = decode(*certificate);
             decoded && sk_X509_push(untrusted.get(), decoded.get()) > 0)
      (void)decoded.release();  // the stack owns it now
  if (X509_STORE_CTX_init(context.get(), store_->store.get(), leaf.get(), untrusted.get()) != 1)
    return std::nullopt;
  set_parameters(question, store_->has_crls, X509_STORE_CTX_get0_param(context.get()));
  Opinion opinion;
  opinion.accepts = verify_unwatched(context.get()) == 1;
  if (opinion.accepts) return opinion;
  opinion.error = X509_STORE_CTX_get_error(context.get());
  opinion.depth = static_cast<std::size_t>(std::max(0, X509_STORE_CTX_get_error_depth(context.get())));
  opinion.matter = matter_of(opinion.error);
  opinion.why = habit_of(opinion.error);
  opinion.reason = X509_verify_cert_error_string(opinion.error);
  return opinion;
}

}  // namespace meshcert::x509
