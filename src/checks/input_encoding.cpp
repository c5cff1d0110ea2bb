#include "checks/input_encoding.hpp"

#include <algorithm>
#include <utility>

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

// What some peer of a mesh refuses. BoringSSL takes any octet for TRUE, Go and
// rustls do not; the rest that BoringSSL takes, they take too.
bool is_refused(DerDefect defect) {
  return !is_taken_by_boringssl(defect) || defect == DerDefect::boolean_not_canonical;
}

void check_strict_der(const Subject& subject, FindingSink& sink) {
  const DerDefects& defects = subject.certificate.defects;
  if (defects.none()) return;
  std::vector<DerDefect> refused = defects.list();
  std::erase_if(refused, [](DerDefect defect) { return !is_refused(defect); });
  if (refused.empty()) return;
  sink.report(kNotStrictDer, subject, {{"defects", join(refused, [&](DerDefect defect) {
                                          return std::string(describe(defect)) + " (octet " +
                                                 std::to_string(defects.first_offset(defect)) + ")";
                                        })}});
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
  check_serial(subject, sink);
  check_names(subject, sink);
}

}  // namespace meshcert::checks
