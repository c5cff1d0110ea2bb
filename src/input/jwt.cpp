#include "input/jwt.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/base64.hpp"
#include "base/escape.hpp"

namespace meshcert {

std::optional<ServiceAccountName> service_account_of(std::string_view subject) {
  constexpr std::string_view kPrefix = "system:serviceaccount:";
  if (!subject.starts_with(kPrefix)) return std::nullopt;
  subject.remove_prefix(kPrefix.size());
  const std::size_t colon = subject.find(':');
  if (colon == std::string_view::npos || subject.find(':', colon + 1) != std::string_view::npos)
    return std::nullopt;
  return ServiceAccountName{subject.substr(0, colon), subject.substr(colon + 1)};
}

namespace input {
namespace {

using Kind = Node::Kind;

// Seconds since 1970, fractions cut off (RFC 7519 2); what no calendar has is its end.
std::optional<Instant> instant_of(const Node& node) {
  constexpr double kFirst = -62135596800.0, kLast = 253402300799.0;
  double seconds = 0;
  const char* end = node.text.data() + node.text.size();
  const auto [at, error] = std::from_chars(node.text.data(), end, seconds);
  if (error == std::errc::result_out_of_range) return std::nullopt;
  if (error != std::errc{} || at != end) return std::nullopt;
  return Instant(Seconds(static_cast<std::int64_t>(std::floor(std::clamp(seconds, kFirst, kLast)))));
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (octet < 0x20)
      out += fmt::format("\\u{:04x}", octet);
    else
      out += c;
  }
  out += '"';
}

// Writes a value as JSON. As deep as limits.depth let it be read.
void append_json(std::string& out, const Node& node) {
  const auto list = [&out](char open, char close, const auto& items, const auto& each) {
    out += open;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i != 0) out += ',';
      each(items[i]);
    }
    out += close;
  };
  switch (node.kind) {
    case Kind::null:
      out += "null";
      break;
    case Kind::boolean:
    case Kind::number:
      out += node.text;
      break;
    case Kind::text:
      append_string(out, node.text);
      break;
    case Kind::sequence:
      list('[', ']', node.items, [&out](const Node& item) { append_json(out, item); });
      break;
    case Kind::mapping:
      list('{', '}', node.members, [&out](const Node::Member& member) {
        append_string(out, member.key);
        out += ':';
        append_json(out, member.value);
      });
      break;
  }
}

// Part decodes one part of the token that is a JSON object.
Result<Node, std::string> json_part(std::string_view text, std::string_view what, const Limits& limits) {
  const auto octets = base::decode_base64url(text);
  if (!octets) {
    return fail(fmt::format("its {} is not base64url: {} (at character {} of it)", what,
                            base::describe(octets.error().reason), octets.error().offset + 1));
  }
  auto node = read_json("", *octets, limits);
  if (!node) return fail(fmt::format("its {} is no JSON: {}", what, message_in_value(node.error())));
  if (!node->is(Kind::mapping))
    return fail(fmt::format("its {} is {}, not an object", what, kind_name(node->kind)));
  return std::move(*node);
}

// Decoder takes the members of header and claims, and notes those of a wrong type.
class Decoder {
 public:
  explicit Decoder(Jwt& jwt) : jwt_(jwt) {}

  void header(const Node& node) {
    if (const auto alg = text(node, "header parameter", "alg")) jwt_.alg = *alg;
    jwt_.kid = text(node, "header parameter", "kid");
    jwt_.typ = text(node, "header parameter", "typ");
    for (const Node::Member& member : node.members) {
      if (member.key == "alg" || member.key == "kid" || member.key == "typ") continue;
      jwt_.other_headers.emplace_back(member.key);
      jwt_.has_critical = jwt_.has_critical || member.key == "crit";
    }
  }

  void claims(const Node& node) {
    jwt_.issuer = text(node, "claim", "iss");
    jwt_.subject = text(node, "claim", "sub");
    jwt_.expires = instant(node, "exp");
    jwt_.not_before = instant(node, "nbf");
    jwt_.issued_at = instant(node, "iat");
    audiences(node);
    kubernetes(node);
    for (const Node::Member& member : node.members) {
      JwtClaim claim{std::string(member.key), {}};
      append_json(claim.json, member.value);
      if (claim.json.find("PRIVATE KEY") != std::string::npos) claim.json = "\"(withheld: a private key)\"";
      jwt_.claims.push_back(std::move(claim));
    }
  }

 private:
  void wrong(std::string_view what, std::string_view name, std::string_view kind, std::string_view required) {
    jwt_.wrong_kinds.push_back({fmt::format("the {} {} is {}", what, name, kind), required});
  }

  std::optional<std::string> text(const Node& parent, std::string_view what, std::string_view name) {
    const Node* node = parent.find(name);
    if (node == nullptr) return std::nullopt;
    if (node->is(Kind::text)) return std::string(node->text);
    wrong(what, name, kind_name(node->kind), "a string");
    return std::nullopt;
  }

