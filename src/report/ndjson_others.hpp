#pragma once

#include <optional>
#include <string>

#include "meshcert/row.hpp"
#include "report/json_line.hpp"

namespace meshcert::report {

/// Lines of NDJSON that are no certificate's: each write_ appends one with its end.

/// write_finding writes one that is about no certificate with a line, as an error where it is one.
void write_finding(const Finding& finding, std::optional<ArtifactKind> kind, std::string& out);
/// write_artifact writes one without certificates, which nothing else may tell of.
void write_artifact(const Artifact& artifact, std::string& out);
void write_lost(const LostPart& part, std::string& out);
/// write_terms writes a line for each that an artifact holds without a certificate, or none.
void write_terms(const Artifact& artifact, std::string& out);
void write_error(const Error& error, std::string& out);

/// put_source sets the member `source` of any line.
void put_source(JsonLine& line, const SourceRef& where);

/// put_words sets the members of a finding that say what it is.
void put_words(JsonLine& line, const Finding& finding);

}  // namespace meshcert::report
