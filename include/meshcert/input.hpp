#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "meshcert/artifact.hpp"
#include "meshcert/byte_source.hpp"
#include "meshcert/bytes.hpp"
#include "meshcert/limits.hpp"
#include "meshcert/result.hpp"

namespace meshcert {

/// Format is what an input is, told from its content, never from its name.
enum class Format : std::uint8_t { pem, der, pkcs7, base64, envoy_secrets, yaml, istioctl_table, xfcc, jwt, log };
[[nodiscard]] std::string_view to_string(Format format);
[[nodiscard]] std::optional<Format> format_from_string(std::string_view word);

struct ReadOptions {
  std::optional<Format> as;  ///< --as: skip detection
  bool as_workload_chain =
      false;  ///< chains of no stated role are a workload's (`identity`, --id, --as workload-chain)
  Limits limits;
};

/// detect tells the format of octets that are held whole; nullopt when it is none
/// we know. Of JSON it tells no more than that.
[[nodiscard]] std::optional<Format> detect(ByteView octets);

/// read_input decodes one input into artifacts and defects. What cannot be used is
/// a Defect with `lost` set; it fails as a whole only when octets could not be had:
/// with the source's sentence, or when an input that must be held (all but JSON and
/// YAML) is larger than the limit. Returns the format; nullopt when it is none we know, of
/// which a defect tells what it is. `name` is the file's name ("-" is stdin); roles
/// may come from well-known names (root-cert.pem).
Result<std::optional<Format>, std::string> read_input(const std::string& name, ByteSource& source,
                                                      const ReadOptions& options, ArtifactSink& sink);

/// The same for octets in memory; too large is a defect too.
std::optional<Format> read_input(const std::string& name, ByteView octets, const ReadOptions& options,
                                 ArtifactSink& sink);

}  // namespace meshcert
