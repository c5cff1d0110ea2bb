#include "input/asked.hpp"

#include <utility>

#include "meshcert/kubernetes.hpp"

namespace meshcert::input {
namespace {

struct KindRow {
  Format format;
  const char* none;
  const char* fix;
};
constexpr KindRow kKinds[] = {
    {Format::jwt, "no token",
     "give the token whole, in its compact form, HEADER.PAYLOAD.SIGNATURE, or the JSON or YAML that holds it: "
     "kubectl create token SA --audience AUDIENCE -o yaml"},
    {Format::xfcc, "no X-Forwarded-Client-Cert header",
     "give the value of the header, the whole line of it, or what httpbin's /headers prints"},
};

const KindRow* row_of(Format format) {
  for (const KindRow& row : kKinds)
    if (row.format == format) return &row;
  return nullptr;
}

}  // namespace

bool asks_for_one_kind(const std::optional<Format>& asked) {
  return asked && row_of(*asked) != nullptr;
}

Defect none_of_kind(Format asked, SourceRef where, const std::string& detail) {
  const KindRow* row = row_of(asked);
  return Defect{DefectKind::nothing_asked_for, std::move(where), std::string(row->none) + ": " + detail, true,
                row->fix};
}

bool AskedSink::is_asked_for(ArtifactKind kind) const {
  if (asked_ == Format::xfcc) return kind == ArtifactKind::xfcc;
  return kind == ArtifactKind::jwt || kind == ArtifactKind::jwt_rule || kind == ArtifactKind::jwks;
}

void AskedSink::artifact(Artifact&& artifact) {
  if (!is_asked_for(artifact.kind)) {
    others_ = true;
    return;
  }
  held_ = true;
  sink_.artifact(std::move(artifact));
}

void AskedSink::defect(Defect&& defect) {
  told_ = told_ || defect.lost;
  if (defect.kind == DefectKind::no_certificates)
    defect = none_of_kind(asked_, std::move(defect.where), defect.detail);
  sink_.defect(std::move(defect));
}

// Rules for tokens are held against proxies.
void AskedSink::object(std::shared_ptr<const KubernetesObject> object) {
  others_ = true;
  if (asked_ != Format::jwt) return;
  if (object->as<RequestAuthentication>() == nullptr && object->as<ProxyConfig>() == nullptr) return;
  held_ = held_ || object->as<RequestAuthentication>() != nullptr;
  sink_.object(std::move(object));
}

void AskedSink::later(Piece piece) {
  waiting_ = true;
  sink_.later([piece = std::move(piece), asked = asked_](ArtifactSink& out) {
    AskedSink inner(asked, out);
    piece(inner);
  });
}

bool AskedSink::finish(const std::string& name) {
  if (held_ || waiting_) return true;
  if (!told_ && others_)
    sink_.defect(
        none_of_kind(asked_, SourceRef{name},
                     "a document with certificates or other objects, of which meshcert inspect tells"));
  return told_;
}

}  // namespace meshcert::input
