#include "checks/crls_by_issuer.hpp"

#include <algorithm>
#include <unordered_set>

#include "checks/trusted_roots.hpp"
#include "path/crl_scope.hpp"
#include "path/revocation.hpp"
#include "path/validate.hpp"
#include "x509/name_match.hpp"

namespace meshcert::checks {

namespace {

/// Certificates of one name that are tried as the signer of a CRL (docs/limits.md).
constexpr std::size_t kSignersTried = 16;

/// CRLs of one issuer that are looked at beside another (docs/limits.md).
constexpr std::size_t kBesideLooked = 64;

/// Whether one who is given what `holder` holds reads what `other` holds as well: an object, and the
/// directory of a plugged-in CA, are handed out as they are, whatever others hold.
bool goes_with(const Artifact& other, const Artifact& holder) {
  if (holder.object != nullptr) return other.object == holder.object;
  return !is_file(holder, "ca-crl.pem") ||
         (other.object == nullptr && directory_of(other) == directory_of(holder));
}

}  // namespace

void CrlsByIssuer::add(const Artifact& holder) {
  for (const Crl& crl : holder.crls) {
    const std::string name = x509::canonical_name(crl.issuer);
    all_[name].push_back(&crl);
    if (is_current(crl)) current_[name].push_back({&crl, &holder});
  }
}

bool CrlsByIssuer::is_current(const Crl& crl) const {
  return path::is_current(crl, policy_.at, policy_.skew);
}

CrlsByIssuer::SignerSearch CrlsByIssuer::find_signer(const Crl& crl) {
  SignerSearch search;
  for (const auto* entry : store_.issuers(crl.issuer)) {
    if (search.tried == kSignersTried) return {search.tried, true};
    ++search.tried;
    if (!path::may_sign_crls(*entry->certificate)) continue;
    // What cannot be verified at all is another matter.
    if (signatures_.verify(crl, entry->certificate->key).value_or(true)) return {search.tried, true};
  }
  return search;
}

CrlsByIssuer::Beside CrlsByIssuer::signed_beside(const Crl& crl) {
  std::size_t looked = 0;
  for (const Crl* other : signed_of(crl.issuer)) {
    if (++looked > kBesideLooked) break;
    if (!path::is_of_one_scope(crl, *other) || as_text(other->der) == as_text(crl.der)) continue;
    return rank_of(*other) > rank_of(crl) || names_no_key(crl) ? Beside::preferred : Beside::there;
  }
  return Beside::none;
}

std::pair<bool, Instant> CrlsByIssuer::rank_of(const Crl& crl) const {
  return {is_current(crl), crl.this_update};
}

/// Those of an issuer that are signed, best first.
const std::vector<const Crl*>& CrlsByIssuer::signed_of(const DistinguishedName& issuer) {
  const std::string name = x509::canonical_name(issuer);
  const auto [known, added] = signed_.try_emplace(name);
  if (!added) return known->second;
  std::unordered_set<std::string_view> seen;  // every dump of a mesh may hold the same
  for (const Crl* crl : all_[name]) {
    if (!seen.insert(as_text(crl->der)).second) continue;
    if (const SignerSearch search = find_signer(*crl); search.is_signed && search.tried != 0)
      known->second.push_back(crl);
  }
  std::ranges::stable_sort(known->second, std::ranges::greater{},
                           [this](const Crl* crl) { return rank_of(*crl); });
  return known->second;
}

bool CrlsByIssuer::names_no_key(const Crl& crl) const {
  const auto& id = crl.extensions.authority_key_id;
  return id && !id->key_id.empty() &&
         std::ranges::none_of(store_.issuers(crl.issuer), [&id](const path::Store::Entry* entry) {
           return std::ranges::equal(key_id_of(*entry->certificate), id->key_id);
         });
}

bool CrlsByIssuer::has_successor(const Artifact& holder, const Crl& crl) {
  const Certificate* signer = signer_of(crl);
  std::size_t looked = 0;
  return std::ranges::any_of(current_[x509::canonical_name(crl.issuer)], [&](const HeldCrl& other) {
    return goes_with(*other.holder, holder) && path::is_of_one_scope(crl, *other.crl) &&
           ++looked <= kBesideLooked &&
           (signer == nullptr || signatures_.verify(*other.crl, signer->key).value_or(true));
  });
}

/// Null where none of those that are tried is.
const Certificate* CrlsByIssuer::signer_of(const Crl& crl) {
  std::size_t tried = 0;
  for (const auto* entry : store_.issuers(crl.issuer)) {
    if (tried++ == kSignersTried) break;
    if (signatures_.verify(crl, entry->certificate->key) == true) return entry->certificate;
  }
  return nullptr;
}

}  // namespace meshcert::checks
