#pragma once

#include <string>
#include <vector>

#include "meshcert/artifact.hpp"
#include "meshcert/time.hpp"
#include "tests/conformance/suite.hpp"

/// What the suites about chains read from a case.
namespace meshcert::conformance {

/// PemCertificate is one certificate of a case with the octets that it views.
struct PemCertificate {
  std::unique_ptr<const std::vector<std::uint8_t>> octets;
  Certificate certificate;
  ByteView after;  ///< what stands behind it in its PEM block
};

/// read_certificates decodes every certificate block of a PEM text, strictly: it
/// fails with a reason where one is unreadable or there is none.
[[nodiscard]] Result<std::vector<PemCertificate>, std::string> read_certificates(const std::string& pem);

/// text_list reads an optional member that is a list of text.
[[nodiscard]] Result<std::vector<std::string>, std::string> text_list(const Json& row, const char* name);

/// instant_of reads validation_time, cut to whole seconds; absent is now.
[[nodiscard]] Result<Instant, std::string> instant_of(const Json& row);

}  // namespace meshcert::conformance
