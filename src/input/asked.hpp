#pragma once

#include <optional>
#include <string>

#include "meshcert/artifact.hpp"
#include "meshcert/input.hpp"

namespace meshcert::input {

/// asks_for_one_kind: a verb, or --as, asks for tokens alone, or for X-Forwarded-Client-Cert headers. They
/// stand in texts of any kind, in documents and in archives; what else is in these is not asked for.
[[nodiscard]] bool asks_for_one_kind(const std::optional<Format>& asked);

/// none_of_kind says that an input holds nothing of the kind that is asked for. In a directory such a
/// file is passed over. `detail` is a clause.
[[nodiscard]] Defect none_of_kind(Format asked, SourceRef where, const std::string& detail);

/// AskedSink passes on what of a document is of the kind that is asked for.
class AskedSink final : public ArtifactSink {
 public:
  AskedSink(Format asked, ArtifactSink& sink) : asked_(asked), sink_(sink) {}

  void artifact(Artifact&& artifact) override;
  void defect(Defect&& defect) override;
  void object(std::shared_ptr<const KubernetesObject> object) override;
  void passed_over(const std::string& name, const std::string& why) override { sink_.passed_over(name, why); }
  void later(Piece piece) override;

  /// finish says so where there was nothing but what is not asked for. Answers whether there was anything.
  bool finish(const std::string& name);

 private:
  [[nodiscard]] bool is_asked_for(ArtifactKind kind) const;

  Format asked_;
  ArtifactSink& sink_;
  bool held_ = false;     ///< something of the kind was there
  bool told_ = false;     ///< octets were lost, and it was said
  bool others_ = false;   ///< something of another kind was
  bool waiting_ = false;  ///< pieces are yet to be read
};

}  // namespace meshcert::input
