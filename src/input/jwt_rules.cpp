// Which tokens are taken: jwtRules of RequestAuthentications (security.istio.io/v1), and the
// providers that istiod makes of them for Envoy (istio pilot/pkg/security/authn/policy_applier.go).
#include "input/jwt_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "input/data_source.hpp"
#include "input/kubernetes_object.hpp"
#include "input/spiffe_bundle.hpp"
#include "input/withheld.hpp"
#include "meshcert/jwt_rule.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

// Lines of a document inside of a value are those of the value.
void stand_at(Node& root, std::uint32_t line) {
  std::vector<Node*> pending{&root};
  while (!pending.empty()) {
    Node& node = *pending.back();
    pending.pop_back();
    node.line = line;
    for (Node& item : node.items) pending.push_back(&item);
    for (Node::Member& member : node.members) pending.push_back(&member.value);
  }
}

// The keys that istiod makes up where it cannot fetch any, so that every token is refused
// (istio pilot/pkg/model/jwks_resolver.go CreateFakeJwks). Answers whence it could not.
std::string not_fetched(const Node& keys) {
  constexpr std::string_view kMark = "Error-IstiodFailedToFetchJwksUri-";
  const Node* list = keys.find("keys");
  const Node* n = list == nullptr || list->items.size() != 1 ? nullptr : list->items[0].find("n");
  const auto octets = n == nullptr ? std::nullopt : std::optional(base::decode_base64url(n->text));
  if (!octets || !*octets || !as_text(**octets).starts_with(kMark)) return {};
  const std::string from = shown(as_text(**octets).substr(kMark.size()));
  return from.empty() ? "the issuer's jwks_uri" : from;
}

// A certificate for each kid, which Google publishes beside its JWKS, and Envoy takes too: of all it
// takes the key, which must be RSA, or of none (envoy source/common/jwt/jwks.cc createFromX509).
std::shared_ptr<SpiffeBundle> keys_of_certificates(const Node& root) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----\n", kEnd = "\n-----END CERTIFICATE-----\n";
  if (root.members.empty() || root.find("keys") != nullptr) return nullptr;
  auto bundle = std::make_shared<SpiffeBundle>();
  bundle->of_rule = true;
  bool usable = true;
  for (const Node::Member& member : root.members) {
    std::string_view text = member.value.text;
    if (!member.value.is(Kind::text) || !text.starts_with(kBegin) || !text.ends_with(kEnd)) return nullptr;
    text.remove_prefix(kBegin.size());
    text = text.substr(0, text.find(kEnd));  // of several it takes the first
    const auto octets = base::decode_base64(text);
    const auto certificate =
        octets ? Certificate::decode(*octets) : Result<Certificate, Reason>(fail(Reason("no base64")));
    usable = usable && certificate && certificate->key.algorithm == KeyAlgorithm::rsa;
    if (!usable) continue;
    const ByteView spki = certificate->key.spki;
    bundle->keys.push_back({"", shown(member.key), "", {spki.begin(), spki.end()}});
  }
  bundle->entries = root.members.size();
  if (!usable) bundle->keys.clear();
  return bundle;
}

// RuleReader reads what both forms have in common.
class RuleReader {
 public:
  RuleReader(const Limits& limits, FieldReader& fields, Artifact& artifact)
      : limits_(limits), fields_(fields), artifact_(artifact) {}

  void rule(const Place& place) {
    common(place, "prefix");
    rule_.keys_uri = shown(fields_.text(place, "jwks_uri"));
    const auto inline_keys = fields_.field(place, "jwks", Kind::text);
    if (inline_keys && !inline_keys->node->text.empty()) keys(inline_keys->node->text, *inline_keys);
    refusals();
    finish();
  }

  void provider(const Place& place) {
    rule_.of_proxy = true;
    common(place, "value_prefix");
    const auto remote = fields_.field(place, "remote_jwks", Kind::mapping);
    const auto uri = remote ? fields_.field(*remote, "http_uri", Kind::mapping) : std::nullopt;
    if (uri) rule_.keys_uri = shown(fields_.text(*uri, "uri"));
    if (const auto local = fields_.field(place, "local_jwks", Kind::mapping)) {
      rule_.has_keys = true;
      if (const auto text = read_inline_text(*local, fields_)) keys(*text, *local);
    }
    constraints(place);
    finish();
  }

