#include "input/envoy_material.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "input/certificates.hpp"
#include "input/data_source.hpp"
#include "input/jwt_rules.hpp"
#include "input/leniency.hpp"
#include "input/private_keys.hpp"
#include "input/secret_names.hpp"
#include "input/spiffe_bundle.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

// Envoy may go by digests of a certificate or its key instead of a chain.
bool is_pinned(const Node& context) {
  const auto has = [&context](std::string_view name) {
    const Node* list = context.field(name);
    return list != nullptr && !list->items.empty();
  };
  return has("verify_certificate_spki") || has("verify_certificate_hash");
}

// EntrySink gives artifacts what all of an entry share.
class EntrySink final : public ArtifactSink {
 public:
  EntrySink(const SecretEntry& entry, std::string_view validator, std::vector<Artifact>& out)
      : entry_(entry), validator_(validator), out_(out) {}
  void artifact(Artifact&& artifact) override {
    Artifact made = make_artifact(entry_, artifact.source, artifact.kind);
    artifact.name = std::move(made.name);
    artifact.state = made.state;
    artifact.last_updated = made.last_updated;
    artifact.version_info = std::move(made.version_info);
    artifact.validator = validator_;
    out_.push_back(std::move(artifact));
  }
  void defect(Defect&&) override {}  // a bundle's are in its artifact

 private:
  const SecretEntry& entry_;
  std::string_view validator_;
  std::vector<Artifact>& out_;
};

// A document within a value has no lines of its own.
void place_at(std::uint32_t line, Node& node) {
  node.line = line;
  for (Node& item : node.items) place_at(line, item);
  for (Node::Member& member : node.members) place_at(line, member.value);
}

// Reads the material of one entry.
class MaterialReader {
 public:
  MaterialReader(const std::string& file, DocumentScope& scope, const SecretEntry& entry,
                 std::vector<Artifact>& out)
      : file_(file), scope_(scope), entry_(entry), out_(out) {}

  void tls_certificate(const Place& tls) {
    Artifact artifact = make_artifact(entry_, source_of(file_, tls), kind_by_name(entry_.name));
    FieldReader reader = fields(artifact.defects);
    source(tls, "tls_certificate", "certificate_chain", artifact, !is_absent(*tls.node, "pkcs12"));
    KeyOpener keys = opener_of(tls, reader);
    if (const auto key = reader.field(tls, "private_key", Kind::mapping))
      read_key(*key, keys, reader, artifact);
    if (const auto pkcs12 = reader.field(tls, "pkcs12", Kind::mapping))
      read_key_store(*pkcs12, keys, reader, artifact);
    if (const auto staple = reader.field(tls, "ocsp_staple", Kind::mapping))
      read_staple(*staple, reader, artifact);
    if (const auto provider = reader.field(tls, "private_key_provider", Kind::mapping))
      key_provider(*provider, artifact);
    artifact.kind = ArtifactKind::tls_secret;
    if (!artifact.certificates.empty()) artifact.leaf = find_leaf(artifact.certificates);
    const bool spiffe =
        !artifact.certificates.empty() && is_workload_leaf(artifact.certificates[artifact.leaf]);
    if (spiffe || is_workload_name(entry_.name)) artifact.kind = ArtifactKind::workload_chain;
    if (!artifact.key && !artifact.certificates.empty()) missing_key(tls, reader);
    auto rest = take_rest(artifact);
    settle_key(artifact);
    out_.push_back(std::move(artifact));
    if (rest) out_.push_back(*std::move(rest));
  }

  void validation_context(const Place& context) {
    const std::size_t before = out_.size();
    Artifact trusted = make_artifact(entry_, source_of(file_, context), ArtifactKind::trust_bundle);
    FieldReader reader = fields(trusted.defects);
    const auto system = reader.field(context, "system_root_certs", Kind::mapping);
    if (system) {
      reader.defect(DefectKind::unsupported_block, *system, "the proxy's system roots: not in the dump",
                    false);
    }
    const auto custom = reader.field(context, "custom_validator_config", Kind::mapping);
    // The SPIFFE validator comes with an empty trusted_ca.
    const bool absent = is_absent(*context.node, "trusted_ca");
    const bool otherwise = custom || system || is_pinned(*context.node);
    const bool unused = otherwise && (absent || is_empty_source(*context.node->field("trusted_ca")));
    if (!unused) source(context, "validation_context", "trusted_ca", trusted, false);
    if (const auto crl = reader.field(context, "crl", Kind::mapping)) revocation_lists(*crl, trusted);
    trusted.leaf_crl_only = is_true(*context.node, "only_verify_leaf_cert_crl");
    trusted.leniency = read_leniency(context, reader);
    if (custom) custom_validator(*custom, reader, trusted.certificates.empty() && !system);
    // Nothing to show for an empty trusted_ca.
    const bool empty = trusted.certificates.empty() && trusted.crls.empty() && trusted.defects.empty();
    if (!empty || out_.size() == before) out_.push_back(std::move(trusted));
  }

