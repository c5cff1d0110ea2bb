#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "input/json_splitter.hpp"
#include "input/key_opener.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// ItemBatch is some elements of a list of Kubernetes objects in JSON, not yet
/// composed: a piece of the reading that another thread can do.
class ItemBatch {
 public:
  ItemBatch(std::string file, const DocumentScope& scope)
      : file_(std::move(file)), limits_(scope.limits), keys_(scope.keys) {}

  void add(const JsonPart& part);
  [[nodiscard]] bool empty() const { return items_.empty(); }
  /// full: enough for one thread at a time.
  [[nodiscard]] bool full() const;
  /// read gives what the elements hold to the sink, faults too.
  void read(ArtifactSink& sink);

 private:
  struct Item {
    std::size_t begin;
    std::string pointer;
    std::uint32_t line;
  };
  std::string file_;
  Limits limits_;
  KeyOpener keys_;  ///< of the whole input: all batches share what may be hashed
  std::string list_, text_;
  std::vector<Item> items_;
};

}  // namespace meshcert::input
