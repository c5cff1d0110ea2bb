#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "input/node.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// Place is a value of a document and the JSON pointer to it, in the spelling
/// of the document.
struct Place {
  const Node* node;
  std::string pointer;

  /// item is the place of one item of a sequence.
  [[nodiscard]] Place item(std::size_t index) const;
};

/// child_pointer appends one key to a JSON pointer (RFC 6901 3). Keys are the
/// input's choice: one that looks like key material is withheld, a long one cut,
/// and a pointer of 1 KiB does not grow.
[[nodiscard]] std::string child_pointer(std::string_view pointer, std::string_view key);

/// explain_no_time says of a value that it is none of the times that a field holds.
[[nodiscard]] std::string explain_no_time(std::string_view field, const Node& value);

/// source_of is a place as findings say it.
[[nodiscard]] SourceRef source_of(const std::string& file, const Place& place);

/// FieldReader looks up fields of protobuf's JSON form and notes what is wrong
/// with them, so that one bad field never hides the rest.
class FieldReader {
 public:
  FieldReader(const std::string& file, std::vector<Defect>& defects) : file_(file), defects_(defects) {}

  /// field finds a field, in either spelling, that must be of this kind. Absent
  /// and null are nullopt; so is another kind, which is a `malformed` defect.
  [[nodiscard]] std::optional<Place> field(const Place& parent, std::string_view snake_case_name,
                                           Node::Kind kind);

  /// text is the value of a string field, "" when there is none; view looks at it in the document.
  [[nodiscard]] std::string text(const Place& parent, std::string_view snake_case_name) {
    return std::string(view(parent, snake_case_name));
  }
  [[nodiscard]] std::string_view view(const Place& parent, std::string_view snake_case_name);

  /// items are the elements of a list that are of this kind; those of another are defects.
  [[nodiscard]] std::vector<Place> items(const Place& parent, std::string_view snake_case_name,
                                         Node::Kind kind);

  /// expect answers whether the value is of this kind; if not, it is a defect.
  bool expect(const Place& place, Node::Kind kind);

  void defect(DefectKind kind, const Place& place, std::string detail, bool lost);
  void defect(Defect&& defect) { defects_.push_back(std::move(defect)); }
  /// told counts the defects so far.
  [[nodiscard]] std::size_t told() const { return defects_.size(); }
  [[nodiscard]] SourceRef source(const Place& place) const { return source_of(file_, place); }

 private:
  const std::string& file_;
  std::vector<Defect>& defects_;
};

}  // namespace meshcert::input
