#include "checks/openssl_opinions.hpp"

#include <memory>
#include <span>
#include <utility>

#include "x509/crypto.hpp"

namespace meshcert::checks {
namespace {

/// A certificate takes OpenSSL 80 us to decode (docs/limits.md).
std::size_t most_decoded(const Policy& policy) {
  return policy.asks_for_path() ? 5000 : 500;
}

// Proxies of a mesh are sent the same, and trust the same: what OpenSSL was asked once is
// known by these. What --untrusted gives is the same for all chains of a run.
std::string fingerprint_of(const Trust& trust) {
  std::string octets(1, trust.leaf_crl_only ? '1' : '0');
  for (std::size_t i = 0; i < trust.trusted.size(); ++i)
    (octets += as_text(trust.trusted[i]->der)) += as_text(trust.settings[i]);
  for (const Crl& crl : trust.crls) octets += as_text(crl.der);
  return x509::sha256_hex(as_bytes(octets));
}

std::string fingerprint_of(std::span<const Certificate* const> sent, std::size_t leaf, const Trust& trust) {
  std::string octets = trust.fingerprint + ' ' + std::to_string(leaf) + ' ';
  for (const Certificate* certificate : sent) octets += as_text(certificate->der);
  return x509::sha256_hex(as_bytes(octets));
}

x509::SecondOpinion holder_of(const Trust& trust) {
  std::vector<x509::Anchor> anchors;
  for (std::size_t i = 0; i < trust.trusted.size(); ++i)
    anchors.push_back({trust.trusted[i], trust.settings[i]});
  return {anchors, trust.crls};
}

}  // namespace

std::optional<x509::Opinion> OpensslOpinions::ask(const std::vector<const Certificate*>& sent,
                                                  std::size_t leaf, path::Purpose purpose, Trust& trust) {
  if (trust.trusted.empty()) return std::nullopt;
  if (trust.fingerprint.empty()) trust.fingerprint = fingerprint_of(trust);
  const std::string question = fingerprint_of(sent, leaf, trust);
  if (const auto known = opinions_.find(question); known != opinions_.end()) return known->second;
  const std::size_t decoded = decoded_;
  const auto opinion = decode_and_ask(sent, leaf, purpose, trust);
  if (decoded_ != decoded) opinions_.emplace(question, opinion);
  return opinion;
}

std::optional<x509::Opinion> OpensslOpinions::decode_and_ask(std::vector<const Certificate*> sent,
                                                             std::size_t leaf, path::Purpose purpose,
                                                             Trust& trust) {
  x509::OpinionQuestion question;
  question.leaf = sent[leaf];
  add_untrusted(policy_, sent);
  const std::size_t work = sent.size() + (trust.openssl ? 0 : trust.trusted.size() + trust.crls.size());
  if (decoded_ + work > most_decoded(policy_)) return std::nullopt;
  decoded_ += work;
  if (!trust.openssl) trust.openssl = std::make_unique<x509::SecondOpinion>(holder_of(trust));
  question.untrusted = sent;
  if (policy_.skew == Seconds{0}) question.at = policy_.at;
  question.partial_chain = partial_chain_ && !trust.of_spiffe_validator;
  question.only_leaf_crl = trust.leaf_crl_only;
  if (purpose == path::Purpose::any) return trust.openssl->ask(question);
  question.purpose =
      purpose == path::Purpose::client ? x509::OpinionPurpose::client : x509::OpinionPurpose::server;
  auto opinion = trust.openssl->ask(question);
  if (purpose != path::Purpose::workload || !opinion || !opinion->accepts) return opinion;
  question.purpose = x509::OpinionPurpose::client;
  return trust.openssl->ask(question);
}

}  // namespace meshcert::checks