  void validation_lists(const Place& context) {
    Artifact lists = make_artifact(entry_, source_of(file_, context), ArtifactKind::crl);
    if (const auto crl = fields(lists.defects).field(context, "crl", Kind::mapping))
      revocation_lists(*crl, lists);
    if (!lists.crls.empty() || !lists.defects.empty()) out_.push_back(std::move(lists));
  }

 private:
  // A certificate that stands there is no anchor: Envoy passes it over, and asks for CRLs all the same.
  void revocation_lists(const Place& data, Artifact& trusted) {
    Artifact lists;
    FieldReader reader = fields(lists.defects);
    read_certificates(data, scope_, reader, lists);
    if (lists.crls.empty() && !lists.certificates.empty())
      reader.defect(
          DefectKind::malformed, data,
          "no CRL in it, but certificates: Envoy asks for CRLs where it has this field, and refuses every chain",
          true);
    std::ranges::move(lists.crls, std::back_inserter(trusted.crls));
    std::ranges::move(lists.storage, std::back_inserter(trusted.storage));
    std::ranges::move(lists.defects, std::back_inserter(trusted.defects));
  }

  [[nodiscard]] FieldReader fields(std::vector<Defect>& defects) const { return {file_, defects}; }

  void missing(const Place& place, FieldReader& reader, std::string detail) {
    if (entry_.complete) reader.defect(DefectKind::no_certificates, place, std::move(detail), true);
  }

  // The password that stands beside the key is the one that Envoy opens it with.
  [[nodiscard]] KeyOpener opener_of(const Place& tls, FieldReader& reader) const {
    const auto source = reader.field(tls, "password", Kind::mapping);
    auto stated = source ? read_sensitive(*source, reader) : std::nullopt;
    return stated ? scope_.keys.stating(std::move(*stated)) : scope_.keys;
  }

  // A dump without the field may have been stripped of it; an empty one was configured so.
  void missing_key(const Place& tls, FieldReader& reader) {
    if (is_absent(*tls.node, "private_key")) return;
    reader.defect(DefectKind::key_missing, tls, "private_key is empty", false);
  }

  // Reads the certificates that one DataSource of a message should hold; that
  // there is none may be said otherwise.
  void source(const Place& parent, std::string_view parent_name, std::string_view name, Artifact& artifact,
              bool told_otherwise) {
    FieldReader reader = fields(artifact.defects);
    const std::size_t before = artifact.defects.size();
    const auto data = reader.field(parent, name, Kind::mapping);
    if (data) read_certificates(*data, scope_, reader, artifact);
    if (told_otherwise || !artifact.certificates.empty() || artifact.defects.size() != before) return;
    if (data) {
      return missing(*data, reader, fmt::format("{} without data: {}", name, describe_members(*data->node)));
    }
    missing(parent, reader,
            fmt::format("{} without {}: {}", parent_name, name, describe_members(*parent.node)));
  }

  // A provider may have the key in its own configuration.
  void key_provider(const Place& provider, Artifact& artifact) {
    const Node* config = provider.node->field("typed_config");
    const bool absent = config == nullptr || config->is(Kind::null) || config->text == "[redacted]";
    if (!artifact.key) artifact.key = KeyFacts{true, absent, false};
    if (absent || !config->is(Kind::mapping)) return;
    FieldReader reader = fields(artifact.defects);
    const auto typed = reader.field(provider, "typed_config", Kind::mapping);
    if (const auto key = reader.field(*typed, "private_key", Kind::mapping))
      read_key(*key, scope_.keys, reader, artifact);
  }

  void custom_validator(const Place& custom, FieldReader& reader, bool needed) {
    const std::size_t artifacts = out_.size();
    const std::size_t told = reader.told();
    trust_domains(custom, reader);
    if (!needed || out_.size() != artifacts || reader.told() != told) return;
    const Node* config = custom.node->field("typed_config");
    missing(custom, reader,
            fmt::format("custom_validator_config without trust_domains: {}",
                        describe_members(config == nullptr ? *custom.node : *config)));
  }

  void trust_domains(const Place& custom, FieldReader& reader) {
    const auto config = reader.field(custom, "typed_config", Kind::mapping);
    if (!config) return;
    const auto domains = reader.field(*config, "trust_domains", Kind::sequence);
    if (const auto bundles = reader.field(*config, "trust_bundles", Kind::mapping)) {
      bundle_map(*bundles, config->pointer, reader);
      if (domains && !domains->node->items.empty())
        reader.defect(
            DefectKind::unsupported_block, *domains,
            "trust_domains beside trust_bundles: Envoy's SPIFFE validator looks at trust_bundles alone",
            false);
      return;  // spiffe_validator.cc
    }
    if (!domains) return;
    for (std::size_t i = 0; i < domains->node->items.size(); ++i) {
      const Place domain = domains->item(i);
      if (reader.expect(domain, Kind::mapping)) trust_domain(domain, config->pointer);
    }
  }

