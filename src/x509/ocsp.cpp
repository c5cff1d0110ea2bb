#include "x509/ocsp.hpp"

#include "x509/decode.hpp"
#include "x509/oids.hpp"

namespace meshcert {

std::string_view to_string(OcspAnswer::Status status) {
  switch (status) {
    case OcspAnswer::Status::good:
      return "good";
    case OcspAnswer::Status::revoked:
      return "revoked";
    case OcspAnswer::Status::unknown:
      return "unknown";
  }
  return "";
}

namespace x509 {
namespace {

constexpr Oid kBasicResponse{"1.3.6.1.5.5.7.48.1.1"};

// OCSPResponse: the DER of a BasicOCSPResponse, where the responder was successful.
std::optional<ByteView> basic_response(ByteView octets) {
  auto response = der::Reader(octets, nullptr).enter(der::kSequence);
  const auto status = response ? response->read_integer(der::kEnumerated) : std::nullopt;
  if (!status || status->size() != 1 || status->front() != 0) return std::nullopt;
  auto tagged = response->enter(der::context_constructed(0));
  auto bytes = tagged ? tagged->enter(der::kSequence) : std::nullopt;
  const auto type = bytes ? bytes->read_object_identifier() : std::nullopt;
  if (!type || kBasicResponse != *type) return std::nullopt;
  return bytes->read_string(der::kOctetString);
}

// ResponseData: version, responderID and producedAt stand before the answers.
std::optional<der::Reader> answers(ByteView basic) {
  auto response = der::Reader(basic, nullptr).enter(der::kSequence);
  auto data = response ? response->enter(der::kSequence) : std::nullopt;
  if (!data) return std::nullopt;
  if (data->next_is(der::context_constructed(0)) && !data->read()) return std::nullopt;
  if (!data->read() || !data->read(der::kGeneralizedTime)) return std::nullopt;
  return data->enter(der::kSequence);
}

std::optional<ByteView> serial_of(der::Reader& single) {
  auto id = single.enter(der::kSequence);
  if (!id || !id->read(der::kSequence)) return std::nullopt;
  if (!id->read(der::kOctetString) || !id->read(der::kOctetString)) return std::nullopt;
  return id->read_integer();
}

std::optional<OcspAnswer::Status> status_of(der::Reader& single) {
  using enum OcspAnswer::Status;
  if (single.next_is(der::context(0))) return single.read() ? std::optional(good) : std::nullopt;
  if (single.next_is(der::context_constructed(1)))
    return single.read() ? std::optional(revoked) : std::nullopt;
  return single.read(der::context(2)) ? std::optional(unknown) : std::nullopt;
}

}  // namespace

std::optional<OcspAnswer> read_ocsp(ByteView octets) {
  const auto basic = basic_response(octets);
  auto list = basic ? answers(*basic) : std::nullopt;
  auto single = list ? list->enter(der::kSequence) : std::nullopt;
  const auto serial = single ? serial_of(*single) : std::nullopt;
  const auto status = serial ? status_of(*single) : std::nullopt;
  const auto this_update = status ? read_time(*single) : std::nullopt;
  if (!this_update) return std::nullopt;
  OcspAnswer answer{*status, {serial->begin(), serial->end()}, *this_update, std::nullopt};
  if (!single->next_is(der::context_constructed(0))) return answer;
  auto tagged = single->enter(der::context_constructed(0));
  answer.next_update = tagged ? read_time(*tagged) : std::nullopt;
  if (!answer.next_update) return std::nullopt;
  return answer;
}

std::string_view what_envoy_says_of(ByteView octets) {
  der::Reader file(octets, nullptr);
  auto response = file.enter(der::kSequence);
  if (!response) return "OCSP Response is not a well-formed ASN.1 SEQUENCE";
  if (!file.at_end()) return "Data contained more than a single OCSP response";
  const auto status = response->read_integer(der::kEnumerated);
  if (!status) return "";
  if (status->size() != 1 || status->front() != 0) return "OCSP response was unsuccessful";
  if (response->at_end()) return "OCSP response has no body";
  const auto basic = basic_response(octets);
  auto list = basic ? answers(*basic) : std::nullopt;
  const bool one = !list || (list->read() && list->at_end());
  return one ? "" : "OCSP Response must be for one certificate only";
}

}  // namespace x509
}  // namespace meshcert