 private:
  void common(const Place& place, std::string_view prefix) {
    rule_.issuer = shown(fields_.text(place, "issuer"));
    for (const Place& item : fields_.items(place, "audiences", Kind::text))
      rule_.audiences.push_back(shown(item.node->text));
    for (const Place& header : fields_.items(place, "from_headers", Kind::mapping)) {
      const std::string before = fields_.text(header, prefix);
      rule_.locations.push_back("header " + base::lowered(shown(fields_.text(header, "name"))) +
                                (before.empty() ? "" : ", prefix \"" + shown(before) + "\""));
    }
    for (const Place& item : fields_.items(place, "from_params", Kind::text))
      rule_.locations.push_back("parameter " + shown(item.node->text));
    for (const Place& item : fields_.items(place, "from_cookies", Kind::text))
      rule_.locations.push_back("cookie " + shown(item.node->text));
    std::ranges::sort(rule_.locations);
  }

  // What Envoy asks besides, and RequestAuthentication has no words for.
  void constraints(const Place& place) {
    if (const auto subjects = fields_.field(place, "subjects", Kind::mapping)) {
      for (const std::string_view match : {"exact", "prefix", "suffix", "contains"})
        asks_of_subject(match, shown(fields_.text(*subjects, match)));
      const Node* any_case = subjects->node->field("ignore_case");
      rule_.subject_of_any_case = any_case != nullptr && any_case->text == "true";
      if (const auto expression = fields_.field(*subjects, "safe_regex", Kind::mapping))
        asks_of_subject("regex", fields_.text(*expression, "regex"));
    }
    const Node* required = place.node->field("require_expiration");
    rule_.requires_expiry = required != nullptr && required->text == "true";
    const std::string life = fields_.text(place, "max_lifetime");
    const auto longest = parse_duration(life.substr(0, life.find_first_of(".s")) + "s");
    if (longest) rule_.longest_life = *longest;
  }

  void asks_of_subject(std::string_view match, std::string text) {
    if (text.empty()) return;
    rule_.subject_match = match;
    rule_.subject = std::move(text);
  }

  void keys(std::string_view text, const Place& value) {
    rule_.has_keys = true;
    auto root = read_json("", as_bytes(text), limits_);
    if (!root)
      return fields_.defect(DefectKind::malformed, value,
                            "its keys are no JSON: " + message_in_value(root.error()), true);
    rule_.not_fetched = not_fetched(*root);
    if (!rule_.not_fetched.empty()) return;
    stand_at(*root, value.node->line);
    if (auto bundle = keys_of_certificates(*root))
      artifact_.bundle = std::move(bundle);
    else
      read_bundle(Place{&*root, value.pointer}, BundleRole::of_rule, fields_, artifact_);
  }

  // What istiod's webhook refuses (istio pkg/config/validation validateJwtRule).
  void refusals() {
    const auto refuse = [this](std::string why) { rule_.refusals.push_back(std::move(why)); };
    if (rule_.issuer.empty() && rule_.keys_uri.empty()) refuse("it has neither issuer nor jwksUri");
    if (std::ranges::count(rule_.audiences, "") != 0) refuse("an audience is empty");
    const std::string& uri = rule_.keys_uri;
    if (!uri.empty() && !uri.starts_with("https://") && !uri.starts_with("http://"))
      refuse("its jwksUri is " + uri + ", and no http or https URL");
    for (const std::string& location : rule_.locations)
      if (location.ends_with(' ') || location.starts_with("header ,"))
        refuse("a " + location.substr(0, location.find(' ')) + " to take the token from has no name");
  }

  void finish() {
    artifact_.kind = ArtifactKind::jwt_rule;
    artifact_.jwt_rule = std::make_shared<const JwtRule>(std::move(rule_));
  }

