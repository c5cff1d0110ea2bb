#include "x509/go_reading.hpp"

#include <algorithm>
#include <utility>

#include "der/strings.hpp"
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
  return std::ranges::all_of(value, [](std::uint8_t octet) {
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
  der::Reader rdns(name.rdns, nullptr);
  while (auto rdn = rdns.enter(der::kSet)) {
    while (auto attribute = rdn->enter(der::kSequence)) {
      const auto type = attribute->read_object_identifier();
      const auto value = type ? attribute->read() : std::nullopt;
      const StringFault fault = value ? string_fault(*value) : StringFault{};
      if (!fault.what.empty()) return fault;
    }
  }
  return {};
}

std::string alt_name_fault(const GeneralName& name) {
  using enum GeneralName::Type;
  if (name.type != email && name.type != dns && name.type != uri) return {};
  const std::string shown =
      "the " + std::string(type_name(name.type)) + " SAN \"" + std::string(as_text(name.value)) + '"';
  if (!der::fits_alphabet(der::kIa5String, name.value)) return shown + " has octets beyond ASCII";
  const auto fault = name.type == uri ? find_go_uri_fault(as_text(name.value)) : std::string_view();
  return fault.empty() ? std::string() : shown + " is no URI to Go: " + std::string(fault);
}

std::string critical_fault(const Extensions& extensions) {
  const auto is_critical = [](const auto& extension) { return !extension.absent() && extension.critical(); };
  for (const auto& [critical, name] :
       {std::pair{is_critical(extensions.authority_key_id), "authorityKeyIdentifier"},
        {is_critical(extensions.subject_key_id), "subjectKeyIdentifier"},
        {is_critical(extensions.authority_info_access), "authorityInfoAccess"}})
    if (critical) return std::string(name) + " is critical, which RFC 5280 does not allow";
  return {};
}

bool lacks_null(const PublicKey& key) {
  if (key.algorithm != KeyAlgorithm::rsa) return false;
  der::Reader reader(key.spki, nullptr);
  auto fields = reader.enter(der::kSequence);
  auto algorithm = fields ? fields->enter(der::kSequence) : std::nullopt;
  return algorithm && algorithm->read_object_identifier() && algorithm->at_end();
}

}  // namespace

GoRefusal find_go_refusal(const Certificate& certificate) {
  for (const auto& [name, whose] :
       {std::pair{&certificate.issuer, "issuer"}, {&certificate.subject, "subject"}})
    if (const StringFault fault = name_fault(*name); !fault.what.empty())
      return {"the " + std::string(whose) + "'s name holds " + std::string(fault.what), fault.others};
  if (lacks_null(certificate.key))
    return {"the RSA key has no parameters, where a NULL belongs", kOpensslReads};
  if (is_compressed(certificate.key)) return {"the EC key is a point in compressed form", kOpensslReads};
  const Extensions& extensions = certificate.extensions;
  if (extensions.subject_alt_name)
    for (const GeneralName& name : extensions.subject_alt_name->names)
      if (std::string fault = alt_name_fault(name); !fault.empty()) return {std::move(fault), kOthersRead};
  return {critical_fault(extensions), kAllRefuse};
}

}  // namespace meshcert::x509
