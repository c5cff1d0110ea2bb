#pragma once

#include <optional>
#include <string>
#include <vector>

#include "meshcert/prober.hpp"
#include "tls/client.hpp"

namespace meshcert::cli {

/// ProbeOptions is what the verb probe takes besides what every verb does.
struct ProbeOptions {
  ProbeSettings settings;
  tls::ClientSettings client;  ///< but for the certificate and the key, which are in files
  std::optional<std::string> certificate_file, key_file;
  std::vector<std::string> target_files;
};

}  // namespace meshcert::cli
