#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "meshcert/certificate.hpp"
#include "path/trust_settings.hpp"

namespace meshcert::path {

/// Store is the certificates that paths may be made of: trusted ones, which end
/// a path, and others that were sent or found. It borrows them, and the names that it is asked
/// about. Octets that are added twice are one certificate, trusted if either is, with the first settings.
/// What it is asked is remembered: of one thread alone.
///
/// A store may lie on another that many share: what is trusted by all chains of a
/// dump is indexed once, and each chain adds what it sends on top.
class Store {
 public:
  Store() = default;
  /// over makes an empty store on another, which it borrows and which must not
  /// change any more. What stands below cannot be added again.
  [[nodiscard]] static Store over(const Store& below) {
    Store store;
    store.below_ = &below;
    return store;
  }
  Store(Store&&) = default;
  Store& operator=(Store&&) = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  struct Entry {
    const Certificate* certificate;
    bool trusted = false;
    TrustSettings settings = {};
  };

  /// trust adds an anchor: of any kind, a root or an intermediate.
  void trust(const Certificate& certificate, TrustSettings settings = {});
  /// offer adds a certificate that may stand between leaf and anchor.
  void offer(const Certificate& certificate);

  /// issuers lists the certificates with this subject (RFC 5280 7.1): those of the
  /// store below first, else in the order in which they were added.
  [[nodiscard]] std::vector<const Entry*> issuers(const DistinguishedName& issuer) const;
  /// issuers_of lists those that may have issued a certificate: of its issuer's name. Of
  /// more than `most` it leaves out the least likely: not trusted, of another key id,
  /// no CA, ending sooner. Costs no more for ten thousand namesakes than for a few.
  [[nodiscard]] std::vector<const Entry*> issuers_of(const Certificate& certificate, std::size_t most) const;
  /// find returns the entry with the same octets; null when there is none.
  [[nodiscard]] const Entry* find(const Certificate& certificate) const;
  /// stated lists the entries that have trust settings.
  [[nodiscard]] std::vector<const Entry*> stated() const;
  /// anchors lists what is trusted, in order.
  [[nodiscard]] std::vector<const Certificate*> anchors() const;

 private:
  /// Namesakes are the entries of one subject; what is likely is sorted when it is asked for.
  struct Namesakes {
    std::vector<const Entry*> all;                                              ///< as they were added
    std::vector<const Entry*> likely;                                           ///< all of them, best first
    std::unordered_map<std::string_view, std::vector<const Entry*>> by_key_id;  ///< likewise
    void sort();
  };
  using Found = std::vector<const Entry*>;
  void append_issuers_of(const Certificate& certificate, std::size_t most, Found& found) const;

  Entry& add(const Certificate& certificate);
  [[nodiscard]] const std::string& canonical(const DistinguishedName& name) const;

  const Store* below_ = nullptr;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<const Entry*> stated_;  ///< each chain of a run asks for them
  std::unordered_map<std::string_view, Entry*> by_octets_;
  mutable std::unordered_map<std::string, Namesakes> by_subject_;
  mutable std::unordered_map<std::string_view, std::string> canonical_;  ///< memory of names asked for
};

}  // namespace meshcert::path
