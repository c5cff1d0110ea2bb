#include "builder.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "mutate.hpp"

namespace gencerts {
namespace {

struct AttributeType {
  std::string_view name, dotted;
};
constexpr std::array kAttributeTypes{
    AttributeType{"CN", "2.5.4.3"},
    AttributeType{"C", "2.5.4.6"},
    AttributeType{"L", "2.5.4.7"},
    AttributeType{"ST", "2.5.4.8"},
    AttributeType{"O", "2.5.4.10"},
    AttributeType{"OU", "2.5.4.11"},
    AttributeType{"DC", "0.9.2342.19200300.100.1.25"},
};

std::string_view dotted_type(std::string_view name) {
  for (const AttributeType& type : kAttributeTypes)
    if (type.name == name) return type.dotted;
  return name;
}

bool is_printable_string(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?";
  return text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

Octets encode_attribute(const Attribute& attribute) {
  auto string_tag = attribute.string_tag;
  if (string_tag == 0)
    string_tag = is_printable_string(attribute.value) ? tag::kPrintableString : tag::kUtf8String;
  return sequence(oid(dotted_type(attribute.type)) + tlv(string_tag, attribute.value));
}

Octets hash_serial(std::string_view name, std::size_t octets) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(name.data()), name.size(), hash.data());
  hash[0] &= 0x7fU;
  std::string_view serial(reinterpret_cast<const char*>(hash.data()), octets);
  while (serial.size() > 1 && serial[0] == 0 && static_cast<signed char>(serial[1]) >= 0)
    serial.remove_prefix(1);
  return Octets(serial);
}

/// key_id is the SHA-1 of the public key's BIT STRING contents (RFC 5280 4.2.1.2, method 1).
Octets key_id(const Octets& spki) {
  const Octets bits = decode(spki).children.at(1).contents.substr(1);
  std::array<unsigned char, SHA_DIGEST_LENGTH> hash{};
  SHA1(reinterpret_cast<const unsigned char*>(bits.data()), bits.size(), hash.data());
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

Octets encode_extension(std::string_view dotted, bool critical, const Octets& value) {
  return sequence(oid(dotted) + (critical ? boolean(true) : Octets()) + octet_string(value));
}

}  // namespace

Octets rdn(std::initializer_list<Attribute> attributes) {
  std::vector<Octets> members;
  for (const Attribute& attribute : attributes) members.push_back(encode_attribute(attribute));
  std::sort(members.begin(), members.end());
  Octets contents;
  for (const Octets& member : members) contents += member;
  return tlv(tag::kSet, contents);
}

Octets name_of(std::initializer_list<Octets> rdns) {
  Octets contents;
  for (const Octets& one : rdns) contents += one;
  return sequence(contents);
}

Octets name(std::initializer_list<Attribute> attributes) {
  Octets contents;
  for (const Attribute& attribute : attributes) contents += rdn({attribute});
  return sequence(contents);
}

Octets email(std::string_view text) {
  return tlv(tag::context(1), text);
}
Octets dns(std::string_view text) {
  return tlv(tag::context(2), text);
}
Octets uri(std::string_view text) {
  return tlv(tag::context(6), text);
}
Octets ip(std::string_view address_octets) {
  return tlv(tag::context(7), address_octets);
}

CertificateBuilder::CertificateBuilder(Workshop& workshop, std::string_view serial_name)
    : workshop_(workshop), serial_name_(serial_name), serial_(hash_serial(serial_name, 8)) {}

CertificateBuilder& CertificateBuilder::version(unsigned version) {
  version_ = version;
  return *this;
}

CertificateBuilder& CertificateBuilder::wide_serial() {
  return serial(hash_serial(serial_name_, 16));
}

CertificateBuilder& CertificateBuilder::serial(std::string_view contents) {
  serial_ = contents;
  return *this;
}

CertificateBuilder& CertificateBuilder::subject(Octets name) {
  subject_ = std::move(name);
  return *this;
}

CertificateBuilder& CertificateBuilder::issuer(Octets name) {
  issuer_ = std::move(name);
  return *this;
}

CertificateBuilder& CertificateBuilder::validity(Instant not_before, Instant not_after) {
  return raw_validity(time(not_before), time(not_after));
}

CertificateBuilder& CertificateBuilder::raw_validity(Octets not_before, Octets not_after) {
  validity_ = sequence(not_before + not_after);
  return *this;
}

CertificateBuilder& CertificateBuilder::key(std::string_view name) {
  return raw_public_key(spki_of(workshop_.key(name)));
}

CertificateBuilder& CertificateBuilder::raw_public_key(Octets spki) {
  spki_ = std::move(spki);
  return *this;
}

CertificateBuilder& CertificateBuilder::signer(std::string_view key_name, SignatureScheme scheme) {
  signer_ = key_name;
  scheme_ = scheme;
  return *this;
}

CertificateBuilder& CertificateBuilder::extension(std::string_view dotted, bool critical, Octets value) {
  const auto found = std::find_if(extensions_.begin(), extensions_.end(),
                                  [&](const Extension& candidate) { return candidate.dotted == dotted; });
  if (found != extensions_.end())
    *found = {dotted, critical, std::move(value)};
  else
    extensions_.push_back({dotted, critical, std::move(value)});
  return *this;
}

CertificateBuilder& CertificateBuilder::without(std::string_view dotted) {
  std::erase_if(extensions_, [&](const Extension& candidate) { return candidate.dotted == dotted; });
  return *this;
}

CertificateBuilder& CertificateBuilder::key_usage(std::initializer_list<unsigned> bits, bool critical) {
  return extension(ext::kKeyUsage, critical, named_bits(bits));
}

CertificateBuilder& CertificateBuilder::extended_key_usage(std::initializer_list<std::string_view> purposes) {
  Octets contents;
  for (const auto purpose : purposes) contents += oid(purpose);
  return extension(ext::kExtendedKeyUsage, false, sequence(contents));
}

CertificateBuilder& CertificateBuilder::leaf_constraints() {
  return extension(ext::kBasicConstraints, true, sequence(""));
}

CertificateBuilder& CertificateBuilder::ca_constraints(int path_length) {
  Octets contents = boolean(true);
  if (path_length >= 0) contents += integer(static_cast<std::uint64_t>(path_length));
  return extension(ext::kBasicConstraints, true, sequence(contents));
}

CertificateBuilder& CertificateBuilder::san(std::initializer_list<Octets> names, bool critical) {
  Octets contents;
  for (const Octets& one : names) contents += one;
  return extension(ext::kSubjectAltName, critical, sequence(contents));
}

CertificateBuilder& CertificateBuilder::key_ids(bool subject, bool authority) {
  subject_key_id_ = subject;
  authority_key_id_ = authority;
  return *this;
}

Octets CertificateBuilder::extensions() const {
  Octets contents;
  for (const Extension& one : extensions_) contents += encode_extension(one.dotted, one.critical, one.value);
  if (subject_key_id_) contents += encode_extension(ext::kSubjectKeyId, false, octet_string(key_id(spki_)));
  if (authority_key_id_) {
    const Octets id = key_id(spki_of(workshop_.key(signer_)));
    contents += encode_extension(ext::kAuthorityKeyId, false, sequence(tlv(tag::context(0), id)));
  }
  return contents;
}

Octets CertificateBuilder::build() const {
  Octets tbs;
  if (version_ > 1) tbs += tlv(tag::constructed_context(0), integer(version_ - 1));
  tbs += integer_of(serial_) + workshop_.signature_algorithm(signer_, scheme_) + issuer_ + validity_ +
         subject_ + spki_;
  if (version_ > 2) tbs += tlv(tag::constructed_context(3), sequence(extensions()));
  return workshop_.certify(sequence(tbs), signer_, scheme_);
}

}  // namespace gencerts
