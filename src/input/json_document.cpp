// JSON documents: their parts, cut out, composed where they can matter, and handed to the
// reader of their document.

#include <memory>
#include <utility>

#include "input/capped_sink.hpp"
#include "input/document_stream.hpp"
#include "input/item_batch.hpp"
#include "input/json_reader.hpp"

namespace meshcert::input {
namespace {

// Composes the parts that can matter and gives them to the readers of their documents.
class JsonDocuments final : public JsonPartSink {
 public:
  JsonDocuments(const std::string& file, std::size_t before, DocumentScope& scope, ArtifactSink& sink)
      : file_(file),
        scope_(scope),
        sink_(sink),
        capped_(scope.limits, sink),
        stream_(file, "JSON", before, scope, capped_),
        json_(file, scope.limits) {}

  bool read(ByteSource& source) {
    split_json(file_, source, DocumentReader::rules(), scope_.limits, *this);
    if (const std::string why = stream_.nothing(); !why.empty()) {
      capped_.defect(Defect{DefectKind::no_certificates, SourceRef{file_}, why, true});
    }
    capped_.finish();
    return stream_.known();
  }

  void list(std::string_view key) override { stream_.reader().list(key); }

  void lost(Error why) override {
    hand_over();
    stream_.reader().lose(std::move(why));
  }

  void end(std::optional<Error> fault) override {
    hand_over();
    const bool is_whole = !fault;
    if (fault) stream_.reader().lose(std::move(*fault));
    stream_.close(is_whole);
  }

  void part(const JsonPart& part) override {
    if (part.list == "items" && stream_.reader().holds_objects()) return put_off(part);
    hand_over();
    if (!stream_.reader().wants(part.list, part.text)) {
      if (auto fault = json_.look_over(part)) lose(part, std::move(*fault));
      return;
    }
    auto node = json_.read(part.text, part.lines);
    if (!node) return lose(part, std::move(node.error()));
    stream_.reader().part(part.list, Place{&*node, std::string(part.pointer)});
  }

 private:
  void put_off(const JsonPart& part) {
    if (batch_ == nullptr) batch_ = std::make_shared<ItemBatch>(file_, scope_);
    batch_->add(part);
    if (batch_->full()) hand_over();
  }

  void hand_over() {
    if (batch_ == nullptr) return;
    sink_.later([batch = std::exchange(batch_, nullptr)](ArtifactSink& out) { batch->read(out); });
  }

  void lose(const JsonPart& part, Error fault) {
    fault.where.pointer = part.pointer;
    stream_.reader().lose(std::move(fault));
  }

  const std::string& file_;
  DocumentScope& scope_;
  ArtifactSink& sink_;
  CappedSink capped_;
  DocumentStream stream_;
  JsonReader json_;
  std::shared_ptr<ItemBatch> batch_;  ///< elements that wait to be read
};

}  // namespace

bool read_json_documents(const std::string& file, ByteSource& source, DocumentScope& scope,
                         ArtifactSink& sink, std::size_t before) {
  JsonDocuments documents(file, before, scope, sink);
  return documents.read(source);
}

}  // namespace meshcert::input
