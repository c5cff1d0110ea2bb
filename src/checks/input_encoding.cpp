#include "checks/input_encoding.hpp"

#include <algorithm>
#include <utility>

#include "base/words.hpp"
#include "path/peer_name.hpp"
#include "x509/go_reading.hpp"
#include "x509/refusers.hpp"

namespace meshcert::checks {
namespace {

/// Of one member of a bundle that Go cannot parse the others are left, so it is no outage yet.
Severity severity_of_refusal(const Subject& subject) {
  const bool in_company = is_bundle(subject.artifact.kind) && subject.artifact.certificates.size() > 1;
  return in_company ? Severity::warning : Severity::error;
}

std::string place_words(const Certificate& certificate, DerDefect defect) {
  const std::string_view place = x509::place_of(certificate, defect);
  return "octet " + std::to_string(certificate.defects.first_offset(defect)) +
         (place.empty() ? "" : " in " + std::string(place));
}

// An error where OpenSSL refuses, and then nobody reads it, or Go, without which there is no istiod.
void check_strict_der(const Subject& subject, FindingSink& sink) {
  const Certificate& certificate = subject.certificate;
  std::string refused;
  Severity severity = Severity::warning;
  for (const DerDefect defect : certificate.defects.list()) {
    const x509::Refusers refusers = x509::refusers_of(certificate, defect);
    if (refusers.who.empty()) continue;
    if (refusers.openssl_refuses) severity = Severity::error;
    if (refusers.go_refuses) severity = std::max(severity, severity_of_refusal(subject));
    refused += (refused.empty() ? "" : "; ") + std::string(describe(defect)) + " (" +
               place_words(certificate, defect) + ", " + std::string(refusers.who) + ")";
  }
  if (!refused.empty()) sink.report_at(severity, kNotStrictDer, subject, {{"defects", std::move(refused)}});
}

void check_extensions(const Subject& subject, FindingSink& sink) {
  const Extensions& extensions = subject.certificate.extensions;
  const auto malformed = malformed_extensions(extensions);
  if (malformed.empty()) return;
  const bool harmless = malformed.size() == 1 && extensions.authority_info_access.malformed() &&
                        x509::go_reads_info_access(extensions);
  std::vector<Fact> facts{
      {"extensions", base::join(malformed)},
      {"_who", harmless ? "OpenSSL, BoringSSL (Envoy) and Go (istiod) pass it over, and nobody learns "
                          "where the issuer's certificate or an OCSP responder is"
                        : "OpenSSL and BoringSSL (Envoy), Go (istiod) or all of them refuse the "
                          "whole certificate"}};
  harmless ? sink.report_at(Severity::warning, kMalformedExtension, subject, std::move(facts))
           : sink.report(kMalformedExtension, subject, std::move(facts));
}

void check_go(const Subject& subject, FindingSink& sink) {
  if (x509::GoRefusal refusal = x509::find_go_refusal(subject.certificate); !refusal.reason.empty())
    sink.report_at(
        severity_of_refusal(subject), kRefusedByGo, subject,
        {{"reason", std::move(refusal.reason)}, {"_others", refusal.others}, {"_fix", refusal.fix}});
}

// What BoringSSL alone refuses when it verifies, whatever else is right.
void check_envoy(const Subject& subject, FindingSink& sink) {
  const Extensions& extensions = subject.certificate.extensions;
  const auto report = [&](std::string found, const char* required, const char* fix) {
    sink.report_at(severity_of_refusal(subject), kBoringSslRefuses, subject,
                   {{"found", std::move(found)}, {"required", required}, {"_reissue", fix}});
  };
  const auto& constraints = extensions.basic_constraints;
  if (constraints && !constraints->is_ca && constraints->path_length)
    report("its basicConstraints have the path length " + std::to_string(*constraints->path_length) +
               " and no CA:TRUE",
           "have none",
           "reissue it with basicConstraints CA:FALSE alone: no pathlen in the profile or openssl.cnf");
  if (extensions.crl_distribution_points.critical())
    report("its cRLDistributionPoints are critical, and it knows no such extension", "have them not critical",
           "reissue it with crlDistributionPoints not critical");
}

void report_negative(const Subject& subject, FindingSink& sink) {
  sink.report_at(severity_of_refusal(subject), kSerialNotPositive, subject,
                 {{"serial", serial_hex(subject.certificate)},
                  {"_refused",
                   ", and Go 1.23 and later (istiod since 1.24, the API server) cannot parse a "
                   "certificate with a negative one; OpenSSL and Envoy read it"},
                  {"_fix", "reissue it with a random positive serial number"}});
}

void check_serial(const Subject& subject, FindingSink& sink) {
  constexpr std::size_t kMostOctets = 20;
  const ByteView serial = subject.certificate.serial;
  const bool zero = std::ranges::all_of(serial, [](std::uint8_t octet) { return octet == 0; });
  if (!serial.empty() && (serial[0] & 0x80U) != 0) return report_negative(subject, sink);
  if (zero || serial.size() > kMostOctets)
    sink.report(kSerialNotPositive, subject,
                {{"serial", serial_hex(subject.certificate)}, {"_refused", std::string()}});
}

// RFC 5280 4.1.2.6: the name of an end entity may stand in subjectAltName alone,
// that of a CA may not.
void check_names(const Subject& subject, FindingSink& sink) {
  const Certificate& certificate = subject.certificate;
  const bool nameless = certificate.subject.empty();
  const bool ca = subject.role != Role::leaf && subject.signs();
  if (nameless && !ca && certificate.extensions.subject_alt_name.absent())
    sink.report(kNoSubjectName, subject);
  const bool nameless_ca = nameless && ca;
  if (!nameless_ca && !certificate.issuer.empty()) return;
  sink.report(kEmptyCaName, subject, {{"_whose", nameless_ca ? "the CA's" : "the issuer's"}});
}

/// Octets that are no text are told elsewhere: svid.nul-in-name, input.refused-by-go.
bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

// Once for a certificate, however many of its names it is.
void check_dns_names(const Subject& subject, FindingSink& sink) {
  const auto& alternatives = subject.certificate.extensions.subject_alt_name;
  if (!alternatives) return;
  std::vector<std::string_view> names;
  std::string_view why;
  for (const GeneralName& name : alternatives->names) {
    if (name.type != GeneralName::Type::dns) continue;
    const std::string_view value = as_text(name.value);
    const std::string_view complaint = path::why_unmatchable(value);
    if (complaint.empty() || !is_printable(value)) continue;
    if (names.empty()) why = complaint;
    names.push_back(value);
  }
  if (names.empty()) return;
  sink.report(kUnmatchableDnsName, subject, {{"names", base::some_of(names)}, {"_why", why}});
}

}  // namespace

void check_encoding(const Subject& subject, const Policy&, FindingSink& sink) {
  check_extensions(subject, sink);
  check_strict_der(subject, sink);
  check_go(subject, sink);
  check_envoy(subject, sink);
  check_serial(subject, sink);
  check_names(subject, sink);
  check_dns_names(subject, sink);
}

}  // namespace meshcert::checks
