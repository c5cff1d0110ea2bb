#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "input/document.hpp"

namespace meshcert::input {

/// DocumentStream gives the parts of a stream of documents to a DocumentReader for
/// each of them.
class DocumentStream {
 public:
  /// `language` as of a DocumentReader; `before`: how many documents of the file come first.
  DocumentStream(const std::string& file, std::string_view language, std::size_t before, DocumentScope& scope,
                 ArtifactSink& sink)
      : file_(file), language_(language), before_(before), scope_(scope), rest_(sink) {}

  /// reader is that of the document at hand, which begins with the first call.
  [[nodiscard]] DocumentReader& reader();
  [[nodiscard]] bool in_document() const { return reader_.has_value(); }
  /// close ends the document at hand, which was `whole` or ended in a fault.
  void close(bool is_whole);
  /// defect notes what belongs to no document.
  void defect(Defect&& defect) { rest_.defect(std::move(defect)); }

  /// known: whether a document was of a shape we know.
  [[nodiscard]] bool known() const { return known_; }
  /// nothing says why the whole stream has nothing to inspect; "" where that is
  /// said already, or it has.
  [[nodiscard]] std::string nothing() const;

 private:
  // Of a document that is cut off it is not said that nothing is in it.
  class RestSink final : public ArtifactSink {
   public:
    explicit RestSink(ArtifactSink& sink) : sink_(sink) {}
    void artifact(Artifact&& artifact) override { sink_.artifact(std::move(artifact)); }
    void object(std::shared_ptr<const KubernetesObject> object) override { sink_.object(std::move(object)); }
    void defect(Defect&& defect) override {
      if (!is_rest || defect.kind != DefectKind::no_certificates) sink_.defect(std::move(defect));
    }

    bool is_rest = false;

   private:
    ArtifactSink& sink_;
  };

  const std::string& file_;
  std::string_view language_;
  std::size_t before_;
  DocumentScope& scope_;
  RestSink rest_;
  std::optional<DocumentReader> reader_;
  std::size_t documents_ = 0;
  bool known_ = false;
  NameList others_;
};

}  // namespace meshcert::input
