#include "report/probe_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/escape.hpp"
#include "report/layout.hpp"

namespace meshcert::report {
namespace {

std::string client_text(const Probe& probe) {
  if (!probe.certificate_requested) return "not asked for";
  if (probe.outcome == ProbeOutcome::client_certificate_required)
    return probe.certificate_sent ? "asked for, given, and refused" : "required";
  if (probe.outcome != ProbeOutcome::established) return "asked for";
  if (!probe.detail.empty()) return probe.certificate_sent ? "asked for, and given" : "asked for";
  // In TLS 1.3 a refusal comes after the handshake, and is waited for (docs/inputs.md).
  const std::string_view waited = probe.protocol == "TLSv1.3" ? " within half a second" : "";
  return probe.certificate_sent
             ? fmt::format("asked for, and given; TLS did not refuse it{}", waited)
             : fmt::format("asked for; the handshake goes through without, not refused{}", waited);
}

std::string staple_text(const Staple& staple) {
  std::string text = staple.status + " (signature not verified)";
  if (staple.next_update) text += ", next update " + to_rfc3339(*staple.next_update);
  return text;
}

Json time_json(const std::optional<Instant>& instant) {
  return instant ? Json(to_rfc3339(*instant)) : Json(nullptr);
}

Json staple_json(const std::optional<Staple>& staple) {
  if (!staple) return nullptr;
  Json object;
  object["status"] = staple->status;
  object["this_update"] = time_json(staple->this_update);
  object["next_update"] = time_json(staple->next_update);
  return object;
}

constexpr std::size_t kIndent = 4, kLabel = 16, kMostIssuers = 5;

std::string issuers_text(const Probe& probe) {
  std::string text;
  const std::size_t shown = std::min(probe.issuers.size(), kMostIssuers);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : "; ") + probe.issuers[i];
  return probe.issuer_count > shown ? fmt::format("{} and {} more", text, probe.issuer_count - shown) : text;
}

// Whatever was agreed on, a line each; "" where the server never came to that.
std::string probe_lines(const Probe& probe, const RenderOptions& options) {
  std::string out;
  const auto line = [&](std::string_view label, const std::string& value) {
    if (value.empty()) return;
    out += std::string(kIndent, ' ') + painted(padded(label, kLabel), Paint::dim, options.color) +
           base::escape_for_terminal(value) + "\n";
  };
  line("server name", probe.server_name);
  line("protocol", probe.protocol + (probe.cipher.empty() ? "" : ", " + probe.cipher));
  const std::string chosen = probe.alpn.empty() ? "none" : probe.alpn;
  line("ALPN", probe.offered_alpn.empty() ? "" : chosen + " (offered: " + probe.offered_alpn + ")");
  line("client cert", client_text(probe));
  if (probe.certificate_requested)
    line("of these CAs", probe.issuer_count == 0 ? "any: the server names none" : issuers_text(probe));
  line("OCSP staple", probe.staple ? staple_text(*probe.staple) : "none");
  return out;
}

bool is_plaintext(const Probe& probe) {
  return probe.outcome == ProbeOutcome::plaintext_answered ||
         probe.outcome == ProbeOutcome::plaintext_rejected;
}

}  // namespace

std::string probes_block(const Report& report, const RenderOptions& options) {
  std::string out;
  std::set<const Probe*> told;
  for (const Artifact& artifact : report.inventory.artifacts) {
    const Probe* probe = artifact.probe.get();
    if (probe == nullptr || !told.insert(probe).second) continue;
    if (probe->protocol.empty() && !is_plaintext(*probe)) continue;
    const std::string detail = probe->detail.empty() ? "" : ": " + base::escape_for_terminal(probe->detail);
    out += painted(base::escape_for_terminal(probe->target), Paint::bold, options.color) +
           painted(fmt::format("  ({}{})", to_string(probe->outcome), detail), Paint::dim, options.color) +
           "\n";
    if (!is_plaintext(*probe)) out += probe_lines(*probe, options);
  }
  return out;
}

std::vector<std::pair<std::string_view, std::string>> probe_fields(const Probe& probe) {
  std::vector<std::pair<std::string_view, std::string>> fields;
  const auto add = [&fields](std::string_view label, std::string value) {
    if (!value.empty()) fields.emplace_back(label, std::move(value));
  };
  add("Outcome", std::string(to_string(probe.outcome)) + (probe.detail.empty() ? "" : ": " + probe.detail));
  add("Address", probe.address);
  add("Server name", probe.server_name);
  add("Protocol", probe.protocol);
  add("Cipher", probe.cipher);
  add("ALPN offered", probe.offered_alpn);
  add("ALPN chosen", probe.alpn);
  if (!probe.protocol.empty()) add("Client certificate", client_text(probe));
  for (const std::string& issuer : probe.issuers) add("Accepted CA", issuer);
  if (probe.issuer_count > probe.issuers.size())
    add("Accepted CA", std::to_string(probe.issuer_count - probe.issuers.size()) + " more");
  if (probe.staple) add("OCSP staple", staple_text(*probe.staple));
  return fields;
}

Json probe_json(const Probe& probe) {
  Json object;
  object["outcome"] = to_string(probe.outcome);
  object["stage"] = probe.stage;
  put_text_or_null(object, "detail", probe.detail);
  put_text_or_null(object, "address", probe.address);
  put_text_or_null(object, "server_name", probe.server_name);
  put_text_or_null(object, "protocol", probe.protocol);
  put_text_or_null(object, "cipher", probe.cipher);
  put_text_or_null(object, "alpn_offered", probe.offered_alpn);
  put_text_or_null(object, "alpn", probe.alpn);
  object["certificate_requested"] = probe.certificate_requested;
  object["certificate_sent"] = probe.certificate_sent;
  Json& issuers = object["issuers"] = Json::array();
  // RFC 4514 text is valid UTF-8: what is not stands there as \xx.
  for (const std::string& issuer : probe.issuers) issuers.push_back(issuer);
  object["issuer_count"] = probe.issuer_count;
  object["staple"] = staple_json(probe.staple);
  return object;
}

}  // namespace meshcert::report
