#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "meshcert/certificate.hpp"
#include "meshcert/private_key.hpp"
#include "meshcert/source_ref.hpp"

namespace meshcert {

/// PublicHalf is what a private key shows of itself: no octet of it is secret. The
/// octets of `key` belong to the artifact's storage.
struct PublicHalf {
  PublicKey key;
  bool complete = false;  ///< `key` holds the public key itself, not its algorithm alone
  KeyForm form = KeyForm::unknown;
  SourceRef where;
};

/// KeyFacts says what is known of an artifact's private key. No key octet is
/// ever kept here.
struct KeyFacts {
  bool present = false;
  bool redacted = false;  ///< Envoy's "[redacted]" placeholder: present in the proxy, absent here
  bool encrypted = false;
  std::vector<PublicHalf> halves = {};    ///< of the keys that could be read, in order; usually one
  std::size_t chosen = 0;                 ///< the one that belongs to the leaf, else the first
  bool cut_short = false;                 ///< there were more than are looked at
  std::optional<bool> matches_leaf = {};  ///< nullopt: not known, or not asked of a bundle
  std::string file = {};                  ///< of a key in a file of its own: the name of that
  std::string first_label = {};           ///< and the label of the first PEM block there

  /// half is the one that is spoken of; null where no key could be read.
  [[nodiscard]] const PublicHalf* half() const { return halves.empty() ? nullptr : &halves[chosen]; }
};

}  // namespace meshcert
