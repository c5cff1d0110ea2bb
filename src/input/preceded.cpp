#include "input/preceded.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/lines.hpp"
#include "input/outside.hpp"
#include "input/shape.hpp"
#include "input/spire_list.hpp"

namespace meshcert::input {
namespace {

// More lines before a dump are a document that shows one.
constexpr std::uint32_t kMostLines = 50;

constexpr std::array<std::string_view, 6> kOtherKeys = {"\"certificate_chain\"", "\"certificateChain\"",
                                                        "\"trusted_ca\"",        "\"trustedCa\"",
                                                        "\"ca_cert\"",           "\"x5c\""};
constexpr std::array<std::string_view, 9> kYamlStarts = {
    "configs:", "certificates:", "- identity:", "static", "dynamic", "apiVersion:", "kind:", "items:", "---"};

// base64 of "-----BEGI", as Kubernetes objects hold certificates.
constexpr std::string_view kEncodedPem = "LS0tLS1CRUdJ";

bool holds_key(std::string_view text) {
  const auto has = [text](std::string_view key) { return text.find(key) != std::string_view::npos; };
  if (std::ranges::any_of(kOtherKeys, has) || has(kEncodedPem)) return true;
  while (!text.empty()) {
    if (has_dump_key(base::take_line(text))) return true;
  }
  return false;
}

// A document shows an example in a fence, and a script feeds one to a command.
bool announces_example(std::string_view line) {
  return line.starts_with("```") || line.starts_with("~~~") || line.find("<<") != std::string_view::npos;
}

bool begins_yaml(std::string_view line) {
  const auto begins = [line](std::string_view start) { return line.starts_with(start); };
  return std::ranges::any_of(kYamlStarts, begins) || (!line.starts_with(' ') && has_dump_key(line));
}

}  // namespace

std::optional<Preceded> find_preceded(std::string_view text) {
  std::string_view rest = text;
  std::optional<Preceded> found;
  for (std::uint32_t line = 1; line <= kMostLines && !rest.empty() && !found; ++line) {
    std::string_view from = rest;
    const std::string_view first = base::take_line(rest);
    if (announces_example(first)) break;
    if (first.starts_with('{') || first.starts_with('[')) {
      if (looks_like_json(from)) found = {Format::envoy_secrets, line};
    } else if (begins_yaml(first)) {
      if (!looks_like_yaml(from)) break;
      found = {Format::yaml, line};
    }
    if (found && !holds_key(from)) return std::nullopt;
  }
  if (found) found->of_spire = has_spire_heading(text.substr(0, text.size() - rest.size()));
  if (found) return found;
  for (const Outsider& outsider : find_outsiders(std::array{PemGap{text, 1}})) {
    if (outsider.kind == DefectKind::broken_pem_block) return Preceded{Format::pem, outsider.line};
  }
  return std::nullopt;
}

std::string describe(const Preceded& preceded) {
  if (preceded.format == Format::pem) {
    return "this is nearly a BEGIN line, but not read as one: its dashes, blanks or letters are others";
  }
  return fmt::format("a dump begins in line {}, below other text, and was not read", preceded.line);
}

std::string advise(const Preceded& preceded) {
  if (preceded.format == Format::pem) {
    return "write it as -----BEGIN CERTIFICATE----- with five dashes on either side, and the END line alike";
  }
  if (preceded.of_spire)
    return "ask SPIRE for the bundle of one trust domain at a time: spire-server bundle list -id spiffe://TRUST-DOMAIN "
           "-format spiffe | meshcert inspect";
  return fmt::format("take off what stands before it: tail -n +{} FILE | meshcert inspect", preceded.line);
}

}  // namespace meshcert::input
