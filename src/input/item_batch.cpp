#include "input/item_batch.hpp"

#include "input/capped_sink.hpp"
#include "input/document.hpp"
#include "input/json_reader.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kFull = std::size_t{256} << 10;

}  // namespace

void ItemBatch::add(const JsonPart& part) {
  if (items_.empty()) text_.reserve(kFull + kFull / 4);
  list_ = part.list;
  items_.push_back({text_.size(), std::string(part.pointer), part.lines.front().line});
  text_ += part.text;
}

bool ItemBatch::full() const {
  return text_.size() >= kFull;
}

void ItemBatch::read(ArtifactSink& sink) {
  CappedSink capped(limits_, sink);
  DocumentScope scope(limits_, keys_);
  DocumentReader document(file_, "JSON", "", scope, capped);
  JsonReader json(file_, limits_);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    const std::size_t end = i + 1 < items_.size() ? items_[i + 1].begin : text_.size();
    const LineMark mark{0, item.line};
    auto node = json.read(std::string_view(text_).substr(item.begin, end - item.begin), {&mark, 1});
    if (node) {
      document.part(list_, Place{&*node, item.pointer});
    } else {
      node.error().where.pointer = item.pointer;
      document.lose(std::move(node.error()));
    }
  }
  document.tell_odd();
  capped.finish();
}

}  // namespace meshcert::input
