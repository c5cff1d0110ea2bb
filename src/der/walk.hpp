#pragma once

#include <optional>
#include <string_view>

#include "meshcert/bytes.hpp"

namespace meshcert::der {

/// find_fault walks every element at every depth, without knowing what they
/// mean, and says what is not DER (X.690): "a BER indefinite length". nullopt
/// when all of it is. Does not open OCTET STRINGs and BIT STRINGs, nor what has
/// an implicit tag, and nothing below 64 levels: that deep is a fault.
[[nodiscard]] std::optional<std::string_view> find_fault(ByteView octets);

}  // namespace meshcert::der
