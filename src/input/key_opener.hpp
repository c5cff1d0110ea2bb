#pragma once

#include <memory>
#include <utility>

#include "base/secret.hpp"
#include "input/known_values.hpp"
#include "meshcert/input.hpp"
#include "x509/password_crypto.hpp"

namespace meshcert::input {

/// KeyOpener is the password of --password-file for the keys of one input, and how often it
/// may yet be hashed there. What the password opens was made by who knows it, and costs
/// nothing of the budget: it bounds what strangers' files may cost together. Copies share it.
class KeyOpener {
 public:
  explicit KeyOpener(std::shared_ptr<const base::SecretOctets> password)
      : password_(std::move(password)), budget_(std::make_shared<x509::DerivationBudget>()) {}

  /// stating is an opener with a password that the input itself states beside the key. Whoever
  /// wrote that chose the number of iterations too: they count although it opens.
  [[nodiscard]] KeyOpener stating(base::SecretOctets password) const {
    KeyOpener other = *this;
    other.password_ = std::make_shared<const base::SecretOctets>(std::move(password));
    other.is_stated_ = true;
    return other;
  }

  [[nodiscard]] bool has_password() const { return password_ != nullptr; }
  /// is_stated: the password is that of this input alone (stating).
  [[nodiscard]] bool is_stated() const { return is_stated_; }
  /// password is the empty one where none was given.
  [[nodiscard]] const base::SecretOctets& password() const {
    static const base::SecretOctets kNone;
    return password_ ? *password_ : kNone;
  }
  [[nodiscard]] x509::DerivationBudget& budget() { return *budget_; }
  /// opened says that the password was the right one.
  void opened() {
    if (has_password() && !is_stated_) budget_->refill();
  }

 private:
  std::shared_ptr<const base::SecretOctets> password_;
  std::shared_ptr<x509::DerivationBudget> budget_;
  bool is_stated_ = false;
};

/// DocumentScope is what the readers of one document share.
struct DocumentScope {
  explicit DocumentScope(const ReadOptions& options)
      : limits(options.limits),
        keys(options.password),
        tokens(options.as == Format::jwt),
        shared_(options.known) {}
  DocumentScope(const Limits& some_limits, KeyOpener some_keys)
      : limits(some_limits), keys(std::move(some_keys)) {}
  DocumentScope(const DocumentScope&) = delete;
  DocumentScope& operator=(const DocumentScope&) = delete;
  const Limits& limits;
  KeyOpener keys;
  bool tokens = false;  ///< tokens are asked for: those of Secrets count, too
  [[nodiscard]] KnownValues& known() { return shared_ ? *shared_ : own_; }

 private:
  std::shared_ptr<KnownValues> shared_;
  KnownValues own_;
};

}  // namespace meshcert::input
