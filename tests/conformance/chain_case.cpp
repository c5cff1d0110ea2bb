#include "tests/conformance/chain_case.hpp"

#include <optional>
#include <utility>

#include "base/base64.hpp"
#include "input/pem.hpp"
#include "tests/conformance/chain_settings.hpp"

namespace meshcert::conformance {
namespace {

/// What cannot be read says nothing of anybody.
void take_crls(const std::vector<std::string>& pems, ChainCase& out) {
  for (const std::string& pem : pems) {
    for (const input::PemBlock& block : input::split_pem(pem, Limits{}).blocks) {
      auto octets = base::decode_base64(input::plain_body(block));
      if (!octets) continue;
      out.crl_octets.push_back(std::make_unique<const std::vector<std::uint8_t>>(std::move(*octets)));
      if (const auto crl = Crl::decode(*out.crl_octets.back())) out.crls.push_back(*crl);
    }
  }
}

/// What cannot be read cannot help.
void take_others(const std::vector<std::string>& pems, bool trusted, ChainCase& out) {
  for (const std::string& pem : pems) {
    auto certificates = read_certificates(pem);
    if (!certificates) continue;
    for (auto& certificate : *certificates) {
      out.others.push_back(std::move(certificate));
      out.is_trusted.push_back(trusted);
    }
  }
}

}  // namespace

Result<ChainCase, std::string> read_chain_case(const Json& row) {
  ChainCase out;
  auto settings = read_settings(row);
  if (!settings) return fail(settings.error());
  out.settings = *std::move(settings);
  const auto peer_pem = text_member(row, "peer_pem");
  if (!peer_pem) return fail(peer_pem.error());
  const auto trusted = text_list(row, "trusted_pems"), untrusted = text_list(row, "untrusted_pems"),
             crl_pems = text_list(row, "crl_pems");
  for (const auto* list : {&trusted, &untrusted, &crl_pems})
    if (!*list) return fail(list->error());
  if (auto peer = read_certificates(*peer_pem)) out.peer = *std::move(peer);
  take_others(*trusted, true, out);
  take_others(*untrusted, false, out);
  take_crls(*crl_pems, out);
  const std::string crl_check =
      row.value("crl_check", Json()).is_string() ? row["crl_check"].get<std::string>() : "";
  if (crl_check == "leaf") out.scope = path::RevocationScope::leaf;
  out.asks_revocation = !crl_pems->empty() || !crl_check.empty();
  return out;
}

path::Verdict ChainCase::verify() const {
  std::optional<path::Verdict> verdict;
  for (const std::string& usage : settings.extended_key_usages) {
    if (verdict && verdict->valid) break;
    path::Settings one = settings;
    one.extended_key_usages = {usage};
    verdict = verify_with(one);
  }
  return verdict ? *std::move(verdict) : verify_with(settings);
}

path::Verdict ChainCase::verify_with(const path::Settings& settings_of_one) const {
  path::Store store;
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (is_trusted[i])
      store.trust(others[i].certificate,
                  path::read_trust_settings(others[i].after).value_or(path::TrustSettings{}));
    else
      store.offer(others[i].certificate);
  }
  x509::SignatureVerifier signatures;
  path::RevocationChecker checker(crls, scope, store, settings_of_one, signatures);
  return path::verify(peer.front().certificate, store, settings_of_one, signatures, path::Explain::best,
                      asks_revocation ? &checker : nullptr);
}

}  // namespace meshcert::conformance
