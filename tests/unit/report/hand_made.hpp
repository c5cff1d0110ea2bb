#pragma once

#include <string>
#include <vector>

#include "meshcert/report.hpp"

/// Reports made by hand: renderers are tested without readers and checks.
namespace meshcert::testing {

/// CertificateText is what a hand-made certificate says.
struct CertificateText {
  std::string common_name;
  std::vector<std::string> uris = {};
  std::vector<std::string> dns_names = {};
  Instant not_before{}, not_after{};
  bool is_ca = false;
  std::string serial = "\x6f\xbe";  ///< octets
};

/// add_certificate appends one to the artifact, which owns its octets.
void add_certificate(Artifact& artifact, const CertificateText& text);

/// instant reads RFC 3339, and fails the test that it is called from.
[[nodiscard]] Instant instant(const std::string& text);

/// healthy_and_expired: a dump with an expired leaf and two roots, a gateway
/// secret that never came, two findings and an unreadable file.
[[nodiscard]] Report healthy_and_expired();

/// hostile_report carries `text` in every field that can come from an input.
[[nodiscard]] Report hostile_report(const std::string& text);

}  // namespace meshcert::testing
