#include <algorithm>
#include <set>

#include "base/base64.hpp"
#include "input/pem.hpp"
#include "path/revocation.hpp"
#include "path/verify.hpp"
#include "tests/conformance/chain_settings.hpp"
#include "tests/conformance/pem_case.hpp"
#include "tests/conformance/suites.hpp"

namespace meshcert::conformance {
namespace {

/// Crls is the revocation lists of a case with the octets that they view.
struct Crls {
  std::vector<std::unique_ptr<const std::vector<std::uint8_t>>> octets;
  std::vector<Crl> list;
};

/// What cannot be read says nothing of anybody.
Crls read_crls(const std::vector<std::string>& pems) {
  Crls crls;
  for (const std::string& pem : pems) {
    for (const input::PemBlock& block : input::split_pem(pem, Limits{}).blocks) {
      auto octets = base::decode_base64(input::plain_body(block));
      if (!octets) continue;
      crls.octets.push_back(std::make_unique<const std::vector<std::uint8_t>>(std::move(*octets)));
      if (const auto crl = Crl::decode(*crls.octets.back())) crls.list.push_back(*crl);
    }
  }
  return crls;
}

Verdict answer(bool valid, const std::vector<path::Fault>& faults) {
  std::set<std::string_view> codes;
  for (const path::Fault& fault : faults) codes.insert(path::code_of(fault.kind));
  return Json{{"actual", valid ? "SUCCESS" : "FAILURE"}, {"codes", codes}};
}

Verdict refuse(std::string_view code) {
  return Json{{"actual", "FAILURE"}, {"codes", {code}}};
}

}  // namespace

Verdict judge_chain(const Json& row) {
  const auto settings = read_settings(row);
  if (!settings) return fail(settings.error());
  const auto peer_pem = text_member(row, "peer_pem");
  if (!peer_pem) return fail(peer_pem.error());
  const auto trusted = text_list(row, "trusted_pems"), untrusted = text_list(row, "untrusted_pems");
  if (!trusted) return fail(trusted.error());
  if (!untrusted) return fail(untrusted.error());

  const auto peer = read_certificates(*peer_pem);
  if (!peer) return refuse("input.malformed");
  std::vector<PemCertificate> kept;
  path::Store store;
  std::vector<bool> is_trusted;
  const auto take = [&](const std::vector<std::string>& pems, bool trust) {
    for (const std::string& pem : pems) {
      auto certificates = read_certificates(pem);
      if (!certificates) continue;  // what cannot be read cannot help
      for (auto& certificate : *certificates) {
        kept.push_back(std::move(certificate));
        is_trusted.push_back(trust);
      }
    }
  };
  take(*trusted, true);
  take(*untrusted, false);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (is_trusted[i])
      store.trust(kept[i].certificate,
                  path::read_trust_settings(kept[i].after).value_or(path::TrustSettings{}));
    else
      store.offer(kept[i].certificate);
  }
  x509::SignatureVerifier signatures;
  const auto crl_pems = text_list(row, "crl_pems");
  if (!crl_pems) return fail(crl_pems.error());
  const std::string crl_check =
      row.value("crl_check", Json()).is_string() ? row["crl_check"].get<std::string>() : "";
  const auto scope = crl_check == "leaf" ? path::RevocationScope::leaf : path::RevocationScope::chain;
  const Crls crls = read_crls(*crl_pems);
  path::RevocationChecker checker(crls.list, scope, store, *settings, signatures);
  path::RevocationChecker* revocation = crl_pems->empty() && crl_check.empty() ? nullptr : &checker;
  const path::Verdict verdict =
      path::verify(peer->front().certificate, store, *settings, signatures, path::Explain::best, revocation);
  return answer(verdict.valid, verdict.best().faults);
}

}  // namespace meshcert::conformance
