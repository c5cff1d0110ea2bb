// A set of keys by itself, for whoever verifies tokens with it.
#include "input/spiffe_bundle.hpp"

namespace meshcert::input {

Result<SpiffeBundle> read_key_set(const std::string& name, ByteView octets, const Limits& limits) {
  if (as_text(octets).find("-----BEGIN ") != std::string_view::npos)
    return fail(
        Error{SourceRef{name}, "it is PEM, but must be a JSON Web Key Set, an object with a list \"keys\""});
  const auto root = read_json(name, octets, limits);
  if (!root) return fail(root.error());
  const Node* keys = root->find("keys");
  if (keys == nullptr || !keys->is(Node::Kind::sequence))
    return fail(Error{SourceRef{name}, "no JSON Web Key Set: an object with a list \"keys\""});
  Artifact artifact;
  FieldReader fields(name, artifact.defects);
  read_bundle(Place{&*root, ""}, BundleRole::document, fields, artifact);
  return SpiffeBundle(*artifact.bundle);
}

}  // namespace meshcert::input
