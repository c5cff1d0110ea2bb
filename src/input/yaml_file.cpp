#include <string>
#include <string_view>

#include "input/capped_sink.hpp"
#include "input/document_stream.hpp"
#include "input/loss.hpp"
#include "input/yaml_reader.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kRender =
    "render the template first: helm template RELEASE CHART | meshcert inspect, or kubectl kustomize DIRECTORY | "
    "meshcert inspect";

// Gives the parts of a stream to the readers of its documents.
class YamlDocuments final : public YamlSink {
 public:
  YamlDocuments(const std::string& file, DocumentScope& scope, ArtifactSink& sink)
      : stream_(file, "YAML", 0, scope, sink) {}

  void list(std::string_view key) override { stream_.reader().list(key); }
  void part(std::string_view list, const Place& place) override { stream_.reader().part(list, place); }
  void document(const Node& root, bool is_whole) override {
    if (root.is(Node::Kind::null) && !stream_.in_document()) return;  // nothing after the last "---"
    stream_.reader().part("", Place{&root, ""});
    stream_.close(is_whole);
  }

  void fault(const Error& error, bool is_template) override {
    if (stream_.in_document()) stream_.close(false);
    stream_.defect(loss(error.where, error.message, std::string(is_template ? kRender : "")));
  }
  void lost(const Error& error, bool is_template) override {
    stream_.defect(loss(error.where, error.message, std::string(is_template ? kRender : "")));
  }
  [[nodiscard]] const DocumentStream& stream() const { return stream_; }

 private:
  DocumentStream stream_;
};

}  // namespace

bool read_yaml_documents(const std::string& file, ByteSource& source, DocumentScope& scope,
                         ArtifactSink& sink) {
  CappedSink capped(scope.limits, sink);
  YamlDocuments documents(file, scope, capped);
  const YamlEnd end = split_yaml(file, source, DocumentReader::rules(), scope.limits, documents);
  capped.finish();
  if (const std::string why = documents.stream().nothing(); !end.fault && !why.empty()) {
    sink.defect(Defect{DefectKind::no_certificates, SourceRef{file}, why, true});
  }
  return documents.stream().known() || (end.fault && !end.is_template);
}

}  // namespace meshcert::input
