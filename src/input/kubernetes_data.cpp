// Secrets and ConfigMaps: values by key (istio
// pilot/pkg/credentials/kube/secrets.go, security/pkg/pki/ca/ca.go; cert-manager
// pkg/apis/meta/v1; Kubernetes core/v1 types.go).
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "base/kubectl.hpp"
#include "input/certificates.hpp"
#include "input/data_source.hpp"
#include "input/foreign.hpp"
#include "input/jwt.hpp"
#include "input/kubernetes_keys.hpp"
#include "input/kubernetes_value.hpp"
#include "input/pkcs12.hpp"
#include "input/private_keys.hpp"
#include "input/shape.hpp"
#include "input/withheld.hpp"
#include "x509/ocsp.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

// Secrets that hold no certificate by their type, and may be large.
constexpr std::array<std::string_view, 4> kPassedOver = {
    "helm.sh/release.v1", "kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg",
    "bootstrap.kubernetes.io/token"};

/// Value is one entry of the data: its place, and the text it stands for.
struct Value {
  Place place;
  bool encoded = false, withheld = false;
  [[nodiscard]] bool empty() const { return !withheld && place.node->text.empty(); }
};

// Reads the data of one Secret or ConfigMap.
class DataReader {
 public:
  DataReader(ObjectReading& reading, bool is_secret) : reading_(reading), is_secret_(is_secret) {}

  void add(std::string_view field, bool encoded) {
    const auto data = reading_.map(reading_.root, field);
    for (std::size_t i = 0; data && i < data->node->members.size(); ++i) {
      const Node::Member& member = data->node->members[i];
      Place place{&member.value, child_pointer(data->pointer, member.key)};
      const bool withheld = is_withheld(place);
      if (withheld || member.value.is(Kind::null) || reading_.fields.expect(place, Kind::text))
        values_.insert_or_assign(member.key, Value{std::move(place), encoded, withheld});
    }
  }

  void read() {
    Credential& credential = reading_.object.spec.emplace<Credential>();
    if (is_secret_) credential.type = reading_.text(reading_.root, "type");
    credential.keys.reserve(values_.size());
    for (const auto& [key, value] : values_)
      if (is_secret_ || !value.encoded)  // of a ConfigMap, istiod reads `data` alone
        credential.keys.push_back({shown(key), value.empty(), "", value.withheld});
    if (std::ranges::find(kPassedOver, credential.type) != kPassedOver.end() && !has_pair()) return;
    is_remote_ = is_secret_ && reading_.object.label("istio/multiCluster") == "true";
    is_ca_ = reading_.object.name == "cacerts" || reading_.object.name == "istio-ca-secret" ||
             credential.type == "istio.io/ca-root" || values_.contains("ca-key.pem");
    for (const auto& [key, value] : values_) read_value(key, value);
  }

 private:
  // istiod asks for the keys of a credential, and not for its type.
  [[nodiscard]] bool has_pair() const {
    return std::ranges::any_of(kKeys, [this](const KeyRow& row) {
      return row.meaning == Meaning::pair && values_.contains(row.key) && values_.contains(row.private_key);
    });
  }

  void read_value(std::string_view key, const Value& value) {
    if (value.withheld) return read_withheld(key, value);
    if (value.empty()) return read_empty(key, value);
    if (!is_secret_ || !reading_.tokens || !read_token(key, value)) read(key, value);
  }

  // As kubelet and whoever reads a Secret gets it: that of a service account, of OAuth.
  bool read_token(std::string_view key, const Value& value) {
    std::vector<Defect> anything;
    FieldReader fields(reading_.file, anything);
    const auto text = text_of(value, fields);
    if (!text || !looks_like_jwt(*text)) return false;
    auto jwt = decode_token_text(*text, reading_.limits);
    if (!jwt) {
      reading_.fields.defect(DefectKind::malformed, value.place, "no token: " + jwt.error(), true);
      return true;
    }
    reading_.artifacts.push_back(reading_.begin(ArtifactKind::jwt, shown(key), value.place));
    reading_.artifacts.back().jwt = std::make_shared<const Jwt>(std::move(*jwt));
    return true;
  }

