#include "report/probe_block.hpp"

namespace meshcert::report {
namespace {

std::string client_text(const Probe& probe) {
  if (!probe.certificate_requested) return "not asked for";
  if (probe.certificate_sent) return "asked for, and given";
  return probe.outcome == ProbeOutcome::client_certificate_required ? "required" : "asked for, not required";
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

}  // namespace

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