  const Limits& limits_;
  FieldReader& fields_;
  Artifact& artifact_;
  JwtRule rule_;
};

// The message of the filter: the node itself, or the value of a TypedStruct.
Place message_of(const Place& filter) {
  const Node* value = filter.node->find("value");
  if (value != nullptr && filter.node->field("providers") == nullptr)
    return Place{value, child_pointer(filter.pointer, "value")};
  return filter;
}

}  // namespace

bool is_jwt_filter(const Node& node) {
  const auto is_type = [&node](std::string_view key) {
    const Node* type = node.find(key);
    return type != nullptr && type->is(Kind::text) && type->text.ends_with(kJwtFilterType) &&
           type->text.find("jwt_authn") != std::string::npos;
  };
  return is_type("@type") || is_type("type_url") || is_type("typeUrl");
}

void read_jwt_filter(const std::string& file, const Place& filter, const Limits& limits, ArtifactSink& sink) {
  std::vector<Defect> outside;
  FieldReader fields(file, outside);
  const Place message = message_of(filter);
  const auto providers = fields.field(message, "providers", Kind::mapping);
  for (std::size_t i = 0; providers && i < providers->node->members.size(); ++i) {
    const Node::Member& member = providers->node->members[i];
    const Place place{&member.value, child_pointer(providers->pointer, member.key)};
    if (!fields.expect(place, Kind::mapping)) continue;
    Artifact artifact;
    artifact.name = shown(member.key);
    artifact.source = fields.source(place);
    FieldReader inside(file, artifact.defects);
    RuleReader(limits, inside, artifact).provider(place);
    sink.artifact(std::move(artifact));
  }
  for (Defect& defect : outside) sink.defect(std::move(defect));
}

void read_jwt_rule(const Place& rule, const Limits& limits, FieldReader& fields, Artifact& artifact) {
  RuleReader(limits, fields, artifact).rule(rule);
}

void read_request_authentication(ObjectReading& reading) {
  RequestAuthentication& object = reading.object.spec.emplace<RequestAuthentication>();
  const auto spec = reading.map(reading.root, "spec");
  if (!spec) return;
  if (const auto selector = reading.map(*spec, "selector"))
    object.selector = reading.labels(*selector, "matchLabels");
  if (const auto target = reading.map(*spec, "targetRef"))
    object.targets.push_back(reading.ref(*target, "", reading.object.namespace_name));
  for (const Place& target : reading.mappings(*spec, "targetRefs"))
    object.targets.push_back(reading.ref(target, "", reading.object.namespace_name));
  std::size_t number = 0;
  for (const Place& rule : reading.mappings(*spec, "jwtRules")) {
    Artifact artifact = reading.begin(ArtifactKind::jwt_rule, fmt::format("jwtRules[{}]", number++), rule);
    FieldReader fields(reading.file, artifact.defects);
    read_jwt_rule(rule, reading.limits, fields, artifact);
    reading.artifacts.push_back(std::move(artifact));
  }
}

std::size_t hash_of_rule(const Artifact& artifact) {
  const std::hash<std::string_view> hash;
  std::size_t sum = 0;
  const auto add = [&](std::string_view text) { sum = sum * 31 + hash(text); };
  const JwtRule& rule = *artifact.jwt_rule;
  add(rule.issuer);
  add(rule.keys_uri);
  add(rule.not_fetched);
  add(rule.subject_match);
  add(rule.subject);
  add(rule.subject_of_any_case ? "of any case" : "");
  add(rule.requires_expiry ? "requires exp" : "");
  add(std::to_string(rule.longest_life.value_or(Seconds(0)).count()));
  for (const std::string& audience : rule.audiences) add(audience);
  for (const std::string& location : rule.locations) add(location);
  if (artifact.bundle == nullptr) return sum;
  for (const BundleKey& key : artifact.bundle->keys) {
    add(key.kid);
    add(as_text(key.spki));
    add(key.digest);
  }
  return sum;
}

}  // namespace meshcert::input
