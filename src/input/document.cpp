#include "input/document.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "input/envoy_material.hpp"
#include "input/istioctl_list.hpp"
#include "input/jwt.hpp"
#include "input/loss.hpp"
#include "input/proxy_node.hpp"
#include "input/spiffe_bundle.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

constexpr std::string_view kSectionType = "SecretsConfigDump", kListenersType = "ListenersConfigDump";
constexpr std::string_view kListenersList = "dynamic_listeners";
constexpr std::array kRules = {
    ListRule{"configs", true},
    ListRule{"dynamicActiveSecrets"},
    ListRule{"dynamic_active_secrets"},
    ListRule{"dynamicWarmingSecrets"},
    ListRule{"dynamic_warming_secrets"},
    ListRule{"staticSecrets"},
    ListRule{"static_secrets"},
    ListRule{"certificates"},
    ListRule{"items"},
};

std::string_view last_part(std::string_view url) {
  return url.substr(url.rfind('.') + 1);
}

bool has_mapping(const Node& node, std::string_view field) {
  const Node* member = node.field(field);
  return member != nullptr && member->is(Kind::mapping);
}

// One of those that `istioctl proxy-config listener -o json` prints.
bool is_listener(const Node& node) {
  return node.field("filter_chains") != nullptr || node.field("default_filter_chain") != nullptr;
}

std::string describe_other(std::string_view language, const Node& root) {
  const bool empty = root.is(Kind::mapping) && root.members.empty();
  if (empty) return "an empty object: a dump without secrets";
  // The API server's list of a kind, the items of which state none.
  const Node* kind = root.is(Kind::mapping) ? root.find("kind") : nullptr;
  if (kind != nullptr && kind->is(Kind::text) && kind->text.ends_with("List") &&
      root.find("apiVersion") != nullptr)
    return std::string(kNoneOfOurs) + shown(kind->text);
  return fmt::format("{}, but not a secrets dump: {}", language, describe_members(root));
}

}  // namespace

std::span<const ListRule> DocumentReader::rules() {
  return kRules;
}

bool DocumentReader::wants(std::string_view list, std::string_view text) {
  const bool named =
      list.empty() || list == "[]" || std::ranges::find(kRules, list, &ListRule::key) != kRules.end();
  if (is_field(list, kListenersList) && TlsContextReader::may_be_refused(text)) return true;
  return named || TlsContextReader::may_hold_material(text) || contexts_.seeks_references(list, text);
}

void DocumentReader::list(std::string_view key) {
  const bool section = secret_list(key).has_value();
  has_section_ = has_section_ || section;
  if (key == "configs" && !std::exchange(has_configs_, true)) sink_.hold();
  has_certificates_ = has_certificates_ || key == "certificates";
  known_ = known_ || section || has_configs_;
}

void DocumentReader::part(std::string_view list, const Place& place) {
  if (list.empty()) return document(place);
  if (list == "configs") return config(place);
  if (const auto secrets = secret_list(list)) return secrets_.read_dynamic_secret(place, *secrets);
  if (list == "[]" || list == "items") {
    if (!object(place)) note_odd(place);
  } else if (list != "certificates") {
    contexts(place);
  } else if (!listed_certificate(place)) {
    sink_.defect(Defect{
        DefectKind::malformed, SourceRef{file_, place.node->line, place.pointer},
        "neither of ztunnel, nor of Envoy's /certs, nor of istioctl's list: " + describe_members(*place.node),
        true});
  }
}

// Told once it is known that the list is one of ours.
void DocumentReader::note_odd(const Place& element) {
  const Node& node = *element.node;
  if (node.is(Kind::mapping) || node.is(Kind::null) || odd_.size() >= limits_.defects) return;
  odd_.push_back(Defect{DefectKind::malformed, SourceRef{file_, node.line, element.pointer},
                        fmt::format("an object is expected in this list, not {}", kind_name(node.kind)),
                        true});
}

void DocumentReader::tell_odd() {
  for (Defect& defect : odd_) sink_.defect(std::move(defect));
  odd_.clear();
}

void DocumentReader::lose(Error error) {
  sink_.defect(loss(std::move(error.where), std::move(error.message), ""));
}

void DocumentReader::note_listeners(const Place& place) {
  sink_.proxy(place.pointer).listeners = SourceRef{file_, place.node->line, place.pointer};
}

// One message of a config dump. A section's lists were streamed already, unless
// their keys are spelt in an unusual way; what remains of it is looked at here.
void DocumentReader::config(const Place& place) {
  std::vector<Defect> defects;
  FieldReader fields(file_, defects);
  if (fields.expect(place, Kind::mapping)) {
    const auto url = fields.field(place, "@type", Kind::text);
    const std::string_view type = url ? last_part(url->node->text) : "";
    has_section_ = has_section_ || type == kSectionType;
    if (is_bootstrap(*place.node)) read_proxy_node(*place.node, sink_.proxy(place.pointer));
    if (type == kListenersType) note_listeners(place);
    // A section of another type can hold TLS contexts alone.
    const bool other = type.ends_with("ConfigDump") && type != kSectionType;
    const bool found = other ? contexts(place) : object(place);
    if (!found && type != kSectionType) other_configs_.add(type.empty() ? "one without @type" : type);
  }
  for (Defect& defect : defects) sink_.defect(std::move(defect));
}

