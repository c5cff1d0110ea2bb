#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/certificate.hpp"

namespace meshcert::path {

/// NameConstraintFault is what one certificate breaks, or why that cannot be told.
struct NameConstraintFault {
  enum class Kind : std::uint8_t { violated, unsupported, exhausted };
  Kind kind;
  std::string detail;  ///< "DNS a.example.com is outside of the permitted example.org"
  GeneralName::Type type = GeneralName::Type::other_name;  ///< of the name
  std::string_view what = {};  ///< where it stands, other than in subjectAltName: "subject", "emailAddress",
                               ///< "CN"; "wildcard" where only names that it stands for break it;
                               ///< "subdomain" of a URI below a host that is permitted
};

/// has_host_in_common_name: a leaf without subjectAltName whose common name has the form of a host
/// name, which BoringSSL refuses below any name constraints.
[[nodiscard]] bool has_host_in_common_name(const Certificate& leaf);

/// ConstraintSet is the subtrees of one nameConstraints extension (RFC 5280
/// 4.2.1.10), sorted by the type of name. It borrows the certificate's octets.
///
/// - DNS: "example.com" is itself and all below it; a leading dot leaves itself
///   out. A wildcard is outside of what is excluded only if all that it stands
///   for is.
/// - email: a mailbox, a host, or with a leading dot all below it; SmtpUTF8Mailbox
///   too (RFC 9598 6). The emailAddress of a subject counts where there is no email SAN.
/// - URI: the host, exactly; with a leading dot all below it. A URI without a host
///   that is a name is no member of anything.
/// - IP: address and mask, of one family; an IPv4 address mapped into IPv6 is
///   excluded with the former.
/// - directory names: leading RDNs, as names compare (7.1); the subject counts.
/// - otherName: a certificate that has one is refused; the other types may not be
///   constrained at all.
/// - The common name of a leaf without subjectAltName, where it has the form of a
///   host name, counts as one: somebody may take it for one (as in BoringSSL).
class ConstraintSet {
 public:
  explicit ConstraintSet(const NameConstraints& constraints);

  /// unsupported: why the extension cannot be applied at all (a minimum, a
  /// maximum, a mask with holes, a type that may not be constrained); "" when it can.
  [[nodiscard]] const std::string& unsupported() const { return unsupported_; }

  /// constrains: names of this type, by what is permitted or excluded.
  [[nodiscard]] bool constrains(GeneralName::Type type) const;

  /// excludes_below: a URI of the certificate has a host below one that is excluded. RFC 5280 excludes that
  /// host alone, Go what is below it, too (crypto/x509 verify.go, matchURIConstraint).
  [[nodiscard]] bool excludes_below(const Certificate& certificate) const;

  /// check holds the names of a certificate against it. `budget` counts down with names times constraints, as
  /// OpenSSL counts (crypto/x509/v3_ncons.c).
  [[nodiscard]] std::optional<NameConstraintFault> check(const Certificate& certificate, bool is_leaf,
                                                         std::size_t& budget) const;
  /// check holds one name against it, as if a certificate had it as its subjectAltName.
  [[nodiscard]] std::optional<NameConstraintFault> check(const GeneralName& name, std::size_t& budget) const;

 private:
  struct Subtree {
    GeneralName base;
    std::string canonical;  ///< as it is compared
  };
  using Subtrees = std::vector<std::vector<Subtree>>;  ///< by GeneralName::Type

  void read(ByteView list, Subtrees& subtrees);
  struct Presented;
  [[nodiscard]] static Presented present(const GeneralName& name);
  [[nodiscard]] static std::vector<Presented> names_of(const Certificate& certificate, bool is_leaf);
  [[nodiscard]] static bool stands_for_more(const Presented& name, const Subtree& subtree);
  [[nodiscard]] static bool is_below(const Presented& name, const std::vector<Subtree>& subtrees);
  [[nodiscard]] std::optional<NameConstraintFault> check_one(const Presented& name) const;

  Subtrees permitted_, excluded_;
  std::size_t size_ = 0;  ///< of both
  std::string unsupported_;
};

}  // namespace meshcert::path
