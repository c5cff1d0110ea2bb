#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "meshcert/artifact.hpp"

namespace meshcert {

/// ChainPurpose is what chains are verified for (`chain --purpose`).
/// Unstated, it is that of a workload for its chain, and any for others.
enum class ChainPurpose : std::uint8_t { unstated, any, workload, server, client, ca };

/// Verification is what `chain` was told besides its inputs. It owns what it read.
struct Verification {
  std::vector<Artifact> trusted;    ///< --trust: then nothing else is trusted
  std::vector<Artifact> untrusted;  ///< --untrusted: may stand between leaf and root
  std::vector<Artifact> crls;       ///< --crl: then every CA on a path needs one
  ChainPurpose purpose = ChainPurpose::unstated;
  /// The leaf has to have one of each list; an empty list asks for none.
  std::vector<std::string> dns_names, addresses, ids;
  [[nodiscard]] bool names_somebody() const {
    return !dns_names.empty() || !addresses.empty() || !ids.empty();
  }
  /// Files of CAs that are named beside the leaf which they issued: no name is asked of them.
  std::set<std::string> issuer_files;
  [[nodiscard]] bool names_somebody_of(const std::string& file) const {
    return names_somebody() && !issuer_files.contains(file);
  }
  bool asked = false;           ///< the verb `chain`: a chain that is held against nothing is no success
  bool strict_anchors = false;  ///< only self-signed certificates end a path
};

/// complaint_of_dns_name says why a text is no DNS name that a leaf can be asked for, and
/// complaint_of_address why it is no IP address; "" where it is one.
[[nodiscard]] std::string complaint_of_dns_name(const std::string& text);
[[nodiscard]] std::string complaint_of_address(const std::string& text);

}  // namespace meshcert
