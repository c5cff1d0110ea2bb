#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace meshcert::input {

/// NodeText is the text of a node: its own octets, or a view of those that it was
/// composed of, which whoever composed it keeps alive (JsonReader says for how long).
/// A copy has octets of its own.
class NodeText : public std::string_view {
 public:
  NodeText() = default;
  explicit NodeText(std::string_view text) { *this = text; }
  /// view_of does not copy.
  [[nodiscard]] static NodeText view_of(std::string_view text) {
    NodeText view;
    view.std::string_view::operator=(text);
    return view;
  }

  NodeText(const NodeText& other) : NodeText(std::string_view(other)) {}
  NodeText(NodeText&& other) noexcept
      : std::string_view(std::exchange(static_cast<std::string_view&>(other), {})),
        own_(std::move(other.own_)) {}
  NodeText& operator=(const NodeText& other) { return *this = NodeText(other); }
  NodeText& operator=(NodeText&& other) noexcept {
    std::string_view::operator=(std::exchange(static_cast<std::string_view&>(other), {}));
    own_ = std::move(other.own_);
    return *this;
  }
  NodeText& operator=(std::string_view text) {
    auto octets = text.empty() ? nullptr : std::make_unique_for_overwrite<char[]>(text.size());
    text.copy(octets.get(), text.size());
    own_ = std::move(octets);
    std::string_view::operator=({own_.get(), text.size()});
    return *this;
  }
  ~NodeText() = default;

 private:
  std::unique_ptr<char[]> own_;
};

}  // namespace meshcert::input
