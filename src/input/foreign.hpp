#pragma once

#include <optional>
#include <string_view>

#include "meshcert/artifact.hpp"
#include "meshcert/bytes.hpp"

namespace meshcert::input {

/// Foreign is an input that is known but holds nothing that is read here.
struct Foreign {
  DefectKind kind;
  std::string_view what;
  std::string_view fix;  ///< the command that gives what can be read; "" where there is none
};

/// recognise_foreign tells key stores, keys and the output of commands that printed
/// no certificate, from their content.
[[nodiscard]] std::optional<Foreign> recognise_foreign(ByteView octets);

}  // namespace meshcert::input
