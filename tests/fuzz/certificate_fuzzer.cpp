// Certificate::decode and assess on any octets, against what must always hold
// and, where OpenSSL makes a certificate of the same octets too, against it.
#include <openssl/err.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "meshcert/certificate.hpp"
#include "tests/fuzz/fuzzer.hpp"
#include "x509/assess.hpp"
#include "x509/extensions.hpp"

using namespace meshcert;
using fuzz::require;

namespace {

bool lies_in(ByteView part, ByteView whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_views(const Certificate& certificate, ByteView octets) {
  require(certificate.der.data() == octets.data() && certificate.der.size() <= octets.size());
  for (const ByteView part :
       {certificate.tbs, certificate.serial, certificate.issuer.rdns, certificate.subject.rdns,
        certificate.key.spki, certificate.signature, certificate.extensions.all}) {
    require(lies_in(part, certificate.der));
  }
  require(!certificate.serial.empty());
  for (const DerDefect defect : certificate.defects.list()) {
    require(certificate.defects.first_offset(defect) <= certificate.der.size());
  }
}

void check_text(const Certificate& certificate) {
  static_cast<void>(to_rfc4514(certificate.subject));
  static_cast<void>(attribute_values(certificate.issuer, AttributeType::organization));
  require(!serial_hex(certificate).empty() && !to_string(certificate.key).empty());
  require(!algorithm_name(certificate.signature_algorithm).empty());
  const auto& extensions = certificate.extensions;
  require(unknown_critical_extensions(extensions).size() == extensions.unknown_critical);
  if (!extensions.subject_alt_name) return;
  std::size_t count = 0;
  for (const GeneralName& name : extensions.subject_alt_name->names) count += to_string(name).empty() ? 1 : 1;
  require(count == extensions.subject_alt_name->count);
  require(uri_names(certificate).size() == extensions.subject_alt_name->uri_count);
}

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(char* text) const { OPENSSL_free(text); }
};

std::string openssl_serial(X509* certificate) {
  const std::unique_ptr<BIGNUM, Free> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  const std::unique_ptr<char, Free> text(BN_bn2hex(number.get()));
  std::string digits;
  const bool negative = BN_is_negative(number.get()) != 0;
  for (const char* c = text.get() + (negative ? 1 : 0); *c != '\0'; ++c) {
    if (*c != '0' || !digits.empty()) digits += *c >= 'A' ? static_cast<char>(*c + 32) : *c;
  }
  if (digits.empty()) return "0";
  return negative ? "-" + digits : digits;
}

bool same_time(const ASN1_TIME* theirs, Instant ours) {
  tm parts{};
  if (ASN1_TIME_to_tm(theirs, &parts) != 1) return true;  // it keeps what it cannot read
  const auto date = std::chrono::year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday;
  return std::chrono::sys_days(date) + std::chrono::hours(parts.tm_hour) +
             std::chrono::minutes(parts.tm_min) + Seconds(parts.tm_sec) ==
         ours;
}

void compare(const Certificate& ours, ByteView octets) {
  const auto* at = octets.data();
  const std::unique_ptr<X509, Free> theirs(d2i_X509(nullptr, &at, static_cast<long>(octets.size())));
  ERR_clear_error();
  if (!theirs) return;
  require(at == octets.data() + ours.der.size());
  require(openssl_serial(theirs.get()) == serial_hex(ours));
  require(same_time(X509_get0_notBefore(theirs.get()), ours.not_before));
  require(same_time(X509_get0_notAfter(theirs.get()), ours.not_after));
  std::size_t extensions = 0;
  x509::for_each_extension(ours.extensions, [&](const x509::RawExtension&) { ++extensions; });
  require(static_cast<std::size_t>(X509_get_ext_count(theirs.get())) == extensions);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView octets{data, size};
  const auto certificate = Certificate::decode(octets);
  const auto verdict = x509::assess(octets);
  require(verdict.parsed == certificate.has_value());
  require(verdict.reason.empty() == (verdict.parsed && verdict.strict_der));
  if (!certificate) {
    require(!certificate.error().empty());
    return 0;
  }
  check_views(*certificate, octets);
  check_text(*certificate);
  compare(*certificate, octets);
  return 0;
}
