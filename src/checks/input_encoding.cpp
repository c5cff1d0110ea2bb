#include "checks/input_encoding.hpp"

#include <algorithm>
#include <utility>

#include "x509/go_reading.hpp"
#include "x509/readers.hpp"

namespace meshcert::checks {
namespace {

template <class Items, class ToText>
std::string join(const Items& items, ToText to_text) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += ", ";
    out += to_text(item);
  }
  return out;
}

void check_strict_der(const Subject& subject, FindingSink& sink) {
  const DerDefects& defects = subject.certificate.defects;
  std::string refused;
  for (const DerDefect defect : defects.list()) {
    const std::string_view who = x509::who_refuses(defect);
    if (who.empty()) continue;
    refused += (refused.empty() ? "" : "; ") + std::string(describe(defect)) + " (octet " +
               std::to_string(defects.first_offset(defect)) + ", " + std::string(who) + ")";
  }
  if (!refused.empty()) sink.report(kNotStrictDer, subject, {{"defects", std::move(refused)}});
}

void check_go(const Subject& subject, FindingSink& sink) {
  if (x509::GoRefusal refusal = x509::find_go_refusal(subject.certificate); !refusal.reason.empty())
    sink.report(kRefusedByGo, subject,
                {{"reason", std::move(refusal.reason)}, {"_others", std::string(refusal.others)}});
}

void check_serial(const Subject& subject, FindingSink& sink) {
  constexpr std::size_t kMostOctets = 20;
  const ByteView serial = subject.certificate.serial;
  const bool zero = std::ranges::all_of(serial, [](std::uint8_t octet) { return octet == 0; });
  const bool negative = !serial.empty() && (serial[0] & 0x80U) != 0;
  if (zero || negative || serial.size() > kMostOctets)
    sink.report(kSerialNotPositive, subject,
                {{"serial", serial_hex(subject.certificate)},
                 {"_refused", std::string(negative ? ", and newer Go (istiod) refuses negative ones" : "")}});
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
  sink.report(kEmptyCaName, subject, {{"_whose", std::string(nameless_ca ? "the CA's" : "the issuer's")}});
}

}  // namespace

void check_encoding(const Subject& subject, const Policy&, FindingSink& sink) {
  if (const auto malformed = malformed_extensions(subject.certificate.extensions); !malformed.empty())
    sink.report(kMalformedExtension, subject,
                {{"extensions", join(malformed, [](std::string_view name) { return std::string(name); })}});
  check_strict_der(subject, sink);
  check_go(subject, sink);
  check_serial(subject, sink);
  check_names(subject, sink);
}

}  // namespace meshcert::checks
