#include <string>

#include "input/capped_sink.hpp"
#include "input/document.hpp"
#include "input/files.hpp"
#include "input/yaml_reader.hpp"

namespace meshcert::input {
namespace {

// Of a document that is cut off it is not said that nothing is in it.
class RestSink final : public ArtifactSink {
 public:
  explicit RestSink(ArtifactSink& sink) : sink_(sink) {}
  void artifact(Artifact&& artifact) override { sink_.artifact(std::move(artifact)); }
  void defect(Defect&& defect) override {
    if (defect.kind != DefectKind::no_certificates) sink_.defect(std::move(defect));
  }

 private:
  ArtifactSink& sink_;
};

}  // namespace

void read_yaml_file(const std::string& file, ByteView octets, const ReadOptions& options,
                    ArtifactSink& sink) {
  CappedSink capped(options.limits, sink);
  RestSink rest(capped);
  bool any = false;
  std::size_t documents = 0;
  const auto result = read_yaml(file, octets, options.limits, [&](const Node& root, bool is_whole) {
    if (root.is(Node::Kind::null)) return;  // nothing after the last "---"
    any = true;
    const std::string number = "#" + std::to_string(++documents);
    ArtifactSink& into = is_whole ? static_cast<ArtifactSink&>(capped) : rest;
    DocumentReader document(file, "YAML", number, options.limits, into);
    document.part("", Place{&root, ""});
    document.finish(is_whole);
  });
  capped.finish();
  if (!result)
    return sink.defect(Defect{DefectKind::malformed, result.error().where, result.error().message, true});
  if (any) return;
  sink.defect(Defect{DefectKind::no_certificates, SourceRef{file, 0, "", std::nullopt},
                     "YAML without documents", true});
}

}  // namespace meshcert::input
