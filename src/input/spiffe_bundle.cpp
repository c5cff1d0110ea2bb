#include "input/spiffe_bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "input/certificates.hpp"
#include "input/files.hpp"
#include "input/jwk_members.hpp"
#include "input/withheld.hpp"
#include "x509/crypto.hpp"
#include "x509/jwk.hpp"
#include "x509/key_crypto.hpp"
#include "x509/private_key.hpp"
#include "x509/titles.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;
using Fault = BundleFaultKind;

bool is_whole_number(const Node& node) {
  return node.is(Kind::number) && !node.text.empty() && base::are_digits(node.text) &&
         (node.text.size() < 20 || (node.text.size() == 20 && node.text <= "18446744073709551615"));
}

bool names_spiffe(const Node& entry) {
  const auto use = jwk_text(entry, "use");
  return use && (is_spiffe_use(*use) || is_nearly_spiffe_use(*use));
}

// What OIDC issuers put into x5c is no CA's, or has a use.
bool is_authority_without_use(const Node& entry) {
  const Node* x5c = jwk_member(entry, "x5c");
  if (jwk_member(entry, "use") != nullptr || x5c == nullptr || x5c->items.empty()) return false;
  const auto octets = base::decode_base64(x5c->items.front().text);
  return octets && Certificate::decode(*octets).map(&Certificate::is_ca).value_or(false);
}

class Reader {
 public:
  Reader(FieldReader& fields, Artifact& artifact, SpiffeBundle& bundle)
      : fields_(fields), artifact_(artifact), bundle_(bundle) {}

  void read(const Place& place) {
    const Node& node = *place.node;
    metadata(place);
    const Node* keys = jwk_member(node, "keys");
    if (keys == nullptr || !keys->is(Kind::sequence))
      return fault(Fault::no_keys, place,
                   keys == nullptr ? "it has no member keys"
                                   : "its keys are no array but " + std::string(kind_name(keys->kind)));
    const Place list{keys, child_pointer(place.pointer, "keys")};
    bundle_.entries = keys->items.size();
    for (std::size_t i = 0; i < keys->items.size(); ++i) entry(list.item(i));
  }

 private:
  void fault(Fault kind, const Place& place, std::string detail) {
    bundle_.faults.push_back({kind, fields_.source(place), std::move(detail), {}});
  }

  void metadata(const Place& place) {
    number(place, "spiffe_sequence", "sequence_number", bundle_.sequence);
    number(place, "spiffe_refresh_hint", "refresh_hint", bundle_.refresh_hint);
    if (bundle_.in_map && !bundle_.refresh_hint.empty())
      fault(Fault::metadata, place,
            "spiffe_refresh_hint stands inside of a bundle map, where it has no effect");
  }

  void number(const Place& place, std::string_view name, std::string_view variant, std::string& out) {
    const Node* value = jwk_member(*place.node, name);
    if (value == nullptr) {
      const bool due = bundle_.is_spiffe && !(bundle_.in_map && name == "spiffe_refresh_hint");
      const bool other = jwk_member(*place.node, variant) != nullptr;
      if (due)
        fault(Fault::metadata, place,
              fmt::format("{} is missing{}", name, other ? fmt::format(" ({} is not it)", variant) : ""));
    } else if (!is_whole_number(*value)) {
      fault(Fault::bad_metadata, {value, child_pointer(place.pointer, name)},
            fmt::format("{} must be a whole number, not {}", name,
                        value->is(Kind::number) ? shown(value->text) : std::string(kind_name(value->kind))));
    } else {
      out = value->text;
    }
  }

  void entry(const Place& place) {
    const Node& node = *place.node;
    const auto use = jwk_text(node, "use");
    if (use != "x509-svid") ++bundle_.not_x509;
    if (!node.is(Kind::mapping)) return fault(Fault::bad_jwk, place, "an entry that is no object");
    private_members(place);
    if (bundle_.of_rule) return key_of_rule(place);
    const auto kty = jwk_text(node, "kty");
    if (!kty || kty->empty()) return fault(Fault::bad_jwk, place, "an entry without kty");
    if (const Node* value = jwk_member(node, "use"); value != nullptr && !value->is(Kind::text))
      return fault(Fault::bad_jwk, place, "its use is no string");
    if (bundle_.is_spiffe && (!use || use->empty()))
      return fault(Fault::no_use, place, "an entry without use");
    if (use && is_nearly_spiffe_use(*use) && !is_spiffe_use(*use))
      return fault(Fault::wrong_use, place, fmt::format("use is {}", shown(*use)));
    if (bundle_.is_spiffe && !is_spiffe_use(*use)) return;
    if (!x509::is_known_key_type(*kty))
      return fault(Fault::unknown_type, place, fmt::format("its kty is {}", shown(*kty)));
    use == "x509-svid" ? authority(place) : key(place, use.value_or(""));
  }