  std::optional<Instant> instant(const Node& parent, std::string_view name) {
    const Node* node = parent.find(name);
    if (node == nullptr) return std::nullopt;
    const bool number = node->is(Kind::number);
    const auto found = number ? instant_of(*node) : std::nullopt;
    if (!found)
      wrong("claim", name, number ? "a number beyond all calendars" : kind_name(node->kind),
            "a number, the seconds since 1970");
    return found;
  }

  // One audience may stand without a list (RFC 7519 4.1.3).
  void audiences(const Node& parent) {
    const Node* node = parent.find("aud");
    if (node == nullptr) return;
    const auto is_text = [](const Node& item) { return item.is(Kind::text); };
    if (node->is(Kind::text)) {
      jwt_.audiences = std::vector<std::string>{std::string(node->text)};
    } else if (node->is(Kind::sequence) && std::ranges::all_of(node->items, is_text)) {
      jwt_.audiences.emplace();
      for (const Node& item : node->items) jwt_.audiences->emplace_back(item.text);
    } else {
      const bool list = node->is(Kind::sequence);
      wrong("claim", "aud", list ? "a list with something else than strings" : kind_name(node->kind),
            "a string or a list of strings");
    }
  }

  // What the API server says of the bearer (kubernetes pkg/serviceaccount/claims.go).
  void kubernetes(const Node& parent) {
    const auto at = [](const Node* node, std::string_view key) {
      return node == nullptr ? nullptr : node->find(key);
    };
    const Node* claim = parent.find("kubernetes.io");
    if (const Node* name = at(claim, "namespace"); name != nullptr && name->is(Kind::text))
      jwt_.kubernetes_namespace = name->text;
    if (const Node* name = at(at(claim, "serviceaccount"), "name"); name != nullptr && name->is(Kind::text))
      jwt_.kubernetes_service_account = name->text;
  }

  Jwt& jwt_;
};

constexpr std::array<std::string_view, 3> kTokenKeys = {"token", "access_token", "id_token"};

// The member of a document that is a token: of a TokenRequest, or of an answer of OAuth.
std::optional<Place> token_in(const Place& root) {
  const Place status{root.node->find("status"), "/status"};
  for (const Place& place : {root, status}) {
    if (place.node == nullptr) continue;
    for (const std::string_view key : kTokenKeys) {
      const Node* node = place.node->find(key);
      if (node != nullptr && node->is(Kind::text) && node->text.starts_with("eyJ"))
        return Place{node, child_pointer(place.pointer, key)};
    }
  }
  return std::nullopt;
}

bool is_json_form(const Node& node) {
  const Node* payload = node.find("payload");
  return payload != nullptr && payload->is(Kind::text) &&
         (node.find("signatures") != nullptr || node.find("signature") != nullptr);
}

}  // namespace

Result<Jwt, std::string> decode_jwt(std::string_view token, const Limits& limits) {
  const auto dots = std::ranges::count(token, '.');
  if (dots == 4) return fail(std::string("it has five parts: it is encrypted (JWE), and is not read"));
  if (dots != 2) return fail(fmt::format("it has {} parts between dots, not three", dots + 1));
  const std::size_t first = token.find('.'), last = token.rfind('.');
  const auto header = json_part(token.substr(0, first), "header", limits);
  if (!header) return fail(header.error());
  const auto claims = json_part(token.substr(first + 1, last - first - 1), "payload", limits);
  if (!claims) return fail(claims.error());
  auto signature = base::decode_base64url(token.substr(last + 1));
  if (!signature) return fail(std::string("its signature is not base64url"));
  Jwt jwt;
  Decoder decoder(jwt);
  decoder.header(*header);
  decoder.claims(*claims);
  jwt.signed_text = token.substr(0, last);
  jwt.signature = std::move(*signature);
  return jwt;
}

bool is_token_document(const Node& node) {
  return node.is(Kind::mapping) && (is_json_form(node) || token_in(Place{&node, ""}));
}

void read_token_document(const std::string& file, const Place& root, const Limits& limits,
                         ArtifactSink& sink) {
  const auto token = token_in(root);
  const Place place = token.value_or(root);
  Artifact artifact;
  artifact.kind = ArtifactKind::jwt;
  artifact.name = "token";
  artifact.source = SourceRef{file, place.node->line, place.pointer};
  Jwt jwt;
  jwt.is_json_form = !token;
  if (token) {
    auto decoded = decode_jwt(place.node->text, limits);
    if (!decoded) {
      return sink.defect(
          Defect{DefectKind::malformed, artifact.source, "no token: " + decoded.error(), true});
    }
    jwt = std::move(*decoded);
  }
  artifact.jwt = std::make_shared<const Jwt>(std::move(jwt));
  sink.artifact(std::move(artifact));
}

}  // namespace input
}  // namespace meshcert
