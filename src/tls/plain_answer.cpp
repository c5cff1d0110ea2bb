#include "tls/plain_answer.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"

namespace meshcert::tls {
namespace {

// nginx, Go, Apache and Tomcat.
constexpr std::array<std::string_view, 4> kWantsTls = {
    "The plain HTTP request was sent to HTTPS port", "Client sent an HTTP request to an HTTPS server",
    "speaking plain HTTP to an SSL-enabled server port", "This combination of host and port requires TLS"};
// The version between them is 1.0 or 1.1: Go answers with the former.
constexpr std::string_view kHttp = "HTTP/1.";
constexpr std::string_view kBadRequest = " 400";

bool is_bad_request(std::string_view answer) {
  return answer.starts_with(kHttp) && answer.size() > kHttp.size() &&
         answer.substr(kHttp.size() + 1).starts_with(kBadRequest);
}

}  // namespace

std::string_view first_line(std::string_view answer) {
  constexpr std::size_t kMost = 120;
  return base::cut(answer.substr(0, answer.find_first_of("\r\n")), kMost);
}

std::string_view words_of_refusal(std::string_view answer) {
  if (!is_bad_request(answer)) return {};
  const auto said = [answer](std::string_view words) { return answer.find(words) != std::string_view::npos; };
  const auto words = std::ranges::find_if(kWantsTls, said);
  return words == kWantsTls.end() ? std::string_view{} : *words;
}

bool may_explain(std::string_view answer) {
  if (answer.size() > kHttp.size() + kBadRequest.size())
    return is_bad_request(answer) && words_of_refusal(answer).empty();
  return kHttp.starts_with(answer.substr(0, kHttp.size()));
}

bool is_http2(std::string_view answer) {
  constexpr std::size_t kType = 3;
  constexpr char kSettings = 4;
  return answer.size() > kType && answer[0] == '\0' && answer[kType] == kSettings;
}

}  // namespace meshcert::tls
