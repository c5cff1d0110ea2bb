#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "input/doorkeeper.hpp"
#include "input/envoy_certs.hpp"
#include "input/envoy_secrets.hpp"
#include "input/json_splitter.hpp"
#include "input/key_opener.hpp"
#include "input/kubernetes.hpp"
#include "input/place.hpp"
#include "input/tls_context.hpp"
#include "input/withheld.hpp"
#include "input/xfcc.hpp"
#include "input/ztunnel.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/byte_source.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// kNoneOfOurs begins what is said of objects that hold nothing to inspect.
inline constexpr std::string_view kNoneOfOurs = "Kubernetes objects, none of which holds certificates: ";

/// DocumentReader gives the parts of a JSON or YAML document to the readers of
/// their shapes. Shapes are told from content, part by part, so that a document
/// may be a config dump, one section of it, one entry of a section, or a list of
/// any of them:
///
///   {"configs": [section, ...]}                 Envoy's /config_dump
///   {"dynamicActiveSecrets": [entry, ...], ...} one section: istioctl proxy-config secret
///   {"name": ..., "secret": {...}}              one entry (admin.v3.SecretsConfigDump.DynamicSecret)
///   {"name": ..., "tlsCertificate": {...}}      one tls.v3.Secret
///   {"certificates": [...]}                     ztunnel's /config_dump, Envoy's /certs
///   {"headers": {"X-Forwarded-Client-Cert": ...}} what httpbin prints
///   {"status": {"token": ...}} a TokenRequest; {"access_token": ...} an answer of OAuth
///   {"keys": [...]}, {"trust_domains": {...}}   a SPIFFE bundle or JWKS, a map of bundles
///   anything with a common_tls_context          a cluster, a listener, a bootstrap
///   anything with the filter jwt_authn          a listener
///   {"apiVersion": ..., "kind": ...}            a Kubernetes object, or a list of them
class DocumentReader {
 public:
  /// `language` is what the document is written in, as messages call it; `document`
  /// tells it from others of the same file, and is "" where it is the only one.
  DocumentReader(const std::string& file, std::string_view language, std::string_view document,
                 DocumentScope& scope, ArtifactSink& sink)
      : file_(file),
        language_(language),
        limits_(scope.limits),
        sink_(sink, document),
        secrets_(file, scope, sink_),
        contexts_(file, scope, sink_),
        ztunnel_(file, scope.limits, sink_),
        certs_(file, sink_),
        xfcc_(file, scope.limits, sink_),
        kubernetes_(file, scope, sink_) {}

  /// rules name the lists whose elements come as parts of their own.
  [[nodiscard]] static std::span<const ListRule> rules();
  /// wants: whether a part in this list, with this text, can hold anything of ours.
  [[nodiscard]] bool wants(std::string_view list, std::string_view text);

  /// holds_objects: Kubernetes objects with something of ours were met. Nothing else is
  /// to be learnt from the elements of such a list than what each of them holds.
  [[nodiscard]] bool holds_objects() const { return has_judged_; }

  /// list says that the document has a streamed list, be it empty.
  void list(std::string_view key);

  /// part takes an element of the list named `list` ("[]" of a document that is
  /// a list); the document itself, as the last one, has none ("").
  void part(std::string_view list, const Place& place);

  /// lose notes a part that could not be read.
  void lose(Error error);

  /// tell_odd tells which elements of lists were no objects.
  void tell_odd();

  /// finish says so when nothing was found in the document, which was `whole` or
  /// ended in a fault. Returns whether it was of a shape we know.
  bool finish(bool whole);

  /// only_objects: all it held was Kubernetes objects, without anything of ours;
  /// `others` names their kinds. Of such a document of a stream nothing is said.
  [[nodiscard]] bool only_objects() const { return kubernetes_.objects() != 0 && !known_; }
  [[nodiscard]] std::string others() const { return kubernetes_.others(); }

 private:
  void config(const Place& place);
  void note_listeners(const Place& place);
  bool object(const Place& place);
  void note_odd(const Place& element);
  bool kubernetes(const Place& place);
  bool listed_certificate(const Place& place);
  void all(std::string_view key, const Place& list);
  bool contexts(const Place& place);
  void document(const Place& root);
  void note_nothing();
  [[nodiscard]] std::string describe_nothing() const;

  const std::string& file_;
  std::string_view language_;
  const Limits& limits_;
  Doorkeeper sink_;
  SecretReader secrets_;
  TlsContextReader contexts_;
  ZtunnelReader ztunnel_;
  EnvoyCertsReader certs_;
  XfccReader xfcc_;
  KubernetesReader kubernetes_;
  bool known_ = false;
  bool has_configs_ = false;
  bool has_section_ = false;
  bool has_certificates_ = false;
  bool has_judged_ = false;  ///< Kubernetes objects that rules judge, be it without certificates
  std::uint32_t line_ = 0;
  std::vector<Defect> odd_;  ///< elements of lists that are no objects
  NameList other_configs_;
  std::string other_;  ///< what the document is instead
};

/// read_json_documents reads JSON documents of any size, written one after the other
/// (split_json says how one with a fault ends). Every fault is a `malformed` defect
/// with its line; what is complete before it is handed on. Returns whether a document
/// was of a shape we know. `before`: how many documents of the file come first.
bool read_json_documents(const std::string& file, ByteSource& source, DocumentScope& scope,
                         ArtifactSink& sink, std::size_t before = 0);

/// read_yaml_documents is the same for a YAML stream. A stream that
/// ends in a fault counts as known, unless it is a template.
bool read_yaml_documents(const std::string& file, ByteSource& source, DocumentScope& scope,
                         ArtifactSink& sink);

}  // namespace meshcert::input
