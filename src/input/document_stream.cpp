#include "input/document_stream.hpp"

namespace meshcert::input {

// The first has no name: mostly it is the only one.
DocumentReader& DocumentStream::reader() {
  if (reader_) return *reader_;
  const std::size_t number = before_ + ++documents_;
  reader_.emplace(file_, language_, number == 1 ? "" : "#" + std::to_string(number), scope_, rest_);
  return *reader_;
}

// A stream may be a whole cluster: that most of it holds nothing is no fault.
void DocumentStream::close(bool is_whole) {
  DocumentReader& document = reader();
  const bool objects = document.only_objects();
  rest_.is_rest = !is_whole || objects;
  known_ = document.finish(is_whole) || known_;
  if (objects) others_.add(document.others());
  reader_.reset();
}

std::string DocumentStream::nothing() const {
  if (documents_ == 0) return std::string(language_) + " without documents";
  const std::string others = known_ ? "" : others_.text();
  return others.empty() ? "" : std::string(kNoneOfOurs) + others;
}

}  // namespace meshcert::input
