// Family log: what the logs of istiod, Envoy, ztunnel and the API server tell of
// certificates. Which lines are known, and what each means, is the table of
// src/input/log_table.cpp; here each cause gets its code and severity, one step lower
// where it is over.

#include "meshcert/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "base/words.hpp"
#include "checks/check.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr std::string_view kMessage = "{_count}: {meaning}; {_when}{_who}; the last: {example}";
constexpr std::string_view kFix = "{_next}";

constexpr FindingSpec spec(std::string_view code, Severity severity, std::string_view reference) {
  return {code, severity, severity, kMessage, kFix, reference};
}

/// Row is the finding of one cause.
struct Row {
  LogCause cause;
  FindingSpec spec;
};

constexpr std::array kRows = {
    Row{LogCause::serving_certificate_refused,
        spec("log.serving-certificate-refused", error, "Go net/http/server.go; RFC 8446 6.2")},
    Row{LogCause::webhook_call_failed,
        spec("log.webhook-call-failed", error, "kubernetes apiserver pkg/admission/plugin/webhook")},
    Row{LogCause::webhook_not_patched,
        spec("log.webhook-not-patched", error, "istio pkg/webhooks/webhookpatch.go")},
    Row{LogCause::certificate_expired, spec("log.certificate-expired", error, "RFC 5280 4.1.2.5")},
    Row{LogCause::certificate_not_yet_valid,
        spec("log.certificate-not-yet-valid", error, "RFC 5280 4.1.2.5")},
    Row{LogCause::unknown_authority, spec("log.unknown-authority", error, "RFC 5280 6.1.3")},
    Row{LogCause::same_name_other_key,
        spec("log.same-name-other-key", error, "istio/istio#37096; RFC 5280 6.1.3")},
    Row{LogCause::name_mismatch, spec("log.name-mismatch", error, "RFC 6125 6.4")},
    Row{LogCause::identity_mismatch,
        spec("log.identity-mismatch", error, "envoy source/common/tls/cert_validator; ztunnel src/tls")},
    Row{LogCause::trust_domain_mismatch,
        spec("log.trust-domain-mismatch", error, "ztunnel src/tls/workload.rs")},
    Row{LogCause::pin_mismatch,
        spec("log.pin-mismatch", error, "envoy source/common/tls/cert_validator/default_validator.cc")},
    Row{LogCause::revoked, spec("log.revoked", error, "RFC 5280 6.3")},
    Row{LogCause::crl_unusable, spec("log.crl-unusable", error, "RFC 5280 6.3")},
    Row{LogCause::no_client_certificate, spec("log.no-client-certificate", error, "RFC 8446 4.4.2.4")},
    Row{LogCause::validator_refused,
        spec("log.validator-refused", error,
             "envoy source/extensions/transport_sockets/tls/cert_validator/spiffe")},
    Row{LogCause::verification_failed, spec("log.verification-failed", error, "RFC 5280 6.1")},
    Row{LogCause::peer_refused, spec("log.peer-refused", error, "RFC 8446 6.2")},
    Row{LogCause::plaintext_peer, spec("log.plaintext-peer", error, "RFC 8446 5.1")},
    Row{LogCause::no_filter_chain,
        spec("log.no-filter-chain", warning,
             "envoy source/common/listener_manager/active_stream_listener_base.cc")},
    Row{LogCause::connection_terminated,
        spec("log.connection-terminated", warning, "envoy source/common/router/router.cc")},
    Row{LogCause::tls_parameters, spec("log.tls-parameters", error, "RFC 8446 6.2")},
    Row{LogCause::handshake_failed,
        spec("log.handshake-failed", warning, "envoy source/common/tls/ssl_socket.cc; rustls error.rs")},
    Row{LogCause::authentication_failed,
        spec("log.authentication-failed", error, "istio security/pkg/server/ca/server.go")},
    Row{LogCause::impersonation_refused,
        spec("log.impersonation-refused", error, "istio security/pkg/server/ca/node_auth.go")},
    Row{LogCause::not_authorized, spec("log.not-authorized", error, "istio pilot/pkg/xds/sds.go")},
    Row{LogCause::credential_unusable, spec("log.credential-unusable", error, "istio pilot/pkg/xds/sds.go")},
    Row{LogCause::secret_missing,
        spec("log.secret-missing", warning, "envoy source/common/secret/sds_api.cc")},
    Row{LogCause::secret_rejected,
        spec("log.secret-rejected", error, "envoy source/common/tls/context_impl.cc")},
    Row{LogCause::signing_failed,
        spec("log.signing-failed", error, "istio security/pkg/server/ca/server.go")},
    Row{LogCause::renewal_failed, spec("log.renewal-failed", warning, "ztunnel src/identity/manager.rs")},
    Row{LogCause::ca_unusable, spec("log.ca-unusable", error, "istio pilot/pkg/bootstrap/istio_ca.go")},
    Row{LogCause::root_change_refused,
        spec("log.root-change-refused", error, "istio pilot/pkg/bootstrap/istio_ca.go")},
    Row{LogCause::root_rotation,
        spec("log.root-rotation", warning, "istio security/pkg/pki/ca/selfsignedcarootcertrotator.go")},
    Row{LogCause::trust_bundle_not_fetched,
        spec("log.trust-bundle-not-fetched", error, "SPIFFE Trust Domain and Bundle 5")},
    Row{LogCause::chain_unusable, spec("log.chain-unusable", error, "ztunnel src/tls/certificate.rs")},
    Row{LogCause::keys_not_fetched,
        spec("log.keys-not-fetched", error, "istio pilot/pkg/model/jwks_resolver.go")},
    Row{LogCause::token_refused,
        spec("log.token-refused", warning, "envoy source/extensions/filters/http/jwt_authn/filter.cc")},
    Row{LogCause::access_denied,
        spec("log.access-denied", warning,
             "envoy source/extensions/filters/http/rbac/rbac_filter.cc; ztunnel src/proxy.rs")},
    Row{LogCause::shadow_denied,
        spec("log.shadow-denied", info, "envoy source/extensions/filters/http/rbac/rbac_filter.cc")},
    Row{LogCause::port_blocked, spec("log.port-blocked", warning, "ztunnel src/proxy.rs")},
};

