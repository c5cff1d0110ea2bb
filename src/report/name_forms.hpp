#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "meshcert/row.hpp"

namespace meshcert::report {

/// NameForms numbers the octets, such as those of other string types, in which one artifact has a name of one
/// text: names are compared by their octets, as Go does, and rows hold texts. It borrows the artifact.
class NameForms {
 public:
  explicit NameForms(const Artifact& artifact) : artifact_(artifact) {}

  /// fill sets the forms of a row that was filled; it takes the certificates of the artifact in their order.
  void fill(CertificateRow& row, std::size_t index);

 private:
  std::uint32_t form_of(const DistinguishedName& name, const std::string& text);

  const Artifact& artifact_;
  std::unordered_map<std::string_view, std::uint32_t> by_octets_;
  std::unordered_map<std::string, std::uint32_t> number_of_text_;
};

}  // namespace meshcert::report
