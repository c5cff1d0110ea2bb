#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/time.hpp"

namespace meshcert {

/// LogCause is what a known line of a log tells of; all but the last two are a
/// `log.*` finding (src/checks/log.cpp).
enum class LogCause : std::uint8_t {
  serving_certificate_refused,
  webhook_call_failed,
  webhook_not_patched,
  certificate_expired,
  certificate_not_yet_valid,
  unknown_authority,
  same_name_other_key,
  name_mismatch,
  identity_mismatch,
  trust_domain_mismatch,
  pin_mismatch,
  revoked,
  crl_unusable,
  no_client_certificate,
  validator_refused,
  verification_failed,
  peer_refused,
  plaintext_peer,
  no_filter_chain,
  connection_terminated,
  tls_parameters,
  handshake_failed,  ///< for a reason that no other row knows
  authentication_failed,
  impersonation_refused,
  not_authorized,
  credential_unusable,
  secret_missing,
  secret_rejected,
  signing_failed,
  renewal_failed,
  ca_unusable,
  root_change_refused,
  root_rotation,
  trust_bundle_not_fetched,
  chain_unusable,
  keys_not_fetched,
  token_refused,
  access_denied,
  shadow_denied,
  port_blocked,
  healthy,  ///< what should be there: counted and shown, no finding
  context,  ///< says of whom the next line speaks
};

/// LogSource is whose log a line stands in.
enum class LogSource : std::uint8_t { istiod, agent, envoy, ztunnel, api_server, any };
[[nodiscard]] std::string_view to_string(LogSource source);  ///< "istiod", "kube-apiserver"; "" for any

/// LogCapture is a value that a line carries: what stands between two texts.
struct LogCapture {
  std::string_view name = {};   ///< of the fact; "" is none
  std::string_view after = {};  ///< the value begins behind this
  std::string_view until = {};  ///< and ends before this, or at the end of the line
  bool last_word = false;       ///< only what stands behind its last blank
  bool is_deadline = false;     ///< a time; the earliest matters most
};

/// What a line has for each capture of its pattern; "" where it has none.
using LogValues = std::array<std::string, 3>;

/// LogPattern is one row of the table of known lines (src/input/log_table.cpp, log_rows_*.cpp).
struct LogPattern {
  LogCause cause;
  LogSource source;
  std::string_view literal;  ///< what is searched for
  std::string_view also;     ///< what the line must hold besides; "" for nothing
  std::string_view meaning;  ///< a clause for the message
  std::string_view next;     ///< the command to type next; "{name|X}" is that capture, or X without it
  std::array<LogCapture, std::tuple_size_v<LogValues>> captures = {};
};

/// gets_certificate: the row tells of a failure to get a certificate, which one that is issued ends;
/// is_issued: of that.
[[nodiscard]] bool gets_certificate(const LogPattern& pattern);
[[nodiscard]] bool is_issued(const LogPattern& pattern);

/// log_patterns is the table. The first row that a line fulfils counts.
[[nodiscard]] std::span<const LogPattern> log_patterns();

/// LogTally is a peer or an identity and the number of lines that name it.
struct LogTally {
  std::string text;
  std::uint64_t lines = 0;
};

/// LogNamed is what lines of a group name, and the number of those that name the same.
struct LogNamed {
  LogValues values;
  std::uint64_t lines = 0;
};

/// LogOrigin is a pod whose lines a log of several has; "" where lines name none.
struct LogOrigin {
  std::string name;
  Instant last;  ///< of its lines in the group
};

/// LogGroup is every line of one log that one pattern matched.
struct LogGroup {
  const LogPattern* pattern = nullptr;
  std::uint64_t lines = 0;
  std::uint32_t first_line = 0;        ///< of the file, counted from 1
  std::optional<Instant> first, last;  ///< of the lines that have a time
  Seconds longest_pause{0};            ///< between two of its lines
  std::vector<LogTally> peers;         ///< addresses without ports, the most frequent first
  std::vector<LogTally> identities;    ///< SPIFFE IDs named, the most frequent first
  bool more_peers = false;             ///< there were more than are kept
  bool more_identities = false;
  std::vector<LogNamed> named;  ///< the most frequent first; of deadlines the earliest
  bool more_named = false;
  std::vector<LogOrigin> origins;  ///< of failures to get a certificate, and of certificates that were issued
  std::string example;             ///< the last line, cut, never key material
};

/// Log is what one log says (Artifact::log). Its size is bounded by the table.
struct Log {
  std::uint64_t lines = 0;
  std::optional<Instant> first, last;  ///< of the first and the last line that have a time
  bool yearless = false;               ///< klog states no year: the instants lie in 1972 and after
  std::vector<LogGroup> groups;        ///< in the order of the table
};

/// LogCourse says whether what a group tells of is over.
enum class LogCourse : std::uint8_t {
  unknown,     ///< the lines have no times
  recent,      ///< it began less than ten minutes before the log ends: too early to tell
  transient,   ///< the log goes on without it, or tells of success after it
  persistent,  ///< it is there to the end of the log
};
[[nodiscard]] std::string_view to_string(LogCourse course);

/// course_of: transient when the log goes on for ten minutes, and for three times the
/// longest pause between two of its lines, without another; or when a certificate was
/// issued after the last failure to get one, to each pod that failed.
[[nodiscard]] LogCourse course_of(const Log& log, const LogGroup& group);

/// in_year_of moves an instant of a log without years into the latest year in which
/// the whole log lies before `at`; others stay.
[[nodiscard]] Instant in_year_of(const Log& log, Instant instant, Instant at);

}  // namespace meshcert