constexpr auto kSpecs = [] {
  std::array<const FindingSpec*, kRows.size()> specs{};
  for (std::size_t i = 0; i < specs.size(); ++i) specs[i] = &kRows[i].spec;
  return specs;
}();

// A few names are read, more are counted.
constexpr std::size_t kShown = 5;

std::string others_of(std::size_t names, bool more) {
  const std::size_t others = names - std::min(names, kShown);
  if (others == 0 && !more) return "";
  return fmt::format(" and {}{} others", more ? "more than " : "", others);
}

std::string list_of(const std::vector<LogTally>& names, bool more) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i)
    text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", names[i].text, names[i].lines);
  return text + others_of(names.size(), more);
}

std::string when_of(const LogGroup& group, LogCourse course, Instant first, Instant last) {
  if (!group.first) return "its lines have no times, so whether it lasts is unknown";
  const std::string span = first == last ? "at " + to_rfc3339(last)
                                         : fmt::format("from {} to {}", to_rfc3339(first), to_rfc3339(last));
  switch (course) {
    case LogCourse::transient:
      return "transient: " + span + ", and not since";
    case LogCourse::persistent:
      return "persistent: " + span + ", to the end of the log";
    default:
      return "recent: " + span + ", too short before the end of the log to tell whether it lasts";
  }
}

// "asked_for" is a key.
std::string in_words(std::string_view name) {
  std::string words(name);
  std::ranges::replace(words, '_', ' ');
  return words;
}

// "expected A, got B"; of a deadline whether it has passed.
std::string named_words(const LogPattern& pattern, const LogNamed& named, Instant at) {
  std::string text;
  for (std::size_t i = 0; i < named.values.size(); ++i) {
    if (named.values[i].empty()) continue;
    const LogCapture& capture = pattern.captures[i];
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", in_words(capture.name), named.values[i]);
    if (!capture.is_deadline) continue;
    if (const auto deadline = parse_rfc3339(named.values[i]); deadline && *deadline < at)
      text += ", which has passed";
  }
  return text;
}

std::string who_of(const LogGroup& group, Instant at) {
  std::string text;
  for (std::size_t i = 0; i < group.named.size() && i < kShown; ++i) {
    text += "; " + named_words(*group.pattern, group.named[i], at);
    if (group.named.size() > 1) text += fmt::format(" ({})", group.named[i].lines);
  }
  text += others_of(group.named.size(), group.more_named);
  if (!group.peers.empty()) text += "; peers: " + list_of(group.peers, group.more_peers);
  if (!group.identities.empty()) text += "; identities: " + list_of(group.identities, group.more_identities);
  return text;
}

