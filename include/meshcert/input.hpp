#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/byte_source.hpp"
#include "meshcert/bytes.hpp"
#include "meshcert/inventory.hpp"
#include "meshcert/limits.hpp"
#include "meshcert/result.hpp"

namespace meshcert {

namespace base {
class SecretOctets;
}
namespace input {
class KnownValues;
}

/// Format is what an input is, told from its content, never from its name.
enum class Format : std::uint8_t {
  pem,
  der,
  pkcs7,
  pkcs12,
  base64,
  envoy_secrets,
  yaml,
  istioctl_table,
  xfcc,
  jwt,
  log,
  archive
};
[[nodiscard]] std::string_view to_string(Format format);
[[nodiscard]] std::optional<Format> format_from_string(std::string_view word);

struct ReadOptions {
  std::optional<Format> as;  ///< --as: skip detection
  /// Chains of no stated role are a workload's (`identity`, --id, --as workload-chain).
  bool as_workload_chain = false;
  /// A PEM text is read in windows, each an artifact of its own: in bounded memory,
  /// where no rule asks what a chain of ten thousand certificates is.
  bool in_windows = false;
  /// Globs of what is passed over in archives: with '/' of the path there, else of the name.
  std::vector<std::string> exclude;
  Limits limits;
  /// What keys and PKCS#12 in files are under (--password-file); null: nothing was said.
  std::shared_ptr<const base::SecretOctets> password;
  /// What inputs that are read one after another share, on one thread: what they hold alike is
  /// decoded once. Null: of each document by itself.
  std::shared_ptr<input::KnownValues> known;
  /// Whether a file is there, for what depends on what lies beside it. Null: nobody can tell,
  /// as in an archive.
  std::function<bool(const std::string& path)> exists;
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

/// read_found is read_input for what nobody named: a file met in a directory or an
/// archive. What is of no known format there, or PEM without certificates (a key, a
/// request), is right where it is: it is passed over. Returns whether it was read.
Result<bool, std::string> read_found(const std::string& name, ByteSource& source, const ReadOptions& options,
                                     ArtifactSink& sink);

/// The same for octets in memory; too large is a defect too.
std::optional<Format> read_input(const std::string& name, ByteView octets, const ReadOptions& options,
                                 ArtifactSink& sink);

}  // namespace meshcert
