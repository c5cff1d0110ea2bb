#pragma once

#include <string>
#include <string_view>

#include "meshcert/artifact.hpp"
#include "meshcert/input.hpp"

namespace meshcert::input {

/// read_pem_file reads a PEM text as one artifact with all its certificates.
void read_pem_file(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink);

/// read_der_file reads concatenated DER certificates (the form of SPIFFE's
/// Workload API; one is the usual number) as one artifact.
void read_der_file(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink);

/// read_yaml_file reads every document of a YAML stream (DocumentReader). What is
/// whole before a fault is handed on.
void read_yaml_file(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink);

/// deliver_file classifies the artifact of a file and hands it on. A file
/// without certificates is no artifact: its defects are handed on alone, with
/// `no_certificates` and what was there if none of them says that octets were lost.
void deliver_file(Artifact&& artifact, std::string_view contents, bool as_workload_chain, ArtifactSink& sink);

}  // namespace meshcert::input
