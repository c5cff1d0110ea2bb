#include "x509/go_reading.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "der/strings.hpp"
#include "x509/attributes.hpp"
#include "x509/extension_rules.hpp"
#include "x509/extensions.hpp"
#include "x509/key_fault.hpp"
#include "x509/oids.hpp"

namespace meshcert::x509 {
namespace {

// What each of them did with such a certificate when it was given one (docs/findings.md).
constexpr std::string_view kOthersRead = "OpenSSL, BoringSSL (Envoy) and rustls (ztunnel) read it";
constexpr std::string_view kOpensslReads = "OpenSSL reads it";
constexpr std::string_view kRustlsReads =
    "OpenSSL and BoringSSL (Envoy) refuse it too, rustls (ztunnel) reads it";
constexpr std::string_view kAllRefuse = "OpenSSL, BoringSSL (Envoy) and rustls (ztunnel) refuse it too";

/// What is greater is decoded as this.
constexpr std::uint32_t kGreatestLength = std::numeric_limits<std::uint32_t>::max();

bool is_noncharacter(unsigned c) {
  return c == 0xfffe || c == 0xffff || (c >= 0xfdd0 && c <= 0xfdef) || (c >= 0xd800 && c <= 0xdfff);
}

bool is_ucs2(ByteView value) {
  if (value.size() % 2 != 0) return false;
  for (std::size_t at = 0; at < value.size(); at += 2)
    if (is_noncharacter(value[at] * 256U + value[at + 1])) return false;
  return true;
}

/// Go takes "*" and "&" in a PrintableString.
bool is_printable(ByteView value) {
  return der::fits_alphabet(der::kPrintableString, value) ||
         std::ranges::all_of(value, [](std::uint8_t octet) {
           return octet == '&' || der::fits_alphabet(der::kPrintableString, {&octet, 1});
         });
}

struct StringFault {
  std::string_view what, others;
};

StringFault string_fault(const der::Element& value) {
  const auto fits = [&] { return der::fits_alphabet(value.tag, value.contents); };
  switch (value.tag) {
    case der::kTeletexString:
      return {};
    case der::kPrintableString:
      if (is_printable(value.contents)) return {};
      return {"a PrintableString with a character outside its alphabet", kOthersRead};
    case der::kIa5String:
      return fits() ? StringFault{} : StringFault{"an IA5String with octets beyond ASCII", kOthersRead};
    case der::kNumericString:
      return fits() ? StringFault{} : StringFault{"a NumericString with other than digits", kOthersRead};
    case der::kUtf8String:
      return fits() ? StringFault{} : StringFault{"a UTF8String that is not UTF-8", kRustlsReads};
    case der::kBmpString:
      return is_ucs2(value.contents) ? StringFault{}
                                     : StringFault{"a BMPString that is not UCS-2", kRustlsReads};
    case der::kUniversalString:
      return {"a UniversalString, a type that Go does not know", kOthersRead};
    case der::kVisibleString:
      return {"a VisibleString, a type that Go does not know", kRustlsReads};
    default:
      // A constructed string is told as what it is: no DER.
      if (der::is_string_type(value.tag & ~der::kConstructed)) return {};
      return {"a value that is no string", "rustls (ztunnel) reads it"};
  }
}

StringFault name_fault(const DistinguishedName& name) {
  if (name.is_common) return {};
  StringFault fault;
  for_each_attribute(name, [&fault](const Attribute& attribute) {
    if (!fault.what.empty()) return;
    fault = go_reads_oid(attribute.type)
                ? string_fault(attribute.value)
                : StringFault{"an attribute whose type has an arc of 2^31 or more", kOpensslReads};
  });
  return fault;
}

std::string alt_name_fault(const GeneralName& name) {
  using enum GeneralName::Type;
  if (name.type != email && name.type != dns && name.type != uri) return {};
  const bool ascii = der::fits_alphabet(der::kIa5String, name.value);
  const auto fault = ascii && name.type == uri ? find_go_uri_fault(as_text(name.value)) : std::string_view();
  if (ascii && fault.empty()) return {};
  return "the " + std::string(type_name(name.type)) + " SAN \"" + std::string(as_text(name.value)) +
         (ascii ? "\" is no URI to Go: " + std::string(fault) : "\" has octets beyond ASCII");
}

/// Go keeps a path length in 64 bits, one of them for the sign.
bool has_endless_path_length(const Extensions& extensions) {
  bool found = false;
  for_each_extension(extensions, [&](const RawExtension& raw) {
    if (kBasicConstraints != raw.oid) return;
    auto fields = der::Reader(raw.value, nullptr).enter(der::kSequence);
    if (!fields || (fields->next_is(der::kBoolean) && !fields->read())) return;
    const auto length = fields->next_is(der::kInteger) ? fields->read_integer() : std::nullopt;
    found = found || (length && length->size() > sizeof(std::int64_t));
  });
  return found;
}

bool has_wide_extension(const Extensions& extensions) {
  bool found = false;
  if (extensions.others != 0)
    for_each_extension(extensions, [&](const RawExtension& raw) { found = found || !go_reads_oid(raw.oid); });
  return found;
}

/// wide_oid names what has an object identifier that Go does not read; "" for nothing.
std::string_view wide_oid(const Extensions& extensions) {
  if (has_wide_extension(extensions)) return "an extension";
  constexpr std::size_t kKnownSize = 10;  // of serverAuth, and of clientAuth
  const auto& usage = extensions.extended_key_usage;
  if (!usage || usage->oids.size() == kKnownSize * (usage->server_auth + std::size_t{usage->client_auth}))
    return {};
  der::Reader purposes(usage->oids, nullptr);
  while (const auto oid = purposes.read_object_identifier())
    if (!go_reads_oid(*oid)) return "a purpose in extendedKeyUsage";
  return {};
}

bool is_rsa_without_null(const PublicKey& key) {
  return key.algorithm == KeyAlgorithm::rsa && !std::ranges::equal(key.parameters, der::kNullElement);
}

/// Go shifts the octets by the bits that are unused (BitString.RightAlign). Their number stands before them.
bool has_unused_bits(const PublicKey& key) {
  const bool known = key.algorithm == KeyAlgorithm::rsa || key.algorithm == KeyAlgorithm::ec;
  if (!known || key.value.empty() || key.spki.empty()) return false;
  return key.spki[static_cast<std::size_t>(key.value.data() - key.spki.data()) - 1] != 0;
}

GoRefusal find_name_refusal(const Certificate& certificate) {
  for (const auto& [name, whose] :
       {std::pair{&certificate.issuer, "issuer"}, {&certificate.subject, "subject"}})
    if (const StringFault fault = name_fault(*name); !fault.what.empty())
      return {"the " + std::string(whose) + "'s name holds " + std::string(fault.what), fault.others,
              "reissue it with UTF8String or PrintableString in the names of subject and issuer"};
  if (!certificate.extensions.subject_alt_name) return {};
  for (const GeneralName& name : certificate.extensions.subject_alt_name->names)
    if (std::string fault = alt_name_fault(name); !fault.empty())
      return {std::move(fault), kOthersRead,
              "reissue it with names in subjectAltName that every peer reads: ASCII (xn--... for an "
              "internationalised domain), URIs whose host has no empty label"};
  return {};
}

GoRefusal find_key_refusal(const PublicKey& key) {
  if (is_rsa_without_null(key))
    return {key.parameters.empty() ? "the RSA key has no parameters, where a NULL belongs"
                                   : "the RSA key has parameters other than NULL",
            kOpensslReads,
            "reissue it with a tool that encodes RSA keys as RFC 3279 2.3.1 says, with NULL as parameters"};
  if (has_unused_bits(key))
    return {"the BIT STRING of the " + algorithm_name(key) + " key has unused bits", kOpensslReads,
            "reissue it with a tool that encodes the key in whole octets: the last one before it in "
            "subjectPublicKey says 0 unused bits"};
  if (is_compressed(key))
    return {"the EC key is a point in compressed form", kOpensslReads,
            "reissue it for the same key with its point uncompressed: openssl ec -in KEY -conv_form "
            "uncompressed"};
  return {};
}

GoRefusal find_extension_refusal(const Extensions& extensions) {
  if (const auto names = wrongly_critical(extensions); !names.empty())
    return {std::string(names.front()) + " is critical, which RFC 5280 does not allow", kAllRefuse,
            "reissue it with that extension not critical"};
  if (const auto what = wide_oid(extensions); !what.empty())
    return {std::string(what) + " has an object identifier with an arc of 2^31 or more", kOpensslReads,
            "reissue it without it, or with an identifier whose arcs are less than 2^31: one made of a UUID "
            "(2.25.N) has one that is more"};
  if (extensions.basic_constraints && extensions.basic_constraints->path_length == kGreatestLength &&
      has_endless_path_length(extensions))
    return {
        "basicConstraints has a path length of 2^63 or more", kOpensslReads,
        "reissue it without pathLenConstraint (of a leaf always), or with the number of CAs that may follow"};
  if (extensions.certificate_policies && repeats_policy(*extensions.certificate_policies))
    return {"certificatePolicies names one policy twice", kOpensslReads, "reissue it with each policy once"};
  if (!extensions.name_constraints) return {};
  return {
      find_go_constraint_fault(*extensions.name_constraints), kOpensslReads,
      "reissue the CA with constraints that every peer reads: domains in ASCII without empty labels, hosts "
      "for URIs, addresses with a prefix as their mask"};
}

}  // namespace

GoRefusal find_go_refusal(const Certificate& certificate) {
  if (GoRefusal refusal = find_name_refusal(certificate); !refusal.reason.empty()) return refusal;
  if (GoRefusal refusal = find_key_refusal(certificate.key); !refusal.reason.empty()) return refusal;
  return find_extension_refusal(certificate.extensions);
}

bool go_reads_info_access(const Extensions& extensions) {
  bool reads = true;
  for_each_extension(extensions, [&](const RawExtension& raw) {
    if (kAuthorityInfoAccess != raw.oid) return;
    auto list = der::Reader(raw.value, nullptr).enter(der::kSequence);
    reads = reads && list.has_value();
    while (reads && !list->at_end()) {
      auto description = list->enter(der::kSequence);
      reads = description && description->read_object_identifier() &&
              (description->at_end() || description->read());
    }
  });
  return reads;
}

}  // namespace meshcert::x509
