#pragma once

#include <set>
#include <string>

#include "input/key_opener.hpp"
#include "input/place.hpp"
#include "input/withheld.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::input {

struct ObjectReading;

/// KubernetesReader reads objects as kubectl prints them and as manifests have
/// them, one at a time: what they hold of certificates becomes Artifacts, what
/// they say of others a KubernetesObject.
///
/// A field of a wrong type is a defect, and the rest is read. Annotations are not
/// looked into, so kubectl's last-applied-configuration counts for nothing.
class KubernetesReader {
 public:
  KubernetesReader(const std::string& file, DocumentScope& scope, ArtifactSink& sink)
      : file_(file), scope_(scope), sink_(sink) {}

  /// is_object: it says that it is one, or is an item of a list of the API
  /// server, which leaves kinds out.
  [[nodiscard]] static bool is_object(const Node& node);

  /// read reads an object, or the items of a list that stands in one. Answers
  /// whether anything in it can be judged.
  bool read(const Place& place);

  /// others names kinds that were met and hold nothing of ours; "" when none was.
  [[nodiscard]] std::string others() const { return others_.text(); }
  /// objects counts the objects met.
  [[nodiscard]] std::size_t objects() const { return objects_; }

 private:
  bool read_items(const Place& list);
  bool hand_on(ObjectReading& reading);
  void other(const std::string& kind);

  const std::string& file_;
  DocumentScope& scope_;
  ArtifactSink& sink_;
  std::size_t objects_ = 0;
  std::set<std::string> kinds_;
  NameList others_;
};

}  // namespace meshcert::input