  void private_members(const Place& place) {
    const std::string_view secret = secret_of_jwk(*place.node);
    if (!secret.empty()) fields_.defect(DefectKind::private_key_in_dump, place, std::string(secret), false);
  }

  void key_of_rule(const Place& place) {
    const Node& node = *place.node;
    const auto kty = jwk_text(node, "kty");
    if (!kty || kty->empty()) return fault(Fault::bad_jwk, place, "an entry without kty");
    if (*kty == "oct") return secret(place);
    if (!x509::is_known_key_type(*kty))
      return fault(Fault::unknown_type, place, fmt::format("its kty is {}", shown(*kty)));
    key(place, jwk_text(node, "use").value_or(""));
  }

  // What it is made of is looked at, and not kept.
  void secret(const Place& place) {
    const Node& node = *place.node;
    if (!has_shared_secret(node)) return no_key(place, jwk_text(node, "kid"), "oct without a k in base64url");
    bundle_.keys.push_back({std::string(jwk_text(node, "use").value_or("")),
                            std::string(jwk_text(node, "kid").value_or("")),
                            std::string(jwk_text(node, "alg").value_or("")),
                            {},
                            x509::sha256_hex(as_bytes(*jwk_text(node, "k")))});
  }

  void key(const Place& place, std::string_view use) {
    const Node& node = *place.node;
    const auto kid = jwk_text(node, "kid");
    if (!bundle_.of_rule && is_spiffe_use(use) && (!kid || kid->empty()))
      return fault(Fault::bad_kid, place, fmt::format("a {} entry without kid", use));
    auto spki = x509::jwk_to_spki(jwk_parameters(node, bundle_.of_rule));
    if (!spki) return no_key(place, kid, std::string(spki.error()));
    if (!x509::is_usable_key(*spki)) return no_key(place, kid, "its numbers are no key of its kind");
    if (kid && !kid->empty()) note_kid(place, *kid, use == "wit-svid");
    if (!bundle_.of_rule && !bundle_.is_spiffe && bundle_.entries > 1 && (!kid || kid->empty()))
      fault(Fault::no_kid, place, "a key without kid");
    bundle_.jwt_authorities += use == "jwt-svid" ? 1 : 0;
    bundle_.keys.push_back({std::string(use), std::string(kid.value_or("")),
                            std::string(jwk_text(node, "alg").value_or("")), std::move(*spki)});
  }

  // That of a WIT-SVID is the only one in the whole bundle (WIT-SVID, Bundle Representation).
  void note_kid(const Place& place, std::string_view kid, bool of_wit) {
    const auto [first, added] = kids_.try_emplace(std::string(kid), of_wit);
    if (!added)
      fault(of_wit || first->second ? Fault::bad_kid : Fault::duplicate_kid, place,
            fmt::format("the kid {} is there before", shown(kid)));
  }

  void no_key(const Place& place, std::optional<std::string_view> kid, std::string detail) {
    fault(Fault::bad_jwk, place, std::move(detail));
    bundle_.faults.back().kid = kid.value_or("");
  }

  void authority(const Place& place) {
    const Node& node = *place.node;
    const Node* x5c = jwk_member(node, "x5c");
    if (x5c == nullptr || (x5c->is(Kind::sequence) && x5c->items.empty()))
      return fault(Fault::bad_jwk, place, "an x509-svid entry without a certificate in x5c");
    if (!x5c->is(Kind::sequence) || !x5c->items.front().is(Kind::text))
      return fault(Fault::bad_jwk, place, "its x5c is no array of strings");
    const Place list{x5c, child_pointer(place.pointer, "x5c")};
    if (x5c->items.size() > 1)
      fault(Fault::extra_x5c, list, fmt::format("its x5c holds {} values", x5c->items.size()));
    if (jwk_member(node, "kid") != nullptr)
      fault(Fault::unexpected_kid, place, "an x509-svid entry with a kid");
    if (!certificate(list.item(0))) return;
    ++bundle_.x509_authorities;
    compare(place);
  }