// What the lines name under one name, each once; of deadlines the earliest.
std::string values_of(const LogGroup& group, std::size_t capture) {
  std::vector<std::string_view> values;
  for (const LogNamed& named : group.named)
    if (const std::string& value = named.values[capture];
        !value.empty() && std::ranges::find(values, value) == values.end())
      values.push_back(value);
  if (group.pattern->captures[capture].is_deadline && !values.empty()) return std::string(values.front());
  std::string text;
  for (std::size_t i = 0; i < values.size() && i < kShown; ++i)
    text.append(i == 0 ? "" : ", ").append(values[i]);
  return text.empty() ? text : text + others_of(values.size(), group.more_named);
}

// What the first of them names, by name. istiod writes a service account as ACCOUNT/NAMESPACE, the
// API server as a user.
std::map<std::string_view, std::string> named_in(const LogGroup& group) {
  std::map<std::string_view, std::string> named;
  if (group.named.empty()) return named;
  const LogValues& values = group.named.front().values;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!values[i].empty()) named[group.pattern->captures[i].name] = values[i];
  const auto account = named.find("account");
  const std::size_t slash = account == named.end() ? std::string::npos : account->second.find('/');
  if (slash == std::string::npos) return named;
  named["namespace"] = account->second.substr(slash + 1);
  named["user"] =
      fmt::format("system:serviceaccount:{}:{}", named["namespace"], account->second.substr(0, slash));
  return named;
}

// A log is anybody's text: only a plain name becomes part of a command.
bool is_plain(std::string_view word) {
  return !word.empty() && word.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "-.:_") == std::string_view::npos;
}

// "list {resource|secrets}" with what the line names.
std::string next_of(const LogGroup& group) {
  const auto named = named_in(group);
  std::string text;
  std::string_view rest = group.pattern->next;
  for (std::size_t open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
    const std::size_t bar = rest.find('|', open), close = rest.find('}', open);
    if (bar >= close || close == std::string_view::npos) break;
    const auto value = named.find(rest.substr(open + 1, bar - open - 1));
    text += rest.substr(0, open);
    text += value != named.end() && is_plain(value->second) ? std::string_view(value->second)
                                                            : rest.substr(bar + 1, close - bar - 1);
    rest.remove_prefix(close + 1);
  }
  return text.append(rest);
}

std::vector<Fact> facts_of(const Log& log, const LogGroup& group, LogCourse course, Instant at) {
  const LogPattern& pattern = *group.pattern;
  std::vector<Fact> facts{{"lines", group.lines},
                          {"course", to_string(course)},
                          {"meaning", pattern.meaning},
                          {"log_of", to_string(pattern.source)}};
  const Instant first = in_year_of(log, group.first.value_or(Instant{}), at);
  const Instant last = in_year_of(log, group.last.value_or(Instant{}), at);
  if (group.first) facts.insert(facts.end(), {{"first", first}, {"last", last}});
  for (std::size_t i = 0; i < pattern.captures.size(); ++i)
    if (std::string values = values_of(group, i); !values.empty())
      facts.push_back({pattern.captures[i].name, std::move(values)});
  if (!group.peers.empty()) facts.push_back({"peers", list_of(group.peers, group.more_peers)});
  if (!group.identities.empty())
    facts.push_back({"identities", list_of(group.identities, group.more_identities)});
  facts.insert(facts.end(), {{"example", group.example},
                             {"_count", base::counted(group.lines, "line")},
                             {"_when", when_of(group, course, first, last)},
                             {"_who", who_of(group, at)},
                             {"_next", next_of(group)}});
  return facts;
}

void check_artifact(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  if (!artifact.log) return;
  for (const LogGroup& group : artifact.log->groups) {
    const auto row = std::ranges::find(kRows, group.pattern->cause, &Row::cause);
    if (row == kRows.end() || !sink.wants(row->spec.code)) continue;
    const LogCourse course = course_of(*artifact.log, group);
    SourceRef where = artifact.source;
    where.line = group.first_line;
    auto facts = facts_of(*artifact.log, group, course, policy.at);
    if (course == LogCourse::transient)
      sink.report_milder(row->spec, std::move(where), artifact.name, std::move(facts));
    else
      sink.report(row->spec, std::move(where), artifact.name, std::move(facts));
  }
}

}  // namespace

extern const Check k_log_check;
const Check k_log_check{"log", kSpecs, nullptr, &check_artifact};

}  // namespace meshcert::checks
