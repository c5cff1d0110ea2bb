// One JSON document: its parts, cut out, composed where they can matter, and handed to a
// DocumentReader.

#include <memory>
#include <utility>

#include "input/capped_sink.hpp"
#include "input/document.hpp"
#include "input/item_batch.hpp"
#include "input/json_reader.hpp"

namespace meshcert::input {
namespace {

// Composes the parts of a JSON document that can matter and gives them to a DocumentReader.
class JsonDocument final : public JsonPartSink {
 public:
  JsonDocument(const std::string& file, DocumentScope& scope, ArtifactSink& sink)
      : file_(file),
        scope_(scope),
        sink_(sink),
        capped_(scope.limits, sink),
        document_(file, "JSON", "", scope, capped_),
        json_(file, scope.limits) {}

  bool read(ByteSource& source) {
    auto split = split_json(file_, source, DocumentReader::rules(), scope_.limits, *this);
    hand_over();
    if (!split) document_.lose(std::move(split.error()));
    const bool known = document_.finish(split.has_value());
    capped_.finish();
    return known;
  }

  void list(std::string_view key) override { document_.list(key); }

  void part(const JsonPart& part) override {
    if (part.list == "items" && document_.holds_objects()) return put_off(part);
    hand_over();
    if (!document_.wants(part.list, part.text)) {
      if (auto fault = json_.look_over(part.text, part.lines)) lose(part, std::move(*fault));
      return;
    }
    auto node = json_.read(part.text, part.lines);
    if (!node) return lose(part, std::move(node.error()));
    document_.part(part.list, Place{&*node, std::string(part.pointer)});
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
    document_.lose(std::move(fault));
  }

  const std::string& file_;
  DocumentScope& scope_;
  ArtifactSink& sink_;
  CappedSink capped_;
  DocumentReader document_;
  JsonReader json_;
  std::shared_ptr<ItemBatch> batch_;  ///< elements that wait to be read
};

}  // namespace

bool read_json_document(const std::string& file, ByteSource& source, DocumentScope& scope,
                        ArtifactSink& sink) {
  JsonDocument document(file, scope, sink);
  return document.read(source);
}

}  // namespace meshcert::input