  void read(std::string_view key, const Value& value) {
    const KeyRow& row = row_of(key);
    if (row.meaning == Meaning::key) return;
    if (row.meaning == Meaning::staple) return read_staple(key, value);
    if (row.meaning == Meaning::other && is_remote_) return read_remote(key, value);
    if (is_mesh_config(key)) return read_mesh_config_text(reading_, value.place, value.place.node->text);
    read_certificates(key, value, row);
  }

  void read_certificates(std::string_view key, const Value& value, const KeyRow& row) {
    Artifact artifact = reading_.begin(ArtifactKind::certificate_chain, shown(key), value.place);
    const Node& node = *value.place.node;
    const bool repeats = row.meaning == Meaning::cas || row.meaning == Meaning::roots;
    const auto form = value.encoded ? KnownValues::Form::base64 : KnownValues::Form::plain;
    if (repeats && reading_.known.recall(node.text, form, node.line, artifact))
      return add(std::move(artifact), row);
    FieldReader fields(reading_.file, artifact.defects);
    const bool is_other = row.meaning == Meaning::other;
    const auto text = is_other ? text_of_other(value, fields) : text_of(value, fields);
    if (is_other && !(text && holds_certificates(*text))) {
      if (text) read_other(key, value.place, *text);
      return;
    }
    if (!text) return add(std::move(artifact), row);
    if (row.meaning == Meaning::crl)
      append_crls(*text, value.place, reading_.limits, fields, artifact);
    else
      append_value(*text, value.place, reading_, fields, artifact);
    if (repeats) reading_.known.note(node.text, form, artifact);
    if (!row.private_key.empty()) note_label(key, first_label(*text));
    if (artifact.key) note_exposed_key(key, value.place, row.meaning, fields);
    if (is_ca_ && is_handed_out(row.meaning)) artifact.key.reset();  // it is no pair's
    add(std::move(artifact), row);
  }

  // What a value stands for; nullopt where nothing can be had.
  static std::optional<std::string> text_of(const Value& value, FieldReader& fields) {
    return value.encoded ? decode_value(value.place, fields)
                         : std::optional(std::string(value.place.node->text));
  }

  // Under a key of nobody's there may be anything: that it does not decode is told where certificates are in
  // it.
  std::optional<std::string> text_of_other(const Value& value, FieldReader& fields) const {
    std::vector<Defect> anything;
    FieldReader of_other(reading_.file, anything);
    auto text = text_of(value, of_other);
    if (text && holds_certificates(*text))
      for (Defect& defect : anything) fields.defect(std::move(defect));
    return text;
  }

  void note_exposed_key(std::string_view key, const Place& place, Meaning meaning,
                        FieldReader& fields) const {
    if (!is_secret_)
      fields.defect(
          Defect{DefectKind::private_key_in_dump, fields.source(place),
                 "a private key in a ConfigMap, which everybody in the namespace may read", false,
                 "treat the key as disclosed: take it out, and reissue the certificate with a new key, kept "
                 "in a Secret"});
    else if (is_ca_ && is_handed_out(meaning))
      fields.defect(Defect{
          DefectKind::private_key_in_dump, fields.source(place),
          "a private key among the certificates under " + shown(key) +
              ", which istiod hands out: the roots to every namespace (ConfigMap istio-ca-root-cert), the chain "
              "behind every leaf",
          false,
          "treat the key as disclosed: if it is the CA's, have a new CA made; leave the certificates alone under " +
              shown(key) + ": meshcert inspect -o pem FILE > new.pem"});
    else if (is_shown(meaning))
      fields.defect(Defect{
          DefectKind::private_key_in_dump, fields.source(place),
          "a private key among the certificates under " + shown(key) +
              ", which a proxy shows to whoever asks it for its configuration: there keys alone are redacted",
          false,
          "leave the certificates alone under it, with the key under its own: meshcert inspect -o pem FILE > "
          "chain.pem; " +
              base::fill_secret_command(pair_of(row_of(key)))});
  }

