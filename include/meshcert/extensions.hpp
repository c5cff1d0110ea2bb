#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/bytes.hpp"
#include "meshcert/name.hpp"

namespace meshcert {

/// Extension is one certificate extension in one of three states: absent,
/// decoded, malformed (present, but its value did not decode). It converts to
/// true only when decoded; only then may the value be read.
template <class T>
class Extension {
 public:
  enum class State : std::uint8_t { absent, decoded, malformed };

  [[nodiscard]] bool absent() const { return state_ == State::absent; }
  [[nodiscard]] bool malformed() const { return state_ == State::malformed; }
  explicit operator bool() const { return state_ == State::decoded; }
  [[nodiscard]] bool critical() const { return critical_; }
  const T& operator*() const { return value_; }
  const T* operator->() const { return &value_; }

  void set(bool critical, std::optional<T> value) {
    critical_ = critical;
    state_ = value ? State::decoded : State::malformed;
    if (value) value_ = *value;
  }

 private:
  T value_{};
  State state_ = State::absent;
  bool critical_ = false;
};

/// RFC 5280 4.2.1.9.
struct BasicConstraints {
  bool is_ca = false;
  std::optional<std::uint32_t> path_length;
};

/// KeyUsage is the bit set of RFC 5280 4.2.1.3.
struct KeyUsage {
  enum Bit : std::uint8_t {
    digital_signature,
    content_commitment,
    key_encipherment,
    data_encipherment,
    key_agreement,
    key_cert_sign,
    crl_sign,
    encipher_only,
    decipher_only
  };
  std::uint16_t bits = 0;  ///< bit n of the named bit list is 1 << n
  [[nodiscard]] bool has(Bit bit) const { return (bits >> bit) & 1U; }
};
/// key_usage_names lists the RFC names of the bits set ("digitalSignature"; bit 1 is "nonRepudiation").
[[nodiscard]] std::vector<std::string_view> key_usage_names(KeyUsage usage);
/// assign_names puts these into `names`, in the memory that it has.
void assign_names(std::vector<std::string_view>& names, KeyUsage usage);

/// ExtendedKeyUsage (RFC 5280 4.2.1.12): a checked view of its OIDs.
struct ExtendedKeyUsage {
  ByteView oids;  ///< contents octets of the SEQUENCE OF OBJECT IDENTIFIER
  bool server_auth = false;
  bool client_auth = false;
  bool any = false;  ///< anyExtendedKeyUsage
};
/// extended_key_usage_names: RFC names ("serverAuth"), dotted OIDs for others.
[[nodiscard]] std::vector<std::string> extended_key_usage_names(const ExtendedKeyUsage& usage);
/// assign_names puts these into `names`, in the memory that it has.
void assign_names(std::vector<std::string>& names, const ExtendedKeyUsage& usage);

/// GeneralName (RFC 5280 4.2.1.6): its type and its contents octets.
struct GeneralName {
  enum class Type : std::uint8_t {
    other_name,
    email,
    dns,
    x400_address,
    directory_name,
    edi_party_name,
    uri,
    ip,
    registered_id
  };
  Type type{};
  ByteView value;  ///< contents octets: IA5 text, 4 or 16 address octets, an OID, a Name ...
};
[[nodiscard]] std::string_view type_name(
    GeneralName::Type type);  ///< "URI", "DNS", "IP", "email", "dirName" ...
/// to_string renders a name's value: text as its octets stand, addresses as
/// text (IPv6 by RFC 5952), a directory name by RFC 4514, others as "OID;#hex".
[[nodiscard]] std::string to_string(const GeneralName& name);
void append_text(std::string& text, const GeneralName& name);  ///< to_string at the end of a text

/// GeneralNames is a checked view of a SEQUENCE OF GeneralName; walking it
/// cannot fail and allocates nothing.
class GeneralNames {
 public:
  class iterator {
   public:
    using value_type = GeneralName;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(ByteView rest);
    const GeneralName& operator*() const { return current_; }
    const GeneralName* operator->() const { return &current_; }
    iterator& operator++();
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& a, const iterator& b) { return a.at_ == b.at_; }

   private:
    const std::uint8_t* at_ = nullptr;  ///< start of the current name; null at the end
    ByteView rest_;
    GeneralName current_;
  };

  GeneralNames() = default;
  explicit GeneralNames(ByteView checked_contents) : contents_(checked_contents) {}
  [[nodiscard]] iterator begin() const { return iterator(contents_); }
  [[nodiscard]] iterator end() const { return {}; }
  [[nodiscard]] bool empty() const { return contents_.empty(); }

 private:
  ByteView contents_;
};

/// SubjectAltName (RFC 5280 4.2.1.6) with what nearly every question needs
/// counted while decoding.
struct SubjectAltName {
  GeneralNames names;
  std::uint32_t count = 0;
  std::uint32_t uri_count = 0;
  std::string_view first_uri;   ///< the first URI as counted octets; "" when there is none
  bool has_spiffe_uri = false;  ///< some URI begins with "spiffe:", whatever the case
};

/// RFC 5280 4.2.1.10. Subtrees are SEQUENCE OF GeneralSubtree, contents octets.
struct NameConstraints {
  ByteView permitted, excluded;
};

/// RFC 5280 4.2.1.1. Absent parts are empty.
struct AuthorityKeyId {
  ByteView key_id;
  GeneralNames issuer;
  ByteView serial;
};

/// Extensions holds what checks ask about, decoded in one pass; the rest can be
/// walked with for_each_extension (src/x509/extensions.hpp).
struct Extensions {
  ByteView all;  ///< contents octets of the Extensions SEQUENCE; empty when absent
  Extension<BasicConstraints> basic_constraints;
  Extension<KeyUsage> key_usage;
  Extension<ExtendedKeyUsage> extended_key_usage;
  Extension<SubjectAltName> subject_alt_name;
  Extension<NameConstraints> name_constraints;
  Extension<ByteView> subject_key_id;
  Extension<AuthorityKeyId> authority_key_id;
  Extension<ByteView> authority_info_access;    ///< contents octets, checked
  Extension<ByteView> crl_distribution_points;  ///< contents octets, checked
  Extension<ByteView> freshest_crl;             ///< contents octets, checked; as distribution points
  Extension<ByteView> certificate_policies;     ///< contents octets, checked
  std::uint32_t others = 0;                     ///< extensions that are none of these
  std::uint32_t unknown_critical = 0;           ///< critical extensions that we do not process
};
/// malformed_extensions lists those present that did not decode ("keyUsage").
[[nodiscard]] std::vector<std::string_view> malformed_extensions(const Extensions& extensions);
/// unknown_critical_extensions lists their dotted OIDs.
[[nodiscard]] std::vector<std::string> unknown_critical_extensions(const Extensions& extensions);

}  // namespace meshcert
