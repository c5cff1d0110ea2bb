#pragma once

#include <memory>
#include <utility>

#include "base/secret.hpp"
#include "meshcert/input.hpp"
#include "x509/password_crypto.hpp"

namespace meshcert::input {

/// KeyOpener is the password of --password-file for the keys of one input, and how often it
/// may yet be hashed there. What the password opens was made by who knows it, and costs
/// nothing of the budget: it bounds what strangers' files may cost together.
class KeyOpener {
 public:
  explicit KeyOpener(std::shared_ptr<const base::SecretOctets> password) : password_(std::move(password)) {}

  [[nodiscard]] bool has_password() const { return password_ != nullptr; }
  /// password is the empty one where none was given.
  [[nodiscard]] const base::SecretOctets& password() const { return password_ ? *password_ : nothing_; }
  /// shared_password is for another opener: of a piece that is read later.
  [[nodiscard]] const std::shared_ptr<const base::SecretOctets>& shared_password() const { return password_; }
  [[nodiscard]] x509::DerivationBudget& budget() { return budget_; }
  /// opened says that the password was the right one.
  void opened() {
    if (has_password()) budget_ = {};
  }

 private:
  std::shared_ptr<const base::SecretOctets> password_;
  base::SecretOctets nothing_;
  x509::DerivationBudget budget_;
};

/// DocumentScope is what the readers of one document share.
struct DocumentScope {
  explicit DocumentScope(const ReadOptions& options) : limits(options.limits), keys(options.password) {}
  DocumentScope(const Limits& some_limits, std::shared_ptr<const base::SecretOctets> password)
      : limits(some_limits), keys(std::move(password)) {}
  const Limits& limits;
  KeyOpener keys;
};

}  // namespace meshcert::input
