#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "meshcert/artifact.hpp"
#include "meshcert/bytes.hpp"
#include "meshcert/limits.hpp"

namespace meshcert {

/// Format is what an input is, told from its content, never from its name.
enum class Format : std::uint8_t { pem, der, pkcs7, base64, envoy_secrets, istioctl_table };
[[nodiscard]] std::string_view to_string(Format format);
[[nodiscard]] std::optional<Format> format_from_string(std::string_view word);

struct ReadOptions {
  std::optional<Format> as;  ///< --as: skip detection
  bool as_workload_chain =
      false;  ///< chains of no stated role are a workload's (`identity`, --id, --as workload-chain)
  Limits limits;
};

/// detect tells the format of an input's octets; nullopt when it is none we know.
[[nodiscard]] std::optional<Format> detect(ByteView octets);

/// read_input decodes one input into artifacts and defects. It never fails as a
/// whole: what cannot be used is a Defect with `lost` set. `name` is the file's
/// name ("-" is stdin); roles may come from well-known names (root-cert.pem).
void read_input(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink);

}  // namespace meshcert
