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
  struct Form {
    std::string_view octets;
    std::uint32_t number = 0;
  };
  /// Forms are those of one text; nearly all have one.
  struct Forms {
    std::string_view first;
    std::unordered_map<std::string_view, std::uint32_t> others;  ///< their numbers, by octets
  };
  std::uint32_t form_of(const DistinguishedName& name, const std::string& text);

  const Artifact& artifact_;
  Form last_issuer_;                              ///< that of the next one is often the same
  std::unordered_map<std::string, Forms> forms_;  ///< by text
};

}  // namespace meshcert::report
