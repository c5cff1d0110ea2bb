#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "input/capped_sink.hpp"
#include "input/document.hpp"
#include "input/loss.hpp"
#include "input/yaml_reader.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kRender =
    "render the template first: helm template RELEASE CHART | meshcert inspect, or kubectl kustomize DIRECTORY | "
    "meshcert inspect";

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

// Gives the parts of a stream to a DocumentReader for each of its documents.
class YamlDocuments final : public YamlSink {
 public:
  YamlDocuments(const std::string& file, DocumentScope& scope, ArtifactSink& sink)
      : file_(file), scope_(scope), rest_(sink) {}

  void list(std::string_view key) override { reader().list(key); }
  void part(std::string_view list, const Place& place) override { reader().part(list, place); }
  void document(const Node& root, bool is_whole) override {
    if (root.is(Node::Kind::null) && !reader_) return;  // nothing after the last "---"
    reader().part("", Place{&root, ""});
    close(is_whole);
  }

  void fault(const Error& error, bool is_template) override {
    if (reader_) close(false);
    rest_.defect(loss(error.where, error.message, std::string(is_template ? kRender : "")));
  }
  [[nodiscard]] bool known() const { return known_; }
  /// nothing says why the whole stream has nothing to inspect; "" where that is
  /// said already, or it has.
  [[nodiscard]] std::string nothing() const {
    if (documents_ == 0) return "YAML without documents";
    const std::string others = known_ ? "" : others_.text();
    return others.empty() ? "" : std::string(kNoneOfOurs) + others;
  }

 private:
  DocumentReader& reader() {
    if (!reader_) reader_.emplace(file_, "YAML", "#" + std::to_string(++documents_), scope_, rest_);
    return *reader_;
  }

  // A stream may be a whole cluster: that most of it holds nothing is no fault.
  void close(bool is_whole) {
    const bool objects = reader_->only_objects();
    rest_.is_rest = !is_whole || objects;
    known_ = reader_->finish(is_whole) || known_;
    if (objects) others_.add(reader_->others());
    reader_.reset();
  }

  const std::string& file_;
  DocumentScope& scope_;
  RestSink rest_;
  std::optional<DocumentReader> reader_;
  std::size_t documents_ = 0;
  bool known_ = false;
  NameList others_;
};

}  // namespace

bool read_yaml_documents(const std::string& file, ByteSource& source, DocumentScope& scope,
                         ArtifactSink& sink) {
  CappedSink capped(scope.limits, sink);
  YamlDocuments documents(file, scope, capped);
  const YamlEnd end = split_yaml(file, source, DocumentReader::rules(), scope.limits, documents);
  capped.finish();
  if (const std::string why = documents.nothing(); !end.fault && !why.empty()) {
    sink.defect(Defect{DefectKind::no_certificates, SourceRef{file, 0, "", std::nullopt}, why, true});
  }
  return documents.known() || (end.fault && !end.is_template);
}

}  // namespace meshcert::input
