#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/fake_network.hpp"

namespace meshcert::testing {

/// TlsServerSettings is a server of OpenSSL in memory.
struct TlsServerSettings {
  std::string chain = "certs/workload/healthy.pem";
  std::string key = "certs/keys/workload.pem";
  bool asks_client = false;      ///< for a certificate below certs/pki/root.pem
  bool requires_client = false;  ///< and breaks off without one
  int highest = 0;               ///< TLS1_2_VERSION ...; 0: any
  std::string alpn;              ///< the one protocol it knows; "" ignores what is offered
  std::string staple;            ///< an OCSP response in DER
  std::string greeting, answer;  ///< a line before TLS, and one to what the client says to it
};

/// tls_server makes such a server for one connection.
[[nodiscard]] std::unique_ptr<FakeServer> tls_server(const TlsServerSettings& settings);

/// revoked_staple is an OCSP response in DER that says "revoked", of 2024-01-01 and
/// good for a day.
[[nodiscard]] std::string revoked_staple();

}  // namespace meshcert::testing