  void bundle_map(const Place& bundles, std::string_view validator, FieldReader& reader) {
    const auto text = read_inline_text(bundles, reader);
    if (!text) return;
    auto document = read_json(file_, as_bytes(*text), scope_.limits);
    if (!document) {
      return reader.defect(DefectKind::malformed, bundles,
                           "the SPIFFE bundle map in it: " + message_in_value(document.error()), true);
    }
    if (!is_bundle_map(*document))
      return reader.defect(DefectKind::malformed, bundles, "no SPIFFE bundle map: it has no trust_domains",
                           true);
    place_at(bundles.node->line, *document);
    EntrySink sink(entry_, validator, out_);
    read_bundle_map(file_, Place{&*document, bundles.pointer}, sink);
  }

  void trust_domain(const Place& domain, const std::string& validator) {
    Artifact artifact = make_artifact(entry_, source_of(file_, domain), ArtifactKind::trust_bundle);
    FieldReader reader = fields(artifact.defects);
    artifact.trust_domain = named_domain(reader.text(domain, "name"));
    artifact.validator = validator;
    source(domain, "trust_domains", "trust_bundle", artifact, false);
    out_.push_back(std::move(artifact));
  }

  const std::string& file_;
  DocumentScope& scope_;
  const SecretEntry& entry_;
  std::vector<Artifact>& out_;
};

// Whatever uses a generic secret, Envoy redacts it.
void note_key_in(const Place& generic, FieldReader& fields) {
  const auto source = fields.field(generic, "secret", Kind::mapping);
  const auto value = source ? read_sensitive(*source, fields) : std::nullopt;
  if (value && as_text(value->reveal()).find("PRIVATE KEY-----") != std::string_view::npos)
    fields.defect(DefectKind::private_key_in_dump, *source,
                  "a private key in a generic secret, which is not redacted", false);
}

}  // namespace

bool is_true(const Node& parent, std::string_view name) {
  const Node* member = parent.field(name);
  return member != nullptr && member->is(Kind::boolean) && member->text == "true";
}

bool is_absent(const Node& parent, std::string_view field) {
  const Node* member = parent.field(field);
  return member == nullptr || member->is(Kind::null);
}

std::string describe_members(const Node& mapping) {
  if (!mapping.is(Kind::mapping)) return std::string(kind_name(mapping.kind));
  NameList names;
  for (const Node::Member& member : mapping.members)
    names.add(member.value.is(Kind::null) ? std::string(member.key) + ": null" : std::string(member.key));
  return mapping.members.empty() ? "an empty object" : fmt::format("an object with {}", names.text());
}

Artifact make_artifact(const SecretEntry& entry, SourceRef source, ArtifactKind kind) {
  Artifact artifact;
  artifact.kind = kind;
  artifact.name = shown(entry.name);
  artifact.source = std::move(source);
  artifact.state = entry.state;
  artifact.last_updated = entry.last_updated;
  artifact.version_info = shown(entry.version_info);
  artifact.error_details = shown(entry.error_details);
  return artifact;
}

std::size_t hash_of(const Artifact& artifact) {
  const std::hash<std::string_view> hash;
  std::size_t sum = hash(artifact.trust_domain);
  for (const Certificate& certificate : artifact.certificates)
    sum = sum * 31 + hash(as_text(certificate.der));
  return artifact.jwt_rule == nullptr ? sum : sum * 31 + hash_of_rule(artifact);
}

void read_tls_certificate(const std::string& file, DocumentScope& scope, const SecretEntry& entry,
                          const Place& tls_certificate, std::vector<Artifact>& out) {
  MaterialReader(file, scope, entry, out).tls_certificate(tls_certificate);
}

void read_validation_context(const std::string& file, DocumentScope& scope, const SecretEntry& entry,
                             const Place& context, std::vector<Artifact>& out) {
  MaterialReader(file, scope, entry, out).validation_context(context);
}

void read_validation_lists(const std::string& file, DocumentScope& scope, const SecretEntry& entry,
                           const Place& context, std::vector<Artifact>& out) {
  MaterialReader(file, scope, entry, out).validation_lists(context);
}

void read_material(const std::string& file, DocumentScope& scope, const SecretEntry& entry,
                   const Place& secret, FieldReader& fields, std::vector<Artifact>& out) {
  if (const auto tls = fields.field(secret, "tls_certificate", Kind::mapping))
    read_tls_certificate(file, scope, entry, *tls, out);
  if (const auto context = fields.field(secret, "validation_context", Kind::mapping))
    read_validation_context(file, scope, entry, *context, out);
  if (const auto generic = fields.field(secret, "generic_secret", Kind::mapping))
    note_key_in(*generic, fields);
}

}  // namespace meshcert::input
