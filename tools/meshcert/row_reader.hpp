#pragma once

#include <nlohmann/json.hpp>

#include "meshcert/row.hpp"

namespace meshcert::cli {

/// read_row fills a row from a line of `sweep -o ndjson`, whose members are those of
/// docs/sweep-line.schema.json, but for what hangs on the time of the run: `remaining` and
/// `status`. False where it is no such line. Codes that this version does not know are left out.
/// The row looks into the line, which must outlive it.
[[nodiscard]] bool read_row(const nlohmann::json& line, CertificateRow& row);

/// has_known_form is false where a line tells of a fact by a name that is none of a fact: lower-case letters,
/// digits and '_', a letter first.
[[nodiscard]] bool has_known_form(const nlohmann::json& line);

/// read_finding reads a finding of no certificate, and the kind of its artifact. False where the line is
/// none, or of a code that this version does not know.
[[nodiscard]] bool read_finding(const nlohmann::json& line, std::optional<Finding>& finding,
                                std::optional<ArtifactKind>& kind);

/// read_details reads what a line of a certificate tells of its findings that do not go by dates, but for
/// those of a code that this version does not know; earlier versions told nothing.
[[nodiscard]] std::vector<Finding> read_details(const nlohmann::json& line, const CertificateRow& row);

/// count_findings is how many such a line tells, of codes that this version knows.
[[nodiscard]] std::uint64_t count_findings(const nlohmann::json& line, const CertificateRow& row);

/// read_term reads the dates of a token, or of a certificate that is only listed, as an artifact that
/// judge_dates takes. False where the line is none.
[[nodiscard]] bool read_term(const nlohmann::json& line, Artifact& artifact);

/// read_artifact reads what tells of an artifact that has no certificates. False where the line is none.
[[nodiscard]] bool read_artifact(const nlohmann::json& line, Artifact& artifact);

/// read_lost reads what could not be used. False where the line is none.
[[nodiscard]] bool read_lost(const nlohmann::json& line, LostPart& part);

/// read_error reads an error of such a line; its message is empty where there is none.
[[nodiscard]] Error read_error(const nlohmann::json& line);

/// read_summary reads the counts of a summary that the other lines do not tell, the number of those lines,
/// and by which time the run judged. False where it is none.
[[nodiscard]] bool read_summary(const nlohmann::json& line, RowSummary& summary, std::optional<Instant>& at);

}  // namespace meshcert::cli