  // Of a key, it is said with its certificate.
  void read_withheld(std::string_view key, const Value& value) {
    const Meaning meaning = row_of(key).meaning;
    if (meaning == Meaning::key || meaning == Meaning::other || meaning == Meaning::staple) return;
    reading_.fields.defect(withheld_value(reading_.fields.source(value.place), shown(key), reading_.object));
  }

  // Of a CA's pair, see family cacerts.
  void read_empty(std::string_view key, const Value& value) {
    const KeyRow& row = row_of(key);
    if (is_remote_ && row.meaning == Meaning::other) return read_remote(key, value);
    const auto beside = values_.find(row.private_key);
    if (!is_secret_ || is_ca_ || row.meaning != Meaning::pair || beside == values_.end()) return;
    std::vector<Defect> unread;
    FieldReader fields(reading_.file, unread);
    const auto text = text_of(beside->second, fields);
    if (!text || text->find("PRIVATE KEY-----") == std::string::npos) return;  // "key" is anybody's
    Artifact fault = reading_.begin(ArtifactKind::tls_secret, shown(key), value.place);
    fault.defects.push_back(missing_half(fields.source(value.place),
                                         shown(key) + " beside the private key is empty", pair_of(row)));
    reading_.artifacts.push_back(std::move(fault));
  }

  // Of what a proxy is sent, its config_dump shows certificates as they are.
  static bool is_shown(Meaning meaning) { return meaning == Meaning::pair || meaning == Meaning::cas; }

  // Of a CA: the roots to everybody, the chain behind each leaf.
  static bool is_handed_out(Meaning meaning) { return is_shown(meaning) || meaning == Meaning::roots; }

  void read_other(std::string_view key, const Place& place, std::string_view text) {
    if (is_key_store(as_bytes(text))) return read_key_store(key, place, text);
    if (text.find("certificate-authority-data") != std::string_view::npos)
      read_kubeconfig_text(reading_, shown(key), place, text);
  }

  // Its anchors are PEM within YAML.
  [[nodiscard]] bool is_mesh_config(std::string_view key) const {
    return !is_secret_ && key == "mesh" && reading_.object.name.starts_with("istio");
  }

  // Every key of such a Secret is a cluster to istiod (istio pkg/kube/multicluster/secretcontroller.go).
  void read_remote(std::string_view key, const Value& value) {
    const std::size_t before = reading_.defects.size();
    const auto text = text_of(value, reading_.fields);
    if (text && is_placeholder(*text))
      reading_.fields.defect(DefectKind::malformed, value.place,
                             "an empty kubeconfig, by which istiod reaches no cluster (kubeconfig is empty)",
                             true);
    else if (text)
      read_kubeconfig_text(reading_, shown(key), value.place, *text);
    if (reading_.defects.size() == before) return;
    Artifact fault = reading_.begin(ArtifactKind::ca_bundle, shown(key), value.place);
    const auto first = reading_.defects.begin() + static_cast<std::ptrdiff_t>(before);
    fault.defects.assign(std::make_move_iterator(first), std::make_move_iterator(reading_.defects.end()));
    reading_.defects.erase(first, reading_.defects.end());
    reading_.artifacts.push_back(std::move(fault));
  }

  [[nodiscard]] std::string_view type() const { return reading_.object.as<Credential>()->type; }
  [[nodiscard]] bool has_value(std::string_view key) const {
    const auto value = values_.find(key);
    return value != values_.end() && !value->second.place.node->text.empty();
  }

