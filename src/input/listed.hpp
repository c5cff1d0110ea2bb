#pragma once

#include <optional>
#include <string_view>

#include "input/place.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// ListedFields names the members of a row that describe a certificate, in
/// snake_case, and says how the serial number is written.
struct ListedFields {
  std::string_view serial, not_before, not_after;
  bool decimal_serial = false;
};

/// read_listed reads what a row states of a certificate. What does not read as a
/// number or a time is a `malformed` defect that loses nothing but itself.
[[nodiscard]] Listed read_listed(const Place& row, const ListedFields& names, FieldReader& fields);

/// is_stated: there is something in it to judge or to compare.
[[nodiscard]] bool is_stated(const Listed& listed);

}  // namespace meshcert::input
