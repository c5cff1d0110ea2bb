#pragma once

#include <string>

#include "input/node.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/bytes.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// read_document reads one document of JSON or YAML, told by its members: a dump
/// of Envoy's secrets, or certificates as ztunnel, Envoy's /certs or istioctl
/// list them (the object, its bare list, or one element). What is none of these
/// is a `no_certificates` defect that says what it is.
void read_document(const std::string& file, const Node& root, const Limits& limits, ArtifactSink& sink);

/// read_yaml_file reads every document of a YAML stream.
void read_yaml_file(const std::string& file, ByteView octets, const Limits& limits, ArtifactSink& sink);

}  // namespace meshcert::input