// Whether the object is of a shape we know.
bool DocumentReader::object(const Place& place) {
  const Node& node = *place.node;
  if (!is_token_document(node) && KubernetesReader::is_object(node)) return kubernetes(place);
  if (is_token_document(node)) {
    read_token_document(file_, place, limits_, sink_);
  } else if (is_secrets_section(node)) {
    has_section_ = true;
    secrets_.read_section(place);
  } else if (has_mapping(node, "secret")) {
    secrets_.read_dynamic_secret(place, SecretList::active);
  } else if (has_mapping(node, "tls_certificate") || has_mapping(node, "validation_context")) {
    secrets_.read_bare_secret(place);
  } else if (is_xfcc_document(node)) {
    xfcc_.read_document(place);
  } else if (is_bundle_map(node)) {
    read_bundle_map(file_, place, sink_);
  } else if (is_bundle_document(node)) {
    read_bundle_document(file_, place, sink_);
  } else {
    if (is_listener(node)) note_listeners(place);
    return listed_certificate(place) || contexts(place);
  }
  known_ = true;
  return true;
}

bool DocumentReader::kubernetes(const Place& place) {
  const bool judged = kubernetes_.read(place);
  has_judged_ = has_judged_ || judged;
  known_ = known_ || judged;
  return true;
}

// An element of a list of certificates, as three programs print them.
bool DocumentReader::listed_certificate(const Place& place) {
  const Node& node = *place.node;
  if (is_ztunnel_identity(node)) {
    ztunnel_.read_identity(place);
  } else if (is_envoy_certs_entry(node)) {
    certs_.read_entry(place);
  } else if (is_istioctl_item(node)) {
    read_istioctl_item(file_, place, limits_, sink_);
  } else {
    return false;
  }
  known_ = true;
  return true;
}

bool DocumentReader::contexts(const Place& place) {
  const std::size_t before = sink_.artifacts();
  contexts_.read_refusal(place);
  contexts_.read(place);
  const bool found = sink_.artifacts() != before;
  known_ = known_ || found;
  return found;
}

void DocumentReader::document(const Place& root) {
  const Node& node = *root.node;
  line_ = node.line;
  if (sink_.artifacts() == 0) other_ = describe_other(language_, node);  // else nobody asks
  all("[]", root);
  std::vector<Defect> defects;
  const auto configs = FieldReader(file_, defects).field(root, "configs", Kind::sequence);
  for (Defect& defect : defects) sink_.defect(std::move(defect));
  if (configs) all("configs", *configs);
  if (configs && node.members.size() == 1) return;
  const Node* certificates = node.find("certificates");
  if (certificates != nullptr && certificates->is(Kind::null) && node.members.size() == 1)
    return list("certificates");  // as Go prints a list of none
  if (certificates != nullptr && certificates->is(Kind::sequence) && !is_secrets_section(node))
    return all("certificates", Place{certificates, child_pointer("", "certificates")});
  if (node.is(Kind::mapping)) object(root);
}

// The elements of a list that was not streamed.
void DocumentReader::all(std::string_view key, const Place& list_place) {
  if (key != "[]") list(key);
  for (std::size_t i = 0; i < list_place.node->items.size(); ++i) part(key, list_place.item(i));
}

std::string DocumentReader::describe_nothing() const {
  if (kubernetes_.objects() != 0) return std::string(kNoneOfOurs) + kubernetes_.others();
  if (secrets_.ignored() != 0)
    return fmt::format("{} secrets, none of a kind that holds certificates", secrets_.ignored());
  const std::string by_sds = contexts_.references().empty()
                                 ? ""
                                 : "; its TLS contexts get these secrets by SDS: " + contexts_.references();
  if (!has_configs_) return has_section_ ? "the dump holds no secrets" : other_ + by_sds;
  if (has_section_) return "the SecretsConfigDump of this config dump holds no certificates";
  const std::string others = other_configs_.text();
  if (others.empty()) return "a config dump without sections";
  return fmt::format("a config dump without SecretsConfigDump; its sections are {}{}", others, by_sds);
}

bool DocumentReader::finish(bool whole) {
  sink_.release();
  if (known_) tell_odd();
  if (whole && sink_.artifacts() == 0 && !has_judged_ && !sink_.lost()) note_nothing();
  return known_;
}

void DocumentReader::note_nothing() {
  const SourceRef where{file_, line_};
  if (!has_certificates_ || has_section_ || has_configs_)
    return sink_.defect(Defect{DefectKind::no_certificates, where, describe_nothing(), true});
  // No fault: so is every ztunnel whose node has no workload of the mesh.
  known_ = true;
  sink_.defect(Defect{DefectKind::unsupported_block, where,
                      "the list is empty: the proxy held no certificate then", false});
}

}  // namespace meshcert::input
