#include "tls/staple.hpp"

#include <openssl/err.h>
#include <openssl/ocsp.h>

#include <memory>

namespace meshcert::tls {
namespace {

struct Free {
  void operator()(OCSP_RESPONSE* response) const { OCSP_RESPONSE_free(response); }
  void operator()(OCSP_BASICRESP* basic) const { OCSP_BASICRESP_free(basic); }
};

std::optional<Instant> instant_of(const ASN1_GENERALIZEDTIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  using namespace std::chrono;
  const year_month_day date{year{parts.tm_year + 1900}, month{static_cast<unsigned>(parts.tm_mon + 1)},
                            day{static_cast<unsigned>(parts.tm_mday)}};
  return Instant{sys_days{date}} + hours{parts.tm_hour} + minutes{parts.tm_min} + seconds{parts.tm_sec};
}

std::string status_word(int status) {
  if (status == V_OCSP_CERTSTATUS_GOOD) return "good";
  return status == V_OCSP_CERTSTATUS_REVOKED ? "revoked" : "unknown";
}

}  // namespace

Staple read_staple(ByteView octets) {
  const unsigned char* at = octets.data();
  const std::unique_ptr<OCSP_RESPONSE, Free> response(
      d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(octets.size())));
  const std::unique_ptr<OCSP_BASICRESP, Free> basic(response ? OCSP_response_get1_basic(response.get())
                                                             : nullptr);
  ERR_clear_error();
  OCSP_SINGLERESP* single =
      basic && OCSP_resp_count(basic.get()) > 0 ? OCSP_resp_get0(basic.get(), 0) : nullptr;
  if (single == nullptr) return Staple{"unreadable", {}, {}};
  ASN1_GENERALIZEDTIME* this_update = nullptr;
  ASN1_GENERALIZEDTIME* next_update = nullptr;
  const int status = OCSP_single_get0_status(single, nullptr, nullptr, &this_update, &next_update);
  return Staple{status_word(status), instant_of(this_update), instant_of(next_update)};
}

}  // namespace meshcert::tls
