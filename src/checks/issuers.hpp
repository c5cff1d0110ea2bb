#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "meshcert/certificate.hpp"
#include "x509/crypto.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {

/// KeyGroup is the certificates of one subject and one key: whatever one of them
/// signed, so did the others (a renewed root, a cross-signed one).
struct KeyGroup {
  const Certificate* first = nullptr;
  std::vector<std::size_t> members;  ///< their indices, rising
  std::size_t with_key_id = 0;       ///< how many have a subjectKeyIdentifier
  std::unordered_set<std::string_view> key_ids;
};

/// IssuerSearch is what a look for the issuer of one certificate gave.
struct IssuerSearch {
  const KeyGroup* issuer = nullptr;    ///< named as the issuer, and its key made the signature
  const KeyGroup* namesake = nullptr;  ///< without an issuer: named so, but its key did not
  bool undecided = false;              ///< of the namesake: its signature cannot be verified at all
  bool gave_up = false;                ///< more keys of that name than are tried
};

/// IssuerIndex finds the issuer of a certificate among others: by name as RFC
/// 5280 7.1 compares them, then by signature, keys with the wanted key
/// identifier first. It borrows the certificates.
class IssuerIndex {
 public:
  /// kMostKeys: how many keys of one name are tried for one certificate.
  static constexpr std::size_t kMostKeys = 16;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  /// add takes certificates in rising order of `index`.
  void add(const Certificate& certificate, std::size_t index);
  /// holds: this very certificate is in it.
  [[nodiscard]] bool holds(const Certificate& certificate) const;
  /// find looks for the issuer; `self` is the certificate's own index here, which
  /// is no namesake of itself.
  [[nodiscard]] IssuerSearch find(const Certificate& certificate, std::size_t self,
                                  x509::SignatureVerifier& verifier) const;

 private:
  [[nodiscard]] std::vector<const KeyGroup*> candidates(const Certificate& certificate) const;
  KeyGroup& group_of(const Certificate& certificate, const std::string& name);

  std::unordered_map<std::string, KeyGroup> groups_;  ///< by name and key
  std::unordered_map<std::string, std::vector<const KeyGroup*>> by_name_, by_key_id_;
  std::unordered_set<std::string_view> ders_;
};

}  // namespace meshcert::checks