  bool certificate(const Place& place) {
    auto octets = base::decode_base64(place.node->text);
    if (!octets) {
      fault(Fault::bad_jwk, place, fmt::format("its x5c: {}", base::describe(octets.error().reason)));
      return false;
    }
    const ByteView kept = keep(std::move(*octets), artifact_);
    const SourceRef source = fields_.source(place);
    if (auto why = append_certificate(kept, {source, source.line, true}, artifact_)) {
      fault(Fault::bad_jwk, place, "its x5c: " + *why);
      return false;
    }
    if (artifact_.certificates.back().der.size() == kept.size()) return true;
    fault(Fault::bad_jwk, place, "its x5c: octets follow the certificate");
    artifact_.certificates.pop_back();
    return false;
  }

  // The numbers of the JWK against the key of the certificate that was added last.
  void compare(const Place& place) {
    const auto jwk = jwk_parameters(*place.node, false);
    const PublicKey& own = artifact_.certificates.back().key;
    if (!jwk.any())
      return fault(
          Fault::incomplete_jwk, place,
          fmt::format("kty {} without its numbers beside a certificate with {}", jwk.kty, to_string(own)));
    const auto spki = x509::jwk_to_spki(jwk);
    if (!spki) return fault(Fault::bad_jwk, place, std::string(spki.error()));
    const auto stated = x509::public_key_of(*spki);
    if (!stated || !x509::is_same_key(*stated, own))
      fault(Fault::key_disagrees, place,
            fmt::format("the JWK's numbers are {}, its certificate has {}",
                        stated ? key_title(*stated) : "no key", key_title(own)));
  }

  FieldReader& fields_;
  Artifact& artifact_;
  SpiffeBundle& bundle_;
  std::map<std::string, bool> kids_;  // and whether one of a WIT-SVID
};

bool is_spiffe_bundle(const Node& node) {
  const Node* keys = node.find("keys");
  return node.find("spiffe_sequence") != nullptr || node.find("spiffe_refresh_hint") != nullptr ||
         (keys != nullptr && (std::ranges::any_of(keys->items, names_spiffe) ||
                              std::ranges::any_of(keys->items, is_authority_without_use)));
}

}  // namespace

bool is_bundle_document(const Node& node) {
  if (!node.is(Kind::mapping)) return false;
  if (node.find("spiffe_sequence") != nullptr || node.find("spiffe_refresh_hint") != nullptr) return true;
  const Node* keys = node.find("keys");
  if (keys == nullptr || !keys->is(Kind::sequence)) return false;
  return keys->items.empty() || std::ranges::any_of(keys->items, [](const Node& entry) {
           return entry.find("kty") != nullptr || names_spiffe(entry);
         });
}

Artifact begin_bundle(const std::string& file, const Place& place) {
  Artifact artifact = begin_file(file);
  artifact.source.line = place.node->line;
  artifact.source.pointer = place.pointer;
  return artifact;
}

void read_bundle(const Place& place, BundleRole role, FieldReader& fields, Artifact& artifact) {
  auto bundle = std::make_shared<SpiffeBundle>();
  bundle->in_map = role == BundleRole::of_map;
  bundle->of_rule = role == BundleRole::of_rule;
  bundle->is_spiffe =
      bundle->in_map || role == BundleRole::spiffe || (!bundle->of_rule && is_spiffe_bundle(*place.node));
  Reader(fields, artifact, *bundle).read(place);
  const bool keys_only = artifact.certificates.empty() && !bundle->keys.empty();
  artifact.kind = keys_only || !bundle->is_spiffe ? ArtifactKind::jwks : ArtifactKind::trust_bundle;
  artifact.bundle = std::move(bundle);
}

void read_bundle_document(const std::string& file, const Place& document, ArtifactSink& sink) {
  Artifact artifact = begin_bundle(file, document);
  FieldReader fields(file, artifact.defects);
  read_bundle(document, BundleRole::document, fields, artifact);
  sink.artifact(std::move(artifact));
}

}  // namespace meshcert::input