  // istiod hands it to Envoy as it is, which reads DER; but for a pair under its own keys, with which it
  // looks for none.
  void read_staple(std::string_view key, const Value& value) {
    if (has_value("cert") && has_value("key")) return;
    Artifact fault = reading_.begin(ArtifactKind::certificate_chain, shown(key), value.place);
    FieldReader fields(reading_.file, fault.defects);
    const auto octets = text_of(value, fields);
    const std::string refusal = octets ? describe_refusal(as_bytes(*octets)) : "";
    if (!refusal.empty()) fields.defect(DefectKind::malformed, value.place, refusal, true);
    auto answer = octets && refusal.empty() ? x509::read_ocsp(as_bytes(*octets)) : std::nullopt;
    if (answer)
      std::get<Credential>(reading_.object.spec).staple =
          OcspStaple{std::move(*answer), fields.source(value.place)};
    if (!fault.defects.empty()) reading_.artifacts.push_back(std::move(fault));
  }

  // cert-manager's keystores, and whatever else of the kind.
  void read_key_store(std::string_view key, const Place& place, std::string_view text) {
    if (is_pkcs12(as_bytes(text)) && reading_.keys.has_password()) {
      Artifact artifact = reading_.begin(ArtifactKind::tls_secret, shown(key), place);
      append_pkcs12(as_bytes(text), reading_.keys, artifact);
      return add(std::move(artifact), kOther);
    }
    const std::string what = recognise_foreign_octets(as_bytes(text))->what;
    reading_.fields.defect(DefectKind::unsupported_block, place, shown(key) + ": " + what, false);
  }

  void add(Artifact&& artifact, const KeyRow& row) {
    if (!row.private_key.empty()) note_key(row, artifact);
    settle_kind(row.meaning, is_ca_, reading_.object.as<Credential>()->type, artifact);
    auto rest = take_rest(artifact);
    if (artifact.key) settle_key(artifact);
    reading_.artifacts.push_back(std::move(artifact));
    if (rest) reading_.artifacts.push_back(*std::move(rest));
  }

  // How a command writes the pair that a key belongs to.
  [[nodiscard]] base::SecretPair pair_of(const KeyRow& row) const {
    base::SecretPair pair{"NAME", "NAMESPACE", type()};
    if (row.meaning == Meaning::pair)
      std::tie(pair.certificates, pair.key) = std::tie(row.key, row.private_key);
    return pair;
  }

  void note_key(const KeyRow& row, Artifact& artifact) {
    const std::string_view key = row.private_key;
    const auto value = values_.find(key);
    if (value == values_.end()) return;
    if (const Place& place = value->second.place; value->second.empty()) {
      if (is_secret_ && !is_ca_ && !artifact.certificates.empty() && !artifact.key)
        artifact.defects.push_back(missing_half(FieldReader(reading_.file, artifact.defects).source(place),
                                                shown(key) + " beside the certificate is empty",
                                                pair_of(row)));
      return;
    }
    if (!artifact.key) artifact.key.emplace();
    artifact.key->present = true;
    if (reading_.limits.private_keys == 0) return;
    FieldReader fields(reading_.file, artifact.defects);
    note_label(key, append_key(value->second.place, value->second.encoded, reading_.keys, fields, artifact));
  }

  void note_label(std::string_view key, std::string label) {
    auto& keys = std::get<Credential>(reading_.object.spec).keys;
    const auto noted = std::ranges::find(keys, key, &Credential::Key::name);
    if (is_ca_ && noted != keys.end()) noted->first_label = std::move(label);
  }

  ObjectReading& reading_;
  bool is_secret_;
  bool is_ca_ = false;
  bool is_remote_ = false;                    ///< of a multi-cluster mesh: kubeconfigs
  std::map<std::string_view, Value> values_;  // stringData wins over data
};

}  // namespace

void read_secret(ObjectReading& reading) {
  DataReader data(reading, true);
  data.add("data", true);
  data.add("stringData", false);
  data.read();
}

void read_config_map(ObjectReading& reading) {
  DataReader data(reading, false);
  data.add("data", false);
  data.add("binaryData", true);
  data.read();
}

}  // namespace meshcert::input
