#include "tls/staple.hpp"

#include "x509/ocsp.hpp"

namespace meshcert::tls {

Staple read_staple(ByteView octets) {
  const auto answer = x509::read_ocsp(octets);
  if (!answer) return Staple{"unreadable", {}, {}};
  return Staple{std::string(to_string(answer->status)), answer->this_update, answer->next_update};
}

}  // namespace meshcert::tls
